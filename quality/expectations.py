"""Expectations: one requirement of a table, and a gate's suite of them, as data, in the words of Great Expectations.

What is expected of which table belongs to `suites` and `release_suites`, running it to `gx_duckdb`.
The texts for people are in `gates.toml`: `gate-<gate>` for a suite, the expectation's id for an expectation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from store.catalogue import BilingualText, catalogue


@dataclass(frozen=True)
class Expectation:
    """One requirement of a table."""

    id: str
    type: str
    kwargs: Mapping[str, Any]

    @property
    def text(self) -> BilingualText:
        return gate_text(self.id)


@dataclass(frozen=True)
class Suite:
    """One gate: what one table must meet. A blocking gate must be passed before anything is published.

    `key`: the columns by which a row that breaks a requirement is shown.
    """

    gate: str
    table: str
    blocking: bool
    expectations: tuple[Expectation, ...]
    key: tuple[str, ...] = ()

    @property
    def text(self) -> BilingualText:
        return gate_text(f"gate-{self.gate}")


def gate_text(rule: str, /, **values: object) -> BilingualText:
    """The text of a gate, of an expectation, or of what is said about them."""
    entry = catalogue("quality", "gates.toml")[rule]
    return BilingualText(zh=entry["zh"].format(**values), en=entry["en"].format(**values))


def present(column: str, mostly: float = 1.0) -> Expectation:
    suffix = "present" if mostly == 1.0 else "mostly-present"
    return Expectation(
        f"{column}-{suffix}", "expect_column_values_to_not_be_null", {"column": column, "mostly": mostly}
    )


def unique(column: str) -> Expectation:
    return Expectation(f"{column}-unique", "expect_column_values_to_be_unique", {"column": column})


def known(column: str, values: tuple[str, ...]) -> Expectation:
    return Expectation(
        f"{column}-known", "expect_column_values_to_be_in_set", {"column": column, "value_set": list(values)}
    )


def within(column: str, low: float | None, high: float | None = None) -> Expectation:
    """Between the bounds or empty."""
    return Expectation(
        f"{column}-within-bounds",
        "expect_column_values_to_be_between",
        {"column": column, "min_value": low, "max_value": high},
    )


def matches(column: str, pattern: str) -> Expectation:
    return Expectation(
        f"{column}-well-formed", "expect_column_values_to_match_regex", {"column": column, "regex": pattern}
    )


def columns(expectation_id: str, names: Sequence[str]) -> Expectation:
    """The table has these columns and no others, in any order."""
    return Expectation(
        expectation_id,
        "expect_table_columns_to_match_set",
        {"column_set": list(names), "exact_match": True},
    )


def no_rows(expectation_id: str, query: str) -> Expectation:
    """The query finds the rows that break the requirement; {batch} is the table."""
    return Expectation(expectation_id, "unexpected_rows_expectation", {"unexpected_rows_query": query})
