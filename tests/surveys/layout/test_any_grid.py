"""Whatever stands where on a sheet: it is read or refused, and no filled species cell is lost without a word."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.errors import UnreadableFile
from tests.surveys.readers.exports import csv_file, read, zip_file

CELLS = st.sampled_from([
    "", "", "样方号", "物种", "中文名", "株数", "盖度", "日期", "样方1", "样方2", "Y1", "1", "2", "0", "r", "2a", "榆树", "旱柳",
    "Ulmus pumila", "合计", "注：天气晴", "2026-06-03", "样方号：Y1", "_index", "_uuid", "_parent_index", "KEY", "PARENT_KEY",
    "observationID", "deploymentID", "observationLevel", "observationType", "animal", "id", "quality_grade", "url", "活动编号",
    "观测开始时间", "鸟种数量", "eventID", "scientificName", "#5", "species", "n/a", "'", '"', "=1+1", "\x1f",
])  # fmt: skip
GRID = st.lists(st.lists(CELLS, min_size=1, max_size=7), min_size=1, max_size=9)
USUAL = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@USUAL
@given(GRID)
def test_any_sheet_is_read_or_refused(tmp_path: Path, grid: list[list[str]]) -> None:
    try:
        survey, rows = read(csv_file(tmp_path / "a.csv", grid))
    except UnreadableFile as refused:
        assert refused.remedy.zh
        assert refused.remedy.en
    else:
        assert len(rows) == survey.row_count
        assert all(
            1 <= found["line"] <= len(grid) + sum("\n" in cell for row in grid for cell in row)
            for found in rows
        )


@USUAL
@given(GRID, GRID)
def test_any_two_sheets_are_read_or_refused(
    tmp_path: Path, first: list[list[str]], second: list[list[str]]
) -> None:
    try:
        survey, rows = read(zip_file(tmp_path / "a.zip", {"a.csv": first, "b.csv": second}))
    except UnreadableFile as refused:
        assert refused.remedy.en
    else:
        assert len(rows) == survey.row_count
        sheets = {"a.csv": len(first), "b.csv": len(second)}
        for found in rows:
            assert all(line <= sheets[sheet] for sheet, line in (found["joinedLines"] or {}).items())
