"""Looking at a survey file before it is handed in: every problem at its cell, in bounded memory."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import pytest

from monitoring.inspection import Inspection, inspect_survey
from monitoring.problems import Problem
from store.region import read_region
from store.warehouse import open_scratch, with_room_for

DATONG = Path(__file__).resolve().parents[2] / "regions" / "datong"
INSPECT = """
import sys, tempfile
from pathlib import Path
from monitoring.inspection import inspect_survey
from reports.problems.as_json import write_problem_json
from store.region import read_region

path, region = Path(sys.argv[1]), read_region(Path(sys.argv[2]))
with tempfile.TemporaryDirectory() as scratch:
    with inspect_survey(path, path.name, region, region.today().date(), Path(scratch)) as found:
        write_problem_json(found.totals, found.problems(), path.with_suffix(".json"))
        status = Path("/proc/self/status").read_text()
        print(found.totals.read, int(status.split("VmHWM:")[1].split()[0]) // 1024)
"""


@contextmanager
def inspected(folder: Path, text: str) -> Iterator[Inspection]:
    path = folder / "调查.csv"
    path.write_text(text, encoding="utf-8")
    with inspect_survey(
        path, path.name, read_region(DATONG), date(2026, 6, 30), folder / "scratch"
    ) as inspection:
        yield inspection


def about(inspection: Inspection, rule: str) -> Problem:
    return next(problem for problem in inspection.problems() if problem.rule == rule)


def test_problems_can_be_gone_through_twice_and_side_by_side(tmp_path: Path) -> None:
    with inspected(
        tmp_path, "日期,中文名,地点\n2025-13-40,榆树,文瀛湖\n2025-06-03,没这个种,文瀛湖\n"
    ) as found:
        first = [problem.rule for problem in found.problems()]
        assert first == [problem.rule for problem in found.problems()]
        assert [cause.example.rule for cause in found.causes() if list(found.problems())]


def test_causes_add_up_to_all_problems_and_name_their_first_lines(tmp_path: Path) -> None:
    rows = "2025-13-40,榆树,文瀛湖\n" * 20 + "2025-06-03,没这个种,文瀛湖\n"
    with inspected(tmp_path, "日期,中文名,地点\n" + rows) as found:
        causes = list(found.causes())
        assert sum(cause.count for cause in causes) == len(list(found.problems()))
        unreadable = next(cause for cause in causes if cause.count == 20)
        assert unreadable.lines == tuple(range(2, 14))


@pytest.mark.parametrize(
    ("header", "row", "rule", "column"),
    [
        ("日期,中文名,坐标", "2025-06-03,榆树,街角", "PARKWATCH_COORDINATES_READABLE", "C"),
        ("日期,中文名,经度,纬度", "2025-06-03,榆树,113.3,北边", "PARKWATCH_COORDINATES_READABLE", "D"),
        ("日期,中文名,经度,纬度", "2025-06-03,榆树,,40.07", "PARKWATCH_COORDINATES_READABLE", "C"),
        ("日期,中文名,经度,纬度", "2025-06-03,榆树,113.3,-40.07", "PARKWATCH_COORDINATES_SIGN", "D"),
        ("日期,学名,中文名,地点", "2025-06-03,,没这个种,文瀛湖", "VALIDATION_SCIENTIFICNAME_FOUND", "C"),
        (
            "日期,学名,中文名,地点",
            "2025-06-03,Nulla planta,没这个种,文瀛湖",
            "VALIDATION_SCIENTIFICNAME_FOUND",
            "B",
        ),
        ("年,月,日,中文名,地点", "2025,13,3,榆树,文瀛湖", "VALIDATION_EVENTDATE_STANDARD", "A"),
    ],
)
def test_a_problem_stands_at_the_cell_it_is_about(
    tmp_path: Path, header: str, row: str, rule: str, column: str
) -> None:
    with inspected(tmp_path, f"{header}\n{row}\n") as found:
        problem = about(found, rule)
        assert (problem.line, problem.column) == (2, column)


def test_the_preview_names_no_people(tmp_path: Path) -> None:
    with inspected(tmp_path, "日期,中文名,调查人,地点\n2025-06-03,榆树,王某某,文瀛湖\n") as found:
        assert found.survey.preview == (("", 2, ["2025-06-03", "榆树", "", "文瀛湖"]),)


def test_the_preview_shows_the_first_rows_as_they_were_decoded(tmp_path: Path) -> None:
    with inspected(tmp_path, "日期,中文名,地点\n2025-06-03,䴙䴘,文瀛湖\n") as found:
        assert found.survey.preview == (("", 2, ["2025-06-03", "䴙䴘", "文瀛湖"]),)


def test_a_step_that_finds_too_little_memory_is_given_more(tmp_path: Path) -> None:
    with open_scratch(tmp_path, 0) as connection:
        connection.execute("SET memory_limit = '20MB'")
        wide = "SELECT length(string_agg(repeat('x', 1000), '')) FROM range(40_000)"
        with pytest.raises(duckdb.OutOfMemoryException):
            connection.execute(wide).fetchone()
        assert with_room_for(connection, lambda: connection.execute(wide).fetchone()) == (40_000_000,)


@pytest.mark.slow
def test_a_hundred_thousand_rows_are_inspected_within_500_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    rows = (
        f"A-{n},2025年6月{n % 40}日,{('榆树', '没这个种')[n % 2]},约{n % 90},"
        f"113°{n % 60}′{n % 50}″,{39.7 + n % 7000 / 10_000:.4f},文瀛湖"
        for n in range(100_000)
    )
    path.write_text("记录编号,日期,中文名,数量,经度,纬度,地点\n" + "\n".join(rows), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", INSPECT, str(path), str(DATONG)], capture_output=True, text=True, check=True
    )
    read, megabytes = map(int, done.stdout.split())
    assert read == 100_000
    assert megabytes <= 500
