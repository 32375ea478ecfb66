"""The command as people use it: check, submit, gbif import, run, report, warnings."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import openpyxl
import pytest
from click.testing import CliRunner, Result

from pipelines.cli.main import build_command
from pipelines.settings import read_settings
from reports.problems.as_json import problem_schema
from store.archive import receipts
from store.errors import ParkwatchError
from store.home import Home
from tests.conftest import ROOT

SURVEY = """调查表
记录编号,日期,中文名,经度,纬度,数量
A-1,2026-06-03,黄花刺茄,113.30,40.08,3
A-2,2026-06-03,啥也不是,113.30,40.08,3
A-3,2026-02-30,榆树,40.08,113.30,3
合计,,,,,9
"""
GBIF = "gbifID\tscientificName\ttaxonKey\teventDate\tdecimalLatitude\tdecimalLongitude\n" + (
    "1\tBombus terrestris (Linnaeus, 1758)\t8\t2025-06-01\t40.1\t113.2\n2\tBombus terrestris (Linnaeus, 1758)\t8\t\t40.1\t113.2\n"
)


def parkwatch(home: Home, *arguments: str, language: str = "zh") -> Result:
    settings = read_settings(
        {"PARKWATCH_LANG": language, "PARKWATCH_REGION": str(ROOT / "regions" / "datong")}
    )
    return CliRunner().invoke(build_command(settings), ["--home", str(home.path), *arguments])


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    path = tmp_path / "调查.csv"
    path.write_text(SURVEY, encoding="gb18030")
    return path


def test_check_tells_line_column_reason_and_remedy_and_keeps_nothing(home: Home, survey: Path) -> None:
    result = parkwatch(home, "check", str(survey))
    assert result.exit_code == 1, result.output
    assert "调查.csv（gb18030）" in result.output
    assert "表头在第 2 行" in result.output
    assert "第 4 行 C (中文名) 列" in result.output
    assert "名称“啥也不是”在名录里找不到" in result.output
    assert "→ 对调后是 113.30, 40.08" in result.output
    assert receipts(home) == []


def test_check_speaks_english_too(home: Home, survey: Path) -> None:
    result = parkwatch(home, "check", str(survey), language="en")
    assert "the date “2026-02-30” cannot be read" in result.output
    assert "4 rows: 1 fine, 2 to be mended, 1 no records." in result.output


def test_check_writes_every_problem_with_sheet_line_column_and_header(home: Home, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "六月"
    for row in (["大同公园鸟类调查 2026年"], ["日期", "鸟种", "数量", "地点"], ["6月3日", "麻雀", 3, "文瀛湖公园"],
                ["6月31日", "喜鹊", 1, "文瀛湖公园"], ["注：天气晴"]):  # fmt: skip
        book.active.append(row)
    book.save(tmp_path / "鸟.xlsx")
    out, table = tmp_path / "problems.json", tmp_path / "problems.csv"
    result = parkwatch(home, "check", str(tmp_path / "鸟.xlsx"), "--json", str(out), "--csv", str(table))
    assert result.exit_code == 1, result.output
    assert "“六月”第 4 行 A (日期) 列" in result.output
    report = json.loads(out.read_text(encoding="utf-8"))
    jsonschema.validate(report, problem_schema())
    assert report["totals"] == {"read": 3, "accepted": 1, "quarantined": 1, "rejected": 1}
    (wrong,) = [problem for problem in report["problems"] if problem["severity"] == "error"]
    told = {key: wrong[key] for key in ("rule", "file", "sheet", "line", "column", "header", "value")}
    assert told == {
        "rule": "VALIDATION_EVENTDATE_STANDARD", "file": "鸟.xlsx", "sheet": "六月", "line": 4, "column": "A",
        "header": "日期", "value": "6月31日",
    }  # fmt: skip
    assert "6月31日" in table.read_text(encoding="utf-8-sig")


def test_a_wrong_cell_of_a_cross_table_is_told_by_its_own_column(home: Home, tmp_path: Path) -> None:
    path, out = tmp_path / "样方.csv", tmp_path / "problems.json"
    path.write_text(
        "日期：2026-06-03,,,\n地点：文瀛湖公园,,,\n中文名,样方1,样方2,样方3\n榆树,3,-4,2\n", encoding="utf-8"
    )
    parkwatch(home, "check", str(path), "--json", str(out))
    report = json.loads(out.read_text(encoding="utf-8"))
    (wrong,) = [problem for problem in report["problems"] if problem["severity"] == "error"]
    assert (wrong["rule"], wrong["line"], wrong["column"], wrong["header"], wrong["value"]) == (
        "PARKWATCH_COUNT_NOTNEGATIVE", 4, "C", "样方2", "-4",
    )  # fmt: skip
    assert report["totals"] == {"read": 3, "accepted": 2, "quarantined": 1, "rejected": 0}


def test_the_datum_can_be_stated_for_a_file_that_does_not_name_it(home: Home, tmp_path: Path) -> None:
    path, out = tmp_path / "a.csv", tmp_path / "problems.json"
    path.write_text("日期,中文名,经度,纬度\n2026-06-03,榆树,113.307016,40.077900\n", encoding="utf-8")
    rules = []
    for said in ([], ["--datum", "GCJ-02"]):
        parkwatch(home, "check", str(path), "--json", str(out), *said)
        rules.append({problem["rule"] for problem in json.loads(out.read_text(encoding="utf-8"))["problems"]})
    assert "VALIDATION_GEODETICDATUM_NOTEMPTY" in rules[0]
    assert "VALIDATION_GEODETICDATUM_NOTEMPTY" not in rules[1]


def test_a_sheet_left_out_and_a_column_not_understood_are_told_first(home: Home, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["日期", "中文名", "地点", "没见过的列"])
    book.active.append(["2026-06-03", "榆树", "文瀛湖公园", "甲"])
    book.create_sheet("联系人").append(["略"])
    book.save(tmp_path / "a.xlsx")
    out = tmp_path / "problems.json"
    result = parkwatch(home, "check", str(tmp_path / "a.xlsx"), "--json", str(out))
    assert result.exit_code == 0, result.output
    report = json.loads(out.read_text(encoding="utf-8"))
    jsonschema.validate(report, problem_schema())
    told = [
        (problem["rule"], problem["line"], problem["sheet"], problem["column"])
        for problem in report["problems"]
    ]
    assert told[:2] == [("SHEET_LEFT_OUT", None, "联系人", None), ("COLUMN_UNKNOWN", None, "Sheet", "D")]
    assert "工作表“联系人”里找不到物种表" in result.output


def test_an_unreadable_file_ends_with_two_and_is_reported_as_fatal(home: Home, tmp_path: Path) -> None:
    path, out = tmp_path / "a.csv", tmp_path / "problems.json"
    path.write_bytes(b"%PDF-1.7")
    assert parkwatch(home, "check", str(path), "--json", str(out)).exit_code == 2
    report = json.loads(out.read_text(encoding="utf-8"))
    jsonschema.validate(report, problem_schema())
    assert [(problem["rule"], problem["severity"]) for problem in report["problems"]] == [
        ("error-no-table-file", "fatal")
    ]


def test_a_file_without_faults_ends_with_zero(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "good.csv"
    path.write_text("日期,中文名,地点\n2026-06-03,榆树,文瀛湖公园\n", encoding="utf-8")
    assert parkwatch(home, "check", str(path)).exit_code == 0


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "error-file-empty"),
        (b"\x00\x01\x02PK", "error-binary"),
        (b"1,2,3\n4,5,6\n", "error-no-header"),
        ("日期,物种名称\n2025,麻雀喜鹊\n".encode() + "2025,麻雀\n".encode("gb18030"), "error-encoding-mixed"),
    ],
)
def test_an_unusable_file_is_refused_and_nothing_changes(
    home: Home, tmp_path: Path, content: bytes, rule: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    result = parkwatch(home, "submit", str(path))
    assert isinstance(result.exception, ParkwatchError)
    assert result.exception.rule == rule
    assert result.exception.exit_code == 2
    assert receipts(home) == []
    assert not home.warehouse.exists()


@pytest.mark.slow
def test_a_survey_and_a_gbif_file_become_a_report_and_a_warning(
    home: Home, survey: Path, tmp_path: Path
) -> None:
    first = parkwatch(home, "submit", str(survey), "--from", "某队")
    assert first.exit_code == 0, first.output
    assert "已收下：survey-" in first.output
    again = parkwatch(home, "submit", str(survey))
    assert "以前已收下" in again.output
    gbif = tmp_path / "gbif.tsv"
    gbif.write_text(GBIF, encoding="utf-8")
    imported = parkwatch(home, "gbif", "import", str(gbif))
    assert "共 2 行，接受 1，待核 1，拒收 0" in imported.output, imported.output
    ran = parkwatch(home, "run")
    assert ran.exit_code == 0, ran.output
    assert "1 条预警" in ran.output
    warnings = json.loads(parkwatch(home, "warnings", "--json").output)
    assert [(warning["kind"], warning["vernacularName"]) for warning in warnings] == [
        ("new-to-region", "黄花刺茄")
    ]
    copied = tmp_path / "copy.html"
    assert parkwatch(home, "report", "--out", str(copied)).exit_code == 0
    assert "黄花刺茄" in copied.read_text(encoding="utf-8")
    assert "虚构演示数据" not in copied.read_text(encoding="utf-8")


def test_commands_say_what_is_missing_where_there_is_no_home_or_no_run(tmp_path: Path, home: Home) -> None:
    for arguments, where, rule in (
        (("run",), Home(tmp_path / "nowhere"), "error-home-missing"),
        (("warnings",), home, "error-no-generation"),
        (("report",), home, "error-no-generation"),
    ):
        result = parkwatch(where, *arguments)
        assert isinstance(result.exception, ParkwatchError)
        assert result.exception.rule == rule


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_command_teaches_itself(home: Home, language: str) -> None:
    top = parkwatch(home, "--help", language=language)
    assert "parkwatch demo" in top.output
    for arguments in (
        ("demo",), ("init",), ("check",), ("template",), ("columns",), ("submit",), ("gbif",), ("gbif", "import"), ("run",), ("report",),
        ("warnings",), ("up",), ("doctor",), ("rebuild",), ("region",), ("region", "new"), ("region", "check"),
    ):  # fmt: skip
        result = parkwatch(home, *arguments, "--help", language=language)
        assert result.exit_code == 0
        assert len(result.output) > 60


def test_a_day_given_for_an_old_file_is_meant_in_the_citys_time(home: Home, survey: Path) -> None:
    parkwatch(home, "submit", str(survey), "--known-since", "2025-03-01")
    (receipt,) = receipts(home)
    assert receipt.knownSince == "2025-02-28T16:00:00+00:00"
