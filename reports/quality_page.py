"""The quality page: one self-contained file on what the data are good for, what failed, since when, and where.

How the tables came about belongs to `quality`. The same tables give the same bytes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from quality.bdq.registry import registry
from quality.scorecards import purposes, scored_tests
from reports import quality_queries
from reports.page import render
from reports.queries import Row, rows
from store.catalogue import catalogue
from store.region import Region

LANGUAGES = ("zh", "en")
FILES_SHOWN, ROWS_SHOWN, SITES_SHOWN, DAYS_SHOWN, DECISIONS_SHOWN, PROPOSALS_SHOWN = 5, 20, 30, 12, 50, 5


def quality_page_name(region: Region, day: date) -> str:
    return f"quality-{region.id}-{day:%Y-%m}.html"


def write_quality_page(
    connection: duckdb.DuckDBPyConnection,
    region: Region,
    day: date,
    path: Path,
    *,
    report: str,
    invented: bool = False,
) -> None:
    """Write the page from the core_ and out_ tables; `report` is the file of the monthly report."""
    scopes = rows(connection, quality_queries.SCOPES)
    content: dict[str, Any] = {
        "region": region,
        "day": day,
        "report": report,
        "invented": invented,
        "default_language": region.languages[0],
        "purposes": purposes(),
        "sources": [_card(connection, entry) for entry in scopes if entry["scope"] == "source"],
        "sites": [entry for entry in scopes if entry["scope"] == "site"][:SITES_SHOWN],
        "files": [entry for entry in scopes if entry["scope"] == "submission"],
        "fitness": _fitness(connection),
        "trend": _trend(connection),
        "failed": _failed(connection),
        "dataset_tests": [
            row | {"text": test_text(row["test"])} for row in rows(connection, quality_queries.DATASET_TESTS)
        ],
        "proposed": [
            _proposal(row) for row in rows(connection, quality_queries.PROPOSED, {"rows": PROPOSALS_SHOWN})
        ],
        "amendments": {label: test for label, test in registry().items() if test.type == "Amendment"},
        "waiting": rows(connection, quality_queries.WAITING)[0],
        "decided": rows(connection, quality_queries.DECIDED, {"rows": DECISIONS_SHOWN}),
        "tests": {label: test for label, test in registry().items() if label in scored_tests()},
    }
    path.write_text(render("quality.html.j2", content), encoding="utf-8", newline="\n")


def test_text(test: str) -> dict[str, str]:
    """What a record test or a comparison says, without the values of any one record."""
    entry = catalogue("quality").get(test) or catalogue("quality", "messages_of_comparisons.toml")[test]
    return {language: entry[language].format(value="…", suggestion="…") for language in LANGUAGES}


def _card(connection: duckdb.DuckDBPyConnection, entry: Row) -> Row:
    which = {"scope": entry["scope"], "scopeId": entry["scopeId"]}
    scores = rows(connection, quality_queries.SCORECARD, which)
    never = [score for score in scores if is_never_filled(score)]
    return entry | {
        "scores": [score for score in scores if score not in never],
        "never": sorted({term for score in never for term in terms_of(score["test"])}),
    }


def is_never_filled(score: Row) -> bool:
    """No record has the term at all: one word about it is enough."""
    is_about_presence = score["test"].startswith("VALIDATION") and score["test"].endswith("_NOTEMPTY")
    return is_about_presence and not score["compliant"] and not score["compliantWritten"]


def terms_of(test: str) -> list[str]:
    """The terms a test of BDQ Core acts upon, without their prefix."""
    return [term.partition(":")[2] for term in registry()[test].actedUpon]


def _proposal(row: Row) -> Row:
    return row | {key: _cells(row[key]) for key in ("verbatim", "proposed")}


def _cells(document: str) -> str:
    return ", ".join(f"{term} = {text}" for term, text in json.loads(document).items())


def _fitness(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, str], Row]:
    found = rows(connection, quality_queries.FITNESS)
    return {(row["scope"], row["scopeId"], row["purpose"]): row for row in found}


def _trend(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[date, dict[str, Row]]]:
    """By source and day, the newest last, the shares by purpose."""
    found: dict[str, dict[date, dict[str, Row]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows(connection, quality_queries.TREND):
        found[row["scopeId"]][row["day"]][row["purpose"]] = row
    return {source: dict(list(days.items())[-DAYS_SHOWN:]) for source, days in found.items()}


def _failed(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """What failed, the gravest and most frequent first, with the files it is in and some of its rows."""
    files, examples = defaultdict(list), defaultdict(list)
    for row in rows(connection, quality_queries.FAILED_BY_FILE, {"files": FILES_SHOWN}):
        files[row["test"]].append(row)
    for row in rows(connection, quality_queries.FAILED_ROWS, {"rows": ROWS_SHOWN}):
        examples[row["test"]].append(row)
    return [
        row | {"text": test_text(row["test"]), "files": files[row["test"]], "rows": examples[row["test"]]}
        for row in rows(connection, quality_queries.FAILED)
    ]
