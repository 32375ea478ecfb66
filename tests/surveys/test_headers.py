"""What a header means however it is written, and the catalogue of terms it can mean."""

from __future__ import annotations

import csv
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.ambiguity import RULES
from surveys.columns import ENDS, READ_AS, SECOND_NAMES, TERMS
from surveys.headers import known_headers, meaning_of, normalised, term_of, unit_of
from surveys.terms import KEPT_AS_WRITTEN, label_of, near_terms, terms
from tests.conftest import ROOT


def rows() -> list[dict[str, str]]:
    text = (resources.files("surveys") / "headers.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@pytest.mark.parametrize(
    ("header", "term"),
    [
        ("中文名 Chinese name", "vernacularName"),
        ("调查日期/Date", "eventDate"),
        ("经度(Longitude)", "decimalLongitude"),
        ("Longitude 经度", "decimalLongitude"),
        ("Latitude（纬度）", "decimalLatitude"),
        ("调查日期\nSurvey date", "eventDate"),
        ("胸径 DBH (cm)", "measurement:diameterAtBreastHeight"),
        ("样方面积 Plot size (m²)", "sampleSizeValue"),
        ("备注Remarks", "occurrenceRemarks"),
        ("工作时段 Survey date", "eventDate"),
        ("学名 Species", "scientificName"),
        ("日期/时间", "eventDate"),
        ("样方ID", "eventID"),
        ("物种 code", "taxonID"),
    ],
)
def test_a_bilingual_header_is_understood_from_either_half(header: str, term: str) -> None:
    assert term_of(header) == term


@pytest.mark.parametrize(
    ("header", "term"),
    [
        ("plot.id", "eventID"),
        ("Plot_ID", "eventID"),
        ("plot-id", "eventID"),
        ("dwc:eventDate", "eventDate"),
        ("http://rs.tdwg.org/dwc/terms/scientificName", "scientificName"),
        ("measurement:plantHeight", "measurement:plantHeight"),
        ("【经度】", "decimalLongitude"),
        ("①调查日期", "eventDate"),
        ("（2）调查日期", "eventDate"),
        ("一、调查日期", "eventDate"),
        ("座標", "verbatimCoordinates"),
        ("海拔/m", "minimumElevationInMeters"),
    ],
)
def test_decoration_is_not_part_of_a_header(header: str, term: str) -> None:
    assert term_of(header) == term


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("胸径(cm)", "cm"), ("树高/m", "m"), ("DBH_cm", "cm"), ("盖度%", "%"), ("盖度（％）", "%"),
        ("样方面积（㎡）", "m2"), ("面积（单位：亩）", "亩"), ("海拔（米）", "m"), ("数量(只)", "只"), ("日期", None),
        ("乡(镇)", None), ("team", None), ("样地(父级)", None),
    ],
)  # fmt: skip
def test_the_unit_a_header_states_is_split_off(header: str, unit: str | None) -> None:
    assert unit_of(header) == unit


@pytest.mark.parametrize(
    "value", ["榆树", "文瀛湖公园", "2025-06-03", "113.3", "在路边见到一株", "", "（cm）", "🦆", "a" * 500]
)
def test_values_are_no_headers(value: str) -> None:
    assert term_of(value) is None


@given(st.text(max_size=120))
def test_any_text_has_a_meaning_or_none(text: str) -> None:
    meaning = meaning_of(text)
    assert meaning is None or meaning.term in terms()
    assert normalised(text) == normalised(text.strip())
    assert unit_of(text) is None or unit_of(text)


def test_every_header_means_a_term_of_the_catalogue_and_no_header_stands_twice() -> None:
    assert {row["term"] for row in rows()} <= set(terms())
    keys = [normalised(row["header"]) for row in rows()]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []


def test_every_rule_that_decides_a_header_exists() -> None:
    named = {row["decided_by"] for row in rows()} - {""}
    assert named == set(RULES) | {SECOND_NAMES}


def test_every_term_has_words_in_both_languages() -> None:
    for term in {*terms(), *TERMS, *READ_AS, *READ_AS.values(), *ENDS.values(), KEPT_AS_WRITTEN}:
        label = label_of(term)
        assert label.zh
        assert label.en.replace("…", "").isascii()
    assert all(entry["source"] for entry in terms().values())


def test_every_term_is_named_in_the_guide() -> None:
    guide = (ROOT / "docs" / "columns.md").read_text(encoding="utf-8")
    assert [term for term in terms() if f"`{term}`" not in guide] == []


def test_a_term_is_a_header_too() -> None:
    others = {term for term in terms() if (meaning := meaning_of(term)) is None or meaning.term != term}
    assert others == set(ENDS.values())  # an end is told by the column of the beginning beside it
    assert len(known_headers()) > 1500


def test_near_terms_are_told_by_name_and_by_label() -> None:
    assert "scientificName" in near_terms("scientficname")
    assert "measurement:diameterAtBreastHeight" in near_terms("胸径大小")
