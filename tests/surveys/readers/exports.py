"""Making exports in a few lines, and asking what became of them, for the tests of every reader."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from store.archive import Receipt
from store.engine import duckdb_engine, sql_of
from store.home import Home
from store.region import Extent
from store.warehouse import open_in_memory
from surveys.loading import load_rows
from surveys.opening import SurveyFile, open_survey
from surveys.standard import standard_surveys
from tests.pipelines.test_commands import parkwatch

Rows = list[list[str]]
Member = str | bytes | Rows  # a file as it is, or a table
SHANGHAI = ZoneInfo("Asia/Shanghai")
EXTENT = Extent(west=112.5, south=39.0, east=114.6, north=40.8)


def table(rows: Rows, delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue()


def csv_file(path: Path, rows: Rows, delimiter: str = ",") -> Path:
    path.write_text(table(rows, delimiter), encoding="utf-8")
    return path


def zip_file(path: Path, members: dict[str, Member], delimiter: str = ",") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, table(content, delimiter) if isinstance(content, list) else content)
    return path


def receipt_of(path: Path) -> Receipt:
    return Receipt(
        submissionId="s", kind="survey", fileName=path.name, sha256="", sizeInBytes=0, receivedAt="2026-11-01",
        knownSince="2026-11-01T00:00:00+00:00", receivedFrom="", origin="test", replaces=None,
    )  # fmt: skip


def read(path: Path) -> tuple[SurveyFile, list[dict[str, Any]]]:
    """The file as it is understood, and its rows as they go into raw_survey."""
    survey = open_survey(path, path.name)
    with open_in_memory() as connection:
        load_rows(connection, survey, receipt_of(path))
        return survey, _rows(connection, "SELECT * FROM raw_survey ORDER BY rowNumber")


def standard(path: Path, zone: ZoneInfo = SHANGHAI) -> list[dict[str, Any]]:
    """The rows of a file as standard records."""
    survey = open_survey(path, path.name)
    with open_in_memory() as connection:
        load_rows(connection, survey, receipt_of(path))
        records = sql_of(standard_surveys(duckdb_engine(connection), EXTENT, zone))
        return _rows(connection, f"SELECT * FROM ({records}) ORDER BY rowNumber")


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    found = connection.execute(query)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def check(home: Home, path: Path) -> dict[str, Any]:
    """The JSON report of `parkwatch check`."""
    out = home.path / "report.json"
    result = parkwatch(home, "check", str(path), "--json", str(out))
    assert result.exit_code in (0, 1), (result.output, result.exception)
    report: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    totals = report["totals"]
    assert totals["read"] == totals["accepted"] + totals["quarantined"] + totals["rejected"]
    return report


def told(report: dict[str, Any], rule: str) -> list[tuple[Any, ...]]:
    """Sheet, line, column, header and value of every problem of a rule."""
    return [
        tuple(problem[key] for key in ("sheet", "line", "column", "header", "value"))
        for problem in report["problems"]
        if problem["rule"] == rule
    ]
