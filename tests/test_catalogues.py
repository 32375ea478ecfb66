"""Every rule says what is wrong, why it matters and how to mend it, in Chinese and in English, whoever raises it."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from gbif.errors import GbifError, GbifNotFound, GbifUnreachable
from monitoring.diversity.matrix import MatrixError
from quality.record_tests.registry import RECORD_TESTS
from reports.darwin_core import ExportError
from species.errors import ListError, NameSourceError, StatusError
from store.catalogue import catalogue
from store.errors import DiskFull, RegionError, StoreError, WarehouseLocked
from surveys.errors import UnreadableFile
from tests.conftest import ROOT

ERRORS = (
    StoreError, WarehouseLocked, DiskFull, RegionError, ListError, NameSourceError, StatusError, GbifError, GbifNotFound, GbifUnreachable, ExportError, UnreadableFile, MatrixError,
)  # fmt: skip
# What is called in `surveys` and `monitoring` to tell a problem of a whole file.
TELLS_OF_A_FILE = ("TableProblem", "_problem", "_of_the_file")
CATALOGUES = sorted(path.relative_to(ROOT) for path in ROOT.glob("[a-z]*/messages*.toml"))
TOLD = ("zh", "en", "zh_why", "en_why", "zh_remedy", "en_remedy")
KINDS_OF_TEXT = ("", "_why", "_remedy")
RULE_OF_A_FILE = re.compile("[A-Z]+(_[A-Z]+)+")
CHINESE = re.compile("[\u4e00-\u9fff]")


def is_rule(package: str, entry: str) -> bool:
    return entry.startswith("error-") or package == "quality" or bool(RULE_OF_A_FILE.fullmatch(entry))


RULES = [
    (path.parts[0], rule)
    for path in CATALOGUES
    for rule in catalogue(path.parts[0], path.name)
    if path.name == "messages.toml" and is_rule(path.parts[0], rule)
]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def values_of(entry: Mapping[str, str]) -> set[str]:
    """The values that all texts of a rule together need."""
    return {name for key in TOLD for name in placeholders(entry[key])}


def without_language(names: set[str]) -> set[str]:
    """Values that exist in two languages count as one: zh_name and en_name, place_zh."""
    return {re.sub("^(zh|en)_|_(zh|en)$", "", name) for name in names}


def chinese_characters(text: str) -> int:
    return len(CHINESE.findall(text))


class Raised(NamedTuple):
    """A rule that the code names: where, in whose catalogue, with which values (None where they are not spelled out)."""

    place: str
    package: str
    rule: re.Pattern[str]
    values: frozenset[str] | None


def spelled(node: ast.expr) -> re.Pattern[str] | None:
    """What a text in the code matches; the values of an f-string may be anything."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.compile(re.escape(node.value))
    if isinstance(node, ast.JoinedStr):
        parts = [re.escape(part.value) if isinstance(part, ast.Constant) else ".+" for part in node.values]
        return re.compile("".join(parts))
    return None


def calls_in(path: Path) -> Iterator[tuple[ast.Call, str, re.Pattern[str]]]:
    """Calls whose first argument is a text: the call, the name called, and the text."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Name | ast.Attribute):
            called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if text := spelled(node.args[0]):
                yield node, called, text


def raised_errors() -> Iterator[Raised]:
    packages = {error.__name__: error.package for error in ERRORS}
    for path in sorted(path for folder in folders_of_code() for path in folder.rglob("*.py")):
        for call, called, rule in calls_in(path):
            if called in packages:
                values = frozenset(keyword.arg for keyword in call.keywords if keyword.arg)
                is_spelled_out = isinstance(call.args[0], ast.Constant) and len(values) == len(call.keywords)
                place = f"{path.relative_to(ROOT)}:{call.lineno}"
                yield Raised(place, packages[called], rule, values if is_spelled_out else None)


def told_of_files() -> Iterator[Raised]:
    for path in (*(ROOT / "surveys").rglob("*.py"), ROOT / "monitoring" / "file_problems.py"):
        for call, called, rule in calls_in(path):
            if called in TELLS_OF_A_FILE:
                yield Raised(f"{path.relative_to(ROOT)}:{call.lineno}", "surveys", rule, None)


def folders_of_code() -> Iterator[Path]:
    return (path.parent for path in ROOT.glob("[a-z]*/__init__.py") if path.parent.name != "tests")


NAMED = [*raised_errors(), *told_of_files()]


def entries_of(raised: Raised) -> Mapping[str, Mapping[str, str]]:
    told = catalogue(raised.package)
    return {rule: entry for rule, entry in told.items() if raised.rule.fullmatch(rule)}


@pytest.mark.parametrize(("package", "rule"), RULES, ids=lambda value: str(value))
def test_a_rule_says_what_is_wrong_why_it_matters_and_how_to_mend_it(package: str, rule: str) -> None:
    entry = catalogue(package)[rule]
    assert [key for key in TOLD if not entry.get(key, "").strip()] == []
    for kind in KINDS_OF_TEXT:
        zh, en = entry[f"zh{kind}"], entry[f"en{kind}"]
        assert chinese_characters(zh) > chinese_characters(en), (zh, en)
        assert chinese_characters(en) < len(en.split()), en


@pytest.mark.parametrize("path", CATALOGUES, ids=str)
def test_both_languages_say_the_same_thing(path: Path) -> None:
    faults = []
    for rule, entry in catalogue(path.parts[0], path.name).items():
        for kind in KINDS_OF_TEXT:
            zh, en = entry.get(f"zh{kind}", ""), entry.get(f"en{kind}", "")
            if bool(zh) != bool(en) or (kind == "" and not zh):
                faults.append((rule, "one language is missing"))
            elif without_language(placeholders(zh)) != without_language(placeholders(en)):
                faults.append((rule, "the languages use different values"))
    assert faults == []


def test_every_record_test_has_its_texts_and_no_text_is_left_over() -> None:
    ids = [test.id for test in RECORD_TESTS]
    assert len(set(ids)) == len(ids)
    assert set(ids) == set(catalogue("quality"))


def test_a_record_test_names_only_the_value_and_what_the_test_suggests() -> None:
    suggesting = {test.id for test in RECORD_TESTS if test.suggestion}
    for rule, entry in catalogue("quality").items():
        known = {"value", "suggestion"} if rule in suggesting else {"value"}
        assert values_of(entry) <= known, rule


@pytest.mark.parametrize("raised", NAMED, ids=lambda raised: raised.place)
def test_a_rule_named_in_the_code_has_its_texts_and_their_values(raised: Raised) -> None:
    found = entries_of(raised)
    assert found, f"{raised.place}: {raised.package}/messages.toml has no [{raised.rule.pattern}]"
    for rule, entry in found.items():
        assert raised.values is None or values_of(entry) <= raised.values, (raised.place, rule)


def test_no_error_and_no_rule_of_a_file_is_left_over() -> None:
    named = {(raised.package, rule) for raised in NAMED for rule in entries_of(raised)}
    assert {rule for rule in RULES if rule[0] != "quality"} - named == set()


def test_an_error_is_told_with_its_reason_and_its_remedy() -> None:
    entry = catalogue("store")["error-no-demo"]
    error = StoreError("error-no-demo", path="regions/elsewhere")
    assert error.in_language("zh").split("\n") == [
        entry["zh"].format(path="regions/elsewhere"), entry["zh_why"], entry["zh_remedy"],
    ]  # fmt: skip
    assert error.in_language("en").split("\n")[1:] == [entry["en_why"], entry["en_remedy"]]
