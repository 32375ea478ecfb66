"""GBIF rows brought to the standard record."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assets.intake import take_gbif
from gbif.loading import load_gbif
from gbif.standard import BASIS_OF_RECORD, standard_gbif
from store.engine import duckdb_engine, sql_of
from store.home import Home
from store.record import STANDARD_RECORD
from store.warehouse import migrate, open_warehouse

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
    "species",
    "locality",
    "decimalLatitude",
    "coordinateUncertaintyInMeters",
    "individualCount",
)


def standard(home: Home, *files: Sequence[dict[str, str]], same_moment: bool = False) -> list[dict[str, Any]]:
    with open_warehouse(home) as connection:
        for number, rows in enumerate(files, start=1):
            path = home.path / f"gbif{number}.csv"
            lines = ["\t".join(row.get(column, "") for column in COLUMNS) for row in rows]
            path.write_text("\n".join(["\t".join(COLUMNS), *lines]) + "\n", encoding="utf-8")
            receipt, _ = take_gbif(
                home,
                path,
                received_from="t",
                origin="t",
                known_since=datetime(2025, 1 if same_moment else number, 1, tzinfo=UTC),
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


def test_a_number_that_is_none_is_not_kept_as_one(home: Home) -> None:
    rows = standard(home, [
        {"gbifID": str(number), "scientificName": f"Ulmus {number}", "decimalLatitude": text,
         "coordinateUncertaintyInMeters": text, "individualCount": text}
        for number, text in enumerate(["NaN", "inf", "-Infinity", "1e400", "some", "3.7", "4.0", "4"])
    ])  # fmt: skip
    assert [row["decimalLatitude"] for row in rows] == [None, None, None, None, None, 3.7, 4.0, 4.0]
    assert [row["coordinateUncertaintyInMeters"] for row in rows][:5] == [None] * 5
    assert [row["individualCount"] for row in rows] == [None] * 6 + [4, 4]
    assert rows[0]["verbatimLatitude"] == "NaN"
    assert rows[5]["verbatimIndividualCount"] == "3.7"


def test_only_a_row_that_says_nothing_is_empty(home: Home) -> None:
    blank, only_species, only_place = sorted(
        standard(home, [{}, {"species": "Ulmus pumila"}, {"locality": "pond"}]), key=lambda row: row["line"]
    )
    assert blank["rowFault"] == "empty"
    assert (only_species["rowFault"], only_species["verbatimScientificName"]) == (None, "Ulmus pumila")
    assert only_place["rowFault"] is None
    assert len({row["recordId"] for row in (blank, only_species, only_place)}) == 3


def test_every_basis_of_record_of_gbif_has_darwin_cores_word(home: Home) -> None:
    rows = standard(home, [
        {"gbifID": str(number), "scientificName": "Ulmus", "basisOfRecord": word}
        for number, word in enumerate(BASIS_OF_RECORD)
    ])  # fmt: skip
    assert {row["basisOfRecord"] for row in rows} == set(BASIS_OF_RECORD.values())


def test_the_columns_are_those_of_the_standard_record(home: Home) -> None:
    with open_warehouse(home) as connection:
        assert standard_gbif(duckdb_engine(connection)).schema() == STANDARD_RECORD


def test_of_files_known_at_the_same_moment_the_last_by_id_counts(home: Home) -> None:
    rows = standard(
        home,
        *([{"gbifID": "1", "scientificName": name}] for name in ("Ulmus a", "Ulmus b")),
        same_moment=True,
    )
    last = max(rows, key=lambda row: row["submissionId"])
    assert [row["rowFault"] for row in rows if row is not last] == ["replaced"]
    assert last["rowFault"] is None


@st.composite
def partial_dates(draw: st.DrawFn) -> tuple[str, date, date]:
    """A date written to the day, month or year, with its first and last day."""
    day = draw(st.dates(date(1500, 1, 1), date(2100, 12, 31)))
    month_end = calendar.monthrange(day.year, day.month)[1]
    clock = draw(st.sampled_from(["", "T10:00", "T10:00:00Z", "T23:59:59.999+08:00"]))
    return draw(st.sampled_from([
        (day.isoformat() + clock, day, day),
        (day.isoformat()[:7], day.replace(day=1), day.replace(day=month_end)),
        (day.isoformat()[:4], date(day.year, 1, 1), date(day.year, 12, 31)),
    ]))  # fmt: skip


@st.composite
def intervals(draw: st.DrawFn) -> tuple[str, date, date]:
    (first, start, _), (last, _, end) = sorted(
        draw(st.tuples(partial_dates(), partial_dates())), key=lambda part: part[1]
    )
    assume(start <= end)
    return f"{first}/{last}", start, end


def bounds(texts: list[str]) -> list[tuple[str | None, date | None, date | None]]:
    """What `standard_gbif` makes of eventDate, in the order written."""
    with duckdb.connect(":memory:") as connection:
        migrate(connection, Path(":memory:"))
        connection.execute(
            "INSERT INTO raw_submission BY NAME SELECT 's' AS submissionId, 'gbif' AS kind, 'f' AS fileName, 'x' AS sha256, "
            "0 AS sizeInBytes, now() AS receivedAt, now() AS knownSince, now() AS confirmedSince, 't' AS receivedFrom, "
            "0 AS rowsRead, now() AS loadedAt"
        )
        connection.executemany(
            "INSERT INTO raw_gbif (submissionId, line, gbifID, scientificName, eventDate) VALUES ('s', ?, ?, 'Ulmus', ?)",
            [[line, str(line), text] for line, text in enumerate(texts, start=2)],
        )
        select = sql_of(standard_gbif(duckdb_engine(connection)))
        return connection.execute(
            f"SELECT eventDate, eventDateStart, eventDateEnd FROM ({select}) ORDER BY line"
        ).fetchall()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(partial_dates(), intervals()), min_size=1, max_size=60))
def test_a_date_bounds_exactly_what_it_says(written: list[tuple[str, date, date]]) -> None:
    for (text, start, end), found in zip(written, bounds([text for text, *_ in written]), strict=True):
        iso = start.isoformat() if start == end else f"{start}/{end}"
        assert found == (iso, start, end), text


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text("0123456789-/T:Z+. aW", min_size=1, max_size=24), min_size=1, max_size=60))
def test_whatever_is_written_either_bounds_a_time_or_nothing(written: list[str]) -> None:
    for text, (iso, start, end) in zip(written, bounds(written), strict=True):
        assert (iso is None) == (start is None) == (end is None), text
        if start and end:
            assert start <= end
            assert iso == (start.isoformat() if start == end else f"{start}/{end}")


@settings(max_examples=10, deadline=None)
@given(st.lists(st.dates(date(1500, 1, 1), date(2100, 12, 31)), min_size=1, max_size=60))
def test_what_was_read_is_read_again_the_same(days: list[date]) -> None:
    once = [iso for iso, *_ in bounds([day.isoformat()[:7] for day in days])]
    assert [iso for iso, *_ in bounds([iso or "" for iso in once])] == once
