"""A run touches what changed: records, flags and what is held back, made again in part, are as if made at once."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import duckdb
import pytest

from assets.intake import take_gbif, take_survey
from gbif.loading import load_gbif
from gbif.names import gbif_names
from monitoring.records import build_records
from monitoring.sites import build_sites
from quality.flags import build_flags, build_quarantine
from quality.record_tests.record_test import Context
from species.decisions import decide_name, find_taxa
from species.index.build import build_index
from store.archive import Receipt
from store.home import Home
from store.region import Region, read_region
from store.warehouse import count_rows, open_warehouse
from surveys.loading import load_survey

DATONG = Path(__file__).resolve().parents[2] / "regions" / "datong"
HEADER = (
    "gbifID", "occurrenceID", "scientificName", "taxonKey", "eventDate", "decimalLatitude", "decimalLongitude",
    "individualCount", "lastInterpreted",
)  # fmt: skip
NAMES = ("Ulmus pumila L.", "Solanum rostratum Dunal", "Populus simonii", "Nulla planta")
DAYS = ("2025-06-03", "2025-06", "2026-12-24", "", "2025-13-40")
FIRST_DAY, LAST_DAY = date(2026, 11, 25), date(2026, 12, 24)
TABLES = {
    "core_record": "", "core_held": "", "core_flag": "", "core_name_match": "",
    "out_of_records": "SELECT recordId, rowFault, firstSeen FROM core_record",
}  # fmt: skip
LINES_OF_NOTHING = """
SELECT * FROM raw_gbif_line
ANTI JOIN (SELECT submissionId, line FROM raw_gbif WHERE supersededBy IS NULL) AS stands USING (submissionId, line)
"""
Rows = dict[int, list[str]]


def row(number: int, draw: random.Random) -> list[str]:
    return [
        str(number), f"o{number}", draw.choice(NAMES), "9", draw.choice(DAYS), f"{draw.uniform(39, 41):.4f}",
        f"{draw.uniform(112, 115):.4f}", draw.choice(("1", "", "many")), "2026-01-01",
    ]  # fmt: skip


def changed(rows: Rows, draw: random.Random) -> Rows:
    """A later snapshot: rows gone, come, changed, only interpreted anew, in another order, one of them twice."""
    later = {number: list(cells) for number, cells in rows.items() if draw.random() > 0.05}
    for cells in later.values():
        if draw.random() < 0.1:
            cells[draw.choice((2, 4, 7))] = draw.choice((*NAMES, *DAYS))
        elif draw.random() < 0.1:
            cells[8] = "2026-02-02"
    later |= {number: row(number, draw) for number in draw.sample(range(500), 5)}
    order = list(later)
    draw.shuffle(order)
    return {number: later[number] for number in order}


def write(path: Path, rows: Rows, twice: Sequence[int] = ()) -> Path:
    lines = ["\t".join(HEADER), *("\t".join(cells) for cells in rows.values())]
    lines += ["\t".join(rows[number]) for number in twice]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def region() -> Region:
    return read_region(DATONG)


def build(connection: duckdb.DuckDBPyConnection, home: Home, region: Region, day: date) -> None:
    build_index(connection, region, home, gbif=gbif_names(connection))
    build_sites(connection, region)
    build_records(connection, region, home)
    build_flags(connection, Context(region.extent, region.thresholds, day))
    build_quarantine(connection)


def state(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple]]:
    queries = {name: query or f"SELECT * FROM {name}" for name, query in TABLES.items()}
    return {name: sorted(connection.execute(query).fetchall(), key=repr) for name, query in queries.items()}


def made_at_once(
    home: Home, load: Sequence[Callable[[duckdb.DuckDBPyConnection], object]], region: Region, day: date
) -> dict[str, list[tuple]]:
    """The state of a new warehouse, into which everything is loaded before anything is made."""
    home.warehouse.unlink()
    with open_warehouse(home) as connection:
        for step in load:
            step(connection)
        build(connection, home, region, day)
        return state(connection)


@pytest.mark.parametrize("seed", range(4))
def test_snapshots_followed_one_by_one_end_as_if_all_had_been_there_at_once(
    home: Home, region: Region, tmp_path: Path, seed: int
) -> None:
    draw = random.Random(seed)
    rows = {number: row(number, draw) for number in range(300)}
    former: Receipt | None = None
    loads: list[Callable[[duckdb.DuckDBPyConnection], object]] = []
    for number in range(3):
        path = write(tmp_path / f"{number}.tsv", rows, twice=[7] if number == seed % 3 and 7 in rows else ())
        receipt, _ = take_gbif(
            home, path, received_from="t", origin="t", replaces=former and former.submissionId
        )
        loads.append(lambda connection, receipt=receipt: load_gbif(connection, home, receipt))
        with open_warehouse(home) as connection:
            loads[-1](connection)
            build(connection, home, region, FIRST_DAY)
            standing = count_rows(connection, "core_record WHERE rowFault IS NULL")
            assert standing == len(rows)
            assert (
                count_rows(connection, "raw_gbif_line")
                == len(path.read_text(encoding="utf-8").splitlines()) - 1
            )
            assert not count_rows(connection, f"({LINES_OF_NOTHING})"), (
                "each line is said by a row that stands"
            )
        rows, former = changed(rows, draw), receipt
    with open_warehouse(home) as connection:
        in_parts = state(connection)
    assert in_parts == made_at_once(home, loads, region, FIRST_DAY)


def test_a_second_snapshot_keeps_rows_alike_where_they_were_and_reads_only_what_differs(
    home: Home, region: Region, tmp_path: Path
) -> None:
    draw = random.Random(1)
    rows = {number: row(number, draw) for number in range(300)}
    first, _ = take_gbif(home, write(tmp_path / "1.tsv", rows), received_from="t", origin="t")
    rows[5][7], rows[6][8] = "3", "2026-03-03"  # a record that is otherwise, and one only interpreted anew
    del rows[9]
    rows[900] = row(900, draw)
    second, _ = take_gbif(
        home, write(tmp_path / "2.tsv", rows), received_from="t", origin="t", replaces=first.submissionId
    )
    with open_warehouse(home) as connection:
        load_gbif(connection, home, first)
        build(connection, home, region, FIRST_DAY)
        assert load_gbif(connection, home, second) == 300
        kept = connection.execute(
            "SELECT submissionId, count(*), count(supersededBy) FROM raw_gbif GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        assert {name: counts for name, *counts in kept} == {
            first.submissionId: [300, 2], second.submissionId: [2, 0],
        }  # fmt: skip
        assert connection.execute("SELECT * FROM raw_gbif_carried").fetchall() == [(second.submissionId, 298)]
        assert sorted(connection.execute("SELECT identity, change, fields FROM raw_gbif_change").fetchall()) == [
            ("5", "changed", ["individualCount"]), ("9", "gone", []), ("900", "new", []),
        ]  # fmt: skip
        assert connection.execute("SELECT line FROM raw_gbif WHERE gbifID = '900'").fetchone() == (301,), (
            "its line in the second file"
        )


def test_a_decision_on_a_name_touches_the_records_that_carry_it_in_surveys_and_gbif(
    home: Home, region: Region, tmp_path: Path
) -> None:
    draw = random.Random(2)
    gbif, _ = take_gbif(
        home, write(tmp_path / "1.tsv", {n: row(n, draw) for n in range(50)}), received_from="t", origin="t"
    )
    survey = tmp_path / "调查.csv"
    survey.write_text("日期,学名,地点\n2025-06-03,Nulla planta,文瀛湖\n", encoding="utf-8")
    paper, _ = take_survey(home, survey, received_from="t", origin="t")
    loads = [
        lambda connection: load_gbif(connection, home, gbif),
        lambda connection: load_survey(connection, home, paper),
    ]
    with open_warehouse(home) as connection:
        for load in loads:
            load(connection)
        build(connection, home, region, FIRST_DAY)
        (elm,) = find_taxa(connection, "Ulmus pumila")
        decide_name(home, [("Nulla planta", None)], elm, "t", "t")
        build(connection, home, region, FIRST_DAY)
        carrying = "core_record WHERE verbatimScientificName = 'Nulla planta'"
        named = count_rows(connection, f"{carrying} AND taxonID = '{elm.taxonID}'")
        assert named == count_rows(connection, carrying) > 5
        in_parts = state(connection)
    assert in_parts == made_at_once(home, loads, region, FIRST_DAY)


def test_what_lay_in_the_future_is_judged_again_when_its_day_has_come(
    home: Home, region: Region, tmp_path: Path
) -> None:
    draw = random.Random(3)
    gbif, _ = take_gbif(
        home, write(tmp_path / "1.tsv", {n: row(n, draw) for n in range(80)}), received_from="t", origin="t"
    )
    late = "core_flag WHERE test = 'VALIDATION_EVENTDATE_INRANGE'"
    with open_warehouse(home) as connection:
        load_gbif(connection, home, gbif)
        connection.execute(
            "UPDATE raw_submission SET knownSince = '2027-01-01', confirmedSince = '2027-01-01'"
        )
        build(connection, home, region, FIRST_DAY)
        assert count_rows(connection, late) > 0
        build(connection, home, region, LAST_DAY)
        assert count_rows(connection, late) == 0


def test_rows_that_got_lost_are_made_again(home: Home, region: Region, tmp_path: Path) -> None:
    draw = random.Random(4)
    gbif, _ = take_gbif(
        home, write(tmp_path / "1.tsv", {n: row(n, draw) for n in range(30)}), received_from="t", origin="t"
    )
    with open_warehouse(home) as connection:
        load_gbif(connection, home, gbif)
        build(connection, home, region, FIRST_DAY)
        whole = state(connection)
        connection.execute("DELETE FROM core_record WHERE line % 3 = 0")
        build(connection, home, region, FIRST_DAY)
        assert state(connection) == whole
