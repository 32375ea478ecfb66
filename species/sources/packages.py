"""Packages: checklist archives opened with care: few members, no tricks, and no more expanded than said and allowed."""

from __future__ import annotations

import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from defusedxml.ElementTree import fromstring as checked_xml

from species.errors import NameSourceError

MOST_MEMBERS = 2_000
MOST_PACKED_IN_BYTES = 256 << 20
MOST_EXPANDED_IN_BYTES = 512 << 20
MOST_TIMES_EXPANDED = 200
RATIO_COUNTS_FROM_BYTES = 20 << 20
CHUNK_IN_BYTES = 1 << 20


class Package:
    """A zip of text files; NameSourceError says what is wrong with it."""

    def __init__(self, path: Path, file_name: str) -> None:
        self.file_name = file_name
        self._packed_in_bytes = path.stat().st_size
        self._expanded_in_bytes = 0
        if self._packed_in_bytes > MOST_PACKED_IN_BYTES:
            raise self.broken(f"{self._packed_in_bytes >> 20} MB")
        try:
            self._archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as cause:
            raise self.broken(cause) from cause
        members = self._archive.infolist()
        if len(members) > MOST_MEMBERS:
            raise self.broken(f"{len(members)} members")
        for member in members:
            parts = PurePosixPath(member.filename.replace("\\", "/"))
            if parts.is_absolute() or ".." in parts.parts or ":" in member.filename:
                raise self.broken(f"path {member.filename!r}")
            if member.flag_bits & 1 or stat.S_ISLNK(member.external_attr >> 16):
                raise self.broken(f"member {member.filename!r}")
        self.names = [member.filename for member in members if not member.is_dir()]

    def broken(self, cause: object) -> NameSourceError:
        return NameSourceError("error-names-archive", file=self.file_name, cause=cause)

    def find(self, *endings: str) -> str | None:
        """The member with one of these file names, in whatever folder and case."""
        wanted = {ending.lower() for ending in endings}
        found = [name for name in self.names if PurePosixPath(name).name.lower() in wanted]
        return min(found, key=len) if found else None

    def read(self, name: str) -> bytes:
        """The bytes of a member; what it expands to is counted as it comes."""
        pieces = []
        try:
            with self._archive.open(name) as member:
                while piece := member.read(CHUNK_IN_BYTES):
                    self._expanded_in_bytes += len(piece)
                    if self._expanded_in_bytes > self._most():
                        raise self.broken("zip bomb")
                    pieces.append(piece)
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            KeyError,
            EOFError,
            NotImplementedError,
            RuntimeError,
        ) as cause:
            raise self.broken(cause) from cause
        return b"".join(pieces)

    def read_text(self, name: str, encoding: str = "utf-8") -> str:
        try:
            return self.read(name).decode(encoding).removeprefix("\ufeff")
        except (UnicodeDecodeError, LookupError) as cause:
            raise self.broken(f"{name}: {cause}") from cause

    def read_xml(self, name: str) -> str:
        """The text of an XML member, free of entities."""
        text = self.read_text(name)
        try:
            checked_xml(text)
        except Exception as cause:  # ParseError, and what defusedxml forbids
            raise self.broken(f"{name}: {cause}") from cause
        return text

    def _most(self) -> int:
        return min(
            MOST_EXPANDED_IN_BYTES,
            max(RATIO_COUNTS_FROM_BYTES, self._packed_in_bytes * MOST_TIMES_EXPANDED),
        )
