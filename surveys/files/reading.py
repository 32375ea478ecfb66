"""Reading: any file a survey comes in, told by its content and never by its name, as sheets."""

from __future__ import annotations

from pathlib import Path

from surveys.errors import UnreadableFile
from surveys.files.delimited import read_delimited
from surveys.files.guards import OLE_MAGIC, ZIP_MAGIC, expanded, open_zip
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
LANGUAGE_ENCODING_FLAG = 0x800
WORKBOOK_MEMBERS = ("xl/workbook.xml", "content.xml")


def read_sheets(path: Path, file_name: str) -> list[Sheet]:
    """The sheets of a survey file in its own order; UnreadableFile says what is wrong with it and how to mend it."""
    return _sheets(path.read_bytes(), file_name)


def _sheets(content: bytes, file_name: str) -> list[Sheet]:
    if content.startswith(ZIP_MAGIC):
        with open_zip(content, file_name) as archive:
            names = set(archive.namelist())
        if names.intersection(WORKBOOK_MEMBERS):
            return _with_contents(read_workbook(content, file_name), file_name)
        if "word/document.xml" in names:
            raise UnreadableFile("error-no-table-file", file=file_name, kind="Word")
        return _zipped(content, file_name)
    if content.startswith(OLE_MAGIC):
        return _with_contents(read_workbook(content, file_name), file_name)
    _refuse_other_kinds(content, file_name)
    return [read_delimited(content, file_name)]


def _zipped(content: bytes, file_name: str) -> list[Sheet]:
    """The sheets of all files in a zip, named by file; zips within are refused."""
    sheets: list[Sheet] = []
    with open_zip(content, file_name) as archive:
        for member in archive.infolist():
            name = member_name(member.filename, member.flag_bits)
            if member.is_dir() or any(mark in name for mark in LEFT_BY_SYSTEMS):
                continue
            inside = b"".join(expanded(archive, member, file_name))
            shown = f"{file_name}/{name}"
            if inside.startswith((ZIP_MAGIC, OLE_MAGIC)):
                sheets += read_workbook(inside, shown, prefix=f"{name} / ")
            elif inside.strip():
                _refuse_other_kinds(inside, shown)
                sheets.append(read_delimited(inside, shown, sheet_name=name))
    return _with_contents(sheets, file_name)


def _with_contents(sheets: list[Sheet], file_name: str) -> list[Sheet]:
    if not sheets:
        raise UnreadableFile("error-file-empty", file=file_name)
    return sheets


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
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise UnreadableFile("error-no-table-file", file=file_name, kind="HTML/XML")
