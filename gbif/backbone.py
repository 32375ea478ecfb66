"""The GBIF backbone: what GBIF says a written name means, asked once a name and kept in the home for good.

Answers are proposals: nothing is matched by them. Which names are asked about, and what becomes of an answer, belongs
to `species.queue`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from gbif.asking import GBIF_BACKBONE, Gbif, pygbif
from gbif.errors import GbifError


@dataclass(frozen=True)
class BackboneAnswer:
    """What GBIF answered about one name. matchType and confidence (0 to 100) are GBIF's own."""

    name: str
    askedAt: str
    matchType: str
    confidence: int
    usageKey: str | None
    scientificName: str | None
    canonicalName: str | None
    acceptedKey: str | None
    acceptedScientificName: str | None
    acceptedCanonicalName: str | None


def ask_backbone(
    names: Iterable[str],
    kept: Path,
    gbif: Gbif,
    *,
    refresh: bool = False,
    progress: Callable[[int, int], None] = lambda done, whole: None,
) -> int:
    """Ask about every name `kept` has no answer for, or about all where `refresh`; returns how many were asked.

    An answer is on disk before the next question is put: what is killed goes on where it stopped.
    """
    answered = set() if refresh else {answer.name for answer in backbone_answers(kept)}
    missing = [name for name in dict.fromkeys(names) if name not in answered]
    if not missing:
        return 0
    kept.parent.mkdir(parents=True, exist_ok=True)
    _end_last_line(kept)
    with kept.open("a", encoding="utf-8") as file:
        for number, name in enumerate(missing):
            progress(number, len(missing))
            answer = gbif.ask(_question(gbif, name), _match)
            line = {"name": name, "askedAt": datetime.now(UTC).isoformat(), "answer": answer}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
    progress(len(missing), len(missing))
    return len(missing)


def backbone_answers(kept: Path) -> list[BackboneAnswer]:
    """The last answer about every name asked; a line that was cut off counts as not asked."""
    if not kept.is_file():
        return []
    with kept.open(encoding="utf-8", errors="replace") as file:
        return list({answer.name: answer for answer in _read(file)}.values())


def _question(gbif: Gbif, name: str) -> Callable[..., Any]:
    """pygbif's name_backbone takes no timeout; this is its question with one."""
    url = gbif.url("v2/species/match")
    values = {"scientificName": name, "checklistKey": GBIF_BACKBONE, "verbose": "true"}
    return partial(pygbif().gbifutils.gbif_GET, url, values)


def _match(answer: Any) -> dict[str, Any]:
    if not isinstance(answer, dict) or not _match_type(answer):
        raise GbifError("error-api", cause="an answer without matchType")
    return answer


def _end_last_line(kept: Path) -> None:
    """What a kill cut off stays a line of its own, and is asked about again."""
    if kept.is_file() and kept.stat().st_size:
        with kept.open("rb+") as file:
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                file.write(b"\n")


def _read(lines: Iterable[str]) -> Iterator[BackboneAnswer]:
    for line in lines:
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if (
            isinstance(said, dict)
            and isinstance(said.get("name"), str)
            and isinstance(said.get("answer"), dict)
        ):
            yield _answer(said["name"], str(said.get("askedAt") or ""), said["answer"])


def _answer(name: str, asked_at: str, said: dict[str, Any]) -> BackboneAnswer:
    """Version 2 of the API holds usage and acceptedUsage; version 1, which mirrors may speak, is flat."""
    usage = _table(said, "usage") or _flat(said)
    accepted = _table(said, "acceptedUsage") or ({} if said.get("synonym") else usage)
    confidence = (_table(said, "diagnostics") or said).get("confidence")
    return BackboneAnswer(
        name, asked_at, _match_type(said) or "NONE",
        min(max(confidence, 0), 100) if isinstance(confidence, int) else 0,
        _text(usage, "key"), _text(usage, "name"), _text(usage, "canonicalName"),
        _text(accepted, "key") or _text(said, "acceptedUsageKey"), _text(accepted, "name"),
        _text(accepted, "canonicalName"),
    )  # fmt: skip


def _flat(said: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": said.get("usageKey"), "name": said.get("scientificName"), "canonicalName": said.get("canonicalName"),
    }  # fmt: skip


def _match_type(said: dict[str, Any]) -> str | None:
    return _text(_table(said, "diagnostics") or said, "matchType")


def _table(said: dict[str, Any], key: str) -> dict[str, Any]:
    value = said.get(key)
    return value if isinstance(value, dict) else {}


def _text(said: dict[str, Any], key: str) -> str | None:
    value = said.get(key)
    return (
        str(value) if isinstance(value, str | int) and not isinstance(value, bool) and value != "" else None
    )
