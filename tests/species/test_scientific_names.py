from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from species.scientific_names import name_key, read_scientific_name

CANONICAL = {
    "Solanum rostratum Dunal": "Solanum rostratum",
    "Larix gmelinii var. principis-rupprechtii (Mayr) Pilg.": "Larix gmelinii var. principis-rupprechtii",
    "Bombus pascuorum subsp. pallidofacies Vogt": "Bombus pascuorum pallidofacies",
    "Bombus lucorum (Linnaeus, 1761)": "Bombus lucorum",
    "Bombus Latreille, 1802": "Bombus",
    "Populus × canadensis Moench": "Populus canadensis",
    "Aster tataricus L. f.": "Aster tataricus",
    "Rosa chinensis Jacq. var. minima (Sims) Voss": "Rosa chinensis var. minima",
    "BOMBUS lucorum": "Bombus lucorum",
}


@pytest.mark.parametrize(("text", "canonical"), CANONICAL.items())
def test_authorship_is_left_behind(text: str, canonical: str) -> None:
    name = read_scientific_name(text)
    assert name is not None
    assert name.canonicalName == canonical


@pytest.mark.parametrize("text", ["黄花刺茄", "annu forb", "", "BOLD:AAA1234", "123"])
def test_what_does_not_begin_like_a_name_is_none(text: str) -> None:
    assert read_scientific_name(text) is None


@pytest.mark.parametrize("text", ["Carex sp.", "Viola cf. odorata", "Salix spp."])
def test_open_nomenclature_names_the_genus_only(text: str) -> None:
    name = read_scientific_name(text)
    assert name is not None
    assert (name.isOpen, name.binomial, name.rank) == (True, None, "genus")


def test_case_and_blanks_do_not_matter_to_the_key() -> None:
    assert name_key("solanum  rostratum") == name_key("Solanum rostratum Dunal") == "solanumrostratum"


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    name = read_scientific_name(text)
    assert name is None or name.canonicalName
    name_key(text)
