"""Archives made to do harm, and files whose damage is easily overlooked."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path

import duckdb
import pytest

from assets.intake import take_gbif
from gbif import blank_lines, unpacking
from gbif.errors import GbifError
from gbif.loading import inspect_gbif, load_gbif
from store.errors import DiskFull
from store.home import Home
from store.warehouse import count_rows, open_warehouse

ROWS = "gbifID\tscientificName\n1\tUlmus pumila L.\n"
LOCALITY = "http://rs.tdwg.org/dwc/terms/locality"


def archive(folder: Path, fields: str = "", rows: str = ROWS, header_lines: int = 1) -> Path:
    """A Darwin Core Archive with gbifID and scientificName, and more fields."""
    meta = f"""<archive xmlns="http://rs.tdwg.org/dwc/text/"><core encoding="UTF-8" fieldsTerminatedBy="\\t"
     linesTerminatedBy="\\n" fieldsEnclosedBy="" ignoreHeaderLines="{header_lines}"
     rowType="http://rs.tdwg.org/dwc/terms/Occurrence"><files><location>occurrence.txt</location></files>
     <id index="0"/><field index="0" term="http://rs.gbif.org/terms/1.0/gbifID"/>
     <field index="1" term="http://rs.tdwg.org/dwc/terms/scientificName"/>{fields}</core></archive>"""
    path = folder / "archive.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("meta.xml", meta)
        target.writestr("occurrence.txt", rows)
    return path


def rule_of(path: Path) -> str:
    with pytest.raises(GbifError) as refused:
        inspect_gbif(path, path.name)
    return refused.value.rule


def localities(home: Home, path: Path) -> list[str | None]:
    receipt, _ = take_gbif(home, path, received_from="test", origin="test")
    with open_warehouse(home) as connection:
        load_gbif(connection, home, receipt)
        found = connection.execute("SELECT locality FROM raw_gbif ORDER BY line").fetchall()
    return [locality for (locality,) in found]


@pytest.mark.parametrize("value", ["FROM rows", "x' FROM rows --", "'; DROP TABLE raw_gbif; --", "{found}"])
def test_what_an_archive_says_never_becomes_sql(home: Home, tmp_path: Path, value: str) -> None:
    assert localities(home, archive(tmp_path, f'<field default="{value}" term="{LOCALITY}"/>')) == [value]


def test_a_default_stands_where_the_cell_is_blank(home: Home, tmp_path: Path) -> None:
    field = f'<field index="2" default="a park" term="{LOCALITY}"/>'
    rows = "gbifID\tscientificName\tlocality\n1\tUlmus\t\n2\tUlmus\ta pond\n"
    assert localities(home, archive(tmp_path, field, rows)) == ["a park", "a pond"]


def test_a_column_number_beyond_measure_is_refused(tmp_path: Path) -> None:
    assert (
        rule_of(archive(tmp_path, f'<field index="400000000" term="{LOCALITY}"/>'))
        == "error-too-many-columns"
    )


def test_a_header_beyond_measure_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("gbifID\tscientificName" + "\tmore" * 5_000 + "\n", encoding="utf-8")
    assert rule_of(path) == "error-too-many-columns"


def test_a_negative_number_of_header_lines_is_refused(tmp_path: Path) -> None:
    assert rule_of(archive(tmp_path, header_lines=-1)) == "error-meta"


def test_many_small_members_are_a_bomb_together(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for number in range(8):
            target.writestr(f"{number}.txt", "0" * unpacking.SMALL_IN_BYTES)
    assert rule_of(path) == "error-unsafe-archive"


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path)
    content = bytearray(path.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + flags] |= 1
    path.write_bytes(bytes(content))
    assert rule_of(path) == "error-unsafe-archive"


def test_more_members_than_any_download_has_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "MAX_MEMBERS", 1)
    assert rule_of(archive(tmp_path)) == "error-unsafe-archive"


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_a_link_or_pipe_in_a_tar_is_refused(tmp_path: Path, kind: bytes) -> None:
    path = tmp_path / "linked.tar.gz"
    with tarfile.open(path, "w:gz") as target:
        member = tarfile.TarInfo("occurrence.txt")
        member.type, member.linkname = kind, "elsewhere.txt"
        target.addfile(member)
    assert rule_of(path) == "error-unsafe-archive"


def test_a_broken_lzma_member_is_told_plainly(tmp_path: Path) -> None:
    path = tmp_path / "broken.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as target:
        target.writestr("data.csv", ROWS * 500)
    content = bytearray(path.read_bytes())
    content[60:90] = b"\xff" * 30
    path.write_bytes(bytes(content))
    assert rule_of(path) == "error-not-a-zip"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_not_blamed_on_the_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive(tmp_path)
    unpack = unpacking._unpack
    monkeypatch.setattr(unpacking, "_unpack", lambda source, _: unpack(source, Path("/dev/full")))
    with pytest.raises(DiskFull):
        inspect_gbif(path, path.name)


def written(folder: Path, text: str) -> Path:
    path = folder / "rows.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("gbifID\tspecies\n1\ta\n\n2\tb\n", 3),
        ("gbifID\tspecies\r\n1\ta\r\n\r\n2\tb\r\n", 3),
        ("gbifID,species\n\n1,a\n", 2),
        ('gbifID,species\n1,"a\n\nb"\n\n2,c\n', 5),
        ("gbifID\tspecies\n1\ta\n\n\n\n2\tb", 3),
    ],
)
@pytest.mark.parametrize("chunk", [1, 7, 1 << 20])
def test_a_blank_line_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, line: int, chunk: int
) -> None:
    monkeypatch.setattr(blank_lines, "CHUNK_IN_BYTES", chunk)
    with pytest.raises(GbifError) as refused:
        inspect_gbif(written(tmp_path, text), "rows.csv")
    assert (refused.value.rule, refused.value.values["line"]) == ("error-row-blank", line)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("gbifID\tspecies\n1\ta\n\n\n", 1),
        ('gbifID,species\n1,"a\n\nb"\n2,c\n', 2),
        ("gbifID\tspecies\r\n1\ta\r\n", 1),
        ("gbifID\tspecies\n1\ta", 1),
        ("gbifID\tspecies\n", 0),
    ],
)
@pytest.mark.parametrize("chunk", [1, 7, 1 << 20])
def test_blank_lines_at_the_end_or_inside_quotes_do_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, rows: int, chunk: int
) -> None:
    monkeypatch.setattr(blank_lines, "CHUNK_IN_BYTES", chunk)
    assert inspect_gbif(written(tmp_path, text), "rows.csv") == rows


def test_a_ragged_row_below_a_quoted_line_break_is_named_by_its_physical_line(tmp_path: Path) -> None:
    path = written(tmp_path, 'gbifID,scientificName\n1,"a\nb\nc"\n2\n')
    with pytest.raises(GbifError, match="line 5"):
        inspect_gbif(path, "rows.csv")


def test_a_failed_load_leaves_the_rows_that_were_there(home: Home, tmp_path: Path) -> None:
    receipt, _ = take_gbif(home, archive(tmp_path), received_from="test", origin="test")
    with open_warehouse(home) as connection:
        load_gbif(connection, home, receipt)
        connection.execute("DROP TABLE raw_citation")
        with pytest.raises(duckdb.CatalogException):
            load_gbif(connection, home, receipt)
        assert [count_rows(connection, table) for table in ("raw_gbif", "raw_submission")] == [1, 1]
