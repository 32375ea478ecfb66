"""Problems that a person lets stand: settled in the next check, remembered for a corrected file, honoured by the run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quality.acknowledgements import acknowledgements
from store.home import Home
from tests.pipelines.test_commands import parkwatch

HEADER = "记录编号,日期,中文名,数量,地点\n"
ROWS = "DT-1,2026-06-03,榆树,250000,文瀛湖公园\nDT-2,2026-06-03,旱柳,3,文瀛湖公园\n"
RULE = "PARKWATCH_COUNT_PROBABLE"


@pytest.fixture
def survey(home: Home) -> Path:
    path = home.path / "树木.csv"
    path.write_text(HEADER + ROWS, encoding="utf-8")
    return path


def told(home: Home, survey: Path) -> tuple[int, dict[str, str | None]]:
    out = home.path / "problems.json"
    result = parkwatch(home, "check", str(survey), "--json", str(out))
    problems = json.loads(out.read_text(encoding="utf-8"))["problems"]
    return result.exit_code, {problem["rule"]: problem["acknowledged"] for problem in problems}


def test_a_problem_let_stand_no_longer_asks_and_stays_so_in_a_corrected_file(
    home: Home, survey: Path
) -> None:
    assert told(home, survey)[0] == 1
    said = parkwatch(
        home,
        "acknowledge",
        str(survey),
        "--rule",
        RULE,
        "--line",
        "2",
        "--reason",
        "苗圃，逐株点过",
        "--by",
        "张工",
    )
    assert said.exit_code == 0, said.output
    assert told(home, survey) == (0, {RULE: "苗圃，逐株点过"})
    survey.write_text(HEADER + ROWS.replace("旱柳,3", "旱柳,4"), encoding="utf-8")
    assert told(home, survey) == (0, {RULE: "苗圃，逐株点过"})
    survey.write_text(HEADER + ROWS.replace("250000", "260000"), encoding="utf-8")
    assert told(home, survey) == (1, {RULE: None}), "another value is another question"


def test_what_is_let_stand_can_be_listed_and_taken_back(home: Home, survey: Path) -> None:
    parkwatch(home, "acknowledge", str(survey), "--rule", RULE, "--all", "--reason", "点过", "--by", "张工")
    listed = parkwatch(home, "acknowledgements")
    assert "张工：点过" in listed.output and RULE in listed.output
    withdrawn = parkwatch(
        home, "acknowledgements", "--withdraw", listed.output.split()[0], "--reason", "数错了"
    )
    assert withdrawn.exit_code == 0, withdrawn.output
    assert acknowledgements(home) == []
    assert told(home, survey)[0] == 1
    assert len(list((home.archive / "decisions").rglob("*.json"))) == 2, "both decisions stay on file"


def test_a_problem_that_is_not_there_cannot_be_let_stand(home: Home, survey: Path) -> None:
    for arguments in (("--rule", "NO_SUCH", "--all"), ("--rule", RULE, "--line", "3"), ("--rule", RULE)):
        result = parkwatch(home, "acknowledge", str(survey), *arguments, "--reason", "x")
        assert result.exit_code == 2
    assert acknowledgements(home) == []


@pytest.mark.slow
def test_the_run_knows_what_is_let_stand(home: Home, survey: Path) -> None:
    import duckdb

    parkwatch(home, "acknowledge", str(survey), "--rule", RULE, "--all", "--reason", "点过", "--by", "张工")
    assert parkwatch(home, "submit", str(survey)).exit_code == 0
    ran = parkwatch(home, "run")
    assert ran.exit_code == 0, ran.output
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        flags = connection.execute(
            "SELECT test, acknowledgedReason, acknowledgedBy FROM core_flag WHERE severity = 'warning'"
        ).fetchall()
    assert flags == [(RULE, "点过", "张工")]
