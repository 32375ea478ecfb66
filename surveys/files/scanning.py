"""Scanning: the bytes of a text file, taken in piece by piece and refused at the first that no text table has.

The limits are far above any survey and far below what hurts. Zips and workbooks have theirs in `guards`; which
encoding the bytes are in is found in `encodings`.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from pathlib import Path

from surveys.errors import UnreadableFile

CHUNK_IN_BYTES = 1 << 20
MAX_LINE_IN_BYTES = 1 << 20
MAX_TEXT_IN_BYTES = 64 << 20
MAX_LINES = 1_048_576  # as many as a sheet of Excel has
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
FEWEST_NULS_OF_UTF16 = 1 / 8


def chunks_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_IN_BYTES):
            yield chunk


def scanned(chunks: Iterable[bytes], file_name: str) -> bytes:
    """The whole content of a text file; UnreadableFile for NUL bytes, lines or files beyond all measure.

    No chunk may be longer than CHUNK_IN_BYTES: a line within one is never too long.
    """
    content = bytearray()
    line_begins = lines = 0
    for chunk in chunks:
        place = len(content)
        content += chunk
        if b"\x00" in chunk and not content.startswith(UTF16_MARKS):
            raise _binary(content, place + chunk.index(b"\x00"), file_name)
        ends = chunk.find(b"\n")
        if (place + ends if ends >= 0 else len(content)) - line_begins > MAX_LINE_IN_BYTES:
            raise UnreadableFile("error-line-too-long", file=file_name, line=line_of(content, line_begins))
        if ends >= 0:
            line_begins = place + chunk.rindex(b"\n") + 1
        lines += chunk.count(b"\n")
        if lines > MAX_LINES:
            raise UnreadableFile("error-too-many-lines", file=file_name, most=MAX_LINES)
        if len(content) > MAX_TEXT_IN_BYTES:
            raise UnreadableFile("error-text-too-large", file=file_name, most=MAX_TEXT_IN_BYTES >> 20)
    return bytes(content)


def _binary(content: bytearray, position: int, file_name: str) -> UnreadableFile:
    """UTF-16 whose byte-order mark is missing has a NUL in every other byte of its digits and commas."""
    head = content[:4096]
    nuls = [place for place, byte in enumerate(head) if not byte]
    every_other = len({place % 2 for place in nuls}) == 1
    if every_other and len(nuls) >= FEWEST_NULS_OF_UTF16 * len(head) and len(head) > 8:
        return UnreadableFile("error-utf16-unmarked", file=file_name)
    return UnreadableFile("error-binary", file=file_name, line=line_of(content, position))


def line_of(content: bytes | bytearray, position: int) -> int:
    """The 1-based line on which a byte stands."""
    return content.count(b"\n", 0, position) + 1
