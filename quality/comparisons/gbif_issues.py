"""GBIF's own issues, carried along: under the name of our test where it means the same, else as GBIF_ and their name.

Which ones is in gbif_issues.toml. GBIF has often put right already what it tells of; an issue is therefore a note to
the reader and holds nothing back.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources

import duckdb

from quality.comparisons.rows import Rows
from quality.record_tests.registry import RECORD_TESTS
from store.warehouse import ROWS_OF_A_SUBMISSION

TOLD = f"""
SELECT place * {ROWS_OF_A_SUBMISSION} + line AS rowId, 'GBIF: {{issue}}' AS value, NULL AS suggestion
FROM raw_gbif JOIN raw_submission USING (submissionId)
WHERE supersededBy IS NULL AND contains(issue, '{{issue}}') AND contains(';' || issue || ';', ';{{issue}};')
"""
TOLD_BY_ANY = """
SELECT DISTINCT unnest(string_split(issue, ';')) FROM (SELECT DISTINCT issue FROM raw_gbif WHERE issue IS NOT NULL)
"""


@functools.cache
def issues() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(
        resources.files("quality.comparisons").joinpath("gbif_issues.toml").read_text(encoding="utf-8")
    )


def carried_issues(connection: duckdb.DuckDBPyConnection) -> Iterator[Rows]:
    """One comparison for each carried issue that any record has."""
    terms = {test.id: test.term for test in RECORD_TESTS if isinstance(test.term, str)}
    told = {issue for (issue,) in connection.execute(TOLD_BY_ANY).fetchall()}
    for issue, entry in issues().items():
        if issue in told:
            same = entry.get("same")
            term = terms.get(same, "decimalLongitude") if same else entry["term"]
            yield Rows(same or f"GBIF_{issue}", "info", term, TOLD.format(issue=issue))
