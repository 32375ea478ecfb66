"""The encoding of a text file: byte-order mark, strict UTF-8, then GB18030 or Big5, always in that order.

A statistical detector misreads short Chinese files, and GBK lacks characters that bird names need (䴙䴘), so
neither is used. Bytes that no text has are refused in `scanning`; delimiters and headers do not belong here.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator

from surveys.errors import UnreadableFile
from surveys.files.scanning import CHUNK_IN_BYTES, line_of

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
TRADITIONAL = "cp950"  # Big5 as Windows in Taiwan writes it
COMMON_ENOUGH = 0.9
FIRST_CHINESE_CHARACTER = "\u2e80"


def encoding_of(content: bytes, file_name: str) -> str:
    """Python's name of the encoding a survey file is in; UnreadableFile names the line that is in none."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _marked(content, encoding, file_name)
    if not content.strip():
        raise UnreadableFile("error-file-empty", file=file_name)
    not_utf8 = _undecodable(content, "utf-8")
    if not_utf8 is None:
        return "utf-8"
    _refuse_mixed(content, file_name, line_of(content, not_utf8))
    return _chinese(content, file_name, not_utf8)


def _marked(content: bytes, encoding: str, file_name: str) -> str:
    wrong = _undecodable(content, encoding)
    if wrong is not None:
        raise UnreadableFile("error-encoding", file=file_name, line=line_of(content, wrong))
    line, is_empty = 1, True
    for text in _decoded(content, encoding):
        if "\x00" in text:
            line += text.count("\n", 0, text.index("\x00"))
            raise UnreadableFile("error-binary", file=file_name, line=line)
        line += text.count("\n")
        is_empty = is_empty and not text.strip()
    if is_empty:
        raise UnreadableFile("error-file-empty", file=file_name)
    return encoding


def _chinese(content: bytes, file_name: str, not_utf8: int) -> str:
    """GB18030, or Big5 where only that decodes or only that gives characters in common use.

    Nearly all bytes of one pass for the other, but read as GB18030 a Big5 text is full of characters outside
    GB2312, and read as Big5 it consists of that standard's frequently used ones.
    """
    not_simplified = _undecodable(content, "gb18030")
    is_traditional = _undecodable(content, TRADITIONAL) is None
    if not_simplified is not None:
        if is_traditional:
            return TRADITIONAL
        line = line_of(content, max(not_utf8, not_simplified))
        raise UnreadableFile("error-encoding", file=file_name, line=line)
    if not is_traditional or _share(content, "gb18030", _is_in_gb2312) >= COMMON_ENOUGH:
        return "gb18030"
    return TRADITIONAL if _share(content, TRADITIONAL, _is_frequent_in_big5) >= COMMON_ENOUGH else "gb18030"


def _undecodable(content: bytes, encoding: str) -> int | None:
    """The place of the first byte that is not of this encoding; None where all are."""
    decoder = codecs.getincrementaldecoder(encoding)()
    for place in range(0, len(content), CHUNK_IN_BYTES):
        end = min(place + CHUNK_IN_BYTES, len(content))
        try:
            decoder.decode(content[place:end], final=end == len(content))
        except UnicodeDecodeError as cause:
            return end - len(cause.object) + cause.start
    return None


def _decoded(content: bytes, encoding: str) -> Iterator[str]:
    """The text piece by piece: whole, it may take four times the room of its bytes."""
    reader = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
    while text := reader.read(CHUNK_IN_BYTES):
        yield text


def _share(content: bytes, encoding: str, is_common: Callable[[str], bool]) -> float:
    """The share of common ones among the characters beyond ASCII, each counted once."""
    characters: set[str] = set().union(*map(set, _decoded(content, encoding)))
    beyond = [character for character in characters if not character.isascii()]
    return sum(map(is_common, beyond)) / max(len(beyond), 1)


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


def _refuse_mixed(content: bytes, file_name: str, other: int) -> None:
    """A file that is not UTF-8 but has a line of Chinese in it that is, was pasted together from two.

    Two bytes of GB18030 may pass for one UTF-8 character below U+0800 by chance; a whole line of it hardly
    ever passes for several Chinese ones.
    """
    for number, line in enumerate(io.BytesIO(content), start=1):
        if line.isascii():
            continue
        try:
            chinese = sum(character >= FIRST_CHINESE_CHARACTER for character in line.decode("utf-8"))
        except UnicodeDecodeError:
            continue
        if chinese >= 2:
            raise UnreadableFile("error-encoding-mixed", file=file_name, line=number, other=other)
