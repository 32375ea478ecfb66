"""The archive: every byte received, unchanged, named by its SHA-256, with who, when and from where.

Nothing is ever edited here. What the bytes mean is decided later and can be decided again: the warehouse is
rebuilt from this folder (`parkwatch rebuild`).

    archive/
      content/ab/abcdef…            the bytes, read-only
      receipts/20260603T093000Z-abcdef….json   one file per thing received
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from store.errors import StoreError
from store.home import Home

CHUNK_IN_BYTES = 1 << 20


@dataclass(frozen=True)
class Receipt:
    """One thing received: which bytes, from whom, when, and how the giver said they are to be read.

    `knownSince` is when the facts in the file became known to the city; it equals `receivedAt` unless the
    giver states an earlier moment (an old file handed in late). Times are UTC, ISO 8601.
    """

    submissionId: str
    kind: str
    fileName: str
    sha256: str
    sizeInBytes: int
    receivedAt: str
    knownSince: str
    receivedFrom: str
    origin: str
    replaces: str | None = None
    reading: Mapping[str, Any] = field(default_factory=dict)

    @property
    def known_since(self) -> datetime:
        return datetime.fromisoformat(self.knownSince)


def submission_id(kind: str, sha256: str) -> str:
    """The id of a submission: its kind and the first 16 hexadecimal digits of the content's SHA-256."""
    return f"{kind}-{sha256[:16]}"


def hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def content_path(home: Home, sha256: str) -> Path:
    return home.archive / "content" / sha256[:2] / sha256


def receive(
    home: Home,
    path: Path,
    *,
    kind: str,
    received_from: str,
    origin: str,
    file_name: str | None = None,
    known_since: datetime | None = None,
    replaces: str | None = None,
    reading: Mapping[str, Any] | None = None,
) -> tuple[Receipt, bool]:
    """Take a file into the archive; returns its receipt and whether it is new.

    The same bytes received again give the first receipt back: one submission, whatever it is called.
    """
    sha256, size = _store_content(home, path)
    existing = find_receipt(home, submission_id(kind, sha256))
    if existing is not None:
        return existing, False
    now = datetime.now(UTC).replace(microsecond=0)
    receipt = Receipt(
        submissionId=submission_id(kind, sha256),
        kind=kind,
        fileName=file_name or path.name,
        sha256=sha256,
        sizeInBytes=size,
        receivedAt=now.isoformat(),
        knownSince=(known_since or now).astimezone(UTC).isoformat(),
        receivedFrom=received_from,
        origin=origin,
        replaces=replaces,
        reading=dict(reading or {}),
    )
    target = home.archive / "receipts" / f"{now:%Y%m%dT%H%M%SZ}-{kind}-{sha256[:16]}.json"
    document = json.dumps(asdict(receipt), ensure_ascii=False, indent=1).encode()
    write_once(target, document)
    return receipt, True


def receipts(home: Home, kind: str | None = None) -> list[Receipt]:
    """All receipts in the order received (ties by id)."""
    folder = home.archive / "receipts"
    found = [Receipt(**json.loads(path.read_text(encoding="utf-8"))) for path in folder.glob("*.json")]
    chosen = [receipt for receipt in found if kind is None or receipt.kind == kind]
    return sorted(chosen, key=lambda receipt: (receipt.receivedAt, receipt.knownSince, receipt.submissionId))


def find_receipt(home: Home, submission: str) -> Receipt | None:
    return next((receipt for receipt in receipts(home) if receipt.submissionId == submission), None)


def verified_content(home: Home, receipt: Receipt) -> Path:
    """The path of a receipt's bytes, after checking that they still are what they were."""
    path = content_path(home, receipt.sha256)
    if not path.is_file() or hash_file(path) != receipt.sha256:
        raise StoreError("error-archive-damaged", path=path)
    return path


def _store_content(home: Home, source: Path) -> tuple[str, int]:
    """Copy bytes in, hashing on the way; the final name appears only once they are safely on disk."""
    folder = home.archive / "content"
    folder.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    descriptor, temporary = tempfile.mkstemp(prefix=".incoming-", dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as target, source.open("rb") as file:
            while chunk := file.read(CHUNK_IN_BYTES):
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        _publish_file(Path(temporary), content_path(home, digest.hexdigest()))
    finally:
        Path(temporary).unlink(missing_ok=True)
    return digest.hexdigest(), size


def replace_file(path: Path, content: bytes) -> None:
    """Write a file durably in place of the one that was there: either of the two is always whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=".incoming-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        Path(temporary).replace(path)
        sync_folder(path.parent)
    finally:
        Path(temporary).unlink(missing_ok=True)


def write_once(path: Path, content: bytes) -> None:
    """Write a new file durably; one already there is never overwritten."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=".incoming-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        _publish_file(Path(temporary), path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _publish_file(temporary: Path, target: Path) -> None:
    """Give a finished file its lasting name; a file already there is never overwritten."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary.chmod(0o444)
    try:
        os.link(temporary, target)
    except FileExistsError:
        return
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make a folder's new names durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
