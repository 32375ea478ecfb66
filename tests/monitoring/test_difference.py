"""Corrected survey files: which record is which, what changed, and the id that stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.intake import take_survey
from monitoring.difference import DifferenceRow, difference_to
from monitoring.inspection import inspect_survey
from store.archive import Receipt
from store.home import Home
from store.region import read_region
from store.warehouse import open_warehouse
from surveys.loading import load_survey

HEADER = "序号,日期,中文名,数量,地点,胸径\n"
ROWS = (
    "1,2025-06-03,榆树,3,文瀛湖,12\n",
    "2,2025-06-03,旱柳,1,文瀛湖,40\n",
    "3,2025-06-03,刺槐,2,文瀛湖,\n",
    "4,2025-06-03,刺槐,2,文瀛湖,\n",
)
Ids = dict[int, str]


def hand_in(home: Home, text: str, replaces: str | None = None) -> Receipt:
    path = home.path / "树木.csv"
    path.write_text(text, encoding="utf-8")
    receipt, _ = take_survey(home, path, received_from="test", origin="test", replaces=replaces)
    return receipt


def compared(
    home: Home, region_folder: Path, text: str
) -> tuple[tuple[int, int, int, int] | None, list[DifferenceRow]]:
    path = home.path / "树木.csv"
    path.write_text(text, encoding="utf-8")
    region = read_region(region_folder)
    with inspect_survey(
        path, path.name, region, region.today().date(), home.path / "scratch", home=home
    ) as found:
        told = found.difference
        if told is None:
            return None, []
        return (told.added, told.changed, told.removed, told.same), list(told.rows)


def test_the_first_file_of_a_name_is_compared_with_nothing(home: Home, region_folder: Path) -> None:
    assert compared(home, region_folder, HEADER + "".join(ROWS)) == (None, [])


def test_a_corrected_count_is_a_changed_record(home: Home, region_folder: Path) -> None:
    hand_in(home, HEADER + "".join(ROWS))
    counts, (row,) = compared(
        home, region_folder, HEADER + "".join(ROWS).replace("榆树,3", "榆树,5").replace("12", "12")
    )
    assert counts == (0, 1, 0, 3)
    assert (row.kind, row.line, row.header, row.before, row.after) == ("changed", 2, "数量", "3", "5")


def test_a_corrected_cell_without_a_term_of_its_own_is_told_too(home: Home, region_folder: Path) -> None:
    hand_in(home, HEADER + "".join(ROWS))
    counts, (row,) = compared(home, region_folder, HEADER + "".join(ROWS).replace(",40", ",44"))
    assert counts == (0, 1, 0, 3)
    assert (row.header, row.before, row.after) == ("胸径", "40", "44")


def test_a_misspelt_name_that_is_mended_stays_the_same_record(home: Home, region_folder: Path) -> None:
    hand_in(home, HEADER + "".join(ROWS).replace("旱柳", "早柳"))
    counts, (row,) = compared(home, region_folder, HEADER + "".join(ROWS))
    assert counts == (0, 1, 0, 3)
    assert (row.before, row.after) == ("早柳", "旱柳")


def test_a_line_put_in_and_a_line_taken_out_are_told_with_their_names(
    home: Home, region_folder: Path
) -> None:
    hand_in(home, HEADER + "".join(ROWS))
    new = HEADER + "1,2025-06-04,麻雀,9,大同公园,\n" + "".join(ROWS[:1] + ROWS[2:])
    counts, rows = compared(home, region_folder, new)
    assert counts == (1, 0, 1, 3)
    assert ("added", "麻雀") in [(row.kind, row.after) for row in rows]
    assert ("removed", "旱柳") in [(row.kind, row.before) for row in rows]


def record_ids(home: Home, receipt: Receipt) -> list[tuple[str, str]]:
    from store.engine import duckdb_engine, sql_of
    from surveys.identity import with_identity

    with open_warehouse(home) as connection:
        load_survey(connection, home, receipt)
        engine = duckdb_engine(connection)
        rows = with_identity(engine.table("raw_survey"), engine.table("raw_submission"))
        chosen = rows.filter(rows.submissionId == receipt.submissionId).select(
            "recordId", "vernacularName", "rowNumber"
        )
        return connection.execute(
            f"SELECT vernacularName, recordId FROM ({sql_of(chosen)}) ORDER BY rowNumber"
        ).fetchall()


def test_an_unnumbered_record_keeps_its_id_through_every_correction(home: Home) -> None:
    first = record_ids(home, hand_in(home, HEADER + "".join(ROWS).replace("旱柳", "早柳")))
    second = record_ids(home, hand_in(home, HEADER + "".join(ROWS)))
    third = record_ids(home, hand_in(home, HEADER + "".join(ROWS).replace("旱柳,1", "旱柳,2")))
    assert [record for _, record in first] == [record for _, record in second]
    assert [record for _, record in second] == [record for _, record in third]
    assert len({record for _, record in third}) == 4


def test_a_running_number_that_moves_changes_no_id(home: Home) -> None:
    first = record_ids(home, hand_in(home, HEADER + "".join(ROWS[:2])))
    moved = (
        HEADER + "1,2025-06-03,油松,7,文瀛湖,\n2,2025-06-03,榆树,3,文瀛湖,12\n3,2025-06-03,旱柳,1,文瀛湖,40\n"
    )
    second = record_ids(home, hand_in(home, moved))
    assert second[1:] == first


def test_a_successor_loaded_before_its_predecessor_inherits_the_same(home: Home) -> None:
    first = hand_in(home, HEADER + "".join(ROWS).replace("旱柳", "早柳"))
    second = hand_in(home, HEADER + "".join(ROWS))
    assert second.replaces == first.submissionId
    assert [record for _, record in record_ids(home, second)] == [
        record for _, record in record_ids(home, first)
    ]


def test_a_file_of_other_days_under_the_same_name_replaces_nothing(home: Home) -> None:
    hand_in(home, HEADER + "".join(ROWS))
    assert hand_in(home, HEADER + "".join(ROWS).replace("06-03", "07-03")).replaces is None


row = st.tuples(
    st.sampled_from(["榆树", "旱柳", "刺槐", "油松", ""]), st.sampled_from(["1", "2", "若干", ""]),
    st.sampled_from(["2025-06-03", "2025-06-04", "?"]), st.sampled_from(["文瀛湖", "大同公园", ""]),
)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(row, min_size=1, max_size=8), st.lists(row, min_size=1, max_size=8))
def test_added_changed_removed_and_same_add_up(
    tmp_path_factory: pytest.TempPathFactory, old: list[tuple[str, ...]], new: list[tuple[str, ...]]
) -> None:
    home = Home(tmp_path_factory.mktemp("difference")).create()
    told = [
        "日期,中文名,数量,地点\n"
        + "".join(f"{day},{name},{count},{place}\n" for name, count, day, place in rows)
        for rows in (old, new)
    ]
    first = hand_in(home, told[0])
    second = hand_in(home, told[1], replaces=first.submissionId)
    if second == first:
        return
    before, after = record_ids(home, first), record_ids(home, second)
    assert len({record for _, record in after}) == len(after)
    with open_warehouse(home) as connection:
        found = difference_to(connection, second.submissionId, first)
    assert found.added + found.changed + found.same == len(after)
    assert found.removed + found.changed + found.same == len(before)
