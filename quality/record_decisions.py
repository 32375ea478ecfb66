"""Decisions of people on single records: accept, correct or reject; by whom and why. The last one on a record counts.

Kept by `store.decisions`, so that no run overwrites them. Corrected cells are put into the rows by
`surveys.corrected_cells`; what accepting and rejecting do is decided here. To accept a record settles the tests that
held it back then: where it fails another one later, it waits again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import duckdb

from store.decisions import Decision, decide, decisions
from store.home import Home

KIND = "record"
Verdict = Literal["accept", "correct", "reject"]
# What fails one of these cannot be as it is written, whoever says so: it has to be corrected.
TO_BE_CORRECTED = (
    "VALIDATION_DECIMALLATITUDE_INRANGE", "VALIDATION_DECIMALLONGITUDE_INRANGE", "PARKWATCH_COORDINATES_TRANSPOSED",
    "PARKWATCH_COUNT_NOTNEGATIVE", "VALIDATION_EVENTDATE_INRANGE", "VALIDATION_OCCURRENCESTATUS_STANDARD",
)  # fmt: skip
# A record of no taxon can be counted nowhere, and a row that is no record cannot be made one.
LET_IN = f"""
DELETE FROM core_held WHERE disposition = 'quarantined' AND rowId IN (
    SELECT held.rowId FROM core_held AS held JOIN core_record AS record ON record.rowId = held.rowId
    JOIN core_decision AS decided USING (recordId)
    WHERE decided.decision = 'accept' AND list_has_all(decided.tests, held.tests) AND taxonID IS NOT NULL
        AND NOT list_has_any(held.tests, {list(TO_BE_CORRECTED)}))
"""
KEEP_OUT = """
UPDATE core_held SET disposition = 'rejected' WHERE disposition = 'quarantined' AND rowId IN (
    SELECT core_record.rowId FROM core_record JOIN core_decision USING (recordId) WHERE decision = 'reject');
INSERT INTO core_held
SELECT core_record.rowId, 'rejected', [] FROM core_record JOIN core_decision USING (recordId)
WHERE decision = 'reject' AND rowFault IS NULL AND core_record.rowId NOT IN (SELECT rowId FROM core_held)
"""


@dataclass(frozen=True)
class RecordDecision:
    """What was decided on one record; `corrections`: by term the text as it was written and as it should be."""

    recordId: str
    verdict: Verdict
    tests: tuple[str, ...]
    corrections: Mapping[str, tuple[str | None, str | None]]
    reason: str
    by: str
    decidedAt: str
    decisionId: str


def decide_record(
    home: Home,
    record_id: str,
    verdict: Verdict,
    reason: str,
    by: str,
    *,
    tests: Iterable[str] = (),
    corrections: Mapping[str, tuple[str | None, str | None]] | None = None,
) -> Decision:
    """Remember what is decided on a record."""
    content = {
        "recordId": record_id,
        "verdict": verdict,
        "tests": list(tests),
        "corrections": {term: list(texts) for term, texts in (corrections or {}).items()},
    }
    return decide(home, KIND, by, reason, content)


def record_decisions(home: Home | None) -> list[RecordDecision]:
    """What stands of every record decided on, in the order decided.

    Of accept and reject the last one counts; corrections of different cells add up.
    """
    standing = [
        _read(decision) for decision in (decisions(home, KIND) if home else ()) if not decision.withdrawn
    ]
    last = {one.recordId: one.decisionId for one in standing if one.verdict != "correct"}
    return [one for one in standing if one.verdict == "correct" or last[one.recordId] == one.decisionId]


def fingerprint_of(decided: Sequence[RecordDecision]) -> str:
    """Of all decisions that let in or keep out."""
    ids = [one.decisionId for one in decided if one.verdict != "correct"]
    return hashlib.sha256("".join(ids).encode()).hexdigest()[:16] if ids else ""


def apply_decisions(connection: duckdb.DuckDBPyConnection, decided: Sequence[RecordDecision]) -> None:
    """Bring core_decision and core_held up to what was decided, inside the transaction that builds core_held."""
    connection.execute("DELETE FROM core_decision")
    rows = [
        (one.recordId, one.verdict, list(one.tests), one.reason, one.decidedAt, one.decisionId)
        for one in decided
        if one.verdict != "correct"
    ]
    if rows:
        connection.executemany("INSERT INTO core_decision VALUES (?, ?, ?, ?, ?, ?)", rows)
        connection.execute(LET_IN)
        connection.execute(KEEP_OUT)


def _read(decision: Decision) -> RecordDecision:
    content = decision.content
    corrections = {term: (before, after) for term, (before, after) in content["corrections"].items()}
    return RecordDecision(
        content["recordId"], content["verdict"], tuple(content["tests"]), corrections, decision.reason,
        decision.decidedBy, decision.decidedAt, decision.decisionId,
    )  # fmt: skip
