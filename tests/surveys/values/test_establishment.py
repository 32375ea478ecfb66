from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.record_tests.occurrences import ESTABLISHMENT_MEANS
from surveys.values.establishment import Establishment, _known, read_establishment


@pytest.mark.parametrize(
    ("word", "means", "degree"),
    [
        ("野生乡土", "native", "native"), ("栽培乡土", "native", "cultivated"), ("外来栽培", "introduced", "cultivated"),
        ("逸生偶见", "introduced", "casual"), ("归化", "introduced", "established"), ("入侵", "introduced", "invasive"),
        ("来源不明", "uncertain", None), ("乡土", "native", None), ("引种", "introduced", None),
        ("nativeEndemic", "nativeEndemic", None), (" 外 来 ", "introduced", None),
    ],
)  # fmt: skip
def test_one_word_may_answer_both_questions(word: str, means: str, degree: str | None) -> None:
    assert read_establishment(word) == Establishment(means, degree)


def test_planted_is_no_means_of_establishment() -> None:
    assert read_establishment("栽培") == Establishment(None, "cultivated")


def test_every_word_means_a_value_of_the_darwin_core_vocabularies() -> None:
    degrees = {"native", "captive", "cultivated", "released", "failing", "casual", "reproducing", "established",
               "colonising", "invasive", "widespreadInvasive"}  # fmt: skip
    for word, said in _known().items():
        assert said.establishmentMeans in (None, *ESTABLISHMENT_MEANS), word
        assert said.degreeOfEstablishment in (None, *degrees), word


@given(st.text(max_size=20))
def test_no_text_breaks_the_reader(text: str) -> None:
    read_establishment(text)
