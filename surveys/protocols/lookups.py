"""Look-ups: what was read of distinct texts, brought back to the rows that hold them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis

from store.engine import Build, put, rows_for

# A join takes memory for as long as the whole query runs; a case of a few branches takes none.
MOST_BRANCHES = 100


@dataclass(frozen=True)
class Lookup:
    """What the distinct texts of one column mean: told text by text, or where they are many, in a table of its own."""

    name: str
    kind: str
    branches: tuple[tuple[str, Any], ...] = ()
    table: str | None = None


def look_up(engine: Any, name: str, read: Mapping[str, Any], kind: str) -> Lookup:
    """The look-up that adds a column `name` of an Ibis type; a text read as None has none."""
    known = tuple((text, value) for text, value in read.items() if value is not None)
    if len(known) <= MOST_BRANCHES:
        return Lookup(name, kind, tuple(sorted(known)))
    put(engine, f"tmp_{name}", known, {f"text_{name}": "string", name: kind})
    return Lookup(name, kind, table=f"tmp_{name}")


def with_read(engine: Any, rows: Any, lookups: Sequence[tuple[Any, Lookup]]) -> Any:
    """Adds the column of each look-up, by the text of its key (Ibis, of `rows`); null where it has nothing."""
    told = {lookup.name: _told(key, lookup) for key, lookup in lookups if not lookup.table}
    for key, lookup in lookups:
        if lookup.table:
            table = engine.table(lookup.table)
            rows = rows.left_join(table, key == table[f"text_{lookup.name}"])
    return rows.mutate(**told)


def _told(key: Any, lookup: Lookup) -> Any:
    nothing = ibis.null(lookup.kind)
    return key.cases(*lookup.branches, else_=nothing) if lookup.branches else nothing


def distinct_texts(engine: Any, column_of: Build, *inputs: Hashable) -> list[str]:
    """The distinct texts of the Ibis column that `column_of` makes of an engine and `inputs`, nulls left out."""
    return [text for (text,) in rows_for(engine, _distinct, column_of, *inputs)]


def raw_column(engine: Any, term: str) -> Any:
    return engine.table("raw_survey")[term]


def _distinct(engine: Any, column_of: Build, *inputs: Hashable) -> Any:
    texts = column_of(engine, *inputs).name("text").as_table()
    return texts.filter(texts.text.notnull()).distinct()
