"""Genuine GBIF downloads and the zoo of archives, against counts and readings by other tools."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest
from dwca.read import DwCAReader

from assets.intake import take_gbif
from gbif.asking import Gbif
from gbif.backbone import ask_backbone, backbone_answers
from gbif.datasets import dataset_citations
from gbif.errors import GbifError
from gbif.loading import inspect_gbif, load_gbif
from gbif.pages import KeptPages
from gbif.query import GbifQuery
from gbif.searching import count_occurrences, found_records, search_occurrences
from gbif.standard import standard_gbif
from store.engine import duckdb_engine, sql_of
from store.home import Home
from store.warehouse import open_warehouse
from tests.gbif.server.cassettes import fill
from tests.gbif.server.loopback import loopback

pytestmark = pytest.mark.cases
WORLD = GbifQuery("POLYGON ((-180 -90, 180 -90, 180 90, -180 90, -180 -90))")
# The one data file of each genuine download.
DOWNLOADS = {
    "bombus_sweden.tsv": None,
    "0000066-140928181241064.zip": "occurrence.txt",
    "0000154-150116162929234.zip": "occurrence.txt",
    "0009886-250127130748423.zip": "0009886-250127130748423.csv",
    "gbif_alert_download.zip": "occurrence.txt",
}
# Rows of each archive of the zoo whose core are occurrences, or the rule by which it is refused.
ZOO = {
    "dwca-default-metadata-filename.zip": 2, "dwca-noheaders-1.zip": 2, "dwca-noheaders-2.zip": 2,
    "dwca-nometadata.zip": 2, "dwca-partial-default.zip": 2, "dwca-simple-csv-dos.zip": 3, "dwca-simple-csv-eml.zip": 3,
    "dwca-simple-csv-notenclosed.zip": 3, "dwca-simple-csv.zip": 3, "dwca-simple-subdir.zip": 2,
    "dwca-simple-test-archive-enclosed.zip": 2, "dwca-simple-test-archive.tgz": 2, "dwca-simple-test-archive.zip": 2,
    "dwca-test-default.zip": 2, "dwca-utf8-eol-test.zip": 1, "gbif-results-lacks-s-metadata.zip": 158,
    "gbif-results-whitespace-in-xml.zip": 158, "gbif-results.zip": 158, "dwca-2extensions.zip": "error-core",
    "dwca-ids.zip": "error-core", "dwca-orphaned-rows.zip": "error-core", "dwca-star-test-archive.zip": "error-core",
    "dwca-invalid-simple-toomuch.zip": "error-which-table", "dwca-invalid-simple-two.zip": "error-which-table",
}  # fmt: skip


def counted(path: Path, member: str | None) -> list[dict[str, str]]:
    """The rows of a download, read with Python's csv alone."""
    if member is None:
        content = path.read_bytes()
    else:
        with zipfile.ZipFile(path) as archive:
            content = archive.read(member)
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    return list(csv.DictReader(text, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize(("name", "member"), DOWNLOADS.items())
def test_totals_and_cells_of_a_genuine_download_equal_an_independent_reading(
    home: Home, cases: Path, name: str, member: str | None
) -> None:
    expected = counted(cases / "gbif" / name, member)
    receipt, _ = take_gbif(home, cases / "gbif" / name, received_from="test", origin="test")
    with open_warehouse(home) as connection:
        assert load_gbif(connection, home, receipt) == len(expected)
        found = connection.execute(
            "SELECT gbifID, coalesce(scientificName, ''), coalesce(eventDate, ''), coalesce(decimalLatitude, ''), "
            "coalesce(decimalLongitude, ''), coalesce(license, ''), line FROM raw_gbif ORDER BY line"
        ).fetchall()
    columns = ("gbifID", "scientificName", "eventDate", "decimalLatitude", "decimalLongitude", "license")
    assert found == [
        (*(row.get(column) or "" for column in columns), line) for line, row in enumerate(expected, start=2)
    ]


def test_the_download_of_gbif_alert_has_its_exact_ids_dates_and_coordinates(home: Home, cases: Path) -> None:
    path = cases / "gbif" / "gbif_alert_download.zip"
    expected = {
        f"gbif:{row['gbifID']}": (
            row["eventDate"][:10] or None,
            float(row["decimalLatitude"]) if row["decimalLatitude"] else None,
            float(row["decimalLongitude"]) if row["decimalLongitude"] else None,
        )
        for row in counted(path, "occurrence.txt")
    }
    receipt, _ = take_gbif(home, path, received_from="test", origin="test")
    with open_warehouse(home) as connection:
        assert load_gbif(connection, home, receipt) == 13 == len(expected)
        select = sql_of(standard_gbif(duckdb_engine(connection)))
        found = connection.execute(
            f"SELECT recordId, eventDate, decimalLatitude, decimalLongitude, eventDateStart::VARCHAR FROM ({select})"
        ).fetchall()
    assert len(found) == 13
    for record, day, latitude, longitude, start in found:
        written, north, east = expected[record]
        assert (latitude, longitude) == (north, east), record
        assert day == start == written, record


@pytest.mark.parametrize("name", [name for name, rows in ZOO.items() if isinstance(rows, str)])
def test_what_holds_no_occurrences_or_is_malformed_is_told(cases: Path, name: str) -> None:
    with pytest.raises(GbifError) as error:
        inspect_gbif(cases / "gbif" / "dwca_reader" / name, name)
    assert error.value.rule == ZOO[name]
    assert name in error.value.message.zh


@pytest.mark.parametrize("name", [name for name, rows in ZOO.items() if isinstance(rows, int)])
def test_an_archive_of_the_zoo_is_read_as_python_dwca_reader_reads_it(
    home: Home, cases: Path, name: str
) -> None:
    path = cases / "gbif" / "dwca_reader" / name
    receipt, _ = take_gbif(home, path, received_from="test", origin="test")
    with open_warehouse(home) as connection:
        assert load_gbif(connection, home, receipt) == ZOO[name]
        result = connection.execute("SELECT * EXCLUDE (submissionId, line) FROM raw_gbif ORDER BY line")
        names = [column[0] for column in result.description]
        ours = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    with DwCAReader(str(path)) as reader:
        theirs = [
            {term.rsplit("/", 1)[-1].lower(): value for term, value in row.data.items()} for row in reader
        ]
    assert len(theirs) == len(ours)
    compared = 0
    for own, other in zip(ours, theirs, strict=True):
        for column, value in own.items():
            if column.lower() in other:
                assert (value or "") == other[column.lower()].strip("'\r\n"), (name, column)
                compared += bool(value)
    assert compared


def test_every_file_of_the_zoo_is_known(cases: Path) -> None:
    assert set(ZOO) == {path.name for path in (cases / "gbif" / "dwca_reader").iterdir()}


def test_what_gbif_once_answered_is_understood(cases: Path, tmp_path: Path) -> None:
    with loopback() as server:
        fill(server, cases)
        gbif = Gbif(tmp_path / "turns", server.api, pause=lambda seconds: None)
        kept = KeptPages(tmp_path / "pages", WORLD.scope)
        assert search_occurrences(gbif, WORLD, kept) == len(server.records) == count_occurrences(gbif, WORLD)
        assert list(found_records(kept)) == server.records
        keys = [key for key, entry in server.registry.items() if "citation" in entry][:5]
        for entry in [server.registry[key] for key in keys]:
            (cited,) = dataset_citations(gbif, [entry["key"]], tmp_path / "registry")
            assert cited.citation == " ".join(entry["citation"]["text"].split())
            assert (cited.doi, cited.license) == (entry.get("doi"), entry.get("license"))
        ask_backbone(["Helianthus annuus"], tmp_path / "names.jsonl", gbif)
        assert backbone_answers(tmp_path / "names.jsonl")[0].matchType == "EXACT"


@pytest.mark.parametrize(("name", "member"), DOWNLOADS.items())
def test_no_person_of_a_genuine_download_is_in_the_warehouse(
    home: Home, cases: Path, name: str, member: str | None
) -> None:
    rows = counted(cases / "gbif" / name, member)
    people = {
        row.get(term) or ""
        for row in rows
        for term in ("recordedBy", "identifiedBy", "recordedByID", "identifiedByID")
    }
    receipt, _ = take_gbif(home, cases / "gbif" / name, received_from="test", origin="test")
    with open_warehouse(home) as connection:
        load_gbif(connection, home, receipt)
        cells = connection.execute("SELECT DISTINCT unnest([COLUMNS(*)::VARCHAR]) FROM raw_gbif").fetchall()
    found = people & {cell for row in cells for cell in row}
    assert not {person for person in found if " " in person.strip()}, "an observer is named"
