"""The BDQ tests of taxa, against a small name index."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from quality.bdq import taxonomy
from quality.bdq.names_in_index import IndexNames
from quality.bdq.registry import registry, run, with_defaults
from quality.bdq.responses import Asked
from store.warehouse import migrate
from tests.quality.bdq.own_cases import said

TODAY = date(2026, 11, 25)
TAXA = [
    # taxonID, name, authorship, rank, kingdom, phylum, class, order, family, genus
    (
        "t1",
        "Ulmus pumila",
        "L.",
        "species",
        "Plantae",
        "Tracheophyta",
        "Magnoliopsida",
        "Rosales",
        "Ulmaceae",
        "Ulmus",
    ),
    (
        "t2",
        "Ulmus",
        "L.",
        "genus",
        "Plantae",
        "Tracheophyta",
        "Magnoliopsida",
        "Rosales",
        "Ulmaceae",
        "Ulmus",
    ),
    (
        "t3",
        "Oenanthe",
        "Vieillot, 1816",
        "genus",
        "Animalia",
        "Chordata",
        "Aves",
        "Passeriformes",
        "Muscicapidae",
        "Oenanthe",
    ),
    (
        "t4",
        "Oenanthe",
        "L.",
        "genus",
        "Plantae",
        "Tracheophyta",
        "Magnoliopsida",
        "Apiales",
        "Apiaceae",
        "Oenanthe",
    ),
]
CASES = [
    ("VALIDATION_KINGDOM_FOUND", {"kingdom": "Plantae"}, "COMPLIANT"),
    ("VALIDATION_KINGDOM_FOUND", {"kingdom": "Metazoa"}, "NOT_COMPLIANT"),
    ("VALIDATION_KINGDOM_FOUND", {"kingdom": "\0"}, "INTERNAL_PREREQUISITES_NOT_MET"),
    ("VALIDATION_PHYLUM_FOUND", {"phylum": "Chordata"}, "COMPLIANT"),
    ("VALIDATION_PHYLUM_FOUND", {"phylum": "Plantae"}, "NOT_COMPLIANT"),
    ("VALIDATION_CLASS_FOUND", {"class": "Aves"}, "COMPLIANT"),
    ("VALIDATION_CLASS_FOUND", {"class": "birds"}, "NOT_COMPLIANT"),
    ("VALIDATION_ORDER_FOUND", {"order": "Rosales"}, "COMPLIANT"),
    ("VALIDATION_ORDER_FOUND", {"order": "Ulmaceae"}, "NOT_COMPLIANT"),
    ("VALIDATION_FAMILY_FOUND", {"family": "Apiaceae"}, "COMPLIANT"),
    ("VALIDATION_FAMILY_FOUND", {"family": "Apiacae"}, "NOT_COMPLIANT"),
    ("VALIDATION_GENUS_FOUND", {"genus": "Ulmus"}, "COMPLIANT"),
    ("VALIDATION_GENUS_FOUND", {"genus": "ulmus"}, "NOT_COMPLIANT"),
    ("VALIDATION_SCIENTIFICNAME_FOUND", {"scientificName": "Ulmus pumila"}, "COMPLIANT"),
    ("VALIDATION_SCIENTIFICNAME_FOUND", {"scientificName": "Ulmus pumila L."}, "COMPLIANT"),
    ("VALIDATION_SCIENTIFICNAME_FOUND", {"scientificName": "Ulmus pumila Mill."}, "NOT_COMPLIANT"),
    ("VALIDATION_SCIENTIFICNAME_FOUND", {}, "INTERNAL_PREREQUISITES_NOT_MET"),
    ("VALIDATION_TAXON_UNAMBIGUOUS", {"scientificName": "Oenanthe"}, "NOT_COMPLIANT"),
    ("VALIDATION_TAXON_UNAMBIGUOUS", {"scientificName": "Oenanthe", "kingdom": "Animalia"}, "COMPLIANT"),
    ("VALIDATION_TAXON_UNAMBIGUOUS", {"scientificName": "Oenanthe L."}, "COMPLIANT"),
    ("VALIDATION_TAXON_UNAMBIGUOUS", {"genericName": "Ulmus", "specificEpithet": "pumila"}, "COMPLIANT"),
    ("VALIDATION_TAXON_UNAMBIGUOUS", {"scientificNameID": "t9"}, "NOT_COMPLIANT"),
    ("VALIDATION_TAXON_UNAMBIGUOUS", {"family": "Apiaceae"}, "INTERNAL_PREREQUISITES_NOT_MET"),
    ("VALIDATION_CLASSIFICATION_CONSISTENT", {"genus": "Oenanthe", "family": "Apiaceae"}, "COMPLIANT"),
    ("VALIDATION_CLASSIFICATION_CONSISTENT", {"genus": "Ulmus", "kingdom": "Animalia"}, "NOT_COMPLIANT"),
    ("VALIDATION_CLASSIFICATION_CONSISTENT", {}, "INTERNAL_PREREQUISITES_NOT_MET"),
    ("AMENDMENT_SCIENTIFICNAMEID_FROM_TAXON", {"scientificName": "Ulmus pumila"}, "=> scientificNameID=t1"),
    ("AMENDMENT_SCIENTIFICNAMEID_FROM_TAXON", {"scientificName": "Oenanthe"}, "NOT_AMENDED"),
    ("AMENDMENT_SCIENTIFICNAMEID_FROM_TAXON", {"scientificName": "Oenanthe", "class": "Aves"}, "=> scientificNameID=t3"),
    ("AMENDMENT_SCIENTIFICNAMEID_FROM_TAXON", {"scientificNameID": "t1"}, "INTERNAL_PREREQUISITES_NOT_MET"),
    ("AMENDMENT_SCIENTIFICNAME_FROM_SCIENTIFICNAMEID", {"scientificNameID": "t1"}, "=> scientificName=Ulmus pumila L."),
    ("AMENDMENT_SCIENTIFICNAME_FROM_SCIENTIFICNAMEID", {"scientificNameID": "x"}, "NOT_AMENDED"),
    ("AMENDMENT_SCIENTIFICNAME_FROM_SCIENTIFICNAMEID", {"scientificName": "a"}, "INTERNAL_PREREQUISITES_NOT_MET"),
]  # fmt: skip


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> IndexNames:
    path = tmp_path_factory.mktemp("names") / "names.duckdb"
    with duckdb.connect(str(path)) as connection:
        migrate(connection, path)
        for identifier, name, authorship, rank, *higher in TAXA:
            connection.execute(
                "INSERT INTO core_taxon BY NAME SELECT ? AS taxonID, ? AS scientificName, ? AS canonicalName, "
                '? AS scientificNameAuthorship, ? AS taxonRank, ? AS kingdom, ? AS phylum, ? AS class, ? AS "order", '
                "? AS family, ? AS genus, 'test' AS nameSource",
                [identifier, name, name, authorship, rank, *higher],
            )
            connection.execute(
                "INSERT INTO core_name BY NAME SELECT ? AS nameKey, ? AS name, 'accepted' AS nameKind, ? AS authorship, "
                "? AS taxonRank, ? AS taxonID, 'test' AS nameSource",
                [name.lower(), name, authorship, rank, identifier],
            )
    return IndexNames(path)


def answer(
    label: str, inputs: dict[str, str], names: IndexNames | None, parameters: dict[str, str] | None = None
) -> str:
    test = registry()[label]
    asked = Asked(with_defaults(test, parameters or {}, TODAY), TODAY, names)
    response = run(test, {f"dwc:{term}": value for term, value in inputs.items()}, asked)
    assert response is not None
    return said(response)


@pytest.mark.parametrize(("label", "inputs", "expected"), CASES)
def test_taxa_are_judged_by_the_list_at_hand(
    names: IndexNames, label: str, inputs: dict[str, str], expected: str
) -> None:
    assert answer(label, inputs, names) == expected


@pytest.mark.parametrize("label", sorted(taxonomy.TESTS))
def test_a_rule_that_says_always_the_same_is_caught(label: str) -> None:
    assert len({expected for tested, _, expected in CASES if tested == label}) >= 2


@pytest.mark.parametrize("label", sorted({label for label, *_ in CASES}))
def test_without_that_list_or_with_another_one_asked_for_nothing_is_judged(
    names: IndexNames, label: str
) -> None:
    inputs = {"scientificName": "Ulmus pumila", "genus": "Ulmus"}
    assert answer(label, inputs, None) == "EXTERNAL_PREREQUISITES_NOT_MET"
    other = {"bdqval:sourceAuthority": "another list"}
    assert answer(label, inputs, names, other) == "EXTERNAL_PREREQUISITES_NOT_MET"
