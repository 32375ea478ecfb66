"""The problem report as JSON, by the schema in `problem_report.schema.json` beside this module."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import Any

from monitoring.problems import Problem, Totals

SCHEMA_FILE = "problem_report.schema.json"


def write_problem_json(totals: Totals, problems: Iterable[Problem], path: Path) -> None:
    """Write totals, then every problem of every row in the order of the file, a line each.

    Piece by piece: a file of 100,000 rows may well have as many problems.
    """
    with path.open("w", encoding="utf-8") as file:
        file.write(f'{{"totals": {json.dumps(asdict(totals))},\n"problems": [')
        separator = "\n"
        for problem in problems:
            file.write(separator + json.dumps(_entry(problem), ensure_ascii=False))
            separator = ",\n"
        file.write("\n]}\n")


def problem_schema() -> dict[str, Any]:
    """The JSON schema (draft 2020-12) that every report fulfils."""
    schema: dict[str, Any] = json.loads(
        (resources.files("reports.problems") / SCHEMA_FILE).read_text("utf-8")
    )
    return schema


def _entry(problem: Problem) -> dict[str, Any]:
    return {
        "rule": problem.rule, "severity": problem.severity, "file": problem.file, "sheet": problem.sheet,
        "line": problem.line, "column": problem.column, "header": problem.header, "recordId": problem.recordId,
        "value": problem.value, "message": problem.message.as_dict(), "why": problem.why.as_dict(),
        "fix": problem.fix.as_dict(),
        "suggestion": problem.suggestion, "bdq": problem.bdq, "acknowledged": problem.acknowledged,
    }  # fmt: skip
