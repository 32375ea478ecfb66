"""Survey rows through loading, identity and the standard record, in a real warehouse."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import duckdb
import pytest

from assets.intake import take_survey
from store.archive import Receipt, receipts
from store.engine import duckdb_engine, rows_for, sql_of
from store.home import Home
from store.region import Extent
from store.warehouse import open_in_memory, open_warehouse
from surveys.loading import load_survey
from surveys.protocols.lookups import MOST_BRANCHES
from surveys.standard import standard_surveys

DATONG = Extent(112.572, 39.0473, 114.5629, 40.7384)
HEADER = "记录编号,日期,中文名,学名,经度,纬度,数量,地点\n"


@pytest.fixture
def warehouse(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_warehouse(home) as connection:
        yield connection


def hand_in(
    home: Home, connection: duckdb.DuckDBPyConnection, text: str, name: str = "survey.csv", day: int = 1
) -> Receipt:
    path = home.path / name
    path.write_text(text, encoding="utf-8")
    known_since = datetime(2025, 6, day, tzinfo=UTC)
    receipt, _ = take_survey(home, path, received_from="test", origin="test", known_since=known_since)
    load_survey(connection, home, receipt)
    return receipt


def standard(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    result = connection.execute(
        f"SELECT * FROM ({sql_of(standard_surveys(duckdb_engine(connection), DATONG))}) ORDER BY firstSeen, submissionId, line"
    )
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def test_a_row_is_read_into_darwin_core(home: Home, warehouse: duckdb.DuckDBPyConnection) -> None:
    hand_in(home, warehouse, HEADER + "YH-1,2025年6月,黄花刺茄,,113°18′0″,40.0767,若干,文瀛湖\n")
    (row,) = standard(warehouse)
    assert row["recordId"] == "survey:YH-1"
    assert row["eventDate"] == "2025-06-01/2025-06-30"
    assert (row["decimalLongitude"], row["decimalLatitude"]) == pytest.approx((113.3, 40.0767))
    assert (row["individualCount"], row["organismQuantity"], row["occurrenceStatus"]) == (
        None,
        "若干",
        "detected",
    )
    assert row["verbatimLongitude"] == "113°18′0″"


def test_empty_and_total_rows_are_no_records(home: Home, warehouse: duckdb.DuckDBPyConnection) -> None:
    hand_in(home, warehouse, HEADER + "YH-1,2025-06-03,麻雀,,,,3,文瀛湖\n\n合计,,,,,,3,\n")
    assert [row["rowFault"] for row in standard(warehouse)] == [None, "empty", "total"]


def test_the_same_numbered_row_twice_is_a_duplicate_and_an_unnumbered_one_a_second_plant(
    home: Home, warehouse: duckdb.DuckDBPyConnection
) -> None:
    hand_in(
        home,
        warehouse,
        HEADER + "YH-1,2025-06-03,麻雀,,,,3,文瀛湖\n" * 2 + ",2025-06-03,榆树,,,,1,文瀛湖\n" * 2,
    )
    rows = standard(warehouse)
    assert [row["rowFault"] for row in rows] == [None, "duplicate", None, None]
    assert len({row["recordId"] for row in rows if row["rowFault"] is None}) == 3


def test_a_running_number_is_not_taken_for_an_identity(
    home: Home, warehouse: duckdb.DuckDBPyConnection
) -> None:
    header = HEADER.replace("记录编号", "序号")
    hand_in(home, warehouse, header + "1,2025-06-03,麻雀,,,,3,文瀛湖\n", "a.csv")
    hand_in(home, warehouse, header + "1,2025-06-03,喜鹊,,,,1,文瀛湖\n", "b.csv")
    assert len({row["recordId"] for row in standard(warehouse)}) == 2


def test_two_records_under_one_number_are_told_apart(
    home: Home, warehouse: duckdb.DuckDBPyConnection
) -> None:
    hand_in(home, warehouse, HEADER + "YH-1,2025-06-03,麻雀,,,,3,文瀛湖\nYH-1,2025-06-03,喜鹊,,,,3,文瀛湖\n")
    assert [row["recordId"] for row in standard(warehouse)] == ["survey:YH-1", "survey:YH-1~2"]


def test_a_corrected_file_of_the_same_name_replaces_the_old_one_and_keeps_its_first_day(
    home: Home, warehouse: duckdb.DuckDBPyConnection
) -> None:
    old = hand_in(
        home,
        warehouse,
        HEADER + "YH-1,2025-06-03,麻省,,,,3,文瀛湖\nYH-2,2025-06-03,喜鹊,,,,3,文瀛湖\n",
        day=1,
    )
    new = hand_in(
        home,
        warehouse,
        HEADER + "YH-1,2025-06-03,麻雀,,,,3,文瀛湖\nYH-2,2025-06-03,喜鹊,,,,3,文瀛湖\n",
        day=9,
    )
    assert new.replaces == old.submissionId
    rows = standard(warehouse)
    live = {row["recordId"]: row for row in rows if row["rowFault"] is None}
    assert [row["rowFault"] for row in rows].count("replaced") == 2
    assert live["survey:YH-1"]["verbatimVernacularName"] == "麻雀"
    assert live["survey:YH-1"]["firstSeen"] == datetime(2025, 6, 1)  # noqa: DTZ001


def test_another_file_of_the_same_name_replaces_nothing(
    home: Home, warehouse: duckdb.DuckDBPyConnection
) -> None:
    hand_in(home, warehouse, HEADER + "YH-1,2025-06-03,麻雀,,,,3,文瀛湖\n")
    second = hand_in(home, warehouse, HEADER + "YH-9,2025-06-04,麻雀,,,,3,文瀛湖\n", day=2)
    assert second.replaces is None


def test_the_same_file_twice_is_one_submission(home: Home, warehouse: duckdb.DuckDBPyConnection) -> None:
    for _ in range(2):
        hand_in(home, warehouse, HEADER + "YH-1,2025-06-03,麻雀,,,,3,文瀛湖\n")
    assert len(receipts(home)) == 1
    assert len(standard(warehouse)) == 1


def test_cells_without_a_term_and_beyond_the_header_are_kept(
    home: Home, warehouse: duckdb.DuckDBPyConnection
) -> None:
    hand_in(home, warehouse, "日期,物种名称,树龄(年)\n2025-06-03,榆树,31,多出来的\n")
    (cells,) = warehouse.execute("SELECT otherCells FROM raw_survey").fetchone() or ({},)
    assert cells == {"树龄(年)": "31", "#4": "多出来的"}


def test_hostile_headers_and_cells_are_only_text(home: Home, warehouse: duckdb.DuckDBPyConnection) -> None:
    hand_in(
        home,
        warehouse,
        "日期,物种名称,x'); DROP TABLE raw_survey; --\n2025-06-03,'; DELETE FROM raw_survey; --,=cmd()\n",
    )
    (row,) = standard(warehouse)
    assert row["verbatimVernacularName"] == "'; DELETE FROM raw_survey; --"


def test_a_file_that_is_refused_leaves_no_trace(home: Home) -> None:
    path = home.path / "bad.csv"
    path.write_bytes(b"\xff\x00\x01binary")
    with pytest.raises(Exception, match=r"bad\.csv"):
        take_survey(home, path, received_from="test", origin="test")
    assert receipts(home) == []
    assert not list((home.archive).rglob("*.json"))


def test_a_note_below_the_table_is_no_record_and_a_lone_name_is_one(
    home: Home, warehouse: duckdb.DuckDBPyConnection
) -> None:
    hand_in(home, warehouse, HEADER + "YH-1,2025-06-03,麻雀,,,,3,文瀛湖\n注：当日有风,,,,,,,\n,,喜鹊,,,,,\n")
    assert [row["rowFault"] for row in standard(warehouse)] == [None, "note", None]


def test_a_date_without_a_year_is_of_the_year_the_file_names(
    home: Home, warehouse: duckdb.DuckDBPyConnection
) -> None:
    hand_in(
        home,
        warehouse,
        HEADER + "YH-1,6月3日,麻雀,,,,3,文瀛湖\nYH-2,6.3-6.5,喜鹊,,,,3,文瀛湖\n",
        "2025鸟类.csv",
    )
    assert [row["eventDate"] for row in standard(warehouse)] == ["2025-06-03", "2025-06-03/2025-06-05"]
    hand_in(home, warehouse, HEADER + "YH-3,6月3日,麻雀,,,,3,文瀛湖\n", "鸟类.csv", day=2)
    assert standard(warehouse)[-1]["eventDate"] is None


def test_rows_of_two_tables_on_one_line_number_are_two_rows(
    home: Home, warehouse: duckdb.DuckDBPyConnection
) -> None:
    path = home.path / "survey.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", HEADER + "YH-1,2025-06-03,麻雀,,,,3,文瀛湖\n")
        archive.writestr("b.csv", HEADER + "YH-2,2025-06-03,喜鹊,,,,3,文瀛湖\n")
    receipt, _ = take_survey(home, path, received_from="test", origin="test")
    load_survey(warehouse, home, receipt)
    assert [(row["sheet"], row["line"], row["rowNumber"]) for row in standard(warehouse)] == [
        ("a.csv", 2, 1), ("b.csv", 2, 2),
    ]  # fmt: skip


def test_many_different_words_and_measurements_are_read_as_few_are(
    home: Home, warehouse: duckdb.DuckDBPyConnection
) -> None:
    rows = [f"2025-06-03,方法{n},层{n},榆树,约{n}厘米,约{n}.5米,词{n}" for n in range(1, MOST_BRANCHES + 2)]
    header = "日期,调查方法,层次,中文名,胸径,树高,起源"
    hand_in(home, warehouse, "\n".join([header, *rows]) + "\n")
    many = standard(warehouse)
    assert len(many) == MOST_BRANCHES + 1
    for number, row in enumerate(many, start=1):
        assert (row["vegetationLayer"], row["establishmentMeans"]) == (f"层{number}", f"词{number}")
        assert row["measurements"] == {
            "diameterAtBreastHeightInCentimeters": float(number), "plantHeightInMeters": number + 0.5,
        }  # fmt: skip


def test_an_expression_made_for_one_warehouse_is_asked_of_the_next_with_its_own_rows() -> None:
    made = []

    def of_submissions(engine: Any, kind: str) -> Any:
        made.append(kind)
        submissions = engine.table("raw_submission")
        return submissions.filter(submissions.kind == kind).select("submissionId")

    for submission in ("a", "b"):
        with open_in_memory() as connection:
            for kind in ("survey", "gbif"):
                connection.execute(
                    "INSERT INTO raw_submission BY NAME SELECT ? AS submissionId, ? AS kind, '' AS fileName, "
                    "'' AS sha256, 0 AS sizeInBytes, now() AS receivedAt, now() AS knownSince, "
                    "'' AS receivedFrom, 0 AS rowsRead, now() AS loadedAt",
                    [f"{submission}-{kind}", kind],
                )
            engine = duckdb_engine(connection)
            for kind in ("survey", "gbif"):
                assert list(rows_for(engine, of_submissions, kind)) == [(f"{submission}-{kind}",)]
    assert made == ["survey", "gbif"]
