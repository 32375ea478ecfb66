"""The problem report as JSON, by the schema in `problem_report.schema.json` beside this module."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from importlib import resources
from typing import Any

from monitoring.problems import Problem, Totals

SCHEMA_FILE = "problem_report.schema.json"


def problem_json(totals: Totals, problems: Sequence[Problem]) -> dict[str, Any]:
    """The report as a JSON document: totals, then every problem of every row in the order of the file."""
    return {"totals": asdict(totals), "problems": [_entry(problem) for problem in problems]}


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
        "value": problem.value, "message": problem.message.as_dict(), "fix": problem.fix.as_dict(),
        "suggestion": problem.suggestion, "bdq": problem.bdq,
    }  # fmt: skip
