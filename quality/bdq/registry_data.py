"""Registry data: the rows of registry.csv, what TDWG BDQ Core says of each of its 110 tests of single records.

From tg2/_review/dist/bdqtest_singlerecord_tests_current.csv of tdwg/bdq (TDWG, CC BY 4.0); `questionZh` is ours.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources


@cache
def registry_rows() -> tuple[dict[str, str], ...]:
    text = resources.files("quality.bdq").joinpath("registry.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
