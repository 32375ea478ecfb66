"""The Darwin Core table that `parkwatch export` writes: what is in it, and what never is."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from pipelines.cli.main import build_command
from pipelines.settings import read_settings
from reports.darwin_core import COLUMNS, RUN_BY_EXCEL, ExportError, write_darwin_core
from store.generations import publish
from store.home import Home
from surveys.opening import open_survey
from tests.surveys.test_properties import Place, place, submitted

__all__ = ["place"]  # a fixture
SURVEY = """记录编号,日期,中文名,数量,经度,纬度,坐标系,地点,观测者,备注
A-1,2025年6月3日,榆树,约50,113°03′36″,40.06,WGS84,"=HYPERLINK(""http://x"")",张三,李四看见的
=A-2,2025年6月,黄花刺茄,3,113.3,40.1,GCJ-02,+86号,张三,
A-3,2025-06-03,啥也不是,3,113.3,40.1,WGS84,,张三,
"""


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    path = tmp_path / "调查.csv"
    path.write_text(SURVEY, encoding="utf-8")
    return path


@pytest.fixture
def exported(place: Place, survey: Path) -> Iterator[tuple[Path, Path]]:
    """The same records as CSV and as XLSX; they are published too, for the command."""
    forms = place.folder / "out.csv", place.folder / "out.xlsx"
    with submitted(survey, place) as (connection, submission):
        for path in forms:
            assert write_darwin_core(connection, path, submission) == 2
        publish(Home(place.folder / "published").create(), connection, inputs={})
        for path, rule in (("a.pdf", "error-export-form"), ("a.csv", "error-export-nothing")):
            with pytest.raises(ExportError) as refused:
                write_darwin_core(connection, place.folder / path, "no such submission")
            assert refused.value.rule == rule and refused.value.remedy.zh
    yield forms


def test_the_export_is_darwin_core_without_people_or_formulas(
    exported: tuple[Path, Path], place: Place
) -> None:
    as_csv, as_xlsx = exported
    text = as_csv.read_text(encoding="utf-8")
    assert "张三" not in text and "李四" not in text and not text.startswith("\ufeff")
    first, second = csv.DictReader(text.splitlines())
    assert list(first) == list(COLUMNS)
    assert {term: first[term] for term in ("occurrenceID", "eventDate", "individualCount", "occurrenceStatus")} == {
        "occurrenceID": "survey:A-1", "eventDate": "2025-06-03", "individualCount": "50", "occurrenceStatus": "detected",
    }  # fmt: skip
    assert (first["organismQuantity"], first["organismQuantityType"]) == ("约50", "estimate")
    assert first["geodeticDatum"] == second["geodeticDatum"] == "EPSG:4326"
    assert (second["verbatimSRS"], second["eventDate"]) == ("GCJ-02", "2025-06-01/2025-06-30")
    assert not [cell for row in (first, second) for cell in row.values() if cell.startswith(RUN_BY_EXCEL)]
    cells = [cell for row in openpyxl.load_workbook(as_xlsx).active.iter_rows() for cell in row]
    assert any(str(cell.value).startswith("=") for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)

    home = place.folder / "published"
    settings = read_settings({"PARKWATCH_LANG": "en", "PARKWATCH_REGION": str(place.region.folder)})
    out = place.folder / "again.csv"
    result = CliRunner().invoke(build_command(settings), ["--home", str(home), "export", str(out)])
    assert result.exit_code == 0, result.output
    assert out.read_text(encoding="utf-8") == text
    assert "2 records" in result.output


def test_an_exported_table_is_understood_without_any_mapping(exported: tuple[Path, Path]) -> None:
    for path in exported:
        (read,) = open_survey(path, path.name).tables
        terms = {column.term for column in read.columns}
        assert {
            "occurrenceID",
            "eventDate",
            "decimalLongitude",
            "verbatimSRS",
            "organismQuantityType",
        } <= terms
