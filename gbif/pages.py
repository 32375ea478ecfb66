"""Pages: answers of one search, kept on disk until they are whole, so that a killed fetch goes on where it was.

Each page is named by its offset and the digest of its bytes; one that does not bear out its name is forgotten.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from store.archive import replace_file

NAME = re.compile(r"(\d{6})-([0-9a-f]{16})\.json")
STARTED = "started.json"
LONGEST_KEPT = timedelta(hours=24)  # pages of different days show different states of GBIF


class KeptPages:
    """The pages kept so far of one question."""

    def __init__(self, folder: Path, question: str) -> None:
        self.folder = folder
        started = _started(folder, question)
        self.startedAt: datetime = started or datetime.now(UTC)
        if started is None:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            said = {"question": question, "startedAt": self.startedAt.isoformat()}
            replace_file(folder / STARTED, json.dumps(said).encode())
        self.offsets = self._verified()

    def keep(self, offset: int, page: dict[str, Any]) -> None:
        """Keep a page; it is on disk when this returns."""
        content = json.dumps(page, ensure_ascii=False).encode()
        replace_file(self.folder / f"{offset:06d}-{_digest(content)}.json", content)
        self.offsets.add(offset)

    def page(self, offset: int) -> dict[str, Any]:
        (path,) = self.folder.glob(f"{offset:06d}-*.json")
        page: dict[str, Any] = json.loads(path.read_bytes())
        return page

    def drop(self, offset: int) -> None:
        for path in self.folder.glob(f"{offset:06d}-*.json"):
            path.unlink()
        self.offsets.discard(offset)

    def clear(self) -> None:
        """Forget everything: the question is answered, or what was kept can no longer be trusted."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.offsets = set()

    def drop_all(self) -> None:
        for offset in sorted(self.offsets):
            self.drop(offset)

    def _verified(self) -> set[int]:
        offsets = set()
        for path in self.folder.iterdir():
            if path.name == STARTED:
                continue
            name = NAME.fullmatch(path.name)
            if name and int(name[1]) not in offsets and _digest(path.read_bytes()) == name[2]:
                offsets.add(int(name[1]))
            else:
                path.unlink()
        return offsets


def _started(folder: Path, question: str) -> datetime | None:
    """When the pages of a folder were begun; None where they are too old or answer another question."""
    try:
        said = json.loads((folder / STARTED).read_bytes())
        started = datetime.fromisoformat(said["startedAt"])
        is_usable = said["question"] == question and datetime.now(UTC) - started < LONGEST_KEPT
        return started if is_usable else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
