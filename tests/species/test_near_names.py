"""A misspelt name is told the one listed name it may stand for; it is never taken for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from species.matching import NameIndex
from species.near_names import near_names

LISTED = [
    "麻雀",
    "喜鹊",
    "黄花刺茄",
    "灰喜鹊",
    "榆树",
    "Ulmus pumila L.",
    "Solanum rostratum",
    "Ulmus pumilio",
]


@pytest.mark.parametrize(
    ("written", "meant"),
    [("喜雀", "喜鹊"), ("黄花刺加", "黄花刺茄"), ("黄花刺", "黄花刺茄"), ("Solanum rostratun", "Solanum rostratum"),
     ("Solanum rosrtatum", "Solanum rostratum")],
)  # fmt: skip
def test_a_name_a_letter_away_from_one_listed_name_is_told_it(written: str, meant: str) -> None:
    assert near_names([written], LISTED) == {written: meant}


@pytest.mark.parametrize("written", ["白鹊", "不认识1", "Ulmus pumili", "Quercus robur", "", "7"])
def test_a_name_near_to_none_or_to_several_is_told_nothing(written: str) -> None:
    assert near_names([written], LISTED) == {}


def test_a_near_name_is_no_match() -> None:
    index = NameIndex([("喜鹊", "喜鹊", "pw:pica")])
    assert index.match(None, "喜雀").matchType == "NONE"


@given(st.lists(st.text(max_size=12), max_size=5))
def test_what_is_proposed_is_listed(texts: list[str]) -> None:
    assert set(near_names(texts, LISTED).values()) <= set(LISTED)
