"""A file's encoding is found the same way every time, or the file is refused with its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.errors import UnreadableFile
from surveys.files.encodings import encoding_of
from surveys.files.scanning import CHUNK_IN_BYTES, scanned

TABLE = "中文名,数量\r\n小䴙䴘,3\r\n榆树,12\r\n"


def text_of(content: bytes) -> str:
    return content.decode(encoding_of(content, "x"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_chinese_table_is_read_in_every_usual_encoding(encoding: str) -> None:
    assert encoding_of(TABLE.encode(encoding), "鸟.csv") == encoding
    assert text_of(TABLE.encode(encoding)) == TABLE


@pytest.mark.parametrize(
    ("content", "rule", "line"),
    [
        (b"", "error-file-empty", None),
        (b" \r\n\t\n", "error-file-empty", None),
        (b"\xef\xbb\xbf", "error-file-empty", None),
        (b"a,b\n1,2\n\x00\x01", "error-binary", 3),
        (b"a,b\n" + b"x" * (1 << 21), "error-line-too-long", 2),
        (b"a,b\n1,2\n\xff\xff\n", "error-encoding", 3),
        ("日期,中文名\n".encode("gb18030") + "昨天,刺果瓜\n".encode() + b"\n", "error-encoding-mixed", 2),
    ],
)
def test_an_unreadable_file_is_refused_with_its_line(content: bytes, rule: str, line: int | None) -> None:
    with pytest.raises(UnreadableFile) as caught:
        chunks = [content[i : i + CHUNK_IN_BYTES] for i in range(0, len(content), CHUNK_IN_BYTES)]
        encoding_of(scanned(chunks, "表.csv"), "表.csv")
    assert caught.value.rule == rule
    assert caught.value.values.get("line") == line


@given(st.binary(max_size=400))
def test_arbitrary_bytes_are_read_or_refused_never_worse(content: bytes) -> None:
    try:
        assert text_of(scanned([content], "x"))
    except UnreadableFile as refused:
        assert refused.remedy.zh


@given(
    st.text(st.characters(codec="gb18030", exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1)
)
def test_utf_8_is_never_mistaken_for_anything_else(text: str) -> None:
    content = text.encode("utf-8")
    if content.strip() and not text.startswith("\ufeff"):
        assert text_of(content) == text


@pytest.mark.parametrize(
    "text",
    [
        "編號,物種名,覆蓋度(%)\r\n1,白苦柱,12.5\r\n2,線球菊,49.5\r\n3,鼠麴草,4.1\r\n",
        "調查日期,學名,中文名,數量\r\n2025-06-03,,台灣欒樹,3\r\n2025-06-03,,小花蔓澤蘭,1\r\n",
        "樣區,種名,備註\r\nY1,九節木,陰濕處\r\nY2,山棕,\r\n",
    ],
)
def test_big5_is_told_from_gb18030(text: str) -> None:
    assert text_of(text.encode("cp950")) == text


@pytest.mark.parametrize(
    "text", ["种名,数量\r\n小䴙䴘,3\r\n", "鸟种\r\n鸻\r\n红胁蓝尾鸲\r\n灰纹鹟\r\n", "名称\r\n藨草\r\n"]
)
def test_gb18030_with_rare_birds_is_not_taken_for_big5(text: str) -> None:
    assert text_of(text.encode("gb18030")) == text
