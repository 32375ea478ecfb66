"""Whole tables get the answers that each of their records would get alone."""

from __future__ import annotations

from datetime import date

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quality.bdq.numeric_rules import ANSWERS, numeric_rules
from quality.bdq.registry import registry, run, with_defaults
from quality.bdq.responses import Asked
from quality.bdq.vectorised import answers, code_of, columns_of_terms, counts_by
from store.engine import duckdb_engine
from tests.quality.bdq.own_cases import own_cases

TODAY = date(2026, 11, 25)
LABELS = [
    label
    for label, test in registry().items()
    if test.function and test.sourceAuthority not in ("GBIF Backbone Taxonomy",) and "shapes" not in label
]
TERMS = sorted(
    {
        term
        for label in LABELS
        for term in registry()[label].terms
        if term != "oa:hasTarget" and term != "oa:target"
    }
)
COLUMNS = [term.partition(":")[2] for term in TERMS]
VALUES = sorted({value for case in own_cases() for value in case.inputs.values()})
NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.integers(-400, 9999).map(str),
    st.sampled_from(
        [
            "+5",
            "5.",
            ".5",
            "1e2",
            "1E+02",
            "٣",
            "1_000",
            "0x1",
            "inf",
            "nan",
            " 7\t",
            "\x007",
            "--1",
            "1,5",
            "08",
        ]
    ),
)
CELLS = st.one_of(
    st.none(),
    st.sampled_from(["", " ", "\x00", "\u00a0"]),
    NUMBERS,
    st.sampled_from(VALUES),
    st.text(max_size=4),
)
WIDE = [HealthCheck.large_base_example, HealthCheck.data_too_large, HealthCheck.too_slow]  # a hundred columns
ROWS = st.lists(st.lists(CELLS, min_size=len(TERMS), max_size=len(TERMS)), min_size=1, max_size=12)


def table_of(rows: list[list[str | None]]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    columns = {
        name: pa.array([row[place] for row in rows], pa.string()) for place, name in enumerate(COLUMNS)
    }
    connection.register("found", pa.table({"place": pa.array(range(len(rows)), pa.int64()), **columns}))
    connection.execute("CREATE TABLE record AS SELECT * FROM found")
    return connection


def one_by_one(row: list[str | None], labels: list[str]) -> dict[str, int]:
    terms = dict(zip(TERMS, row, strict=True))
    said = {}
    for label in labels:
        test = registry()[label]
        response = run(test, terms, Asked(with_defaults(test, {}, TODAY), TODAY))
        assert response is not None
        said[label] = code_of(response)
    return said


def together(rows: list[list[str | None]], labels: list[str]) -> list[dict[str, int]]:
    engine = duckdb_engine(table_of(rows))
    found = (
        answers(engine, "record", labels, TODAY, keys=["place"]).order_by("place").to_pyarrow().to_pylist()
    )
    return [{label: entry[label] for label in labels} for entry in found]


@given(ROWS)
@settings(max_examples=8, deadline=None, suppress_health_check=WIDE)
def test_both_paths_agree_on_anything(rows: list[list[str | None]]) -> None:
    assert together(rows, LABELS) == [one_by_one(row, LABELS) for row in rows]


@given(st.lists(NUMBERS, min_size=30, max_size=60))
@settings(max_examples=10, deadline=None)
def test_both_paths_agree_on_numbers(values: list[str]) -> None:
    rows = [[values[(7 * row + place) % len(values)] for place in range(len(TERMS))] for row in range(60)]
    labels = sorted(numeric_rules())
    assert together(rows, labels) == [one_by_one(row, labels) for row in rows]


def test_our_own_cases_are_answered_alike_in_a_table() -> None:
    cases = [case for case in own_cases() if case.label in LABELS and not case.parameters]
    rows = [[case.inputs.get(term) for term in TERMS] for case in cases]
    for case, row, entry in zip(cases, rows, together(rows, LABELS), strict=True):
        assert entry[case.label] == one_by_one(row, [case.label])[case.label], case


def test_a_column_that_is_not_there_is_empty_in_every_row() -> None:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE record AS SELECT '40' AS decimalLatitude FROM range(3)")
    labels = ["VALIDATION_DECIMALLATITUDE_INRANGE", "VALIDATION_YEAR_NOTEMPTY", "VALIDATION_SEX_STANDARD"]
    found = answers(duckdb_engine(connection), "record", labels, TODAY).to_pyarrow().to_pylist()
    said = [[ANSWERS[entry[label]] for label in labels] for entry in found]
    assert said == [["COMPLIANT", "NOT_COMPLIANT", "INTERNAL_PREREQUISITES_NOT_MET"]] * 3


def test_columns_are_found_by_the_local_name_of_their_term() -> None:
    assert columns_of_terms(["EVENTDATE", "license", "type", "other"]) == {
        "dc:type": "type", "dcterms:license": "license", "dwc:eventDate": "EVENTDATE",
    }  # fmt: skip


@pytest.mark.parametrize("label", ["VALIDATION_DAY_STANDARD", "AMENDMENT_DAY_STANDARDIZED"])
def test_answers_are_counted_by_any_column(label: str) -> None:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE record (source VARCHAR, day VARCHAR)")
    connection.execute("INSERT INTO record VALUES ('a', '3'), ('a', '3rd'), ('b', NULL), ('b', '40')")
    answered = answers(duckdb_engine(connection), "record", [label], TODAY, keys=["source"])
    counts = {
        entry.pop("source"): entry
        for entry in counts_by(answered, [label], ["source"]).to_pyarrow().to_pylist()
    }
    expected = {
        "VALIDATION_DAY_STANDARD": {"a": {"COMPLIANT": 1, "NOT_COMPLIANT": 1}, "b": {"NOT_COMPLIANT": 1}},
        "AMENDMENT_DAY_STANDARDIZED": {"a": {"AMENDED": 1, "NOT_AMENDED": 1}, "b": {"NOT_AMENDED": 1}},
    }[label]
    for source, answer_counts in expected.items():
        assert counts[source]["rows"] == 2
        said = {
            name.partition("__")[2]: count for name, count in counts[source].items() if count and "__" in name
        }
        said.pop("INTERNAL_PREREQUISITES_NOT_MET", None)
        assert said == answer_counts
