"""Every rule tells what is wrong, why it matters and how to mend it, in Chinese and English."""

from __future__ import annotations

import re

import pytest

from quality.record_tests.registry import RECORD_TESTS
from store.catalogue import catalogue
from tests.conftest import ROOT

TOLD = ("zh", "en", "zh_why", "en_why", "zh_remedy", "en_remedy")
VALUES_OF_A_RECORD_TEST = {"value": "甲", "suggestion": "乙"}
CHINESE = re.compile("[\u4e00-\u9fff]")
REFUSALS = re.compile(r'UnreadableFile\(\s*f?"(error-[a-z0-9-]+)"')
# Rules of the whole file are spelled in capitals wherever the code names them.
FILE_RULES = re.compile(r'"((?:SHEET|COLUMN|PROTOCOL|PROFILE|FORM)_[A-Z_]+)"')


def named_in_the_code(pattern: re.Pattern[str]) -> list[str]:
    sources = [path for folder in ("surveys", "monitoring") for path in (ROOT / folder).rglob("*.py")]
    found = {rule for path in sources for rule in pattern.findall(path.read_text(encoding="utf-8"))}
    return sorted(found)


def lacking(package: str, rule: str) -> list[str]:
    entry = catalogue(package).get(rule, {})
    return [key for key in TOLD if not entry.get(key, "").strip()]


def chinese_characters(text: str) -> int:
    return len(CHINESE.findall(text))


@pytest.mark.parametrize("rule", [test.id for test in RECORD_TESTS])
def test_a_record_test_speaks_both_languages_and_fills_in_its_values(rule: str) -> None:
    assert lacking("quality", rule) == []
    told = {key: catalogue("quality")[rule][key].format(**VALUES_OF_A_RECORD_TEST) for key in TOLD}
    for kind in ("", "_why", "_remedy"):
        zh, en = told[f"zh{kind}"], told[f"en{kind}"]
        assert chinese_characters(zh) > chinese_characters(en), (zh, en)
        assert chinese_characters(en) < len(en.split()), en


def test_every_record_test_has_a_rule_id_of_its_own() -> None:
    assert len({test.id for test in RECORD_TESTS}) == len(RECORD_TESTS)


def test_no_message_is_left_over_from_a_test_that_is_gone() -> None:
    assert set(catalogue("quality")) - {test.id for test in RECORD_TESTS} == set()


@pytest.mark.parametrize("rule", named_in_the_code(REFUSALS))
def test_a_refused_file_is_told_why_in_both_languages(rule: str) -> None:
    assert lacking("surveys", rule) == []


@pytest.mark.parametrize("rule", named_in_the_code(FILE_RULES))
def test_a_problem_of_the_whole_file_speaks_both_languages(rule: str) -> None:
    assert lacking("surveys", rule) == []


def test_rules_of_files_are_found_in_the_code() -> None:
    assert len(named_in_the_code(REFUSALS)) > 30
    assert {"SHEET_LEFT_OUT", "COLUMN_UNKNOWN", "PROFILE_APPLIED"} <= set(named_in_the_code(FILE_RULES))


@pytest.mark.parametrize("rule", [rule for rule in catalogue("surveys") if rule.startswith("error-")])
def test_every_refusal_in_the_catalogue_is_complete(rule: str) -> None:
    assert lacking("surveys", rule) == []
