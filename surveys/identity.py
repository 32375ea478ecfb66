"""Identity: what makes a survey row the same record as another one, in the same file or a later one.

The record number the team wrote, where it is more than a running number (序号 restarts in every sheet); else the id
inherited from the file it corrects; else the content of the row, counted where it repeats. Which row corrects which is
found in `succession`, what becomes of a repeated row is decided in `standard`.
"""

from __future__ import annotations

import functools
import operator
from typing import Any

import ibis
from ibis import _

from surveys.columns import TERMS

PREFIX = "survey:"
RUNNING_NUMBER = r"^[0-9\s.#-]+$"
SEPARATOR = "\x1f"
# What is worked out from the whole column, or changes when a line is inserted, says nothing about the single record.
NOT_ITS_OWN = ("organismQuantityType", "sampleSizeUnit", "statedProtocol", "namedProtocol")


def with_keys(rows: Any) -> Any:
    """Adds isEmpty, content, statedId and key to raw_survey rows.

    Only filled cells enter `content`, so that a term that Parkwatch learns to read leaves the ids of other files alone.
    """
    is_running = rows.occurrenceID.re_search(RUNNING_NUMBER).fill_null(False)
    stated = is_running.ifelse(ibis.null("string"), rows.occurrenceID.re_replace(f"^{PREFIX}", ""))
    said = [(ibis.literal(f"{SEPARATOR}{term}=") + rows[term]).fill_null("")
            for term in TERMS if term not in (*NOT_ITS_OWN, "occurrenceID")]  # fmt: skip
    rows = rows.mutate(
        isEmpty=ibis.and_(
            *(rows[term].isnull() for term in TERMS if term not in NOT_ITS_OWN), rows.otherCells.isnull()
        ),
        statedId=stated,
        content=(functools.reduce(operator.add, said) + stated.fill_null("")).hexdigest("md5"),
    )
    return rows.mutate(key=ibis.coalesce(rows.statedId, rows.inheritedId, rows.content))


def with_identity(rows: Any, submissions: Any) -> Any:
    """Adds recordId, firstSeen, copy, isEmpty, knownSince and replacedBy to raw_survey rows.

    `copy` is 1 for the first row that says exactly this about this record and counts up for later ones.
    """
    known = submissions.select("submissionId", "knownSince", "replacedBy")
    rows = with_keys(rows.join(known, "submissionId"))
    repeats = _repeats(rows)
    joined = rows.left_join(repeats, ["submissionId", "rowNumber"], rname="repeated_{name}")
    return joined.mutate(
        recordId=ibis.literal(PREFIX) + joined.repeatedId.fill_null(joined.key),
        firstSeen=joined.repeatedSince.fill_null(joined.knownSince),
        copy=joined.repeatedCopy.fill_null(1),
    ).drop("repeatedId", "repeatedSince", "repeatedCopy", "key", "statedId", "content",
           "repeated_submissionId", "repeated_rowNumber")  # fmt: skip


def with_identity_in_file(rows: Any) -> Any:
    """The filled raw_survey rows of one submission with their keys and `identity`."""
    rows = with_keys(rows)
    return _counted(rows.mutate(isCounted=_is_counted(rows))).filter(~_.isEmpty)


def _is_counted(rows: Any) -> Any:
    return rows.statedId.isnull() & rows.inheritedId.isnull()


def _counted(rows: Any) -> Any:
    """Adds identity: the key, with its number behind it where an unnumbered row says the same as one above it.

    Such a row may be a second plant: it is counted, not dropped.
    """
    rows = rows.mutate(
        nth=ibis.row_number().over(group_by=["key", "submissionId", "isCounted"], order_by=_.rowNumber) + 1
    )
    return rows.mutate(
        identity=(rows.isCounted & (rows.nth > 1)).ifelse(rows.key + "-" + rows.nth.cast("string"), rows.key)
    )


def _repeats(rows: Any) -> Any:
    """One row per row whose key occurs more than once: which of them it is. Usually few."""
    repeated_keys = rows.group_by("key").having(_.count() > 1).agg()
    rows = rows.semi_join(repeated_keys, "key").select(
        "submissionId", "rowNumber", "key", "content", "knownSince",
        isCounted=_is_counted(rows),
        isLive=_.replacedBy.isnull(),
    )  # fmt: skip
    order = [_.knownSince, _.submissionId, _.rowNumber]
    rows = _counted(rows)
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
