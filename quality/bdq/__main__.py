"""The BDQ tests on given cases: `python -m quality.bdq CASES.jsonl [--names INDEX.duckdb] > RESPONSES.jsonl`.

Each line of CASES has case_id, test_label or test_id, inputs (values by term, such as dwc:eventDate) and parameters;
each line of RESPONSES case_id, status, result, amendment and comment. Of a test the standard does not have nothing is
said.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from quality.bdq.authorities import NameAuthority
from quality.bdq.names_in_index import IndexNames
from quality.bdq.registry import find_test, run, with_defaults
from quality.bdq.responses import Asked
from quality.bdq.shapes import WorldShapes


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m quality.bdq", description="Answer TDWG BDQ Core test cases."
    )
    parser.add_argument(
        "cases", type=Path, help="JSON lines: case_id, test_label, test_id, inputs, parameters"
    )
    parser.add_argument(
        "--names", type=Path, help="a Parkwatch database with a name index, for the tests of taxa"
    )
    parser.add_argument(
        "--today", type=date.fromisoformat, default=None, help="the day to answer on, YYYY-MM-DD"
    )
    options = parser.parse_args(arguments)
    today = options.today or datetime.now(tz=UTC).date()
    names = IndexNames(options.names) if options.names else None
    with options.cases.open(encoding="utf-8") as file:
        for response in answers(map(json.loads, filter(str.strip, file)), names, today):
            sys.stdout.write(json.dumps(response, ensure_ascii=False) + "\n")
    return 0


def answers(
    cases: Iterator[dict[str, Any]], names: NameAuthority | None, today: date
) -> Iterator[dict[str, Any]]:
    """The response to each case, in order; cases of tests that are none are left out."""
    shapes = WorldShapes()
    for case in cases:
        test = find_test(str(case.get("test_label") or "")) or find_test(str(case.get("test_id") or ""))
        if test is None:
            continue
        parameters = with_defaults(test, _texts(case.get("parameters")), today)
        response = run(test, _texts(case.get("inputs")), Asked(parameters, today, names, shapes))
        if response is not None:
            yield {
                "case_id": case.get("case_id"), "status": response.status, "result": response.result,
                "amendment": dict(response.amendment) if response.amendment else None, "comment": response.comment,
            }  # fmt: skip


def _texts(values: Mapping[str, Any] | None) -> dict[str, str]:
    return {name: str(value) for name, value in (values or {}).items() if value is not None}


if __name__ == "__main__":
    sys.exit(main())
