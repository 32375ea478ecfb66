"""Personal data: texts of the out_ tables that name an observer, or look like a way to reach or identify a person.

Observers' names are not kept in the warehouse; whom a text names is told by the digest that both sources keep of them
(`store.observers`). What follows from a find belongs to `release_suites`.
"""

from __future__ import annotations

import re

import duckdb

from store.observers import observer_keys
from store.warehouse import table_names, transaction

# Public by nature: keys and codes, and the people whom a citation names as authors.
IMPERSONAL = re.compile(
    r"(I[dD]s?|Key|Code)$|^(sha256|citation|title|publisher|license|doi|bdqGuid|cellCode)$"
)
PATTERNS = {
    "e-mail": r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]{2,}",
    "telephone": r"(?<![A-Za-z0-9_.])(\+?86[- ]?)?1[3-9][0-9]{9}(?![A-Za-z0-9_]|\.[0-9])",
    "identity-number": (
        r"(?<![A-Za-z0-9_.])[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])[0-3][0-9][0-9]{3}[0-9Xx]"
        r"(?![A-Za-z0-9_])"
    ),
}
# Of Chinese names two to four characters, of others at least two words: a single word is too often something else.
LIKE_A_NAME = re.compile(r"^(?:[\u3400-\u9fff·]{2,4}|[^\W\d_][^\d_]*[ ,.][^\d_]*[^\W\d_])$")
LONGEST_NAME = 40
NAMES_OF_OTHER_THINGS = """
SELECT name FROM core_name UNION SELECT scientificName FROM core_taxon UNION SELECT nameZh FROM core_site
UNION SELECT nameEn FROM core_site UNION SELECT listTitleZh FROM core_listing UNION SELECT listTitleEn FROM core_listing
"""
TEXT_COLUMNS = """
SELECT column_name FROM duckdb_columns()
WHERE table_name = ? AND schema_name = 'main' AND data_type IN ('VARCHAR', 'JSON', 'VARCHAR[]')
"""


def find_personal_data(connection: duckdb.DuckDBPyConnection) -> int:
    """Fill meta_personal_text with what the out_ tables say of people; returns the number of finds."""
    observers = {
        key
        for (key,) in connection.execute(
            "SELECT observerKey FROM raw_survey UNION SELECT observerKey FROM raw_gbif"
        ).fetchall()
    }
    others = {name for (name,) in connection.execute(NAMES_OF_OTHER_THINGS).fetchall()}
    found: list[tuple[str, str, str, str]] = []
    for table in table_names(connection, "out_"):
        for (column,) in connection.execute(TEXT_COLUMNS, [table]).fetchall():
            if IMPERSONAL.search(column):
                continue
            texts = _texts(connection, table, column)
            found += [
                (table, column, kind, text[:1])
                for kind, pattern in PATTERNS.items()
                for text in texts
                if re.search(pattern, text)
            ]
            named = observer_keys(_like_names(texts) - others)
            found += [
                (table, column, "observer", text[:1]) for text, key in named.items() if key in observers
            ]
    with transaction(connection):
        connection.execute("DELETE FROM meta_personal_text")
        if found:
            connection.executemany("INSERT INTO meta_personal_text VALUES (?, ?, ?, ?)", sorted(found))
    return len(found)


def _texts(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> list[str]:
    rows = connection.execute(
        f'SELECT DISTINCT "{column}"::VARCHAR FROM {table} WHERE "{column}" IS NOT NULL'
    ).fetchall()
    return [text for (text,) in rows]


def _like_names(texts: list[str]) -> set[str]:
    """The texts, and what stands between quotes, brackets or stops inside longer ones, that might name a person."""
    quoted = {part for text in texts for part in (text, *re.split(r'["\[\]{}:，、；;（）]', text))}
    parts = {part.strip() for text in quoted for part in (text, *text.split(","))}  # Berg, Sofia
    return {part for part in parts if len(part) <= LONGEST_NAME and LIKE_A_NAME.match(part)}
