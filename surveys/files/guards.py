"""Guards: what no workbook or zip from a person does, looked for before anything is parsed.

Limits are far above any survey and far below what hurts: 2 seconds, 300 MB.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from surveys.errors import UnreadableFile

MAX_MEMBERS = 200
MAX_EXPANDED_IN_BYTES = 200 << 20
MAX_RATIO = 200
RATIO_COUNTS_FROM_BYTES = 20 << 20
MAX_OLD_WORKBOOK_IN_BYTES = 50 << 20
MAX_CELLS = 20_000_000
CHUNK_IN_BYTES = 1 << 20
OVERLAP_IN_BYTES = 256

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# Columns from SG on (the 501st), as a cell reference of an XLSX sheet.
FAR_COLUMN = re.compile(rb'\br="(S[G-Z]|[T-Z][A-Z]|[A-Z]{3})\d+"')
ROW_NUMBER = re.compile(rb'<row [^>]*\br="(\d+)"')
REPEATED_VALUE = re.compile(
    rb'number-columns-repeated="(\d{4,})"[^>]*office:value|office:value[^>]*number-columns-repeated="(\d{4,})"'
)
REPEATED_ROW = re.compile(rb'number-rows-repeated="(\d{4,})"[^>]*>\s*<table:table-cell[^>]*office:value')


def refuse_hostile_workbook(content: bytes, file_name: str) -> None:
    """Raise UnreadableFile for a workbook that would expand, repeat or refer beyond all measure."""
    if not content.startswith(ZIP_MAGIC):
        if len(content) > MAX_OLD_WORKBOOK_IN_BYTES:
            raise UnreadableFile("error-file-too-large", file=file_name, most=MAX_OLD_WORKBOOK_IN_BYTES >> 20)
        return
    with open_zip(content, file_name) as archive:
        left = MAX_EXPANDED_IN_BYTES
        for member in archive.infolist():
            if member.filename.endswith((".xml", ".rels", ".vml")):
                left -= _look_through(archive, member, file_name, left)


def _look_through(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file_name: str, left: int) -> int:
    size, last_row, tail = 0, 0, b""
    for chunk in expanded(archive, member, file_name, left):
        size += len(chunk)
        window = tail + chunk
        if ENTITY.search(window):
            raise UnreadableFile("error-workbook-entity", file=file_name)
        if far := FAR_COLUMN.search(window):
            raise UnreadableFile("error-workbook-too-wide", file=file_name, column=far[1].decode())
        if rows := ROW_NUMBER.findall(window):
            last_row = max(last_row, int(rows[-1]))
        if REPEATED_VALUE.search(window) or REPEATED_ROW.search(window):
            raise UnreadableFile("error-workbook-repeats", file=file_name)
        tail = window[-OVERLAP_IN_BYTES:]
    if last_row > MAX_CELLS:
        raise UnreadableFile("error-workbook-repeats", file=file_name)
    return size


def open_zip(content: bytes, file_name: str) -> zipfile.ZipFile:
    """A zip whose members are few, unencrypted and stay where they belong."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as cause:
        raise UnreadableFile("error-zip-broken", file=file_name) from cause
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise UnreadableFile("error-zip-members", file=file_name, found=len(members), most=MAX_MEMBERS)
    for member in members:
        if member.flag_bits & 1:
            raise UnreadableFile("error-zip-encrypted", file=file_name)
        parts = PurePosixPath(member.filename.replace("\\", "/"))
        linked = stat.S_ISLNK(member.external_attr >> 16)
        if parts.is_absolute() or ".." in parts.parts or ":" in member.filename or linked:
            raise UnreadableFile("error-zip-path", file=file_name, member=member.filename[:80])
    return archive


def expanded(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, file_name: str, most: int = MAX_EXPANDED_IN_BYTES
) -> Iterator[bytes]:
    """The bytes of a member, chunk by chunk, until they are too many; the sizes it states are not believed."""
    size = 0
    try:
        with archive.open(member) as stream:
            while chunk := stream.read(CHUNK_IN_BYTES):
                size += len(chunk)
                bloated = size > RATIO_COUNTS_FROM_BYTES and size > MAX_RATIO * max(member.compress_size, 1)
                if size > most or bloated:
                    raise UnreadableFile("error-zip-bomb", file=file_name, most=MAX_EXPANDED_IN_BYTES >> 20)
                yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as cause:
        raise UnreadableFile("error-zip-broken", file=file_name) from cause
