"""The problem report as a CSV file for Excel: one row per problem, bilingual, with nothing Excel would run."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from monitoring.problems import Problem
from reports.excel_csv import write_excel_csv

HEADER = (
    "严重程度 severity", "规则 rule", "文件 file", "工作表 sheet", "行 line", "列 column", "列名 header",
    "记录 recordId", "原值 value", "问题", "problem", "为什么", "why", "改法", "fix", "建议 suggestion", "BDQ",
    "保留理由 acknowledged",
)  # fmt: skip


def write_problem_csv(problems: Iterable[Problem], path: Path) -> None:
    """Write all problems; see `excel_csv`."""
    write_excel_csv(HEADER, map(_cells, problems), path)


def _cells(problem: Problem) -> tuple[object, ...]:
    return (
        problem.severity, problem.rule, problem.file, problem.sheet, problem.line, problem.column, problem.header,
        problem.recordId, problem.value, problem.message.zh, problem.message.en,
        problem.why.zh, problem.why.en, problem.fix.zh, problem.fix.en,
        problem.suggestion, problem.bdq, problem.acknowledged,
    )  # fmt: skip
