"""Vectorised: the BDQ tests on whole tables, with the answers each record would get alone.

Rules over numbers and presence run in the engine (`numeric_rules`); all others are answered in Python once per distinct
combination of the values they depend on, and joined back. Nothing is done row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import ibis

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
    rows = engine.table(table)
    column_of = columns_of_terms(rows.columns)
    tests = [registry()[label] for label in labels]
    rules = numeric_rules()
    asked = {test.label: Asked(with_defaults(test, {}, today), today, names, shapes) for test in tests}
    columns = Columns(rows, column_of)
    found = {
        test.label: rules[test.label](columns, asked[test.label]) for test in tests if test.label in rules
    }
    joined = rows
    by_columns: dict[tuple[str, ...], list[BdqTest]] = {}
    for test in tests:
        if test.label not in rules and test.function:
            present = tuple(dict.fromkeys(column_of[term] for term in test.terms if term in column_of))
            by_columns.setdefault(present, []).append(test)
    for number, (present, group) in enumerate(sorted(by_columns.items())):
        lookup = _looked_up(engine, rows, present, group, column_of, asked, LOOKUP.format(number=number))
        if present:
            same = [joined[column].identical_to(lookup[column]) for column in present]
            joined = joined.left_join(lookup, same, rname=f"of_{number}_{{name}}")
            found |= {test.label: joined[test.label] for test in group}
        else:
            found |= {
                test.label: ibis.literal(code, "uint8") for test, code in zip(group, lookup, strict=True)
            }
    return joined.select(*keys, **{label: found[label].cast("uint8") for label in labels if label in found})


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


def _looked_up(
    engine: Any,
    rows: Any,
    present: tuple[str, ...],
    group: Sequence[BdqTest],
    column_of: Mapping[str, str],
    asked: Mapping[str, Asked],
    name: str,
) -> Any:
    """The distinct values of some columns with the codes of what tests answer, as a table; without columns, codes."""
    term_of = {column: [term for term, where in column_of.items() if where == column] for column in present}

    def codes(values: Sequence[str | None]) -> list[int]:
        terms = {
            term: value for column, value in zip(present, values, strict=True) for term in term_of[column]
        }
        responses = [run(test, terms, asked[test.label]) for test in group]
        return [code_of(response) for response in responses if response]

    if not present:
        return codes(())
    distinct = rows.select(*present).distinct().to_pyarrow()
    values = list(zip(*(distinct[column].to_pylist() for column in present), strict=True))
    schema = dict.fromkeys(present, "string") | {test.label: "uint8" for test in group}
    put(engine, name, [(*row, *codes(row)) for row in values], schema)
    return engine.table(name)
