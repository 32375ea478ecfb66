"""Guards: what no workbook or zip from a person does, looked for before anything is parsed.

Limits are far above any survey and far below what hurts. Text files have theirs in `scanning`.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PureWindowsPath

from surveys.errors import UnreadableFile
from surveys.files.formulas import Formulas, formulas_in, named_by_sheet
from surveys.files.scanning import CHUNK_IN_BYTES

MAX_MEMBERS = 200
MAX_PACKED_IN_BYTES = 64 << 20
MAX_EXPANDED_IN_BYTES = 200 << 20
MAX_BESIDE_CELLS_IN_BYTES = 64 << 20
MAX_RATIO = 200
RATIO_COUNTS_FROM_BYTES = 20 << 20
OVERLAP_IN_BYTES = 4096

ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06")
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HOLDS_CELLS = re.compile(r"xl/worksheets/|content\.xml$")
ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# A cell with content from column SG on (the 501st), as a cell reference of an XLSX sheet.
FAR_COLUMN = re.compile(rb'\br="(S[G-Z]|[T-Z][A-Z]|[A-Z]{3})\d+"[^<>]*(?<!/)>')
REPEATED_VALUE = re.compile(
    rb'number-columns-repeated="(\d{4,})"[^>]*office:value|office:value[^>]*number-columns-repeated="(\d{4,})"'
)
REPEATED_ROW = re.compile(rb'number-rows-repeated="(\d{4,})"[^>]*>\s*<table:table-cell[^>]*office:value')


class GuardedZip:
    """A zip whose members are few, unencrypted, of different names and stay where they belong.

    The sizes it states are not believed: what it expands to is counted as it comes, over all of its members.
    """

    def __init__(self, content: bytes, file_name: str) -> None:
        self.file_name = file_name
        self.expanded_in_bytes = 0
        self._packed_in_bytes = 0
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as cause:
            raise UnreadableFile("error-zip-broken", file=file_name) from cause
        self.members = self._archive.infolist()
        if len(self.members) > MAX_MEMBERS:
            found = len(self.members)
            raise UnreadableFile("error-zip-members", file=file_name, found=found, most=MAX_MEMBERS)
        for member in self.members:
            self._refuse_trick(member)
        self.names = {member.filename for member in self.members}

    def _refuse_trick(self, member: zipfile.ZipInfo) -> None:
        shown = "".join(character if character.isprintable() else "?" for character in member.filename)[:80]
        path = PureWindowsPath(member.filename)  # parts at / and at \, knows drives and shares
        is_link = stat.S_ISLNK(member.external_attr >> 16)
        if member.flag_bits & 1:
            raise UnreadableFile("error-zip-encrypted", file=self.file_name)
        if path.anchor or ".." in path.parts or is_link or not member.filename.isprintable():
            raise UnreadableFile("error-zip-path", file=self.file_name, member=shown)
        if sum(other.filename == member.filename for other in self.members) > 1:
            raise UnreadableFile("error-zip-twice", file=self.file_name, member=shown)

    def chunks(self, member: zipfile.ZipInfo, most: int = MAX_EXPANDED_IN_BYTES) -> Iterator[bytes]:
        """The bytes of a member, piece by piece, until they or those of all members are too many."""
        size = 0
        self._packed_in_bytes += member.compress_size
        try:
            with self._archive.open(member) as stream:
                while chunk := stream.read(CHUNK_IN_BYTES):
                    size += len(chunk)
                    self.expanded_in_bytes += len(chunk)
                    if size > most or self._is_bloated():
                        raise UnreadableFile("error-zip-bomb", file=self.file_name, most=most >> 20)
                    yield chunk
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
        ) as cause:
            raise UnreadableFile("error-zip-broken", file=self.file_name) from cause

    def content_of(self, name: str) -> bytes:
        """The whole of a member; KeyError where there is none of this name."""
        return b"".join(self.chunks(self._archive.getinfo(name)))

    def _is_bloated(self) -> bool:
        size = self.expanded_in_bytes
        out_of_proportion = size > RATIO_COUNTS_FROM_BYTES and size > MAX_RATIO * self._packed_in_bytes
        return size > MAX_EXPANDED_IN_BYTES or out_of_proportion


def guarded_workbook(archive: GuardedZip) -> dict[str, Formulas]:
    """Refuse a zipped workbook that would expand, repeat or refer beyond all measure.

    Returns the formulas without a result, by the name of their sheet.
    """
    formulas: dict[str, Formulas] = {}
    for member in archive.members:
        if member.filename.endswith((".xml", ".rels", ".vml")):
            formulas[member.filename] = _look_through(archive, member)
    return named_by_sheet({part: found for part, found in formulas.items() if found}, archive.content_of)


def _look_through(archive: GuardedZip, member: zipfile.ZipInfo) -> Formulas:
    holds_cells = HOLDS_CELLS.search(member.filename)
    most = MAX_EXPANDED_IN_BYTES if holds_cells else MAX_BESIDE_CELLS_IN_BYTES
    tail = b""
    formulas: Formulas = {}
    for chunk in archive.chunks(member, most):
        window = tail + chunk
        if ENTITY.search(window):
            raise UnreadableFile("error-workbook-entity", file=archive.file_name)
        if holds_cells and (far := FAR_COLUMN.search(window)):
            raise UnreadableFile("error-workbook-too-wide", file=archive.file_name, column=far[1].decode())
        if REPEATED_VALUE.search(window) or REPEATED_ROW.search(window):
            raise UnreadableFile("error-workbook-repeats", file=archive.file_name)
        if holds_cells:
            formulas |= formulas_in(window)
        tail = window[-OVERLAP_IN_BYTES:]
    return formulas
