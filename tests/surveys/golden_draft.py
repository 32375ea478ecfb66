"""Redrafts what golden files expect: `python -m tests.surveys.golden_draft dates/dots …`; all of them without a name.

Totals and problems are written anew from what the code says now; the records stay as they were written by hand. A draft
is no truth: read every changed line of it against the reference formats before it is committed.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from store.region import read_region
from tests.conftest import ROOT
from tests.surveys.test_golden import CASES, EXPECTED, GOLDEN, differences, input_of, inspected


def main(names: Sequence[str]) -> None:
    region = read_region(ROOT / "regions" / "datong")
    for case in CASES:
        name = str(case.relative_to(GOLDEN)).removesuffix(EXPECTED)
        if names and name not in names:
            continue
        expected = json.loads(case.read_text(encoding="utf-8"))
        with tempfile.TemporaryDirectory() as scratch:
            found = inspected(input_of(case), region, Path(scratch), expected.get("reading"))
        case.write_text(
            as_text(expected | {key: found[key] for key in ("totals", "problems")}), encoding="utf-8"
        )
        print(name, *differences(expected, found["records"]), sep="\n    ")


def as_text(expected: dict[str, Any]) -> str:
    """One line a problem and one a record, so that a change shows as what it is."""
    entries = [f" {json.dumps(key)}: {_lines(value)}" for key, value in expected.items()]
    return "{\n" + ",\n".join(entries) + "\n}\n"


def _lines(value: Any) -> str:
    if not isinstance(value, list) or not value:
        return json.dumps(value, ensure_ascii=False)
    return "[\n" + ",\n".join(f"  {json.dumps(one, ensure_ascii=False)}" for one in value) + "\n ]"


if __name__ == "__main__":
    main(sys.argv[1:])
