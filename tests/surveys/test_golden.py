"""Golden files: every notation people use, read as `parkwatch check` reads it, against what it means.

Each input of `golden/` has its `NAME.expected.json` beside it: totals, all problems, and the fields of each record that
the case is about (see `golden/README.md`).
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from monitoring.file_problems import unreadable
from monitoring.inspection import inspect_survey
from monitoring.problems import Problem
from store.region import Region, read_region
from surveys.errors import UnreadableFile
from tests.conftest import ROOT

GOLDEN = Path(__file__).parent / "golden"
EXPECTED = ".expected.json"
CASES = sorted(GOLDEN.rglob(f"*{EXPECTED}"))
DAY = date(2026, 6, 30)
TOLD = ("rule", "severity", "sheet", "line", "column", "header", "value", "suggestion")
TOLERANCE = 1e-8  # degrees; the vectors of the reference formats are given to a millimetre
RECORDS = """
SELECT record.*, raw.otherCells FROM core_record AS record
JOIN raw_survey AS raw ON raw.rowNumber = record.rowId % 10_000_000_000
ORDER BY raw.rowNumber
"""


@pytest.fixture(autouse=True)
def _memory_let_go() -> Iterator[None]:
    """Expressions of a closed warehouse refer to one another and hold some 40 MB until they are collected."""
    yield
    gc.collect()


@pytest.fixture(scope="module")
def datong() -> Region:
    return read_region(ROOT / "regions" / "datong")


def input_of(expected: Path) -> Path:
    """The one file beside an expectation that bears its name."""
    name = expected.name.removesuffix(EXPECTED)
    (found,) = (path for path in expected.parent.glob(f"{name}.*") if not path.name.endswith(EXPECTED))
    return found


def inspected(path: Path, region: Region, scratch: Path, reading: dict[str, Any] | None) -> dict[str, Any]:
    """What `parkwatch check` says about a file, and the records it makes of it."""
    try:
        with inspect_survey(path, path.name, region, DAY, scratch, reading) as inspection:
            totals, problems = vars(inspection.totals), [_told(one) for one in inspection.problems()]
            result = inspection.connection.execute(RECORDS)
            names = [column[0] for column in result.description]
            records = [dict(zip(names, map(_plain, row), strict=True)) for row in result.fetchall()]
            encoding = inspection.survey.encoding
    except UnreadableFile as refusal:
        return {"totals": None, "problems": [_told(unreadable(refusal, path.name))], "records": []}
    return {"totals": totals, "problems": problems, "records": records, "encoding": encoding}


def _told(problem: Problem) -> dict[str, Any]:
    return {key: getattr(problem, key) for key in TOLD}


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def differences(expected: dict[str, Any], found: Sequence[dict[str, Any]]) -> list[str]:
    """Where the records that were made are not those expected, field by field."""
    wrong = [] if len(expected["records"]) == len(found) else [f"{len(found)} records"]
    for wanted, record in zip(expected["records"], found, strict=False):
        for field, value in wanted.items():
            is_close = isinstance(value, float) and record[field] is not None
            same = abs(record[field] - value) <= TOLERANCE if is_close else record[field] == value
            if not same:
                wrong.append(f"line {record['line']}: {field} is {record[field]!r}, not {value!r}")
    return wrong


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.relative_to(GOLDEN)).removesuffix(EXPECTED))
def test_a_golden_file_is_read_as_it_is_meant(case: Path, datong: Region, tmp_path: Path) -> None:
    expected = json.loads(case.read_text(encoding="utf-8"))
    found = inspected(input_of(case), datong, tmp_path, expected.get("reading"))
    assert differences(expected, found["records"]) == []
    assert found["problems"] == expected["problems"]
    assert found["totals"] == expected["totals"]
    assert "encoding" not in expected or found["encoding"] == expected["encoding"]


def test_there_are_golden_files_enough_and_none_is_without_its_expectation() -> None:
    assert len(CASES) >= 80
    inputs = {
        path for path in GOLDEN.rglob("*") if path.is_file() and path.suffix not in (".py", ".md", ".json")
    }
    assert inputs == {input_of(case) for case in CASES}


def test_the_totals_of_every_golden_file_add_up() -> None:
    for case in CASES:
        expected = json.loads(case.read_text(encoding="utf-8"))
        if totals := expected["totals"]:
            held = totals["accepted"] + totals["quarantined"] + totals["rejected"]
            assert totals["read"] == held == len(expected["records"]), case
