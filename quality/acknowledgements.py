"""Acknowledgements: problems that a person lets stand with a reason, remembered for the next upload.

One acknowledgement is about one value of one record (or, without a record, of the file) under one rule: when the value
is changed, the problem is asked about anew. It settles the question, not the record: what an error holds back stays so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from store.decisions import Decision, decide, decisions
from store.home import Home

KIND = "acknowledgement"
SCHEMA = pa.schema([(name, pa.string()) for name in ("test", "recordId", "value", "reason", "by")])
ACKNOWLEDGED = """
UPDATE core_flag SET acknowledgedReason = said.reason, acknowledgedBy = said.by
FROM acknowledged AS said
WHERE core_flag.test = said.test AND core_flag.recordId = said.recordId
    AND core_flag.value IS NOT DISTINCT FROM said.value
"""


@dataclass(frozen=True)
class Acknowledgement:
    """One problem let stand. A problem of the whole file has no recordId; it is known by `fileName`, rule and value."""

    rule: str
    recordId: str | None
    value: str | None
    fileName: str
    reason: str
    by: str


def acknowledge(
    home: Home,
    rule: str,
    file_name: str,
    problems: Iterable[tuple[str | None, str | None]],
    reason: str,
    by: str,
) -> Decision:
    """Remember that these problems of a rule, each a recordId and its value, are let stand."""
    content = {"rule": rule, "fileName": file_name, "problems": [list(problem) for problem in problems]}
    return decide(home, KIND, by, reason, content)


def acknowledgements(home: Home) -> list[Acknowledgement]:
    """Every problem let stand; of several decisions on the same one, the last counts."""
    return [
        Acknowledgement(
            decision.content["rule"],
            record,
            value,
            decision.content["fileName"],
            decision.reason,
            decision.decidedBy,
        )
        for decision in decisions(home, KIND)
        if not decision.withdrawn
        for record, value in decision.content["problems"]
    ]


def note_acknowledged(connection: duckdb.DuckDBPyConnection, acknowledged: Sequence[Acknowledgement]) -> None:
    """Write the reasons beside the flags of core_flag they are about."""
    latest = {(one.rule, one.recordId, one.value): one for one in acknowledged if one.recordId is not None}
    if not latest:
        return
    rows = [(one.rule, one.recordId, one.value, one.reason, one.by) for one in latest.values()]
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    connection.register("acknowledged", pa.table(columns, schema=SCHEMA))
    try:
        connection.execute(ACKNOWLEDGED)
    finally:
        connection.unregister("acknowledged")


def reason_for_file(
    acknowledged: Iterable[Acknowledgement], rule: str, file_name: str, value: str | None
) -> str | None:
    """The reason for which a problem of a whole file is let stand, if it is."""
    return next(
        (
            one.reason
            for one in reversed(list(acknowledged))
            if one.recordId is None and (one.rule, one.fileName, one.value) == (rule, file_name, value)
        ),
        None,
    )
