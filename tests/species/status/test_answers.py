"""What a taxon is at a place on a day: which statement wins, which is a conflict, and what is never said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from species.decisions import find_taxa
from species.errors import StatusError
from species.index.build import build_index
from species.status.answers import build_status
from species.status.decisions import decide_status
from species.status.statements import Breadths, add_statements, statement
from store.decisions import withdraw
from store.home import Home
from store.region import Region, read_region
from store.warehouse import open_in_memory
from tests.species.states import write_taxon

DAY = date(2026, 6, 30)


class Said:
    """A warehouse of a few taxa of which a test has things said."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, region: Region) -> None:
        self.connection, self.region = connection, region

    def taxon(
        self, name: str, *, rank: str = "species", genus: str | None = None, species: str | None = None
    ) -> str:
        self.connection.execute(
            "INSERT INTO core_taxon (taxonID, scientificName, canonicalName, speciesName, taxonRank, kingdom, genus, "
            "nameSource) VALUES ($n, $n, $n, $s, $r, 'Plantae', $g, 'a-list')",
            {"n": name, "s": species or (name if rank == "species" else None), "r": rank, "g": genus},
        )
        return name

    def say(
        self,
        taxon: str,
        question: str,
        answer: str,
        *,
        source: str = "a-list",
        place: str | None = None,
        **more: Any,
    ) -> None:
        said = statement(
            taxon,
            source,
            place or self.region.id,
            Breadths(self.region),
            question,
            answer,
            **{"sureness": "high"} | more,
        )
        add_statements(self.connection, [said])

    def answer(self, taxon: str, *columns: str, day: date = DAY, home: Home | None = None) -> tuple[Any, ...]:
        build_status(self.connection, self.region, day, home)
        row = self.connection.execute(
            f"SELECT {', '.join(columns)} FROM out_species_status WHERE taxonID = ?", [taxon]
        ).fetchone()
        assert row is not None
        return row

    def at(self, taxon: str, place: str) -> tuple[Any, ...] | None:
        build_status(self.connection, self.region, DAY)
        return self.connection.execute(
            "SELECT status, establishmentMeans FROM out_place_status WHERE taxonID = ? AND placeID = ?",
            [taxon, place],
        ).fetchone()


@pytest.fixture
def said(region_folder: Path) -> Iterator[Said]:
    with open_in_memory() as connection:
        yield Said(connection, read_region(region_folder))


def test_what_nobody_speaks_of_is_unknown_and_never_native(said: Said) -> None:
    taxon = said.taxon("Ulmus pumila")
    assert said.answer(taxon, "status", "establishmentMeans", "sureness") == (
        "unknown",
        "uncertain",
        "unconfirmed",
    )


@pytest.mark.parametrize(
    ("means", "status"),
    [
        ("native", "native"), ("nativeEndemic", "native"), ("nativeReintroduced", "native"),
        ("introduced", "introduced"), ("introducedAssistedColonisation", "introduced"), ("vagrant", "uncertain"),
        ("uncertain", "uncertain"),
    ],
)  # fmt: skip
def test_every_value_of_darwin_core_has_its_status(said: Said, means: str, status: str) -> None:
    taxon = said.taxon("Ulmus pumila")
    said.say(taxon, "establishmentMeans", means)
    assert said.answer(taxon, "status") == (status,)


def test_the_narrower_place_wins_over_the_wider(said: Said) -> None:
    taxon = said.taxon("Pinus sylvestris")
    said.say(taxon, "establishmentMeans", "native", place="CN")
    said.say(taxon, "establishmentMeans", "introduced")
    assert said.answer(taxon, "status", "conflicts") == ("introduced", None)


def test_what_is_said_of_another_province_says_nothing_here(said: Said) -> None:
    taxon = said.taxon("Ulmus pumila")
    said.say(taxon, "establishmentMeans", "native", place="CN-XJ")
    assert said.answer(taxon, "status") == ("unknown",)


def test_a_division_and_a_site_of_which_something_else_is_said_have_a_status_of_their_own(said: Said) -> None:
    taxon = said.taxon("Ulmus pumila")
    said.say(taxon, "establishmentMeans", "native")
    said.say(taxon, "establishmentMeans", "introduced", place="west")
    assert said.answer(taxon, "status") == ("native",)
    assert said.at(taxon, "west") == ("introduced", "introduced")
    assert said.at(taxon, "east") is None
    said.say(taxon, "establishmentMeans", "native", place="pond")
    assert said.at(taxon, "pond") == ("native", "native")


def test_the_newer_wins_over_the_older_and_the_older_is_a_conflict_that_is_told(said: Said) -> None:
    taxon = said.taxon("Ulmus pumila")
    said.say(taxon, "establishmentMeans", "native", source="old", validFrom="2010-01-01")
    said.say(taxon, "establishmentMeans", "introduced", source="new", validFrom="2020-01-01")
    status, conflicts, source = said.answer(taxon, "status", "conflicts", "sourceID")
    assert (status, source) == ("introduced", "new")
    assert '"sourceID":"old"' in conflicts and '"against":"introduced"' in conflicts


def test_two_of_the_same_standing_that_contradict_each_other_leave_it_uncertain(said: Said) -> None:
    taxon = said.taxon("Ulmus pumila")
    said.say(taxon, "establishmentMeans", "native", source="one")
    said.say(taxon, "establishmentMeans", "introduced", source="two")
    assert said.answer(taxon, "status", "establishmentMeans") == ("uncertain", "uncertain")


def test_native_and_endemic_do_not_contradict_each_other(said: Said) -> None:
    taxon = said.taxon("Ulmus pumila")
    said.say(taxon, "establishmentMeans", "native", source="one")
    said.say(taxon, "establishmentMeans", "nativeEndemic", source="two")
    assert said.answer(taxon, "status") == ("native",)


def test_what_is_not_yet_or_no_longer_valid_does_not_count(said: Said) -> None:
    taxon = said.taxon("Ulmus pumila")
    said.say(taxon, "establishmentMeans", "native", validFrom="2027-01-01")
    said.say(taxon, "establishmentMeans", "introduced", validTo="2025-12-31")
    assert said.answer(taxon, "status") == ("unknown",)
    assert said.answer(taxon, "status", day=date(2025, 1, 1)) == ("introduced",)
    assert said.answer(taxon, "status", day=date(2027, 1, 1)) == ("native",)


def test_a_form_shares_what_is_said_of_its_species_and_speaks_for_itself_where_it_is_spoken_of(
    said: Said,
) -> None:
    species = said.taxon("Pinus sylvestris")
    form = said.taxon("Pinus sylvestris var. mongolica", rank="variety", species="Pinus sylvestris")
    said.say(species, "establishmentMeans", "introduced")
    said.say(species, "degreeOfEstablishment", "cultivated")
    assert said.answer(form, "status", "degreeOfEstablishment") == ("introduced", "cultivated")
    said.say(form, "establishmentMeans", "native", place="CN")
    assert said.answer(form, "status", "degreeOfEstablishment") == ("native", "cultivated")
    assert said.answer(species, "status") == ("introduced",)


def test_a_genus_that_is_protected_protects_the_species_no_list_names_but_for_the_exceptions(
    said: Said,
) -> None:
    genus = said.taxon("Paris", rank="genus")
    other, excepted = (
        said.taxon("Paris polyphylla", genus="Paris"),
        said.taxon("Paris verticillata", genus="Paris"),
    )
    said.say(genus, "protectionLevel", "二级", place="CN", condition="wild")
    said.say(genus, "establishmentMeans", "native")
    said.say(excepted, "protectionLevel", "none", place="CN")
    assert said.answer(other, "protectionLevel", "protectionCondition", "status") == (
        "二级",
        "wild",
        "unknown",
    )
    assert said.answer(excepted, "protectionLevel", "isPlantedOnly") == (None, False)


@pytest.mark.parametrize(
    ("degree", "level", "planted"),
    [("cultivated", None, True), ("captive", None, True), ("native", "一级", False)],
)
def test_what_is_protected_in_the_wild_only_is_not_protected_where_all_are_planted(
    said: Said, degree: str, level: str | None, planted: bool
) -> None:
    taxon = said.taxon("Ginkgo biloba")
    said.say(taxon, "protectionLevel", "一级", place="CN", condition="wild")
    said.say(taxon, "sensitivityClass", "S1", place="CN", condition="wild")
    said.say(taxon, "degreeOfEstablishment", degree)
    assert said.answer(taxon, "protectionLevel", "isPlantedOnly", "sensitivityClass") == (
        level, planted, None if planted else "S1",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("means", "degree", "local"),
    [
        ("native", None, "yes"), ("introduced", "established", "yes"), ("introduced", "casual", "no"),
        ("introduced", "cultivated", "unknown"), (None, None, "unknown"),
    ],
)  # fmt: skip
def test_local_of_the_standard_is_another_question_than_native(
    said: Said, means: str | None, degree: str | None, local: str
) -> None:
    taxon = said.taxon("Robinia pseudoacacia")
    if means:
        said.say(taxon, "establishmentMeans", means)
    if degree:
        said.say(taxon, "degreeOfEstablishment", degree)
    assert said.answer(taxon, "localPlant") == (local,)


def test_a_decision_of_a_person_counts_before_all_until_it_is_taken_back(said: Said, home: Home) -> None:
    write_taxon(said.connection, "Ulmus pumila", [], False)
    said.connection.execute("DELETE FROM out_species_status")
    said.say("pw:Ulmus pumila", "establishmentMeans", "introduced", place="pond")
    said.say("pw:Ulmus pumila", "establishmentMeans", "introduced")
    (taxon,) = find_taxa(said.connection, "Ulmus pumila")
    made = decide_status(home, said.region, taxon, "establishmentMeans", "native", "CN", "植物志", "张工")
    assert said.answer("pw:Ulmus pumila", "status", "source", home=home) == ("native", "张工: 植物志")
    withdraw(home, made, "张工", "看错了")
    assert said.answer("pw:Ulmus pumila", "status", home=home) == ("introduced",)


@pytest.mark.parametrize(
    ("question", "answer", "place"),
    [
        ("establishmentMeans", "cultivated", "CN"),
        ("listing", "invasive", "CN"),
        ("degreeOfEstablishment", "native", "Mars!"),
    ],
)
def test_a_decision_outside_the_vocabularies_is_refused(
    said: Said, home: Home, question: str, answer: str, place: str
) -> None:
    write_taxon(said.connection, "Ulmus pumila", [], False)
    (taxon,) = find_taxa(said.connection, "Ulmus pumila")
    with pytest.raises(StatusError):
        decide_status(home, said.region, taxon, question, answer, place, "x", "x")


def test_a_checklist_of_forty_thousand_names_makes_no_statuses_of_its_own(said: Said) -> None:
    said.connection.execute(
        "INSERT INTO core_name_source VALUES ('china', 'checklist', '1', '甲', 'A', 'x', 'x', 9, 1, 1, 0)"
    )
    said.connection.execute(
        "INSERT INTO core_taxon (taxonID, scientificName, canonicalName, taxonRank, nameSource) "
        "SELECT 'china:' || range, 'x', 'x' || range, 'species', 'china' FROM range(40000)"
    )
    said.connection.execute(
        "INSERT INTO core_name_match BY NAME SELECT 'x' AS nameText, 'EXACT' AS matchType, 100 AS confidence, "
        "'china:7' AS taxonID, false AS waitsForPerson, [] AS reasons"
    )
    assert build_status(said.connection, said.region, DAY) == 1


def test_an_unchanged_warehouse_gives_the_same_statuses(region_folder: Path) -> None:
    region = read_region(Path(__file__).parents[3] / "regions" / "datong")
    with open_in_memory() as connection:
        build_index(connection, region)
        tables = []
        for _ in range(2):
            build_status(connection, region, DAY)
            tables.append(connection.execute("SELECT * FROM out_species_status ORDER BY taxonID").fetchall())
    assert tables[0] == tables[1]


def test_what_is_invasive_elsewhere_in_the_country_is_not_so_here_where_its_origin_is_in_doubt(
    said: Said,
) -> None:
    doubted, introduced, unspoken = map(
        said.taxon, ("Cannabis sativa", "Ambrosia trifida", "Bidens frondosa")
    )
    for taxon in (doubted, introduced, unspoken):
        said.say(taxon, "degreeOfEstablishment", "invasive", place="CN")
    said.say(doubted, "establishmentMeans", "uncertain")
    said.say(introduced, "establishmentMeans", "introduced")
    assert [said.answer(taxon, "status")[0] for taxon in (doubted, introduced, unspoken)] == [
        "uncertain", "invasive", "invasive",
    ]  # fmt: skip
