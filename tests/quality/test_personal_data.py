"""People are found in out_ tables, wherever they stand in a text; numbers, taxa and places are not taken for them."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from quality.personal_data import find_personal_data
from store.observers import observer_keys
from store.warehouse import open_in_memory

OBSERVERS = ("张大山", "Sofia Berg", "Ulmus Pumila", "西区公园", "T. Karlsson")


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_in_memory() as connection:
        for line, key in enumerate(observer_keys(OBSERVERS).values()):
            connection.execute(
                "INSERT INTO raw_survey BY NAME SELECT 's' AS submissionId, '' AS sheet, ? AS line, ? AS rowNumber, "
                "?::UBIGINT AS observerKey", [line, line, key],
            )  # fmt: skip
        yield connection


def warn(connection: duckdb.DuckDBPyConnection, text: str, column: str = "reasons") -> None:
    """A row of out_warning that says a text in one of its columns."""
    row = {
        "warningId": "w", "kind": "new-to-region", "taxonID": "t", "scientificName": "x", "placeKind": "region",
        "placeID": "p", "placeZh": "试验市", "placeEn": "Testville", "level": "red", "late": False, "recordCount": 1,
        "firstSeen": "2026-06-01", "firstEventDate": "2026-06-01", "reasons": "[]", "evidence": "[]",
    } | {column: text}  # fmt: skip
    names = ", ".join(row)
    connection.execute(
        f"INSERT INTO out_warning ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values())
    )


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('[{"zh": "张大山"}]', "observer"),
        ('[{"zh": "由张大山，李四记录", "en": "张大山"}]', "observer"),
        ('[{"en": "Berg, Sofia"}]', "observer"),
        ('[{"en": "Sofia Berg"}]', "observer"),
        ('[{"zh": "联系 zhang@example.org"}]', "e-mail"),
        ('[{"zh": "电话13912345678"}]', "telephone"),
        ('[{"en": "+86 13912345678."}]', "telephone"),
        ('[{"zh": "140202198001011234"}]', "identity-number"),
    ],
)
def test_a_person_is_found(warehouse: duckdb.DuckDBPyConnection, text: str, kind: str) -> None:
    warn(warehouse, text)
    assert find_personal_data(warehouse) >= 1
    found = warehouse.execute(
        "SELECT tableName, columnName, kind, length(shown) FROM meta_personal_text"
    ).fetchall()
    assert ("out_warning", "reasons", kind, 1) in found


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ('[{"recordId": "survey:13912345678abcdef"}]', "evidence"),
        ('[{"longitude": 113.3912345678, "n": 13912345678901}]', "evidence"),
        ('[{"zh": "在名录上", "en": "listed"}]', "reasons"),
        ('[{"en": "Ulmus Pumila"}]', "reasons"),  # a taxon, whatever an observer calls himself
        ("西区公园", "placeZh"),  # a place
        ("Symphyotrichum patulum (Lam.) T. Karlsson", "scientificName"),  # an author
        ('[{"en": "Symphyotrichum patulum (Lam.) T. Karlsson"}]', "reasons"),
    ],
)
def test_what_is_no_person_is_left_alone(
    warehouse: duckdb.DuckDBPyConnection, text: str, column: str
) -> None:
    warehouse.execute(
        "INSERT INTO core_name BY NAME SELECT 'x' AS nameKey, 'Ulmus Pumila' AS name, 'accepted' AS nameKind, "
        "'t' AS taxonID, 'list' AS nameSource"
    )
    warehouse.execute(
        "INSERT INTO core_site BY NAME SELECT 'p' AS placeID, 'site' AS placeKind, '西区公园' AS nameZh, 'West' AS nameEn, "
        "true AS approximate, 1.0 AS areaInHectares, 'POINT (1 1)' AS geometryWkt"
    )
    warn(warehouse, text, column)
    assert find_personal_data(warehouse) == 0


def test_what_was_found_before_is_forgotten(warehouse: duckdb.DuckDBPyConnection) -> None:
    warn(warehouse, '[{"zh": "张大山"}]')
    assert find_personal_data(warehouse) == 1
    warehouse.execute("DELETE FROM out_warning")
    assert find_personal_data(warehouse) == 0
    assert warehouse.execute("SELECT count(*) FROM meta_personal_text").fetchone() == (0,)
