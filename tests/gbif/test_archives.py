"""GBIF files, real and malformed, through opening and loading."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from assets.intake import take_gbif
from gbif.archives import open_gbif
from gbif.errors import GbifError
from gbif.loading import inspect_gbif, load_gbif
from store.archive import receipts
from store.home import Home
from store.warehouse import count_rows, open_warehouse

HEADER = "gbifID\tscientificName\ttaxonKey\teventDate\tdecimalLatitude\tdecimalLongitude\trecordedBy\n"
ROW = "1\tUlmus pumila L.\t9\t2025-06-03\t40.0\t113.3\tA Person\n"
META = """<archive xmlns="http://rs.tdwg.org/dwc/text/"><core encoding="UTF-8" fieldsTerminatedBy="\\t"
 linesTerminatedBy="\\n" fieldsEnclosedBy="" ignoreHeaderLines="1" rowType="http://rs.tdwg.org/dwc/terms/{core}">
 <files><location>{location}</location></files><id index="0"/>
 <field index="1" term="http://rs.tdwg.org/dwc/terms/scientificName"/></core></archive>"""
REAL = {
    "bombus_sweden.tsv": 10_000,
    "0000066-140928181241064.zip": 470,
    "0000154-150116162929234.zip": 443,
    "0009886-250127130748423.zip": 91,
    "gbif_alert_download.zip": 13,
    "dwca_reader/gbif-results.zip": 158,
    "dwca_reader/dwca-simple-csv.zip": 3,
    "dwca_reader/dwca-simple-test-archive.tgz": 2,
    "dwca_reader/dwca-simple-subdir.zip": 2,
}


def zipped(path: Path, **members: str | bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return path


@pytest.mark.cases
@pytest.mark.parametrize(("name", "rows"), REAL.items())
def test_a_real_gbif_file_is_loaded_whole(home: Home, cases: Path, name: str, rows: int) -> None:
    receipt, _ = take_gbif(home, cases / "gbif" / name, received_from="test", origin="test")
    with open_warehouse(home) as connection:
        for _ in range(2):  # loading again gives the same rows
            assert load_gbif(connection, home, receipt) == rows
        assert count_rows(connection, "raw_gbif") == rows
        assert count_rows(connection, "raw_gbif WHERE gbifID IS NULL AND occurrenceID IS NULL") == 0


@pytest.mark.cases
def test_a_download_says_what_to_cite(home: Home, cases: Path) -> None:
    receipt, _ = take_gbif(
        home, cases / "gbif" / "gbif_alert_download.zip", received_from="test", origin="test"
    )
    with open_warehouse(home) as connection:
        load_gbif(connection, home, receipt)
        dois = connection.execute("SELECT doi FROM raw_citation WHERE datasetKey IS NULL").fetchall()
        assert dois[0][0].startswith("10.15468/")
        assert count_rows(connection, "raw_citation WHERE datasetKey IS NOT NULL") > 1


@pytest.mark.cases
def test_a_checklist_archive_is_refused_as_what_it_is(cases: Path) -> None:
    with pytest.raises(GbifError) as refused:
        inspect_gbif(cases / "names" / "griis" / "griis_sweden_1.2.zip", "griis_sweden_1.2.zip")
    assert refused.value.rule == "error-core"


def test_names_of_people_stay_in_the_archive(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "download.csv"
    path.write_text(HEADER + ROW, encoding="utf-8")
    receipt, _ = take_gbif(home, path, received_from="test", origin="test")
    with open_warehouse(home) as connection:
        load_gbif(connection, home, receipt)
        assert "A Person" not in str(connection.execute("SELECT * FROM raw_gbif").fetchall())


def test_lines_are_counted_through_quoted_line_breaks(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "download.csv"
    path.write_text('gbifID,scientificName,locality\n1,Ulmus,"a\nb"\n2,Pinus,c\n', encoding="utf-8")
    receipt, _ = take_gbif(home, path, received_from="test", origin="test")
    with open_warehouse(home) as connection:
        load_gbif(connection, home, receipt)
        assert connection.execute("SELECT line FROM raw_gbif ORDER BY gbifID").fetchall() == [(2,), (4,)]


def malformed(folder: Path) -> dict[str, Path]:
    good = zipped(folder / "good.zip", data_dot_csv=HEADER + ROW * 200)
    cut = folder / "cut.zip"
    cut.write_bytes(good.read_bytes()[:-40])
    broken = folder / "broken.zip"
    content = bytearray(good.read_bytes())
    content[60:90] = b"\x00" * 30
    broken.write_bytes(bytes(content))
    plain = folder / "plain.zip"
    plain.write_text("not a zip", encoding="utf-8")
    empty = folder / "empty.csv"
    empty.write_bytes(b"")
    ragged = folder / "ragged.csv"
    ragged.write_text(HEADER + ROW + "2\tonly two\n", encoding="utf-8")
    latin = folder / "latin.csv"
    latin.write_bytes((HEADER + ROW).encode() + "2\tAbies\xe9\t\t\t\t\t\n".encode("latin-1"))
    no_columns = folder / "columns.csv"
    no_columns.write_text("a\tb\n1\t2\n", encoding="utf-8")
    outside = folder / "outside.zip"
    with zipfile.ZipFile(outside, "w") as archive:
        archive.writestr("../../evil.csv", HEADER)
    bomb = zipped(folder / "bomb.zip", data_dot_csv=HEADER + "0" * (40 << 20))
    link = folder / "link.zip"
    with zipfile.ZipFile(link, "w") as archive:
        entry = zipfile.ZipInfo("data.csv")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    tar = folder / "evil.tar.gz"
    with tarfile.open(tar, "w:gz") as archive:
        member = tarfile.TarInfo("../evil.csv")
        member.size = 4
        archive.addfile(member, io.BytesIO(b"evil"))
    return {
        "error-not-a-zip": cut, "error-not-a-zip ": broken, "error-not-a-zip  ": plain, "error-empty": empty,
        "error-row-width": ragged, "error-row-encoding": latin, "error-columns": no_columns, "error-unsafe-archive": outside,
        "error-unsafe-archive ": bomb, "error-unsafe-archive  ": link, "error-unsafe-archive   ": tar,
        "error-which-table": zipped(folder / "two.zip", a_dot_csv=HEADER, b_dot_csv=HEADER),
        "error-no-data-file ": zipped(
            folder / "missing.zip", meta_dot_xml=META.format(core="Occurrence", location="occurrence.txt")
        ),
        "error-no-data-file  ": zipped(
            folder / "climbing.zip", meta_dot_xml=META.format(core="Occurrence", location="../../etc/passwd")
        ),
        "error-core": zipped(folder / "taxon.zip", meta_dot_xml=META.format(core="Taxon", location="taxon.txt")),
        "error-meta": zipped(folder / "meta.zip", meta_dot_xml="<archive>"),
        "error-meta ": zipped(
            folder / "entity.zip",
            meta_dot_xml='<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><archive>&x;</archive>',
        ),
    }  # fmt: skip


def test_a_malformed_file_gets_a_clear_error_and_changes_nothing(home: Home, tmp_path: Path) -> None:
    for rule, path in malformed(tmp_path).items():
        with pytest.raises(GbifError) as refused:
            take_gbif(home, path, received_from="test", origin="test")
        assert refused.value.rule == rule.strip(), path.name
        assert path.name in refused.value.message.zh
        assert refused.value.remedy.zh
    assert receipts(home) == []
    assert not (tmp_path.parent / "evil.csv").exists()


def test_a_ragged_row_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "ragged.csv"
    path.write_text(HEADER + ROW * 5 + "2\tonly two\n", encoding="utf-8")
    with pytest.raises(GbifError, match="line 7"):
        inspect_gbif(path, "ragged.csv")


def test_nothing_unpacked_is_left_behind(tmp_path: Path) -> None:
    path = zipped(tmp_path / "good.zip", data_dot_csv=HEADER + ROW)
    with open_gbif(path, "good.zip") as found:
        unpacked = found.rows.path
        assert unpacked.exists()
    assert not unpacked.exists()


def test_lines_are_those_of_the_file(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "download.csv"
    path.write_text(
        HEADER + "".join(ROW.replace("1\t", f"{n}\t", 1) for n in range(2, 5002)), encoding="utf-8"
    )
    receipt, _ = take_gbif(home, path, received_from="test", origin="test")
    with open_warehouse(home) as connection:
        for _ in range(2):
            load_gbif(connection, home, receipt)
        assert count_rows(connection, "raw_gbif WHERE line = gbifID::INT") == 5_000
