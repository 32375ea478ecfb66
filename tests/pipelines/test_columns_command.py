"""`parkwatch columns`: what is shown, asked, remembered and shared; and profiles in check and submit."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest

from store.archive import receipts
from store.home import Home
from surveys.errors import UnreadableFile
from surveys.profiles import find_profile, read_profile
from tests.conftest import ROOT
from tests.pipelines.test_commands import parkwatch

TABLE = """树名儿,代码表,编号,日期,怪列,备注
榆树,UP,1,2026-06-03,甲,=cmd()
旱柳,SM,2,2026-06-04,乙,
"""
QUIET_FOR_SECONDS = 60


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    path = tmp_path / "树木.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def refused(home: Home, *arguments: str) -> UnreadableFile:
    result = parkwatch(home, *arguments)
    assert isinstance(result.exception, UnreadableFile), result.output
    return result.exception


def test_every_column_is_shown_with_its_meaning_its_reason_and_its_values(home: Home, survey: Path) -> None:
    result = parkwatch(home, "columns", str(survey))
    assert result.exit_code == 0, result.output
    assert "A 树名儿 → 不认识，原样保留。例：榆树 | 旱柳" in result.output
    assert "1. 中文名、俗名（vernacularName）" in result.output
    assert "C 编号 → 记录编号（occurrenceID），列名有多种意思，按内容判断。例：1 | 2" in result.output
    assert "D 日期 → 日期（eventDate），已知的列名。例：2026-06-03 | 2026-06-04" in result.output
    assert not home.profiles.exists()


def test_the_same_is_told_in_english(home: Home, survey: Path) -> None:
    result = parkwatch(home, "columns", str(survey), language="en")
    assert "A 树名儿 → not understood, kept as it is. Such as: 榆树 | 旱柳" in result.output
    assert "D 日期 → date (eventDate), a known header." in result.output


def test_what_is_said_once_is_remembered_and_recognised_by_check_and_submit(home: Home, survey: Path) -> None:
    assert "没有物种名称列" in parkwatch(home, "check", str(survey)).output
    saved = parkwatch(
        home, "columns", str(survey), "--set", "树名儿=中文名", "--set", "b=taxonID", "--set", "怪列=otherCells",
        "--constant", "地点=文瀛湖公园", "--save", "古树",
    )  # fmt: skip
    assert saved.exit_code == 0, saved.output
    assert find_profile(home, "古树").columns == {
        "树名儿": "vernacularName", "代码表": "taxonID", "怪列": "otherCells", "编号": "occurrenceID",
    }  # fmt: skip
    checked = parkwatch(home, "check", str(survey))
    assert "按保存的方案“古树”理解了这些列" in checked.output
    assert "A 树名儿 → vernacularName" in checked.output
    assert parkwatch(home, "submit", str(survey)).exit_code == 0
    (receipt,) = receipts(home)
    assert receipt.reading == find_profile(home, "古树").mapping.as_reading()


def test_check_tells_a_recognised_profile_and_the_best_guess_as_problems_of_the_file(
    home: Home, survey: Path, tmp_path: Path
) -> None:
    parkwatch(home, "columns", str(survey), "--set", "树名儿=中文名", "--save", "古树")
    out = tmp_path / "problems.json"
    parkwatch(home, "check", str(survey), "--json", str(out))
    of_the_file = {
        (problem["rule"], problem["column"]): problem["suggestion"]
        for problem in json.loads(out.read_text(encoding="utf-8"))["problems"]
        if problem["line"] is None
    }
    assert ("PROFILE_APPLIED", None) in of_the_file
    assert of_the_file["COLUMN_UNKNOWN", "B"] == "taxonID"


def test_a_profile_is_chosen_by_name_or_by_the_path_of_a_shared_file(
    home: Home, survey: Path, tmp_path: Path
) -> None:
    shared = tmp_path / "分享.toml"
    parkwatch(
        home, "columns", str(survey), "--set", "树名儿=中文名", "--save", "古树", "--export", str(shared)
    )
    for profile in ("古树", str(shared)):
        result = parkwatch(home, "check", str(survey), "--profile", profile)
        assert "A 树名儿 → vernacularName" in result.output
    assert refused(home, "check", str(survey), "--profile", "没有").rule == "error-profile-missing"
    assert refused(home, "submit", str(survey), "--profile", "../古树").rule == "error-profile-name"


def test_a_shared_profile_is_also_a_mapping_file(home: Home, survey: Path, tmp_path: Path) -> None:
    shared = tmp_path / "分享.toml"
    parkwatch(home, "columns", str(survey), "--set", "树名儿=中文名", "--export", str(shared))
    assert (
        "A 树名儿 → vernacularName" in parkwatch(home, "check", str(survey), "--mapping", str(shared)).output
    )


def test_a_shared_profile_is_taken_in_and_does_not_replace_another_one_unasked(
    home: Home, survey: Path, tmp_path: Path
) -> None:
    shared = tmp_path / "古树.toml"
    parkwatch(home, "columns", str(survey), "--set", "树名儿=中文名", "--export", str(shared))
    assert parkwatch(home, "columns", "--import-profile", str(shared)).exit_code == 0
    assert parkwatch(home, "columns", "--import-profile", str(shared)).exit_code == 0
    assert "古树：" in parkwatch(home, "columns", "--list").output
    shared.write_text('[columns]\n"树名儿" = "scientificName"\n', encoding="utf-8")
    assert refused(home, "columns", "--import-profile", str(shared)).rule == "error-profile-exists"
    parkwatch(home, "columns", "--import-profile", str(shared), "--save", "古树")
    assert find_profile(home, "古树").columns == {"树名儿": "scientificName"}


def test_the_list_tells_what_is_wrong_with_a_profile_that_cannot_be_read(home: Home) -> None:
    assert "还没有保存的方案" in parkwatch(home, "columns", "--list").output
    home.profiles.mkdir()
    (home.profiles / "坏.toml").write_text("[columns", encoding="utf-8")
    assert "坏.toml" in parkwatch(home, "columns", "--list").output


def test_sure_guesses_are_accepted_and_unsure_ones_stay_open(
    home: Home, survey: Path, tmp_path: Path
) -> None:
    out = tmp_path / "columns.json"
    survey.write_text(TABLE.replace("代码表", "物种代码表"), encoding="utf-8")
    result = parkwatch(home, "columns", str(survey), "--accept-guesses", "--json", str(out))
    assert result.exit_code == 0, result.output
    (table,) = json.loads(out.read_text(encoding="utf-8"))["tables"]
    told = {column["header"]: column for column in table["columns"]}
    assert (told["物种代码表"]["term"], told["物种代码表"]["by"]) == ("taxonID", "profile")
    assert (told["怪列"]["term"], told["怪列"]["by"]) == (None, "unknown")
    assert told["日期"]["label"] == {"zh": "日期", "en": "date"}
    assert (told["日期"]["letter"], told["日期"]["samples"]) == ("D", ["2026-06-03", "2026-06-04"])
    parkwatch(home, "columns", str(survey), "--json", str(out))
    (table,) = json.loads(out.read_text(encoding="utf-8"))["tables"]
    (guess, *_) = next(column["guesses"] for column in table["columns"] if column["header"] == "物种代码表")
    assert guess == {
        "term": "taxonID", "score": 89, "label": {"zh": "物种代码", "en": "species code"},
        "reason": {
            "zh": "与已知列名“物种代码”相近，那是物种代码",
            "en": "near the known header “物种代码”, which is: species code",
        },
    }  # fmt: skip


def test_a_file_of_which_no_header_is_understood_can_be_explained(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "甲一,乙一,丙一\n榆树,2026-06-03,文瀛湖公园\n旱柳,2026-06-04,文瀛湖公园\n", encoding="utf-8"
    )
    result = parkwatch(home, "columns", str(path), "--set", "甲一=中文名", "--set", "B=日期", "--save", "x")
    assert result.exit_code == 0, result.output
    assert "A 甲一 → 中文名、俗名（vernacularName），方案里写明" in result.output
    assert "共 2 行" in parkwatch(home, "check", str(path)).output


@pytest.mark.parametrize(
    ("arguments", "rule", "told"),
    [
        (("--set", "代码表=taxonnid"), "error-term-unknown", "taxonID"),
        (("--set", "代码=taxonID"), "error-column-missing", "代码表"),
        (("--set", "代码表"), "error-setting", "--set"),
        (("--constant", "taxonID=x"), "error-term-unknown", "locality"),
        (("--save", "a/b", "--set", "B=taxonID"), "error-profile-name", "a/b"),
        (("--save", "空"), "error-profile-empty", "--set"),
        (("--profile", "没有"), "error-profile-missing", "没有"),
    ],
)
def test_what_means_nothing_is_refused_with_what_was_near(
    home: Home, tmp_path: Path, arguments: tuple[str, ...], rule: str, told: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("中文名,日期,代码表\n榆树,2026-06-03,UP\n", encoding="utf-8")
    refusal = refused(home, "columns", str(path), *arguments)
    assert refusal.rule == rule
    assert told in refusal.in_language("zh")


def test_a_header_cannot_write_on_the_terminal(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("中文名,日期,\x1b[2J怪列\n榆树,2026-06-03,\x1b]0;x\x07\n", encoding="utf-8")
    for command in ("columns", "check"):
        shown = parkwatch(home, command, str(path)).output
        assert "‹U+001B›[2J怪列" in shown
        assert "\x1b" not in shown


def test_without_a_file_the_command_says_what_it_needs(home: Home) -> None:
    result = parkwatch(home, "columns")
    assert result.exit_code == 2
    assert "请给出调查表文件" in result.output


@pytest.mark.slow
def test_at_a_terminal_each_unknown_column_is_asked_for_once(home: Home, survey: Path) -> None:
    answers = ["", "没有这个术语", "taxonID", "s", "问过一次"]
    shown = at_a_terminal(home, ["columns", str(survey)], answers)
    assert shown.count("怪列”是什么") == 1
    assert "没有术语“没有这个术语”" in shown
    assert read_profile(home.profiles / "问过一次.toml").columns == {
        "树名儿": "vernacularName", "代码表": "taxonID", "编号": "occurrenceID",
    }  # fmt: skip


def at_a_terminal(home: Home, arguments: list[str], answers: list[str]) -> str:
    """What a person sees who types the answers line by line, each after the command has asked for it."""
    person, terminal = pty.openpty()
    environment = os.environ | {"PARKWATCH_LANG": "zh", "PARKWATCH_HOME": str(home.path), "PYTHONUTF8": "1"}
    command = subprocess.Popen(
        [sys.executable, "-c", "from pipelines.cli.main import main; main()", *arguments],
        stdin=terminal, stdout=terminal, stderr=terminal, cwd=ROOT, env=environment, close_fds=True,
    )  # fmt: skip
    os.close(terminal)
    shown, waiting = b"", list(answers)
    give_up = time.monotonic() + QUIET_FOR_SECONDS
    while time.monotonic() < give_up:
        try:
            shown += os.read(person, 4096)
        except OSError:  # the terminal is closed: the command has ended
            break
        if waiting and shown.decode(errors="ignore").rstrip(" ").endswith(":"):
            os.write(person, waiting.pop(0).encode() + b"\n")
    os.close(person)
    assert command.wait(timeout=10) == 0
    return shown.decode(errors="replace")
