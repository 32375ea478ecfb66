"""Two runs of a real home with a list, a source or a decision changed in between: what is carried through, and told."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from species.decisions import TaxonNamed, decide_name
from store.generations import current_generation
from store.home import Home
from tests.pipelines.city import LIST_TOML, NETTLE, NEW, OLD, City

pytestmark = pytest.mark.slow


@pytest.fixture
def city(home: Home, region_folder: Path) -> City:
    return City(home, region_folder)


def test_a_list_that_renames_a_species_keeps_its_warning_and_tells(city: City) -> None:
    city.list({"scientificName": OLD}).survey(OLD).run()
    ((warning, name, _),) = city.warnings
    assert name == OLD
    city.list({"scientificName": NEW, "synonyms": OLD}).run()
    assert city.warnings == [(warning, NEW, False)]
    assert city.notices == {(warning, "renamed")}
    changes = city.rows(
        "SELECT kind, formerly, nowadays, records FROM out_name_change WHERE kind = 'renamed'"
    )
    assert changes == [("renamed", OLD, NEW, 1)]
    report = next(current_generation(city.home).glob("report-*.html")).read_text(encoding="utf-8")
    assert "Eichhornia crassipes 现称 Pontederia crassipes" in report
    city.run()
    assert city.warnings == [(warning, NEW, False)], "it goes on in later runs"
    assert city.notices == {(warning, "renamed")}, "and the notice is still told"


def test_a_list_that_renames_a_species_without_its_former_name_holds_the_warning(city: City) -> None:
    city.list({"scientificName": OLD, "vernacularNameZh": "凤眼蓝"}).survey(OLD).run()
    ((warning, _, _),) = city.warnings
    city.list({"scientificName": NEW, "vernacularNameZh": "凤眼蓝"}).run()
    assert city.warnings == [(warning, OLD, True)]
    assert (warning, "held") in city.notices
    city.run()
    assert city.warnings == [(warning, OLD, True)]


def test_two_listed_species_united_keep_one_warning(city: City) -> None:
    city.list({"scientificName": OLD}, {"scientificName": NEW}).survey(OLD, NEW).run()
    (old, _, _), (new, _, _) = city.warnings
    city.list({"scientificName": NEW, "synonyms": OLD}).run()
    assert city.warnings == [(new, NEW, False)]
    assert (old, "merged") in city.notices


def test_a_species_split_off_that_is_not_listed_does_not_silence_the_warning(city: City) -> None:
    watched = {"scientificName": NETTLE, "value": "introduced"}
    city.list({"scientificName": OLD, "synonyms": NETTLE}).survey(NETTLE).run()
    ((warning, _, _),) = city.warnings
    city.list({"scientificName": OLD}, watched).run()
    assert city.warnings == [(warning, OLD, True)]


def test_a_species_taken_off_the_list_ends_its_warning_with_a_notice(city: City) -> None:
    city.list({"scientificName": OLD}, {"scientificName": NETTLE}).survey(OLD, NETTLE).run()
    (old, _, _), (nettle, _, _) = city.warnings
    text = (city.region / "region.toml").read_text(encoding="utf-8")
    other = LIST_TOML.replace('"aliens', '"others').replace("official = true", "official = false")
    (city.region / "region.toml").write_text(text + other, encoding="utf-8")
    city.list({"scientificName": OLD, "value": "introduced"})
    (city.region / "aliens.csv").rename(city.region / "others.csv")
    city.list({"scientificName": NETTLE}).run()
    assert city.warnings == [(nettle, NETTLE, False)]
    assert (old, "delisted") in city.notices


def test_an_unchanged_city_has_nothing_to_tell(city: City) -> None:
    city.list({"scientificName": OLD}).survey(OLD).run().run()
    assert city.notices == set()
    assert city.rows("SELECT * FROM out_name_change") == []


def test_a_home_that_is_rebuilt_keeps_the_ids_of_its_warnings(city: City) -> None:
    city.list({"scientificName": OLD}).survey(OLD).run()
    city.list({"scientificName": NEW, "synonyms": OLD}).run()
    before = city.warnings
    for leftover in city.home.warehouse.parent.glob("parkwatch.duckdb*"):
        leftover.unlink()
    assert city.run().warnings == before


def test_a_run_after_a_generation_of_an_older_schema_still_publishes(city: City) -> None:
    city.list({"scientificName": OLD}).survey(OLD).run()
    database = current_generation(city.home) / "parkwatch.duckdb"
    database.chmod(0o644)
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "DELETE FROM meta_migration WHERE version = (SELECT max(version) FROM meta_migration)"
        )
        connection.execute("DROP TABLE out_notice")
    assert [held for _, _, held in city.run().warnings] == [False]


def test_what_gbif_answered_and_a_decision_whose_taxon_is_gone_are_in_the_queue_of_the_next_run(
    city: City,
) -> None:
    usage = {"key": "7", "name": f"{NETTLE} Dunal", "canonicalName": NETTLE}
    answer = {"usage": usage, "diagnostics": {"matchType": "EXACT", "confidence": 97}, "synonym": False}
    city.home.gbif_answers.parent.mkdir(parents=True)
    city.home.gbif_answers.write_text(
        json.dumps({"name": "Nomen ignotum", "answer": answer}) + "\n", encoding="utf-8"
    )
    gone = TaxonNamed("pw:no-such", "Nullum tale L.", "Nullum tale")
    decide_name(city.home, [("Nomen perditum", None)], gone, "field name", "x")
    city.list({"scientificName": NETTLE}).survey("Nomen ignotum", "Nomen perditum").run()
    queue = city.rows(
        "SELECT verbatimScientificName, why, concernsListed, proposedName, gbifProposal->>'matchType', taxonID "
        "FROM out_name_queue ORDER BY 1"
    )
    assert queue == [
        ("Nomen ignotum", "unmatched", True, NETTLE, "EXACT", None),
        ("Nomen perditum", "decision-gone", False, None, None, None),
    ]
    assert city.warnings == [], "a proposal is no match"
