"""Names at real size: the China plant tables, GRIIS and street-tree inventories, imported and matched."""

from __future__ import annotations

import csv
import random
import re
import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from species.decisions import name_text
from species.index.build import build_index
from species.matching.names import match_pairs
from species.sources.importing import import_names
from store.home import Home
from store.region import read_region
from store.warehouse import open_in_memory
from tests.conftest import ROOT

pytestmark = pytest.mark.cases
SAMPLE = 4_000
LETTERS = string.ascii_lowercase
Expected = dict[tuple[str | None, str | None], set[str]]


@pytest.fixture(scope="module")
def index(cases: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    home = Home(tmp_path_factory.mktemp("names") / "home").create()
    tables = sorted((cases / "names").glob("china_plants_*.parquet"), reverse=True)
    import_names(home, tables, "china-plants")
    for path in sorted((cases / "names" / "griis").glob("*.zip")):
        import_names(home, [path], path.stem.split("_1.")[0].split("_2.")[0].replace("_", "-"))
    with open_in_memory() as connection:
        build_index(connection, read_region(ROOT / "regions" / "datong"), home)
        for name in ("accepted", "synonyms"):
            path = cases / "names" / f"china_plants_{name}_2023.parquet"
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM read_parquet('{path}')")
        connection.execute(
            "CREATE TABLE usage AS SELECT canonical_name AS name, nullif(author, 'NaN') AS author, "
            "accepted_name_code AS code FROM synonyms"
        )
        yield connection


@pytest.fixture(scope="module")
def taxa(index: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The taxon of every accepted code: its own, or that of a list of the region that knows the name."""
    return dict(index.execute("""
        SELECT code, coalesce(own.taxonID, min(name.taxonID)) FROM (SELECT DISTINCT code FROM usage)
        JOIN accepted ON name_code = code
        LEFT JOIN core_taxon AS own ON own.sourceTaxonID = code AND own.nameSource = 'china-plants'
        LEFT JOIN core_name AS name ON name.name = canonical_name AND name.taxonID LIKE 'pw:%'
        GROUP BY code, own.taxonID
    """).fetchall())  # fmt: skip


def score(index: duckdb.DuckDBPyConnection, expected: Expected) -> Counter[str]:
    """How many names lead to their taxon, to another, to several, or to none."""
    pairs = [(name_text(*pair), *pair) for pair in expected]
    counted: Counter[str] = Counter()
    for batch in match_pairs(index, pairs, {}):
        for row in batch.to_pylist():
            right = expected[row["verbatimScientificName"], row["verbatimVernacularName"]]
            if row["taxonID"] in right:
                counted["right"] += 1
            elif row["taxonID"] and row["matchType"] != "HIGHERRANK":
                counted["wrong"] += 1
            else:
                counted[row["matchType"]] += 1
    return counted


def expect(rows: list[tuple[str | None, str | None, str]], taxa: dict[str, str]) -> Expected:
    expected: Expected = {}
    for scientific, vernacular, code in rows:
        if code in taxa:
            expected.setdefault((scientific, vernacular), set()).add(taxa[code])
    return expected


def slip(word: str, draw: random.Random) -> str:
    """One letter too many, too few, wrong, or swapped with the next."""
    place, kind, letter = draw.randrange(len(word) - 1), draw.randrange(4), draw.choice(LETTERS)
    return {
        0: word[:place] + letter + word[place:],
        1: word[:place] + word[place + 1 :],
        2: word[:place] + letter + word[place + 1 :],
        3: word[:place] + word[place + 1] + word[place] + word[place + 2 :],
    }[kind]


def test_every_synonym_finds_its_taxon_or_says_that_it_has_several(
    index: duckdb.DuckDBPyConnection, taxa: dict[str, str]
) -> None:
    counted = score(index, expect(index.execute("SELECT name, NULL, code FROM usage").fetchall(), taxa))
    assert counted["right"] + counted["AMBIGUOUS"] >= 0.998 * counted.total()
    assert counted["right"] >= 0.99 * counted.total()


def test_with_its_authorship_nearly_every_homonym_finds_its_taxon(
    index: duckdb.DuckDBPyConnection, taxa: dict[str, str]
) -> None:
    rows = index.execute("SELECT concat_ws(' ', name, author), NULL, code FROM usage").fetchall()
    counted = score(index, expect(rows, taxa))
    assert counted["right"] + counted["AMBIGUOUS"] >= 0.998 * counted.total()
    assert counted["right"] >= 0.994 * counted.total()


def test_every_chinese_name_finds_its_taxon(index: duckdb.DuckDBPyConnection, taxa: dict[str, str]) -> None:
    rows = index.execute(
        "SELECT NULL, coalesce(nullif(infraspecies_c, 'NaN'), nullif(species_c, 'NaN')) AS zh, name_code FROM accepted "
        "WHERE zh IS NOT NULL"
    ).fetchall()
    counted = score(index, expect(rows, taxa))
    assert counted["right"] >= 0.995 * counted.total()


def test_a_slip_in_the_epithet_is_seen_through(
    index: duckdb.DuckDBPyConnection, taxa: dict[str, str]
) -> None:
    draw = random.Random(20)
    rows = draw.sample(index.execute("SELECT name, code FROM usage ORDER BY ALL").fetchall(), SAMPLE)
    slips = []
    for name, code in rows:
        words = name.split()
        if len(words) > 1 and len(words[1]) > 2 and words[1].isalpha():
            slips.append((" ".join([words[0], slip(words[1], draw), *words[2:]]), None, code))
    counted = score(index, expect(slips, taxa))
    assert counted["right"] >= 0.95 * counted.total()
    assert counted["wrong"] <= 0.005 * counted.total()


def test_an_authorship_written_otherwise_makes_no_difference(
    index: duckdb.DuckDBPyConnection, taxa: dict[str, str]
) -> None:
    draw = random.Random(21)
    rows = index.execute(
        "SELECT name, author, code FROM usage WHERE author IS NOT NULL ORDER BY ALL"
    ).fetchall()
    ways = (
        lambda author: author.replace("&", "et"),
        lambda author: re.sub(r"\b([A-Z][a-z]{4})[a-z]+\b", r"\1.", author),
        lambda author: f"{author}, {draw.randint(1800, 2000)}",
        lambda author: re.sub(r"^.* ex ", "", author),
        lambda author: re.sub(r"\b[A-Z]\. ?", "", author) or author,
    )
    written = [
        (f"{name} {draw.choice(ways)(author)}", None, code)
        for name, author, code in draw.sample(rows, SAMPLE)
    ]
    counted = score(index, expect(written, taxa))
    assert counted["right"] >= 0.99 * counted.total()


def test_street_trees_are_named_and_codes_are_not(index: duckdb.DuckDBPyConnection, cases: Path) -> None:
    found: dict[str, Counter[str]] = {}
    for path in sorted((cases / "surveys").glob("street_trees_*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            names = {row["Botanical Name"] for row in csv.DictReader(file) if row["Botanical Name"].strip()}
        pairs = [(name_text(name, None), name, None) for name in sorted(names)]
        rows = [row for batch in match_pairs(index, pairs, {}) for row in batch.to_pylist()]
        found[path.stem] = Counter(row["matchType"] for row in rows)
        for row in rows:  # every match is of the genus that is written
            if row["taxonID"] and row["matchType"] in ("EXACT", "FUZZY", "HIGHERRANK"):
                assert (
                    row["matchedName"].split()[0][:3].lower()
                    == row["verbatimScientificName"].strip()[:3].lower()
                )
    assert set(found["street_trees_moncton"]) == {"NONE"}
    for city in ("kelowna", "new_westminster", "welland"):
        counted = found[f"street_trees_{city}"]
        assert counted["NONE"] <= 0.1 * counted.total()


def test_a_name_that_only_resembles_another_is_no_slip_for_it(index: duckdb.DuckDBPyConnection) -> None:
    pairs = [
        (name_text(name, None), name, None)
        for name in ("Acer saccharum", "Acer rufinerve", "Prunus emarginata")
    ]
    rows = [row for batch in match_pairs(index, pairs, {}) for row in batch.to_pylist()]
    assert {row["matchType"] for row in rows if row["taxonID"]} <= {"HIGHERRANK"}


def test_griis_checklists_keep_their_licence_and_what_they_say(index: duckdb.DuckDBPyConnection) -> None:
    license, citation = index.execute(
        "SELECT license, citation FROM core_name_source WHERE sourceID = 'griis-china'"
    ).fetchone() or ("", "")
    assert "creativecommons.org/licenses/by/4.0" in license
    assert "Pagad" in citation
    said = index.execute(
        "SELECT DISTINCT question, answer FROM core_statement WHERE sourceID = 'griis-china' AND place = 'CN'"
    ).fetchall()
    assert {("establishmentMeans", "introduced"), ("degreeOfEstablishment", "invasive")} <= set(said)
