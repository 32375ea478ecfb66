"""Scientific names as people write them, taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from species.written.scientific_names import name_key, read_scientific_name

# Written: canonical name, rank, authorship.
NAMES = {
    "Solanum rostratum Dunal": ("Solanum rostratum", "species", "Dunal"),
    "solanum rostratum": ("Solanum rostratum", "species", None),
    "Larix gmelinii var. principis-rupprechtii (Mayr) Pilg.": (
        "Larix gmelinii var. principis-rupprechtii", "variety", "(Mayr) Pilg."),
    "Bombus pascuorum subsp. pallidofacies Vogt": ("Bombus pascuorum pallidofacies", "subspecies", "Vogt"),
    "Bombus lucorum (Linnaeus, 1761)": ("Bombus lucorum", "species", "(Linnaeus, 1761)"),
    "Bombus Latreille, 1802": ("Bombus", "genus", "Latreille, 1802"),
    "Aster tataricus L. f.": ("Aster tataricus", "species", "L. f."),
    "Clematis brachyura Hook. f. ex Thoms.": ("Clematis brachyura", "species", "Hook. f. ex Thoms."),
    "Rosa chinensis Jacq. var. minima (Sims) Voss": ("Rosa chinensis var. minima", "variety", "(Sims) Voss"),
    "Arundinella setosa Trin. var. setosa": ("Arundinella setosa var. setosa", "variety", "Trin."),
    "Salix alba var. tristis f. pendula": ("Salix alba f. pendula", "form", None),
    "Gleditsia triacanthos inermis": ("Gleditsia triacanthos inermis", "subspecies", None),
    "Trachemys scripta elegans (Wied)": ("Trachemys scripta elegans", "subspecies", "(Wied)"),
    "Lasius (Lasius) niger (Linnaeus, 1758)": ("Lasius niger", "species", "(Linnaeus, 1758)"),
    "Paeonia suffruticosa subsp. Atava": ("Paeonia suffruticosa atava", "subspecies", None),
    "Barbula subpellucida auct. non Mitt.": ("Barbula subpellucida", "species", "auct. non Mitt."),
    "BOMBUS lucorum": ("Bombus lucorum", "species", None),
    "ACER PLATANOIDES": ("Acer platanoides", "species", None),
    "<i>Ulmus pumila</i> L.": ("Ulmus pumila", "species", "L."),
    "Ulmus_pumila": ("Ulmus pumila", "species", None),
    "Galium. rubioides": ("Galium rubioides", "species", None),
    "Quercus robur f fastigiata": ("Quercus robur f. fastigiata", "form", None),
}  # fmt: skip


@pytest.mark.parametrize(("text", "parts"), NAMES.items())
def test_a_name_is_taken_apart(text: str, parts: tuple[str, str, str | None]) -> None:
    name = read_scientific_name(text)
    assert name is not None
    assert (name.canonicalName, name.rank, name.authorship) == parts
    assert not name.isOpen


@pytest.mark.parametrize("text", ["Populus × canadensis", "Populus ×canadensis Moench", "Populus x canadensis",
                                  "Populus X canadensis"])  # fmt: skip
def test_a_hybrid_sign_is_no_part_of_the_key(text: str) -> None:
    name = read_scientific_name(text)
    assert name is not None
    assert (name.name_key, name.isHybrid) == ("populus canadensis", True)


def test_of_a_hybrid_formula_only_the_genus_is_certain() -> None:
    name = read_scientific_name("Populus alba × Populus nigra")
    assert name is not None
    assert (name.certain_name, name.identificationQualifier) == ("Populus", "hybrid formula")


@pytest.mark.parametrize(
    ("text", "cultivar"),
    [
        ("Acer platanoides 'Crimson King'", "Crimson King"),
        ("Ginkgo biloba ‘Magyar’", "Magyar"),
        ("Ginkgo biloba 'Magyar", "Magyar"),
        ("Bambusa multiplex cv. Willowy Rob. A. Young", "Willowy"),
        ('Acer "Keithsform"', "Keithsform"),
    ],
)
def test_a_cultivar_stands_apart_from_the_name(text: str, cultivar: str) -> None:
    name = read_scientific_name(text)
    assert name is not None
    assert name.cultivarEpithet == cultivar
    assert cultivar.lower() not in name.name_key


@pytest.mark.parametrize(
    "text",
    ["黄花刺茄", "", "BOLD:AAA1234", "123", "GumBla", "ACPL", "N/A", "×", "?", "R?ll"],
)
def test_what_does_not_begin_like_a_name_is_none(text: str) -> None:
    assert read_scientific_name(text) is None


@pytest.mark.parametrize(
    ("text", "certain", "qualifier"),
    [
        ("Carex sp.", "Carex", "sp."),
        ("Carex sp.1", "Carex", "sp."),
        ("Salix spp.", "Salix", "spp."),
        ("Viola cf. odorata", "Viola", "cf."),
        ("Carex aff. rigescens", "Carex", "aff."),
        ("Populus simonii?", "Populus", "?"),
        ("Populus sp. nov.", "Populus", "sp. nov."),
    ],
)
def test_what_the_writer_doubts_is_a_qualifier(text: str, certain: str, qualifier: str) -> None:
    name = read_scientific_name(text)
    assert name is not None
    assert (name.isOpen, name.certain_name, name.identificationQualifier) == (True, certain, qualifier)


def test_case_and_blanks_do_not_matter_to_the_key() -> None:
    assert name_key("solanum  rostratum") == name_key("Solanum rostratum Dunal") == "solanum rostratum"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Erigeron sumatrensis", "Erigeron sumatrense"),
        ("Solanum rostratum", "Solanum rostratus"),
        ("Berberis julianae", "Berberis juliane"),
        ("Carex wahuensis", "Carex wahuense"),
        ("Salix matsudana", "Salix matsudanae"),
        ("Larix principis-rupprechtii", "Larix principis-rupprechti"),
        ("Silene sylvestris", "Silene silvestris"),
    ],
)
def test_endings_and_spellings_of_one_name_share_a_stem(one: str, other: str) -> None:
    first, second = read_scientific_name(one), read_scientific_name(other)
    assert first is not None and second is not None
    assert first.stem_key == second.stem_key
    assert first.name_key != second.name_key


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    name = read_scientific_name(text)
    assert name is None or (name.canonicalName and name.name_key and name.stem_key)
    name_key(text)


@given(st.sampled_from(sorted(NAMES)))
def test_a_canonical_name_is_read_as_itself(text: str) -> None:
    name = read_scientific_name(text)
    assert name is not None
    again = read_scientific_name(name.canonicalName)
    assert again is not None
    assert (again.name_key, again.canonicalName) == (name.name_key, name.canonicalName)
