"""The encoding of a text file: byte-order mark, strict UTF-8, then GB18030, always in that order.

A statistical detector misreads short Chinese files, and GBK lacks characters that bird names need (䴙䴘), so
neither is used. Delimiters and headers do not belong here.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from surveys.errors import UnreadableFile

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MAX_LINE_IN_BYTES = 1 << 20
FIRST_CHINESE_CHARACTER = "\u2e80"


@dataclass(frozen=True)
class DecodedText:
    """The whole text of a file and the encoding it was written in (Python's name for it)."""

    text: str
    encoding: str


def decode(content: bytes, file_name: str) -> DecodedText:
    """Decode a survey file's bytes; raises UnreadableFile naming file, line, reason and remedy."""
    if not content.strip():
        raise UnreadableFile("error-file-empty", file=file_name)
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _decode_strictly(content, encoding, file_name)
    _refuse_binary(content, file_name)
    try:
        return DecodedText(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as not_utf8:
        _refuse_mixed(content, file_name)
        try:
            return DecodedText(content.decode("gb18030"), "gb18030")
        except UnicodeDecodeError as neither:
            line = _line_of(content, max(not_utf8.start, neither.start))
            raise UnreadableFile("error-encoding", file=file_name, line=line) from neither


def _decode_strictly(content: bytes, encoding: str, file_name: str) -> DecodedText:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as cause:
        line = _line_of(content, cause.start)
        raise UnreadableFile("error-encoding", file=file_name, line=line) from cause
    if not text.strip():
        raise UnreadableFile("error-file-empty", file=file_name)
    if "\x00" in text:
        raise UnreadableFile("error-binary", file=file_name, line=text.count("\n", 0, text.index("\x00")) + 1)
    return DecodedText(text, encoding)


def _refuse_binary(content: bytes, file_name: str) -> None:
    position = content.find(b"\x00")
    if position >= 0:
        raise UnreadableFile("error-binary", file=file_name, line=_line_of(content, position))
    for number, line in enumerate(content.split(b"\n"), start=1):
        if len(line) > MAX_LINE_IN_BYTES:
            raise UnreadableFile("error-line-too-long", file=file_name, line=number)


def _refuse_mixed(content: bytes, file_name: str) -> None:
    """A file that is not UTF-8 but has a line of Chinese in it that is, was pasted together from two.

    Two bytes of GB18030 may pass for one UTF-8 character below U+0800 by chance; a whole line of it hardly
    ever passes for several Chinese ones.
    """
    for number, line in enumerate(content.split(b"\n"), start=1):
        if line.isascii():
            continue
        try:
            chinese = sum(character >= FIRST_CHINESE_CHARACTER for character in line.decode("utf-8"))
        except UnicodeDecodeError:
            continue
        if chinese >= 2:
            raise UnreadableFile("error-encoding-mixed", file=file_name, line=number)


def _line_of(content: bytes, position: int) -> int:
    return content.count(b"\n", 0, position) + 1
