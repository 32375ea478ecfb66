"""The same occurrence from several sources is found, counted once, and stays linked."""

from __future__ import annotations

import contextlib
import functools
import random
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring.duplicates import build_duplicates
from store.identifiers import occurrence_key
from store.observers import observer_keys
from store.stages import tell_stages
from store.warehouse import count_rows, open_in_memory

OPEN = contextlib.ExitStack()
KEYS = observer_keys(["Sofia Berg", "Li Wei"])
RECORD = {
    "recordId": "gbif:1", "source": "gbif", "submissionId": "s", "line": 1, "firstSeen": "2026-01-01",
    "datasetKey": "a", "occurrenceStatus": "detected", "taxonID": "t", "matchType": "EXACT", "withinRegion": True,
    "siteIDs": "[]", "eventDateStart": "2025-06-03", "eventDateEnd": "2025-06-03", "verbatimLatitude": "40.07654",
    "verbatimLongitude": "113.30123", "observerKey": KEYS["Sofia Berg"],
}  # fmt: skip
OTHER = RECORD | {"recordId": "gbif:2", "datasetKey": "b", "line": 2}


def insert(connection: duckdb.DuckDBPyConnection, records: Iterable[dict[str, Any]]) -> None:
    for number, record in enumerate(records, start=1):
        values = {"rowId": number} | record
        for half in ("Latitude", "Longitude"):
            text = values[f"verbatim{half}"]
            values.setdefault(f"decimal{half}", float(text) if text else None)
        columns = ", ".join(f"${name} AS {name}" for name in values)
        connection.execute(f"INSERT INTO core_record BY NAME SELECT {columns}", values)
    connection.execute(f"UPDATE core_record SET occurrenceKey = {occurrence_key('occurrenceID')}")


@functools.cache
def warehouse() -> duckdb.DuckDBPyConnection:
    """One for all examples: to make a new one takes longer than to find what is in it."""
    return OPEN.enter_context(open_in_memory())


def emptied() -> duckdb.DuckDBPyConnection:
    connection = warehouse()
    connection.execute("DELETE FROM core_record")
    tell_stages(connection, ["core_duplicate"], None)
    return connection


def clusters(*records: dict[str, Any]) -> dict[str, str]:
    """By recordId, the record that represents it, of those found to be the same as another."""
    connection = emptied()
    insert(connection, records)
    build_duplicates(connection)
    assert count_rows(connection, "core_counted") == len(records) - count_rows(
        connection, "core_duplicate WHERE NOT isRepresentative"
    )
    return dict(connection.execute("SELECT recordId, representativeId FROM core_duplicate").fetchall())


SAME = {
    "alike in all": {},
    "rounded to two decimals": {"verbatimLatitude": "40.08", "verbatimLongitude": "113.3"},
    "obscured": {"isObscured": True, "verbatimLatitude": "40.15", "verbatimLongitude": "113.25"},
    "only the month": {"eventDateStart": "2025-06-01", "eventDateEnd": "2025-06-30"},
    "the id in capitals, elsewhere": {
        "occurrenceID": "URN:UUID:0B5D2F6E-1111-4222-8333-944455566677", "observerKey": None,
        "verbatimLatitude": "39.5",
    },
    "the id alone": {
        "occurrenceID": "0b5d2f6e-1111-4222-8333-944455566677", "observerKey": None, "taxonID": "another",
    },
    "the number in the collection": {"catalogKey": 7, "observerKey": None, "verbatimLatitude": "39.5"},
    "from a survey": {"source": "survey", "submissionId": "x", "recordId": "survey:1", "datasetKey": None},
}  # fmt: skip
NOT_THE_SAME = {
    "another observer": {"observerKey": KEYS["Li Wei"]},
    "nobody named": {"observerKey": None},
    "another day": {"eventDateStart": "2025-06-04", "eventDateEnd": "2025-06-04"},
    "another month": {"eventDateStart": "2025-07-01", "eventDateEnd": "2025-07-31"},
    "fifty metres away": {"verbatimLatitude": "40.07704"},
    "another taxon": {"taxonID": "u"},
    "the same source": {"datasetKey": "a"},
    "a number of its own as id": {"occurrenceID": "1", "observerKey": None, "taxonID": "u"},
    "the number of another taxon's part": {"catalogKey": 7, "observerKey": None, "taxonID": "u"},
    "not detected": {"occurrenceStatus": "notDetected"},
}  # fmt: skip
ROUNDED = SAME["rounded to two decimals"]
IDENTIFIED = RECORD | {"occurrenceID": "urn:uuid:0b5d2f6e-1111-4222-8333-944455566677", "catalogKey": 7}


@pytest.mark.parametrize("other", SAME.values(), ids=SAME.keys())
def test_the_same_occurrence_is_recognised(other: dict[str, Any]) -> None:
    assert set(clusters(IDENTIFIED, OTHER | other)) == {"gbif:1", (OTHER | other)["recordId"]}


@pytest.mark.parametrize("other", NOT_THE_SAME.values(), ids=NOT_THE_SAME.keys())
def test_what_only_looks_alike_is_left_apart(other: dict[str, Any]) -> None:
    assert clusters(RECORD | {"occurrenceID": "1", "catalogKey": 7}, OTHER | other) == {}


def test_two_surveys_of_one_team_are_not_each_others_doubles() -> None:
    ours = RECORD | {"source": "survey", "datasetKey": None}
    assert clusters(ours, ours | {"submissionId": "s2", "recordId": "survey:2"}) == {}


def test_three_individuals_republished_one_by_one_stay_three() -> None:
    three = [RECORD | {"recordId": f"gbif:{n}", "line": n} for n in (1, 2, 3)]
    again = [OTHER | ROUNDED | {"recordId": f"gbif:1{n}", "line": n} for n in (1, 2, 3)]
    found = clusters(*three, *again)
    assert len(found) == 6
    assert set(found.values()) == {"gbif:1", "gbif:2", "gbif:3"}


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"source": "survey", "submissionId": "x", "datasetKey": None}, {}),
        ({}, {"isObscured": True}),
        ({"coordinateUncertaintyInMeters": 10}, {"coordinateUncertaintyInMeters": 100}),
        ({}, {"verbatimLatitude": "40.08", "verbatimLongitude": "113.30"}),
        ({}, {"eventDateStart": "2025-06-01", "eventDateEnd": "2025-06-30"}),
        ({"firstSeen": "2025-12-01"}, {}),
    ],
)
def test_the_better_record_represents(better: dict[str, Any], worse: dict[str, Any]) -> None:
    records = [RECORD | worse | {"recordId": "worse"}, OTHER | better | {"recordId": "better"}]
    for order in (records, records[::-1]):
        assert clusters(*order) == {"worse": "better", "better": "better"}


def test_a_chain_of_publications_is_one_cluster() -> None:
    chain = [
        IDENTIFIED,
        OTHER | {"occurrenceID": IDENTIFIED["occurrenceID"], "observerKey": None, "catalogKey": 9},
        OTHER | {"recordId": "gbif:3", "datasetKey": "c", "catalogKey": 9, "observerKey": None},
    ]
    assert set(clusters(*chain).values()) == {"gbif:1"} and len(clusters(*chain)) == 3


records = st.lists(
    st.fixed_dictionaries(
        {
            "datasetKey": st.sampled_from("abc"),
            "taxonID": st.sampled_from("tu"),
            "day": st.integers(0, 2),
            "verbatimLatitude": st.sampled_from(("40.1", "40.12", "40.12345", "40.12346")),
            "observerKey": st.sampled_from((None, *KEYS.values())),
            "occurrenceID": st.sampled_from((None, "1", "urn:a:1", "urn:a:2")),
            "catalogKey": st.sampled_from((None, 1, 2)),
            "isObscured": st.booleans(),
        }
    ),
    max_size=12,
)


def as_records(drawn: list[dict[str, Any]]) -> list[dict[str, Any]]:
    made = []
    for number, each in enumerate(drawn):
        day = (date(2025, 6, 3) + timedelta(days=each["day"])).isoformat()
        values = {name: value for name, value in each.items() if name != "day"}
        made.append(
            RECORD | values | {"recordId": f"r{number:02}", "eventDateStart": day, "eventDateEnd": day}
        )
    return made


@settings(max_examples=25, deadline=None)
@given(drawn=records, seed=st.integers(0, 99))
def test_clusters_are_apart_have_one_representative_each_and_depend_on_no_order(
    drawn: list[dict[str, Any]], seed: int
) -> None:
    made = as_records(drawn)
    found = clusters(*made)
    for representative in set(found.values()):
        assert found[representative] == representative
        assert sum(each == representative for each in found.values()) >= 2
    shuffled = list(made)
    random.Random(seed).shuffle(shuffled)
    assert found.keys() == clusters(*shuffled).keys()


@settings(max_examples=25, deadline=None)
@given(drawn=records, touched=st.sets(st.integers(1, 12)))
def test_found_in_part_is_found_as_at_once(drawn: list[dict[str, Any]], touched: set[int]) -> None:
    made = as_records(drawn)
    stay = [record for number, record in enumerate(made, start=1) if number not in touched]
    everything = "SELECT recordId, representativeId, isRepresentative, rules FROM core_duplicate ORDER BY ALL"
    connection = emptied()
    numbered = [{"rowId": number} | record for number, record in enumerate(made, start=1)]
    insert(connection, [record for record in numbered if record["rowId"] not in touched])
    build_duplicates(connection)
    insert(connection, [record for record in numbered if record["rowId"] in touched])
    new = f"SELECT rowId FROM core_record WHERE list_contains({sorted(touched)}::BIGINT[], rowId)"
    tell_stages(connection, ["core_duplicate"], new)
    build_duplicates(connection)
    in_part = connection.execute(everything).fetchall()
    tell_stages(connection, ["core_duplicate"], None)
    build_duplicates(connection)
    assert in_part == connection.execute(everything).fetchall()
    connection.execute(f"DELETE FROM core_record WHERE rowId IN ({new})")
    tell_stages(connection, ["core_duplicate"], f"SELECT unnest({sorted(touched)}::BIGINT[])")
    build_duplicates(connection)
    left = dict(connection.execute("SELECT recordId, representativeId FROM core_duplicate").fetchall())
    assert left == clusters(*stay)


def test_one_person_is_recognised_however_the_name_is_written() -> None:
    alike = ("Sofia Berg", "Berg, Sofia", "S. Berg", "sofia berg", "Sofia Berg | Zara Quist", "SOFIA  BERG")
    assert len(set(observer_keys(alike).values())) == 1
    apart = ("Sofia Berg", "Li Wei", "王小明", "王小", "A. Berg")
    assert len(set(observer_keys(apart).values())) == len(apart)
    assert observer_keys(["", " ", "-", "|"]) == {}
