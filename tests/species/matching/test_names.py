"""Names matched against the region's lists and two small checklists of homonyms, in a real warehouse."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from species.decisions import NameDecision, name_text
from species.index.build import build_index
from species.matching.names import match_names
from species.sources.importing import import_names
from store.home import Home
from store.region import read_region
from store.warehouse import open_in_memory
from tests.conftest import ROOT

CHECKLIST = """taxonID,scientificName,scientificNameAuthorship,acceptedNameUsageID,kingdom,family,genus,vernacularName
1,Populus wilsonii,C. K. Schneid.,,Plantae,Salicaceae,Populus,椅杨
2,Populus lasiocarpa,Oliv.,,Plantae,Salicaceae,Populus,大叶杨
3,Populus tremula,L.,,Plantae,Salicaceae,Populus,欧洲山杨
4,Populus tremula var. lasiocarpa,(Dode) C. K. Schneid.,2,Plantae,Salicaceae,Populus,
5,Magnolia kobus,DC.,6,Plantae,Magnoliaceae,Magnolia,
6,Yulania kobus,(DC.) Spach,,Plantae,Magnoliaceae,Yulania,日本辛夷
7,Yulania stellata,(Siebold & Zucc.) N. H. Xia,,Plantae,Magnoliaceae,Yulania,星花玉兰
8,Magnolia kobus,auct. non DC.,7,Plantae,Magnoliaceae,Magnolia,
9,Prunus communis,Huds.,10,Plantae,Rosaceae,Prunus,
10,Prunus domestica,L.,,Plantae,Rosaceae,Prunus,欧洲李
11,Prunus communis,(L.) Arcang.,12,Plantae,Rosaceae,Prunus,
12,Prunus dulcis,(Mill.) D. A. Webb,,Plantae,Rosaceae,Prunus,扁桃
13,Ceratopteris chingii,Y. H. Yan,,Plantae,Pteridaceae,Ceratopteris,粗梗水蕨
14,Ceratopteris pteridoides,(Hook.) Hieron.,,Plantae,Pteridaceae,Ceratopteris,粗梗水蕨
15,Prunus marginata,Dunn,,Plantae,Rosaceae,Prunus,全缘李
16,Acer saccharinum,L.,,Plantae,Sapindaceae,Acer,银白槭
17,Bambusa multiplex,(Lour.) Raeusch.,,Plantae,Poaceae,Bambusa,孝顺竹
18,Bambusa multiplex cv. Fernleaf,R. A. Young,,Plantae,Poaceae,Bambusa,凤尾竹
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("names")
    home = Home(folder / "home").create()
    path = folder / "checklist.csv"
    path.write_text(CHECKLIST, encoding="utf-8")
    import_names(home, [path], "checklist")
    with open_in_memory() as connection:
        build_index(connection, read_region(ROOT / "regions" / "datong"), home)
        yield connection


def matched(
    index: duckdb.DuckDBPyConnection,
    *pairs: tuple[str | None, str | None],
    decisions: tuple[NameDecision, ...] = (),
) -> dict[tuple[str | None, str | None], Mapping[str, Any]]:
    """The match of each pair."""
    match_names(index, pairs, decisions)
    result = index.execute("SELECT * FROM core_name_match")
    columns = [column[0] for column in result.description]
    rows = [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
    return {(row["verbatimScientificName"], row["verbatimVernacularName"]): row for row in rows}


def match(
    index: duckdb.DuckDBPyConnection, scientific: str | None, vernacular: str | None = None
) -> Mapping[str, Any]:
    return matched(index, (scientific, vernacular))[scientific, vernacular]


@pytest.mark.parametrize(
    ("scientific", "vernacular", "match_type", "taxon"),
    [
        ("Populus wilsonii", None, "EXACT", "checklist:1"),
        ("Populus wilsonii Schneid.", None, "EXACT", "checklist:1"),
        ("POPULUS WILSONII", None, "EXACT", "checklist:1"),
        ("populus wilsonii", None, "EXACT", "checklist:1"),
        ("Populus tremula var. lasiocarpa", None, "EXACT", "checklist:2"),
        ("Populus tremula lasiocarpa", None, "EXACT", "checklist:2"),
        (None, "椅楊", "EXACT", "checklist:1"),
        ("椅杨 Populus wilsonii", None, "EXACT", "checklist:1"),
        ("Populus wilsonii 'Fastigiata'", None, "EXACT", "checklist:1"),
        ("Bambusa multiplex", None, "EXACT", "checklist:17"),
        ("Bambusa multiplex 'Fernleaf'", None, "EXACT", "checklist:18"),
        ("Populus wilsoni", None, "VARIANT", "checklist:1"),
        ("Populus lasiocarpus", None, "VARIANT", "checklist:2"),
        ("Populus lasiocarppa", None, "VARIANT", "checklist:2"),
        ("Populus lasiocarba", None, "FUZZY", "checklist:2"),
        ("Popolus lasiocarpa", None, "FUZZY", "checklist:2"),
        ("Populus sp.", None, "HIGHERRANK", "pw:populus"),
        ("populus spp.", None, "HIGHERRANK", "pw:populus"),
        ("Populus euphratica", None, "HIGHERRANK", "pw:populus"),
        ("Populus cf. wilsonii", None, "HIGHERRANK", "pw:populus"),
        (None, "疑似椅杨", "HIGHERRANK", "pw:populus"),
        ("Populus alba × Populus nigra", None, "HIGHERRANK", "pw:populus"),
        ("Acer saccharum", None, "HIGHERRANK", "pw:acer"),
        ("Solanum rostratum Dunal", "黄花刺茄", "EXACT", "pw:solanum-rostratum"),
        ("Conyza canadensis", None, "EXACT", "pw:erigeron-canadensis"),
    ],
)
def test_a_name_leads_to_its_taxon(
    index: duckdb.DuckDBPyConnection,
    scientific: str | None,
    vernacular: str | None,
    match_type: str,
    taxon: str,
) -> None:
    found = match(index, scientific, vernacular)
    assert (found["matchType"], found["taxonID"], found["waitsForPerson"]) == (match_type, taxon, False)
    assert found["reasons"]


@pytest.mark.parametrize(
    "text",
    ["GumBla", "ACPL", "MapRed", "Unknown", "Stump", "Vacant", "missing", "N/A", "???", "12", "未知1", "空", "dead tree",
     "Norway maple", "Removed 2019", "BOLD:AAA1234", "x", "张三"],
)  # fmt: skip
def test_a_code_or_a_word_invents_no_match(index: duckdb.DuckDBPyConnection, text: str) -> None:
    for pair in ((text, None), (None, text)):
        found = matched(index, pair)[pair]
        assert (found["matchType"], found["taxonID"], found["waitsForPerson"]) == ("NONE", None, False)


def test_an_authorship_settles_which_homonym_is_meant(index: duckdb.DuckDBPyConnection) -> None:
    assert match(index, "Prunus communis")["matchType"] == "AMBIGUOUS"
    assert match(index, "Prunus communis Huds.")["taxonID"] == "checklist:10"
    assert match(index, "Prunus communis (L.) Arcang.")["taxonID"] == "checklist:12"


def test_a_misapplied_name_is_not_meant_unless_it_is_written(index: duckdb.DuckDBPyConnection) -> None:
    assert match(index, "Magnolia kobus")["taxonID"] == "checklist:6"
    assert match(index, "Magnolia kobus auct. non DC.")["taxonID"] == "checklist:7"


def test_another_authorship_rejects_no_name_but_is_told(index: duckdb.DuckDBPyConnection) -> None:
    found = match(index, "Populus wilsonii Rehder")
    assert (found["taxonID"], found["confidence"]) == ("checklist:1", 85)
    assert "match-authorship-differs" in found["reasons"]


def test_a_chinese_homonym_is_ambiguous_until_the_scientific_name_settles_it(
    index: duckdb.DuckDBPyConnection,
) -> None:
    found = match(index, None, "粗梗水蕨")
    assert (found["matchType"], found["taxonID"]) == ("AMBIGUOUS", None)
    assert match(index, "Ceratopteris chingii", "粗梗水蕨")["taxonID"] == "checklist:13"


@pytest.mark.parametrize(
    "cell", ["椅杨和大叶杨", "椅杨、欧洲李", "Populus wilsonii, Prunus dulcis", "椅杨和Prunus dulcis"]
)
def test_two_species_in_one_cell_mean_none_of_them(index: duckdb.DuckDBPyConnection, cell: str) -> None:
    found = match(index, cell)
    assert (found["matchType"], found["taxonID"], found["reasons"]) == (
        "AMBIGUOUS",
        None,
        ["match-several-names"],
    )


def test_of_two_names_that_agree_the_scientific_one_is_told(index: duckdb.DuckDBPyConnection) -> None:
    assert match(index, "黄花刺茄 Solanum rostratum")["matchedName"] == "Solanum rostratum"


def test_names_that_contradict_each_other_are_ambiguous(index: duckdb.DuckDBPyConnection) -> None:
    found = match(index, "Populus wilsonii", "大叶杨")
    assert (found["matchType"], found["taxonID"]) == ("AMBIGUOUS", None)
    assert found["reasons"] == ["match-names-contradict"]


def test_of_a_genus_and_a_species_the_narrower_counts(index: duckdb.DuckDBPyConnection) -> None:
    assert match(index, "Populus", "椅杨")["taxonID"] == "checklist:1"


@pytest.mark.parametrize(
    "written", ["Solanum rostratun", "Solanom rostratum", "Erigeron canadenais", "Glycyrrhiza uralemsis"]
)
def test_a_slip_about_a_listed_or_protected_taxon_waits_for_a_person(
    index: duckdb.DuckDBPyConnection, written: str
) -> None:
    found = match(index, written)
    assert (found["waitsForPerson"], found["taxonID"]) == (True, None)
    assert found["proposedTaxonID"]


@pytest.mark.parametrize(
    "pair", [("Solanum cf. rostratum", None), (None, "疑似黄花刺茄"), ("Solanum rostratum?", None)]
)
def test_a_doubted_listed_species_waits_for_a_person(
    index: duckdb.DuckDBPyConnection, pair: tuple[str | None, str | None]
) -> None:
    found = matched(index, pair)[pair]
    assert (found["waitsForPerson"], found["proposedTaxonID"]) == (True, "pw:solanum-rostratum")
    assert found["identificationQualifier"]


def test_an_opposite_is_no_slip(index: duckdb.DuckDBPyConnection) -> None:
    found = match(index, "Prunus emarginata")
    assert (found["waitsForPerson"], found["taxonID"]) == (True, None)


def test_a_chinese_name_one_character_off_is_proposed_and_not_matched(
    index: duckdb.DuckDBPyConnection,
) -> None:
    found = match(index, None, "星花玉蓝")
    assert (found["matchType"], found["taxonID"], found["proposedTaxonID"]) == ("NONE", None, "checklist:7")


def test_a_decision_comes_before_everything(index: duckdb.DuckDBPyConnection) -> None:
    def decided(text: str, taxon: str | None) -> NameDecision:
        return NameDecision(
            name_text(text, None),
            text,
            None,
            taxon,
            None,
            "王",
            "看过标本",
            "2026-06-01T00:00:00+00:00",
            f"d-{text}",
        )

    decisions = (decided("Populus wilsonii", "checklist:2"), decided("Solanum rostratun", None))
    found = matched(index, ("Populus wilsonii", None), ("Solanum rostratun", None), decisions=decisions)
    first, second = found["Populus wilsonii", None], found["Solanum rostratun", None]
    assert (first["taxonID"], first["decisionId"]) == ("checklist:2", "d-Populus wilsonii")
    assert (second["matchType"], second["taxonID"], second["waitsForPerson"]) == ("NONE", None, False)
    assert match(index, "Populus wilsonii")["taxonID"] == "checklist:1"


def test_only_new_names_are_matched_again(index: duckdb.DuckDBPyConnection) -> None:
    matched(index, ("Populus wilsonii", None))
    index.execute("UPDATE core_name_match SET matchedName = 'as before'")
    found = matched(index, ("Populus wilsonii", None), ("Populus lasiocarpa", None))
    assert found["Populus wilsonii", None]["matchedName"] == "as before"
    assert found["Populus lasiocarpa", None]["taxonID"] == "checklist:2"
    assert set(matched(index, ("Populus lasiocarpa", None))) == {("Populus lasiocarpa", None)}


LETTERS = st.text("abcdeiou rstnl-×.'", min_size=1, max_size=12)
WRITTEN = st.one_of(
    st.sampled_from([line.split(",")[1] for line in CHECKLIST.splitlines()[1:]]),
    st.builds(
        lambda name, tail: f"{name}{tail}", st.sampled_from(["Populus ", "Prunus dul", "Acer sacch"]), LETTERS
    ),
    st.text(max_size=30),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(WRITTEN, min_size=2, max_size=8, unique=True), st.randoms(use_true_random=False))
def test_a_match_depends_on_no_other_name_and_on_no_order(
    index: duckdb.DuckDBPyConnection, names: list[str], shuffle: random.Random
) -> None:
    pairs = [(name, None) for name in names]
    together = matched(index, *pairs)
    index.execute("DELETE FROM meta_name_match")
    shuffle.shuffle(pairs)
    assert matched(index, *pairs) == together
    index.execute("DELETE FROM meta_name_match")
    assert matched(index, pairs[0])[pairs[0]] == together[pairs[0]]


@settings(max_examples=60, deadline=None)
@given(WRITTEN)
def test_a_matched_name_matches_itself_exactly(index: duckdb.DuckDBPyConnection, written: str) -> None:
    found = match(index, written)
    if found["taxonID"] and found["matchType"] != "AMBIGUOUS":
        accepted = index.execute(
            "SELECT scientificName FROM core_taxon WHERE taxonID = ?", [found["taxonID"]]
        ).fetchone()
        assert accepted is not None
        again = match(index, accepted[0])
        assert (again["matchType"], again["taxonID"]) == ("EXACT", found["taxonID"])


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([line.split(",")[1] for line in CHECKLIST.splitlines()[1:]]))
def test_an_exact_name_is_never_beaten_by_a_fuzzy_one(index: duckdb.DuckDBPyConnection, name: str) -> None:
    assert match(index, name)["matchType"] in ("EXACT", "AMBIGUOUS")


def test_every_reason_has_its_texts() -> None:
    from store.catalogue import text

    source = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "species" / "matching").glob("*.py")
    )
    rules = {part.split('"')[0] for part in source.split('"match-')[1:]}
    assert len(rules) > 15
    for rule in rules:
        assert text("species", f"match-{rule}").zh
