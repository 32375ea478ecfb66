"""Decisions: what people decided, kept beside the archive for ever, one file a decision; nothing is ever edited.

A decision is taken back by another one. What a decision means belongs to the package whose kind it is; everything in
the warehouse can be rebuilt from the archive and these files.

    archive/decisions/acknowledgement/20260603T093000.123456Z-1a2b3c4d.json
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from store.archive import write_once
from store.home import Home


@dataclass(frozen=True)
class Decision:
    """One decision: who, when (UTC, ISO 8601), why, and what by its kind; `withdrawn` where it was taken back."""

    decisionId: str
    kind: str
    decidedAt: str
    decidedBy: str
    reason: str
    content: Mapping[str, Any]
    withdrawn: bool = False


def decide(home: Home, kind: str, by: str, reason: str, content: Mapping[str, Any]) -> Decision:
    """Keep a decision; it is on disk when this returns."""
    now = datetime.now(UTC)
    decision_id = f"{now:%Y%m%dT%H%M%S.%fZ}-{uuid.uuid4().hex[:8]}"
    decision = Decision(decision_id, kind, now.isoformat(), by, reason, dict(content))
    _write(home, kind, decision_id, {
        "decidedAt": decision.decidedAt, "decidedBy": by, "reason": reason, "content": decision.content,
    })  # fmt: skip
    return decision


def withdraw(home: Home, decision: Decision, by: str, reason: str) -> None:
    """Take a decision back; both stay on file."""
    withdrawn = {"decidedAt": datetime.now(UTC).isoformat(), "decidedBy": by, "reason": reason}
    _write(home, decision.kind, f"{decision.decisionId}.withdrawn", withdrawn)


def decisions(home: Home, kind: str) -> list[Decision]:
    """All decisions of a kind in the order made, those taken back among them."""
    folder = _folder(home, kind)
    taken_back = {path.name.removesuffix(".withdrawn.json") for path in folder.glob("*.withdrawn.json")}
    found = []
    for path in sorted(folder.glob("*.json")):
        if path.name.endswith(".withdrawn.json"):
            continue
        said = json.loads(path.read_text(encoding="utf-8"))
        found.append(Decision(path.stem, kind, withdrawn=path.stem in taken_back, **said))
    return found


def _folder(home: Home, kind: str) -> Path:
    return home.archive / "decisions" / kind


def _write(home: Home, kind: str, name: str, document: Mapping[str, Any]) -> None:
    content = json.dumps(document, ensure_ascii=False, indent=1).encode()
    write_once(_folder(home, kind) / f"{name}.json", content)
