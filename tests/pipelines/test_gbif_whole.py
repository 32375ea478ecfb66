"""GBIF records through the whole job: what a withdrawn record takes back, whom the report cites, who is never named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets.intake import take_gbif
from gbif.asking import Gbif
from pipelines.cli.main import main
from pipelines.fetching import sync_region
from pipelines.running import run_monitoring
from store.generations import current_generation, open_generation
from store.home import Home
from store.region import read_region
from tests.conftest import ROOT
from tests.gbif.server.loopback import Loopback, loopback, record
from tests.running import settings_for

DATONG = ROOT / "regions" / "datong"
PEOPLE = ("Zhang Observer", "Li Determiner", "Observer", "Determiner")
DAY = date(2026, 11, 25)


def found(number: int, name: str = "Solanum rostratum Dunal", **more: Any) -> dict[str, Any]:
    species = " ".join(name.split()[:2])
    return record(
        number, scientificName=name, species=species, taxonKey=100 + len(species), eventDate="2026-11-01", year=2026,
        month=11, day=1, decimalLatitude=40.08, decimalLongitude=113.3, coordinateUncertaintyInMeters=10.0, **more,
    )  # fmt: skip


class City:
    """Datong with a GBIF of its own; each `run` is a sync and a monitoring run."""

    def __init__(self, home: Home, server: Loopback) -> None:
        self.home, self.server, self.region = home, server, read_region(DATONG)
        self.settings = settings_for(home, DATONG, DAY)

    def run(self) -> Path:
        sync_region(
            self.home, self.region, Gbif(self.home.gbif_turns, self.server.api, pause=lambda seconds: None)
        )
        run_monitoring(self.settings)
        return current_generation(self.home)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with open_generation(current_generation(self.home)) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    home = Home(tmp_path_factory.mktemp("city") / "home").create()
    baseline = home.path / "baseline.csv"
    baseline.write_text("gbifID\tspecies\ttaxonKey\teventDate\tdecimalLatitude\tdecimalLongitude\n"
                        "900\tUlmus pumila\t9\t2023-06-01\t40.08\t113.3\n", encoding="utf-8")  # fmt: skip
    take_gbif(home, baseline, received_from="t", origin="t", known_since=datetime(2023, 7, 1, tzinfo=UTC))
    with loopback() as server:
        server.registry = {
            f"00000000-0000-0000-0000-00000000000{number}": {
                "title": f"Dataset {number}", "license": "http://creativecommons.org/licenses/by-nc/4.0/legalcode",
                "citation": {"text": f"Observatory. Dataset {number}."}, "publishingOrganizationKey": "pub",
            }
            for number in range(3)
        } | {"pub": {"title": "A museum <b>of</b> nature"}}  # fmt: skip
        server.records = [
            found(1),
            found(2, "Xanthium spinosum L."),
            found(3, "Ulmus pumila L.", dataGeneralizations="Coordinates rounded to 0.1 degree"),
            found(4, "Ulmus pumila L.", informationWithheld="Exact location withheld"),
            found(5, "Ulmus pumila L.", informationWithheld="Collector's weight withheld"),
        ]
        yield City(home, server)


@pytest.fixture(scope="module")
def first(city: City) -> Path:
    return city.run()


def texts_of(generation: Path) -> Iterator[tuple[str, str]]:
    """Everything a generation holds, as text: files, and every cell of every table."""
    for path in generation.iterdir():
        if path.suffix == ".duckdb":
            with duckdb.connect(str(path), read_only=True) as connection:
                for (table,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
                    yield f"{path.name}:{table}", str(connection.execute(f"SELECT * FROM {table}").fetchall())
        else:
            yield path.name, path.read_text(encoding="utf-8", errors="replace")


def test_listed_species_from_gbif_raise_warnings(city: City, first: Path) -> None:
    warned = city.rows("SELECT scientificName FROM out_warning ORDER BY 1")
    assert {name.split()[0] for (name,) in warned} == {"Solanum", "Xanthium"}


def test_an_obscured_point_names_no_site(city: City, first: Path) -> None:
    assert city.rows(
        "SELECT recordId, isObscured, decimalLatitude IS NOT NULL FROM core_occurrence "
        "WHERE recordId IN ('gbif:3', 'gbif:4', 'gbif:5') ORDER BY 1"
    ) == [("gbif:3", True, True), ("gbif:4", True, True), ("gbif:5", False, True)]
    assert city.rows("SELECT DISTINCT siteIDs FROM core_occurrence WHERE isObscured") == [([],)]


def test_sources_publishers_and_non_commercial_licences_are_in_the_report(city: City, first: Path) -> None:
    page = next(first.glob("report*.html")).read_text(encoding="utf-8")
    assert "Observatory. Dataset 1." in page
    assert "A museum &lt;b&gt;of&lt;/b&gt; nature" in page
    assert "非商业" in page and "Non-commercial" in page
    assert "GBIF Occurrence Search" in page
    assert city.rows("SELECT count(*) FROM out_citation WHERE nonCommercial AND publisher IS NOT NULL") == [
        (3,)
    ]


def test_no_observer_is_named_outside_the_archive(city: City, first: Path, tmp_path: Path) -> None:
    texts = dict(texts_of(first))
    exported = tmp_path / "warnings.json"
    exported.write_text(
        json.dumps(str(city.rows("SELECT * FROM out_warning")), ensure_ascii=False), encoding="utf-8"
    )
    texts["warnings"] = exported.read_text(encoding="utf-8")
    with duckdb.connect(str(city.home.warehouse), read_only=True) as connection:
        for (table,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            texts[f"warehouse:{table}"] = str(connection.execute(f"SELECT * FROM {table}").fetchall())
    assert len(texts) > 20
    assert not [place for place, text in texts.items() if any(person in text for person in PEOPLE)]


def test_a_withdrawn_and_a_reidentified_record_take_their_warnings_back_with_a_notice(
    city: City, first: Path
) -> None:
    city.server.records[1:2] = [found(2, "Ulmus pumila L.")]
    del city.server.records[0]
    city.run()
    assert city.rows("SELECT * FROM out_warning") == []
    told = city.rows("SELECT kind, zh, en FROM out_notice WHERE kind LIKE 'gbif-%' ORDER BY kind, placeEn")
    assert {kind for kind, *_ in told} == {"gbif-gone-ended", "gbif-reidentified-ended"}
    assert any("Ulmus pumila L." in en for _, _, en in told)
    assert city.rows("SELECT recordId, change FROM out_gbif_change ORDER BY 1") == [
        ("gbif:1", "gone"), ("gbif:2", "reidentified"),
    ]  # fmt: skip
    counts = city.rows(
        "SELECT records, newRecords, changedRecords, goneRecords FROM out_gbif_snapshot ORDER BY knownSince DESC, replacedBy"
    )
    assert (4, 0, 1, 1) in counts
    assert city.rows("SELECT bool_and(rowsRead = accepted + quarantined + rejected) FROM out_source") == [
        (True,)
    ]


def test_a_record_that_comes_back_was_first_seen_when_it_was_first_seen(city: City, first: Path) -> None:
    before = city.rows("SELECT min(firstSeen) FROM core_quarantine WHERE recordId = 'gbif:1'")
    city.server.records.append(found(1))
    city.run()
    assert city.rows("SELECT firstSeen FROM core_occurrence WHERE recordId = 'gbif:1'") == before


def test_the_commands_show_snapshots_and_differences(
    city: City, first: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--home", str(city.home.path), "--region", str(DATONG), "--lang", "en", "gbif"]
    main_in(arguments, "snapshots")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert "1 gone" in lines[2]
    ids = [line.split()[1] for line in lines]
    main_in(arguments, "diff", ids[1], ids[2])
    assert "- 1" in capsys.readouterr().out.splitlines()
    with pytest.raises(SystemExit):
        main_in(arguments, "diff", ids[1], "gbif-nothing")
    assert "gbif-nothing" in capsys.readouterr().err


def main_in(arguments: list[str], *more: str) -> None:
    try:
        main([*arguments, *more])
    except SystemExit as end:
        if end.code:
            raise


def test_a_region_without_a_way_out_says_so_and_keeps_what_it_has(
    city: City, first: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PARKWATCH_GBIF_API", "http://127.0.0.1:9")
    monkeypatch.setattr("gbif.asking._backoff", lambda attempt: 0.0)
    with pytest.raises(SystemExit) as end:
        main(["--home", str(city.home.path), "--region", str(DATONG), "--lang", "zh", "gbif", "sync"])
    assert end.value.code == 3
    assert "无法连接 GBIF" in capsys.readouterr().err


def test_a_file_that_cannot_be_used_keeps_no_other_out(
    home: Home, region_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("gbifID\tspecies\n1\tUlmus\n", encoding="utf-8")
    bad.write_text("nothing\tuseful\n1\t2\n", encoding="utf-8")
    with pytest.raises(SystemExit) as end:
        main(
            [
                "--home",
                str(home.path),
                "--region",
                str(region_folder),
                "--lang",
                "en",
                "gbif",
                "import",
                str(good),
                str(bad),
            ]
        )
    told = capsys.readouterr()
    assert end.value.code == 2
    assert "good.csv: 1 rows read" in told.out and "bad.csv" in told.err
