"""Descriptors: files beside the tables that say what the tables are: a `datapackage.json`, a `meta.xml`.

Told by their content. What a description says belongs to `surveys.readers`.
"""

from __future__ import annotations

from collections.abc import Iterable

from surveys.errors import UnreadableFile
from surveys.files.sheet import CELL_SEPARATOR, Sheet, lines_of

MAX_DESCRIPTOR_IN_BYTES = 4 << 20
BEFORE_THE_TEXT = b"\xef\xbb\xbf \t\r\n"
# The descriptions of a Darwin Core Archive, which repeat what the headers of its tables say.
OF_ARCHIVES = (b"<archive", b":archive", b"eml://", b"<eml", b":eml")


def is_json(head: bytes) -> bool:
    """Whether a file is a JSON document: no table begins with a brace."""
    return head.lstrip(BEFORE_THE_TEXT).startswith(b"{")


def is_of_an_archive(head: bytes) -> bool:
    """Whether a file is the meta.xml or eml.xml of a Darwin Core Archive."""
    text = head.lstrip(BEFORE_THE_TEXT).lower()
    return text.startswith(b"<") and any(mark in text[:2048] for mark in OF_ARCHIVES)


def read_json_text(chunks: Iterable[bytes], file_name: str, sheet_name: str = "") -> Sheet:
    """The text of a JSON document as a sheet of lines of one cell."""
    content = bytearray()
    for chunk in chunks:
        content += chunk
        if len(content) > MAX_DESCRIPTOR_IN_BYTES:
            most = MAX_DESCRIPTOR_IN_BYTES >> 20
            raise UnreadableFile("error-package-too-large", file=file_name, most=most)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        raise UnreadableFile(
            "error-package-broken", file=file_name, member=sheet_name or file_name
        ) from cause
    lines = enumerate(text.replace(CELL_SEPARATOR, " ").splitlines(), start=1)
    return Sheet(sheet_name, lines_of(lines), encoding="utf-8", file=file_name)
