"""Look-ups: what was read of distinct texts, brought back to the rows that hold them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis

from store.engine import keep

# A join takes memory for as long as the whole query runs; a case of a few branches takes none.
MOST_BRANCHES = 100


def with_read(engine: Any, rows: Any, key: Any, name: str, read: Mapping[str, Any], kind: str) -> Any:
    """Adds column `name`: what `read` has for the text of `key` (a column of `rows`), null where it has nothing."""
    known = {text: value for text, value in read.items() if value is not None}
    if not known:
        return rows.mutate(**{name: ibis.null(kind)})
    if len(known) <= MOST_BRANCHES:
        return rows.mutate(**{name: key.cases(*known.items(), else_=ibis.null(kind))})
    table = keep(engine, f"tmp_{name}", list(known.items()), {f"text_{name}": "string", name: kind})
    return rows.left_join(table, key == table[f"text_{name}"]).drop(f"text_{name}")


def distinct_texts(rows: Any, key: Any) -> list[str]:
    """The distinct texts of a column, nulls left out."""
    return list(rows.select(text=key).filter(lambda table: table.text.notnull()).distinct().execute()["text"])
