"""Distribution texts of Chinese checklists: what is said of which province, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from species.sources.distribution_zh import PROVINCES, statements_of
from species.status.vocabularies import QUESTIONS, is_value


def said(text: str) -> set[tuple[str, str, str]]:
    return {(one.question, one.answer, one.place) for one in statements_of("u", text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("北京、山西", {("occurrenceStatus", "present", "CN-BJ"), ("occurrenceStatus", "present", "CN-SX")}),
        ("栽培：北京", {("establishmentMeans", "introduced", "CN-BJ"), ("degreeOfEstablishment", "cultivated", "CN-BJ")}),
        ("逸生：台湾", {("establishmentMeans", "introduced", "CN-TW"), ("degreeOfEstablishment", "casual", "CN-TW")}),
        ("台湾归化", {("establishmentMeans", "introduced", "CN-TW"), ("degreeOfEstablishment", "established", "CN-TW")}),
        ("中国广泛栽培", {("establishmentMeans", "introduced", "CN"), ("degreeOfEstablishment", "cultivated", "CN")}),
        ("", set()), ("NaN", set()), ("日本", set()),
    ],
)  # fmt: skip
def test_a_text_says_of_each_province_what_stands_before_it(
    text: str, expected: set[tuple[str, str, str]]
) -> None:
    assert said(text) == expected


def test_a_heading_holds_until_the_end_of_its_clause() -> None:
    found = said("山西、河北；栽培：北京、天津")
    assert ("occurrenceStatus", "present", "CN-SX") in found
    assert ("degreeOfEstablishment", "cultivated", "CN-TJ") in found
    assert not any(
        place in ("CN-SX", "CN-HE") for question, _, place in found if question == "establishmentMeans"
    )


def test_shanxi_and_shaanxi_are_two_provinces() -> None:
    assert {place for _, _, place in said("山西、陕西")} == {"CN-SX", "CN-SN"}


def test_there_are_34_provinces_each_with_a_code_of_its_own() -> None:
    assert len(PROVINCES) == len(set(PROVINCES.values())) == 34


@given(st.text(alphabet="山西陕北京台湾栽培逸生归化入侵特有全国：:；。、 x", max_size=40))
def test_presence_is_never_taken_for_nativeness_and_every_answer_is_a_value(text: str) -> None:
    for one in statements_of("u", text):
        assert one.answer != "native"
        assert one.question not in QUESTIONS or is_value(one.question, one.answer)
