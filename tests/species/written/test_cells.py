"""Chinese names, authorships, and cells that hold more than one name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from species.written.authorship import agreement
from species.written.cells import read_names
from species.written.chinese_names import chinese_key, read_chinese_name, split_names


@pytest.mark.parametrize(
    ("written", "same"),
    [("榆樹", "榆树"), ("黑頸鸊鷉", "黑颈䴙䴘"), ("鷿鷈", "䴙䴘"), ("　榆 树​", "榆树"), ("白杄", "白扦"), ("紫莖澤蘭", "紫茎泽兰")],
)  # fmt: skip
def test_ways_to_write_a_chinese_name_share_a_key(written: str, same: str) -> None:
    assert chinese_key(written) == chinese_key(same)


@pytest.mark.parametrize(
    ("written", "key", "qualifier"),
    [("疑似刺萼龙葵", "刺萼龙葵", "疑似"), ("刺萼龙葵？", "刺萼龙葵", "?"), ("刺萼龙葵（待定）", "刺萼龙葵", "(待定)")],
)  # fmt: skip
def test_a_doubt_is_no_part_of_the_name(written: str, key: str, qualifier: str) -> None:
    name = read_chinese_name(written)
    assert (name.keys[0], name.qualifier) == (key, qualifier)


@pytest.mark.parametrize(
    ("written", "group"), [("杨属", "杨属"), ("杨属一种", "杨属"), ("杨 sp.", "杨属"), ("菊科", "菊科")]
)
def test_a_group_is_told_from_a_species(written: str, group: str) -> None:
    assert read_chinese_name(written).group == group


@pytest.mark.parametrize("written", ["未知1", "未知种", "不明", "未鉴定植物", "其他", "未知鸟类"])
def test_unknown_is_said_to_be_unknown(written: str) -> None:
    assert read_chinese_name(written).isUnknown


@pytest.mark.parametrize("written", ["一年蓬", "一品红", "近缘紫萼藓", "张三", "千屈菜"])
def test_a_name_that_only_looks_doubtful_stays_whole(written: str) -> None:
    name = read_chinese_name(written)
    assert (name.keys[0], name.qualifier, name.group) == (written, None, None)


def test_the_names_of_a_list_cell_are_told_apart() -> None:
    assert split_names("豹(金钱豹)") == ["豹", "金钱豹"]
    assert split_names("樱桃李；紫叶李") == ["樱桃李", "紫叶李"]
    assert split_names("刺芒野古草(原变种)") == ["刺芒野古草(原变种)"]


@pytest.mark.parametrize(
    "cells",
    [
        ("榆树 Ulmus pumila L.", None),
        ("Ulmus pumila（榆树）", None),
        (None, "榆树（Ulmus pumila）"),
        ("榆树", "Ulmus pumila"),
    ],
)
def test_both_names_are_found_in_whichever_cell(cells: tuple[str | None, str | None]) -> None:
    names = read_names(*cells)
    assert names.scientific is not None and names.chinese is not None
    assert (names.scientific.canonicalName, names.chinese.keys[0]) == ("Ulmus pumila", "榆树")


@pytest.mark.parametrize(
    "cell",
    ["Ulmus pumila和不知名小鸟", "榆树和Pinus tabuliformis", "Ulmus pumila, Pinus tabuliformis", "Ulmus pumila + Salix alba",
     "Ulmus pumila/Pinus tabuliformis"],
)  # fmt: skip
def test_two_species_in_one_cell_are_told_from_one(cell: str) -> None:
    assert read_names(cell, None).areSeveral


@pytest.mark.parametrize(
    "cell",
    ["榆树/Ulmus pumila L.", "Ulmus pumila（榆树）", "Clematis brachyura Hook. & Arnott ex Nees", "和尚菜 Adenocaulon himalaicum",
     "Barbula subpellucida auct. non Mitt.", "Bombus lucorum (Linnaeus, 1761)", "Maple, Norway",
     "Ageratina adenophora (Spreng.) R.M. King & H. Rob. (syn. Eupatorium adenophora Spreng.)"],
)  # fmt: skip
def test_one_species_with_two_names_or_several_authors_is_one(cell: str) -> None:
    assert not read_names(cell, None).areSeveral


def test_a_doubt_beside_a_scientific_name_is_heard() -> None:
    assert read_names("疑似Ulmus pumila", None).qualifier == "疑似"


@pytest.mark.parametrize(
    ("one", "other", "agrees"),
    [
        ("L.", "Linnaeus", True),
        ("(L.) Moench", "(Linnaeus) Moench, 1794", True),
        ("Maxim.", "Maximowicz", True),
        ("(Cogn.) C. Y. Wu ex C. Jeffrey", "C. Jeffrey", True),
        ("F. T. Wang & Tang", "Wang et Tang", True),
        ("Müll. Hal.", "Mueller Hal.", True),
        ("Mill.", "L.", False),
        ("Mitt.", "auct. non Mitt.", False),
    ],
)
def test_authorships_agree_however_they_are_abbreviated(one: str, other: str, *, agrees: bool) -> None:
    score = agreement(one, other)
    assert score is not None
    assert (score >= 0.5) is agrees


def test_nothing_written_says_nothing() -> None:
    assert agreement(None, "L.") is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_cells_break_the_reader(one: str, other: str) -> None:
    read_names(one, other)
    chinese_key(one)
    agreement(one, other)
