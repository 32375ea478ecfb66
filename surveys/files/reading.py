"""Reading: any file a survey comes in, told by its content and never by its name, as sheets."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

from surveys.errors import UnreadableFile
from surveys.files.delimited import read_delimited
from surveys.files.descriptors import is_json, is_of_an_archive, read_json_text
from surveys.files.guards import MAX_PACKED_IN_BYTES, OLE_MAGIC, ZIP_MAGICS, GuardedZip
from surveys.files.gzipped import GZIP_MAGIC, unpacked
from surveys.files.scanning import MAX_LINES, chunks_of, scanned
from surveys.files.sheet import Sheet
from surveys.files.workbooks import read_workbook

NO_TABLES = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"{\\rtf", "RTF"),
)
LEFT_BY_SYSTEMS = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
HEAD_IN_BYTES = 1024
LANGUAGE_ENCODING_FLAG = 0x800
WORKBOOK_MEMBERS = ("xl/workbook.xml", "content.xml")


def read_sheets(path: Path, file_name: str) -> list[Sheet]:
    """The sheets of a survey file in its own order; UnreadableFile says what is wrong with it and how to mend it."""
    with path.open("rb") as file:
        head = file.read(HEAD_IN_BYTES)
    if not head.startswith((*ZIP_MAGICS, OLE_MAGIC)):
        _refuse_other_kinds(head, file_name)
        if head.startswith(GZIP_MAGIC):
            return [read_delimited(scanned(unpacked(chunks_of(path), file_name), file_name), file_name)]
        if is_json(head):
            return [read_json_text(chunks_of(path), file_name)]
        return [read_delimited(scanned(chunks_of(path), file_name), file_name)]
    if path.stat().st_size > MAX_PACKED_IN_BYTES:
        raise UnreadableFile("error-file-too-large", file=file_name, most=MAX_PACKED_IN_BYTES >> 20)
    content = path.read_bytes()
    if head.startswith(OLE_MAGIC):
        return _with_contents(read_workbook(content, file_name), file_name)
    archive = GuardedZip(content, file_name)
    if archive.names.intersection(WORKBOOK_MEMBERS):
        return _with_contents(read_workbook(content, file_name), file_name)
    if "word/document.xml" in archive.names:
        raise UnreadableFile("error-no-table-file", file=file_name, kind="Word")
    return _with_contents(_zipped(archive), file_name)


def _zipped(archive: GuardedZip) -> list[Sheet]:
    """The sheets of all files in a zip, named by file; zips within are refused."""
    sheets: list[Sheet] = []
    for member in archive.members:
        name = member_name(member.filename, member.flag_bits)
        if member.is_dir() or any(mark in name for mark in LEFT_BY_SYSTEMS):
            continue
        shown = f"{archive.file_name}/{name}"
        chunks = archive.chunks(member)
        first = next(chunks, b"")
        if first.startswith(GZIP_MAGIC):
            chunks = unpacked(chain([first], chunks), shown)
            first = next(chunks, b"")
            if first.startswith((*ZIP_MAGICS, OLE_MAGIC, GZIP_MAGIC)):  # only text counts what it expands to
                raise UnreadableFile("error-zip-nested", file=shown)
        if first.startswith((*ZIP_MAGICS, OLE_MAGIC)):
            sheets += _workbook_within(b"".join((first, *chunks)), shown, f"{name} / ")
        elif is_json(first):
            sheets.append(read_json_text(chain([first], chunks), shown, sheet_name=name))
        elif first.strip() and not is_of_an_archive(first):
            _refuse_other_kinds(first, shown)
            content = scanned(chain([first], chunks), shown)
            sheets.append(read_delimited(content, shown, sheet_name=name))
        _refuse_too_many_lines(sheets, archive.file_name)
    return sheets


def _workbook_within(content: bytes, shown: str, prefix: str) -> list[Sheet]:
    if content.startswith(ZIP_MAGICS) and not GuardedZip(content, shown).names.intersection(WORKBOOK_MEMBERS):
        raise UnreadableFile("error-zip-nested", file=shown)
    return read_workbook(content, shown, prefix=prefix)


def _with_contents(sheets: list[Sheet], file_name: str) -> list[Sheet]:
    if not sheets:
        raise UnreadableFile("error-file-empty", file=file_name)
    _refuse_too_many_lines(sheets, file_name)
    return sheets


def _refuse_too_many_lines(sheets: list[Sheet], file_name: str) -> None:
    if sum(sheet.lines.num_rows for sheet in sheets) > MAX_LINES:
        raise UnreadableFile("error-too-many-lines", file=file_name, most=MAX_LINES)


def member_name(written: str, flags: int) -> str:
    """The name of a zip member; Chinese Windows writes GBK without saying so."""
    if flags & LANGUAGE_ENCODING_FLAG or written.isascii():
        return written
    try:
        return written.encode("cp437").decode("gb18030")
    except UnicodeError:
        return written


def _refuse_other_kinds(content: bytes, file_name: str) -> None:
    for magic, kind in NO_TABLES:
        if content.startswith(magic):
            raise UnreadableFile("error-no-table-file", file=file_name, kind=kind)
    head = content[:HEAD_IN_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise UnreadableFile("error-no-table-file", file=file_name, kind="HTML/XML")
