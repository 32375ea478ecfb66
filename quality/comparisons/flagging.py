"""Flagging: bringing core_flag and core_dataset_test up to all comparisons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb

from quality.acknowledgements import Acknowledgement, note_acknowledged
from quality.comparisons.datasets import build_dataset_tests
from quality.comparisons.gbif_issues import carried_issues
from quality.comparisons.known_points import keep_known_points, near_known_points
from quality.comparisons.outliers import outliers
from quality.comparisons.points import points
from quality.comparisons.rows import Rows
from store.region import Region
from store.warehouse import note_build, transaction

# Flags of comparisons are told from those of record tests by their version.
PREFIX, VERSION = "compared-", "compared-1"
FLAG = """
INSERT INTO core_flag BY NAME
SELECT record.rowId, recordId, source, submissionId, line, '{test}' AS test, NULL AS bdqLabel, NULL AS bdqGuid,
    '{severity}' AS severity, '{term}' AS term, found.value, found.suggestion, '{version}' AS testVersion,
    'RUN_HAS_RESULT' AS status, 'POTENTIAL_ISSUE' AS result
FROM ({rows}) AS found JOIN core_record AS record USING (rowId)
WHERE record.rowFault IS NULL AND NOT EXISTS (
    SELECT 1 FROM core_flag AS flag WHERE flag.rowId = found.rowId AND flag.test = '{test}')
ORDER BY record.rowId
"""


def build_comparisons(
    connection: duckdb.DuckDBPyConnection, region: Region, acknowledged: Sequence[Acknowledgement] = ()
) -> int:
    """Bring core_flag up to all comparisons, and core_dataset_test; returns the number of flags they raise."""
    keep_known_points(connection, region)
    with transaction(connection):
        connection.execute("DELETE FROM core_flag WHERE starts_with(testVersion, ?)", [PREFIX])
        for rows in _all(connection, region):
            connection.execute(
                FLAG.format(
                    test=rows.test, severity=rows.severity, term=rows.term, rows=rows.select, version=VERSION
                )
            )
        build_dataset_tests(connection)
        note_build(connection, "core_flag")
    note_acknowledged(connection, acknowledged)
    (flags,) = connection.execute(
        "SELECT count(*) FROM core_flag WHERE starts_with(testVersion, ?)", [PREFIX]
    ).fetchone() or (0,)
    return int(flags)


def _all(connection: duckdb.DuckDBPyConnection, region: Region) -> Iterable[Rows]:
    yield from points()
    yield from near_known_points()
    yield from outliers(region)
    yield from carried_issues(connection)
