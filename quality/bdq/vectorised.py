"""Vectorised: the BDQ tests on whole tables, with the answers each record would get alone.

Rules over numbers and presence run in the engine (`numeric_rules`); all others are answered in Python once per distinct
combination of the values they depend on, and joined back. Nothing is done row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from quality.bdq.authorities import NameAuthority, Shapes
from quality.bdq.numeric_rules import ANSWERS, CODE, Columns, numeric_rules
from quality.bdq.registry import BdqTest, registry, run, with_defaults
from quality.bdq.responses import RUN_HAS_RESULT, Asked, Response
from store.engine import put

LOOKUP = "tmp_bdq_{number}"


def columns_of_terms(columns: Iterable[str]) -> dict[str, str]:
    """By term the column of that local name, whatever its case: dwc:eventDate is in eventDate."""
    by_name = {column.lower(): column for column in columns}
    terms = {term for test in registry().values() for term in test.terms}
    return {
        term: by_name[name] for term in sorted(terms) if (name := term.partition(":")[2].lower()) in by_name
    }


def answers(
    engine: Any,
    table: str,
    labels: Sequence[str],
    today: date,
    keys: Sequence[str] = (),
    names: NameAuthority | None = None,
    shapes: Shapes | None = None,
) -> Any:
    """One row per row of a table of texts: its `keys`, and per label the place of its answer in ANSWERS (Ibis)."""
    look_up(engine, table, labels, today, names, shapes)
    return answers_looked_up(engine, table, tuple(labels), today, tuple(keys))


def look_up(
    engine: Any,
    table: str,
    labels: Sequence[str],
    today: date,
    names: NameAuthority | None = None,
    shapes: Shapes | None = None,
) -> None:
    """Answer the tests that are no numeric rules, once per distinct value; the answers are left in temporary tables."""
    rows = engine.table(table)
    column_of = columns_of_terms(rows.columns)
    for name, (present, group) in _by_columns(labels, column_of).items():
        asked = {test.label: Asked(with_defaults(test, {}, today), today, names, shapes) for test in group}
        distinct = rows.select(*present).distinct().to_pyarrow() if present else None
        values = (
            zip(*(distinct[column].to_pylist() for column in present), strict=True)
            if distinct is not None
            else [()]
        )
        schema = dict.fromkeys(present, "string") | {test.label: "uint8" for test in group}
        put(engine, name, [(*row, *_codes(row, present, group, column_of, asked)) for row in values], schema)


def answers_looked_up(
    engine: Any, table: str, labels: tuple[str, ...], today: date, keys: tuple[str, ...] = ()
) -> Any:
    """As `answers`, where `look_up` has been done for the same table and labels."""
    rows = engine.table(table)
    column_of = columns_of_terms(rows.columns)
    columns, rules = Columns(rows, column_of), numeric_rules()
    found = {
        label: rules[label](columns, Asked(with_defaults(registry()[label], {}, today), today, None, None))
        for label in labels
        if label in rules
    }
    joined = rows
    for number, (name, (present, group)) in enumerate(_by_columns(labels, column_of).items()):
        lookup = engine.table(name)
        same = [joined[column].identical_to(lookup[column]) for column in present]
        joined = joined.join(lookup, same, how="left" if present else "cross", rname=f"of_{number}_{{name}}")
        found |= {test.label: joined[test.label] for test in group}
    return joined.select(*keys, **{label: found[label].cast("uint8") for label in labels if label in found})


def _by_columns(
    labels: Sequence[str], column_of: Mapping[str, str]
) -> dict[str, tuple[tuple[str, ...], list[BdqTest]]]:
    """By name of their temporary table the columns that tests depend on, and these tests."""
    groups: dict[tuple[str, ...], list[BdqTest]] = {}
    for test in (registry()[label] for label in labels if label not in numeric_rules()):
        if test.function:
            present = tuple(dict.fromkeys(column_of[term] for term in test.terms if term in column_of))
            groups.setdefault(present, []).append(test)
    return {LOOKUP.format(number=number): group for number, group in enumerate(sorted(groups.items()))}


def _codes(
    values: Sequence[str | None],
    present: Sequence[str],
    group: Sequence[BdqTest],
    column_of: Mapping[str, str],
    asked: Mapping[str, Asked],
) -> list[int]:
    """What the tests of a group answer when the columns have these values."""
    value_of = dict(zip(present, values, strict=True))
    terms = {term: value_of[column] for term, column in column_of.items() if column in value_of}
    responses = [run(test, terms, asked[test.label]) for test in group]
    return [code_of(response) for response in responses if response]


def counts_by(answered: Any, labels: Sequence[str], keys: Sequence[str]) -> Any:
    """One row per combination of `keys`: the rows, and per label and answer how many (label__ANSWER) (Ibis)."""
    counted = {
        f"{label}__{answer}": (answered[label] == code).sum().fill_null(0)
        for label in labels
        for answer, code in CODE.items()
        if answer in _possible(registry()[label])
    }
    return answered.group_by(*keys).agg(rows=answered.count(), **counted)


def code_of(response: Response) -> int:
    return (
        CODE.get(response.result or "", CODE[RUN_HAS_RESULT])
        if response.status == RUN_HAS_RESULT
        else CODE[response.status]
    )


def _possible(test: BdqTest) -> tuple[str, ...]:
    """The answers that a test of its type may give."""
    own = {
        "Validation": ("COMPLIANT", "NOT_COMPLIANT"),
        "Issue": ("POTENTIAL_ISSUE", "NOT_ISSUE"),
        "Amendment": ("AMENDED", "FILLED_IN", "NOT_AMENDED"),
        "Measure": ("RUN_HAS_RESULT",),
    }[test.type]
    return (*own, *ANSWERS[:2])
