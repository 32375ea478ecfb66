"""GBIF rows brought to the standard record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from assets.intake import take_gbif
from gbif.loading import load_gbif
from gbif.standard import standard_gbif
from store.engine import duckdb_engine, sql_of
from store.home import Home
from store.warehouse import open_warehouse

COLUMNS = (
    "gbifID",
    "scientificName",
    "taxonKey",
    "eventDate",
    "year",
    "month",
    "day",
    "occurrenceStatus",
    "basisOfRecord",
)


def standard(home: Home, *files: Sequence[dict[str, str]]) -> list[dict[str, Any]]:
    with open_warehouse(home) as connection:
        for number, rows in enumerate(files, start=1):
            path = home.path / f"gbif{number}.csv"
            lines = ["\t".join(row.get(column, "") for column in COLUMNS) for row in rows]
            path.write_text("\n".join(["\t".join(COLUMNS), *lines]) + "\n", encoding="utf-8")
            receipt, _ = take_gbif(
                home, path, received_from="t", origin="t", known_since=datetime(2025, number, 1, tzinfo=UTC)
            )
            load_gbif(connection, home, receipt)
        result = connection.execute(
            f"SELECT * FROM ({sql_of(standard_gbif(duckdb_engine(connection)))}) ORDER BY verbatimScientificName, line"
        )
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2024-05-03", date(2024, 5, 3), date(2024, 5, 3)),
        ("2024-05-03T10:00:00Z", date(2024, 5, 3), date(2024, 5, 3)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-05-03/2024-05-09", date(2024, 5, 3), date(2024, 5, 9)),
        ("2024-05-03/09", date(2024, 5, 3), date(2024, 5, 9)),
        ("2024-05/2024-06", date(2024, 5, 1), date(2024, 6, 30)),
        ("2024-02-30", None, None),
        ("last summer", None, None),
        ("2024-05-09/2024-05-03", None, None),
    ],
)
def test_an_iso_date_bounds_what_is_known(
    home: Home, written: str, start: date | None, end: date | None
) -> None:
    (row,) = standard(home, [{"gbifID": "1", "scientificName": "Ulmus", "eventDate": written}])
    assert (row["eventDateStart"], row["eventDateEnd"]) == (start, end)


def test_a_missing_month_or_day_does_not_become_the_first_of_january(home: Home) -> None:
    rows = standard(home, [
        {"gbifID": "1", "scientificName": "Ulmus", "year": "2024"},
        {"gbifID": "2", "scientificName": "Ulmus", "year": "2024", "month": "5"},
        {"gbifID": "3", "scientificName": "Ulmus", "year": "2024", "month": "5", "day": "3"},
    ])  # fmt: skip
    assert [row["eventDate"] for row in rows] == [
        "2024-01-01/2024-12-31",
        "2024-05-01/2024-05-31",
        "2024-05-03",
    ]


def test_gbifs_words_become_darwin_cores_present_ones(home: Home) -> None:
    (row,) = standard(home, [
        {"gbifID": "1", "scientificName": "Ulmus", "occurrenceStatus": "ABSENT", "basisOfRecord": "HUMAN_OBSERVATION"}
    ])  # fmt: skip
    assert (row["occurrenceStatus"], row["basisOfRecord"]) == ("notDetected", "HumanObservation")


def test_a_newer_version_replaces_the_row_and_keeps_the_day_it_was_first_known(home: Home) -> None:
    old, new = standard(
        home,
        [{"gbifID": "1", "scientificName": "Ulmus", "eventDate": "2024-05-03"}],
        [{"gbifID": "1", "scientificName": "Ulmus pumila", "eventDate": "2024-05-04"}],
    )
    assert (old["rowFault"], new["rowFault"]) == ("replaced", None)
    assert old["recordId"] == new["recordId"] == "gbif:1"
    assert new["firstSeen"] == datetime(2025, 1, 1)  # noqa: DTZ001


def test_the_same_record_twice_in_a_file_is_a_duplicate(home: Home) -> None:
    rows = standard(home, [{"gbifID": "1", "scientificName": "Ulmus"}] * 2)
    assert [row["rowFault"] for row in rows] == [None, "duplicate"]
