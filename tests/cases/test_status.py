"""The official lists of the reference: all 86 invasive taxa under every name, all 129 protected rows as their note says."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from species.index.build import build_index
from species.matching.names import match_names
from species.status.answers import build_status
from store.region import read_region
from store.warehouse import open_in_memory
from tests.conftest import ROOT

pytestmark = pytest.mark.cases
PLANTED = ("every Datong tree is planted", "cultivated apricot", "purple-leaf plum", "garden plants", "pond lotus",
           "not in Datong", "planted only", "planted trees in Datong")  # fmt: skip
WILD = ("wild populations only", "wild plants only", "cultivated trees are not wild plants")


@pytest.fixture(scope="module")
def status() -> Iterator[duckdb.DuckDBPyConnection]:
    region = read_region(ROOT / "regions" / "datong")
    with open_in_memory() as connection:
        build_index(connection, region)
        build_status(connection, region, date(2026, 11, 25))
        yield connection


@pytest.fixture(scope="module")
def reference(cases: Path) -> Path:
    folder = cases.parent / "reference"
    if not folder.is_dir():
        pytest.skip("the reference lists are not there")
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def match_of(status: duckdb.DuckDBPyConnection, name: str) -> tuple[str | None, str, str | None]:
    """taxonID, matchType and matchedName of a scientific or Chinese name."""
    pair = (name, None) if name.isascii() or "×" in name else (None, name)
    match_names(status, [pair], [])
    text = "\x1f".join(part or "" for part in pair)
    found = status.execute(
        "SELECT taxonID, matchType, matchedName FROM core_name_match WHERE nameText = ?", [text]
    ).fetchone()
    assert found is not None
    return found


def test_every_official_invasive_taxon_is_listed_under_its_listed_accepted_and_chinese_name(
    status: duckdb.DuckDBPyConnection, reference: Path
) -> None:
    official = [
        row
        for row in rows(reference / "invasive_cn.csv")
        if row["list"].startswith(("key-management", "mee-"))
    ]
    listed = dict(status.execute("SELECT taxonID, officiallyListed FROM out_species_status").fetchall())
    taxa, faults = set(), []
    for row in official:
        accepted = row["taxonKeyName"] or row["acceptedName"] or row["canonicalName"]
        taxon, *_ = match_of(status, accepted)
        taxa.add(taxon)
        found = {name: match_of(status, name) for name in (row["canonicalName"], row["vernacularName_zh"])}
        faults += [
            (name, match, taxon)
            for name, match in found.items()
            # a Chinese name that two listed species share is reported, never guessed
            if match[0] != taxon and not (match[1] == "AMBIGUOUS" and not name.isascii())
        ]
        if not listed.get(taxon or ""):
            faults.append((accepted, (taxon, "", None), "not listed"))
    assert faults == []
    assert len(taxa) == 86


def test_every_protected_row_behaves_as_its_note_says(
    status: duckdb.DuckDBPyConnection, reference: Path
) -> None:
    answers = {
        taxon: said for taxon, *said in status.execute(
            "SELECT taxonID, protectionLevel, protectionCondition, isPlantedOnly, sensitivityClass "
            "FROM out_species_status").fetchall()
    }  # fmt: skip
    faults = []
    protected = rows(reference / "protected_cn.csv")
    for row in protected:
        name = row["scientificName"]
        level, condition, planted, sensitivity = answers[match_of(status, name)[0]]
        note, listed = row["note"], row["nationalLevel"]
        if any(word in note for word in PLANTED):
            good = level is None and planted
        elif "(not listed)" in listed or not listed:
            good = level is None and not planted
        else:
            good = level == listed and (not any(word in note for word in WILD) or condition == "wild")
        expected = None if planted or row["sensitivityClass"] == "none" else row["sensitivityClass"]
        if not good or sensitivity != expected:
            faults.append((name, note, level, condition, planted, sensitivity))
    assert len(protected) == 129
    assert faults == []


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("Pinus sylvestris var. mongolica", "status", "introduced"),
        ("Amaranthus retroflexus", "knownEstablished", True),
        ("Erigeron canadensis", "knownEstablished", True),
        ("Pontederia crassipes", "officiallyListed", True),
        ("Paris verticillata", "protectionLevel", None),
        ("Robinia pseudoacacia", "localPlant", "yes"),
        ("Robinia pseudoacacia", "status", "introduced"),
    ],
)
def test_the_traps_of_the_reference_are_honoured(
    status: duckdb.DuckDBPyConnection, name: str, column: str, value: object
) -> None:
    found = status.execute(
        f"SELECT {column} FROM out_species_status JOIN core_taxon USING (taxonID) WHERE canonicalName = ?",
        [name],
    ).fetchone()
    assert found == (value,)
