"""The encoding of a text file: byte-order mark, strict UTF-8, then GB18030 or Big5, always in that order.

A statistical detector misreads short Chinese files, and GBK lacks characters that bird names need (䴙䴘), so
neither is used. Delimiters and headers do not belong here.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass

from surveys.errors import UnreadableFile

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
TRADITIONAL = "cp950"  # Big5 as Windows in Taiwan writes it
COMMON_ENOUGH = 0.9
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
        return _decode_chinese(content, file_name, not_utf8.start)


def _decode_chinese(content: bytes, file_name: str, not_utf8_from: int) -> DecodedText:
    """GB18030, or Big5 where only that decodes or only that gives characters in common use.

    Nearly all bytes of one pass for the other, but read as GB18030 a Big5 text is full of characters outside
    GB2312, and read as Big5 it consists of that standard's frequently used ones.
    """
    try:
        simplified = content.decode("gb18030")
    except UnicodeDecodeError as cause:
        try:
            return DecodedText(content.decode(TRADITIONAL), TRADITIONAL)
        except UnicodeDecodeError:
            line = _line_of(content, max(not_utf8_from, cause.start))
            raise UnreadableFile("error-encoding", file=file_name, line=line) from cause
    if _share(simplified, _is_in_gb2312) >= COMMON_ENOUGH:
        return DecodedText(simplified, "gb18030")
    try:
        traditional = content.decode(TRADITIONAL)
    except UnicodeDecodeError:
        return DecodedText(simplified, "gb18030")
    if _share(traditional, _is_frequent_in_big5) >= COMMON_ENOUGH:
        return DecodedText(traditional, TRADITIONAL)
    return DecodedText(simplified, "gb18030")


def _share(text: str, is_common: Callable[[str], bool]) -> float:
    """The share of common ones among the characters beyond ASCII, each counted once."""
    characters = {character for character in text if not character.isascii()}
    return sum(map(is_common, characters)) / max(len(characters), 1)


def _is_in_gb2312(character: str) -> bool:
    try:
        return bool(character.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def _is_frequent_in_big5(character: str) -> bool:
    """Big5 orders its characters: signs from A140, the 5,401 frequently used ones from A440 to C67E."""
    try:
        return b"\xa1\x40" <= character.encode(TRADITIONAL) <= b"\xc6\x7e"
    except UnicodeEncodeError:
        return False


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
