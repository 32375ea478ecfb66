"""The problem report as JSON and CSV."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.problems import Problem, Totals, make_visible
from reports.excel_csv import RUN_BY_EXCEL
from reports.problems.as_csv import write_problem_csv
from reports.problems.as_json import problem_schema, write_problem_json
from store.catalogue import BilingualText


def problem(
    line: int | None = 3, value: str | None = "6月31日", rule: str = "A", severity: str = "error"
) -> Problem:
    return Problem(
        rule=rule, severity=severity, file="a.xlsx", sheet="记录", line=line, column="B", header="日期",
        recordId="survey:1", value=value, message=BilingualText("日期读不懂", "unreadable date"),
        why=BilingualText("记录会落到别的季节", "the record lands in another season"),
        fix=BilingualText("请改", "mend it"), suggestion=None, bdq="VALIDATION_EVENTDATE_STANDARD",
    )  # fmt: skip


@pytest.mark.parametrize("problems", [[], [problem(), problem(line=None, value=None)]])
def test_the_json_report_fulfils_the_published_schema(tmp_path: Path, problems: list[Problem]) -> None:
    path = tmp_path / "problems.json"
    write_problem_json(Totals(2, 1, 1, 0), problems, path)
    document = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.validate(document, problem_schema())
    assert [entry["column"] for entry in document["problems"]] == ["B"] * len(problems)


def test_the_csv_report_opens_in_excel_and_holds_nothing_that_runs(tmp_path: Path) -> None:
    path = tmp_path / "problems.csv"
    write_problem_csv([problem(value="=HYPERLINK(1)"), problem()], path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(path.open(encoding="utf-8-sig", newline="")))
    assert len(rows) == 3
    assert not any(cell.startswith(RUN_BY_EXCEL) for row in rows for cell in row)
    assert rows[1][8] == "'=HYPERLINK(1)"


def test_invisible_characters_are_spelled_out() -> None:
    assert make_visible(" 榆\u200b树\u3000") == "␣榆‹U+200B›树‹U+3000›"
    assert make_visible("a\nb") == "a‹U+000A›b"
    assert make_visible("  ") == "␣␣"


@given(st.text())
def test_whatever_is_written_can_be_seen(text: str) -> None:
    shown = make_visible(text)
    assert shown == shown.strip() and (bool(shown) or not text)
