"""Identity: what makes a survey row the same record as another one, in the same file or a later one.

The record number the team wrote, where it is more than a running number (序号 restarts in every sheet); else
the content of the row, counted where it repeats. What becomes of a repeated row is decided in `standard`.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _

from surveys.columns import TERMS

RUNNING_NUMBER = r"^[0-9\s.#-]+$"
SEPARATOR = "\x1f"


def with_identity(rows: Any, submissions: Any) -> Any:
    """Adds recordId, firstSeen, copy, isEmpty, knownSince and replacedBy to raw_survey rows.

    `copy` is 1 for the first row that says exactly this about this record and counts up for later ones.
    """
    known = submissions.select("submissionId", "knownSince", "replacedBy")
    rows = rows.join(known, "submissionId")
    texts = [rows[term].fill_null("") for term in TERMS]
    rows = rows.mutate(
        isEmpty=ibis.and_(*(rows[term].isnull() for term in TERMS), rows.otherCells.isnull()),
        content=ibis.literal(SEPARATOR).join(texts).hexdigest("md5"),
        statedId=rows.occurrenceID.re_search(RUNNING_NUMBER).ifelse(ibis.null("string"), rows.occurrenceID),
    )
    rows = rows.mutate(key=rows.statedId.fill_null(rows.content))
    repeats = _repeats(rows)
    joined = rows.left_join(repeats, ["submissionId", "rowNumber"], rname="repeated_{name}")
    return joined.mutate(
        recordId=ibis.literal("survey:") + joined.repeatedId.fill_null(joined.key),
        firstSeen=joined.repeatedSince.fill_null(joined.knownSince),
        copy=joined.repeatedCopy.fill_null(1),
    ).drop("repeatedId", "repeatedSince", "repeatedCopy", "key", "statedId", "content",
           "repeated_submissionId", "repeated_rowNumber")  # fmt: skip


def _repeats(rows: Any) -> Any:
    """One row per row whose key occurs more than once: which of them it is. Usually few."""
    repeated_keys = rows.group_by("key").having(_.count() > 1).agg()
    rows = rows.semi_join(repeated_keys, "key").select(
        "submissionId", "rowNumber", "key", "statedId", "content", "knownSince",
        isLive=_.replacedBy.isnull(),
    )  # fmt: skip
    order = [_.knownSince, _.submissionId, _.rowNumber]
    # A row without a number of its own that repeats within a file may be a second plant: it is counted, not dropped.
    rows = rows.mutate(nth=ibis.row_number().over(group_by=["key", "submissionId"], order_by=_.rowNumber) + 1)
    rows = rows.mutate(
        identity=(rows.statedId.isnull() & (rows.nth > 1)).ifelse(
            rows.key + "-" + rows.nth.cast("string"), rows.key
        )
    )
    rows = rows.mutate(
        repeatedSince=_.knownSince.min().over(group_by="identity"),
        repeatedCopy=ibis.row_number().over(group_by=["identity", "content", "isLive"], order_by=order) + 1,
    )
    # The same number on two different rows: two records, told apart by the order in which they became known.
    rows = rows.mutate(isFirst=rows.isLive & (rows.repeatedCopy == 1))
    rows = rows.mutate(
        version=ibis.row_number().over(group_by=["identity", "isFirst"], order_by=order) + 1,
    )
    return rows.select(
        "submissionId", "rowNumber", "repeatedSince", "repeatedCopy",
        repeatedId=(rows.isFirst & (rows.version > 1)).ifelse(
            rows.identity + "~" + rows.version.cast("string"), rows.identity
        ),
    )  # fmt: skip
