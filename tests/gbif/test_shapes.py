"""Shapes of GBIF files: what meta.xml says decides; events, extensions, species lists and Parquet are read as they are."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.intake import take_gbif
from gbif.errors import GbifError
from gbif.loading import inspect_gbif, load_gbif
from gbif.standard import standard_gbif
from store.archive import receipts
from store.engine import duckdb_engine, sql_of
from store.home import Home
from store.warehouse import open_warehouse

DWC = "http://rs.tdwg.org/dwc/terms/"
MULTIMEDIA = "http://rs.gbif.org/terms/1.0/Multimedia"


def table(
    element: str,
    row_type: str,
    location: str,
    terms: list[str],
    *,
    key: str = "0",
    attributes: str = "",
    more: str = "",
) -> str:
    """One <core> or <extension>, tab-separated, unquoted, with one header line, where `attributes` says no other."""
    usual = {
        "encoding": "UTF-8", "fieldsTerminatedBy": "\\t", "linesTerminatedBy": "\\n", "fieldsEnclosedBy": "",
        "ignoreHeaderLines": "1",
    }  # fmt: skip
    said = " ".join(f'{name}="{value}"' for name, value in usual.items() if f"{name}=" not in attributes)
    locations = "".join(f"<location>{one}</location>" for one in location.split())
    fields = "".join(
        f'<field index="{index}" term="{term if ":" in term else DWC + term}"/>'
        for index, term in enumerate(terms) if term
    )  # fmt: skip
    own = f'<{"id" if element == "core" else "coreid"} index="{key}"/>'
    return f'<{element} {said} {attributes} rowType="{row_type}"><files>{locations}</files>{own}{fields}{more}</{element}>'


def archive(path: Path, tables: str, **members: str | bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("meta.xml", f'<archive xmlns="http://rs.tdwg.org/dwc/text/">{tables}</archive>')
        for name, content in members.items():
            target.writestr(name.replace("_dot_", "."), content)
    return path


def loaded(home: Home, path: Path, columns: str) -> list[tuple[Any, ...]]:
    receipt, _ = take_gbif(home, path, received_from="test", origin="test")
    with open_warehouse(home) as connection:
        load_gbif(connection, home, receipt)
        return connection.execute(f"SELECT {columns} FROM raw_gbif ORDER BY line").fetchall()


def standard(home: Home, columns: str) -> list[tuple[Any, ...]]:
    with open_warehouse(home) as connection:
        select = sql_of(standard_gbif(duckdb_engine(connection)))
        return connection.execute(f"SELECT {columns} FROM ({select}) ORDER BY line").fetchall()


def refused(path: Path) -> GbifError:
    with pytest.raises(GbifError) as error:
        inspect_gbif(path, path.name)
    assert path.name in error.value.message.zh
    return error.value


OCCURRENCES = ["occurrenceID", "scientificName", "locality"]


@pytest.mark.parametrize(
    ("attributes", "content"),
    [
        ('fieldsTerminatedBy="," fieldsEnclosedBy="&quot;"', 'a,b,c\n1,"Ulmus, pumila","say ""elm"""\n'),
        ('fieldsTerminatedBy=";" fieldsEnclosedBy="\'"', "a;b;c\n1;'Ulmus, pumila';'say \"elm\"'\n"),
        ('fieldsTerminatedBy="|" ignoreHeaderLines="0"', '1|Ulmus, pumila|say "elm"\n'),
        ('fieldsTerminatedBy="||"', 'a||b||c\n1||Ulmus, pumila||say "elm"\n'),
        ('linesTerminatedBy="\\r\\n"', 'a\tb\tc\r\n1\tUlmus, pumila\tsay "elm"\r\n'),
        ('linesTerminatedBy="\\r"', 'a\tb\tc\r1\tUlmus, pumila\tsay "elm"\r'),
        ('linesTerminatedBy="#\\n#"', 'a\tb\tc#\n#1\tUlmus, pumila\tsay "elm"#\n#'),
        ('ignoreHeaderLines="3"', 'x\ty\tz\nx\ty\tz\na\tb\tc\n1\tUlmus, pumila\tsay "elm"\n'),
        ('encoding="utf-8" ignoreHeaderLines="0"', '1\tUlmus, pumila\tsay "elm"'),
    ],
)
def test_separators_quotes_breaks_and_headers_are_as_meta_xml_says(
    home: Home, tmp_path: Path, attributes: str, content: str
) -> None:
    core = table("core", DWC + "Occurrence", "rows.dat", OCCURRENCES, attributes=attributes)
    path = archive(tmp_path / "a.zip", core, rows_dot_dat=content)
    assert loaded(home, path, "occurrenceID, scientificName, locality") == [
        ("1", "Ulmus, pumila", 'say "elm"')
    ]


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1", "windows-1252", "UTF-16", "UTF-16LE"])
def test_encodings_are_as_meta_xml_says(home: Home, tmp_path: Path, encoding: str) -> None:
    core = table("core", DWC + "Occurrence", "rows.dat", OCCURRENCES, attributes=f'encoding="{encoding}"')
    content = "a\tb\tc\n1\tUlmus\tMälaren\n".encode(encoding)
    assert loaded(home, archive(tmp_path / "a.zip", core, rows_dot_dat=content), "locality") == [("Mälaren",)]


@pytest.mark.parametrize("encoding", ["GB18030", "Big5", "Shift_JIS"])
def test_chinese_and_japanese_encodings_are_read_too(home: Home, tmp_path: Path, encoding: str) -> None:
    core = table("core", DWC + "Occurrence", "rows.dat", OCCURRENCES, attributes=f'encoding="{encoding}"')
    content = "a\tb\tc\n1\tUlmus\t大同\n".encode(encoding)
    assert loaded(home, archive(tmp_path / "a.zip", core, rows_dot_dat=content), "locality") == [("大同",)]


@pytest.mark.parametrize(("encoding", "named"), [("UTF-8", "UTF-8"), ("GB18030", "GB18030")])
def test_bytes_that_are_none_of_the_encoding_are_named_by_their_line(
    tmp_path: Path, encoding: str, named: str
) -> None:
    core = table("core", DWC + "Occurrence", "rows.dat", OCCURRENCES, attributes=f'encoding="{encoding}"')
    content = b"a\tb\tc\n1\tUlmus\tx\n2\tUlmus\t\xff\xff\n"
    error = refused(archive(tmp_path / "a.zip", core, rows_dot_dat=content))
    assert (error.rule, error.values["line"], error.values["encoding"]) == ("error-row-encoding", 3, named)
    assert "rows.dat" in error.message.en


@pytest.mark.parametrize(
    ("attributes", "key"),
    [
        ('encoding="klingon"', "0"), ('ignoreHeaderLines="-1"', "0"), ('ignoreHeaderLines="x"', "0"),
        ('fieldsEnclosedBy="&quot;&quot;"', "0"), ('fieldsTerminatedBy=""', "0"), ("", "-1"), ("", "x"),
    ],
)  # fmt: skip
def test_a_meta_xml_that_cannot_be_meant_is_refused(tmp_path: Path, attributes: str, key: str) -> None:
    core = table("core", DWC + "Occurrence", "rows.dat", OCCURRENCES, attributes=attributes, key=key)
    assert refused(archive(tmp_path / "a.zip", core, rows_dot_dat="a\tb\tc\n")).rule == "error-meta"


def test_without_attributes_the_text_guides_defaults_hold(home: Home, tmp_path: Path) -> None:
    core = (
        f'<core rowType="{DWC}Occurrence"><files><location>o.csv</location></files><id index="0"/>'
        f'<field index="1" term="{DWC}scientificName"/></core>'
    )
    path = archive(tmp_path / "a.zip", core, o_dot_csv='1,"Ulmus, L."\n')
    assert loaded(home, path, "occurrenceID, scientificName") == [("1", "Ulmus, L.")]


def test_one_column_may_be_several_terms_and_columns_without_a_term_are_left(
    home: Home, tmp_path: Path
) -> None:
    more = f'<field index="0" term="{DWC}catalogNumber"/><field default="CN" term="{DWC}countryCode"/>'
    core = table("core", DWC + "Occurrence", "o.txt", ["occurrenceID", "", "scientificName"], more=more)
    path = archive(tmp_path / "a.zip", core, o_dot_txt="a\tb\tc\n1\tsecret\tUlmus\n")
    assert loaded(home, path, "occurrenceID, catalogNumber, scientificName, countryCode") == [
        ("1", "1", "Ulmus", "CN")
    ]


def test_a_table_of_several_files_is_one_table(home: Home, tmp_path: Path) -> None:
    core = table("core", DWC + "Occurrence", "a.txt b.txt", OCCURRENCES)
    path = archive(
        tmp_path / "a.zip", core, a_dot_txt="a\tb\tc\n1\tUlmus\tx", b_dot_txt="a\tb\tc\n2\tPinus\ty\n"
    )
    assert loaded(home, path, "occurrenceID, line") == [("1", 2), ("2", 3)]


def test_an_archive_in_a_subfolder_is_found_by_its_meta_xml(home: Home, tmp_path: Path) -> None:
    core = table("core", DWC + "Occurrence", "taxon.csv", OCCURRENCES)
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("deep/er/meta.xml", f'<archive xmlns="http://rs.tdwg.org/dwc/text/">{core}</archive>')
        target.writestr("deep/er/taxon.csv", "a\tb\tc\n1\tUlmus\tx\n")
        target.writestr("__MACOSX/deep/er/._meta.xml", "junk")
    assert loaded(home, path, "scientificName") == [("Ulmus",)]


def events(path: Path, event_rows: str, occurrence_rows: str) -> Path:
    core = table("core", DWC + "Event", "e.txt", ["eventID", "eventDate", "decimalLatitude", "locality"])
    found = table(
        "extension", DWC + "Occurrence", "o.txt", ["eventID", "occurrenceID", "scientificName", "locality"]
    )
    return archive(
        path, core + found,
        e_dot_txt="eventID\teventDate\tdecimalLatitude\tlocality\n" + event_rows,
        o_dot_txt="eventID\toccurrenceID\tscientificName\tlocality\n" + occurrence_rows,
    )  # fmt: skip


def test_occurrences_take_what_they_lack_from_their_event(home: Home, tmp_path: Path) -> None:
    path = events(
        tmp_path / "e.zip", "e1\t2025-06-03\t40.1\ta pond\ne2\t2025-07\t\t\n",
        "e1\to1\tUlmus\t\ne2\to2\tPinus\tits own\ne1\to3\tAcer\t\nlost\to4\tSalix\t\n",
    )  # fmt: skip
    assert loaded(home, path, "occurrenceID, eventID, eventDate, decimalLatitude, locality, unjoinedKey, line") == [
        ("o1", "e1", "2025-06-03", "40.1", "a pond", None, 2), ("o2", "e2", "2025-07", None, "its own", None, 3),
        ("o3", "e1", "2025-06-03", "40.1", "a pond", None, 4), ("o4", "lost", None, None, None, "lost", 5),
    ]  # fmt: skip
    assert standard(home, "recordId, unjoinedKey")[3] == ("gbif:o4", "lost")


def test_an_event_that_stands_twice_is_named_by_its_line(tmp_path: Path) -> None:
    error = refused(
        events(tmp_path / "e.zip", "e1\t2025\t\t\ne2\t2025\t\t\ne1\t2024\t\t\n", "e1\to1\tUlmus\t\n")
    )
    assert (error.rule, error.values["line"]) == ("error-event-twice", 4)


def test_events_without_occurrences_are_no_observations(tmp_path: Path) -> None:
    core = table("core", DWC + "Event", "e.txt", ["eventID", "eventDate"])
    assert refused(archive(tmp_path / "e.zip", core, e_dot_txt="a\tb\n1\t2025\n")).rule == "error-core"


def download(
    path: Path, verbatim: str = "1\tUlmus pum.\tin June\n", media: str = "1\tp.jpg\n1\tq.jpg\n3\tr.jpg\n"
) -> Path:
    core = table(
        "core",
        DWC + "Occurrence",
        "occurrence.txt",
        ["http://rs.gbif.org/terms/1.0/gbifID", "scientificName", "eventDate"],
    )
    written = table("extension", DWC + "Occurrence", "verbatim.txt", ["", "scientificName", "eventDate"])
    pictures = table("extension", MULTIMEDIA, "multimedia.txt", ["", "http://purl.org/dc/terms/identifier"])
    return archive(
        path, core + pictures + written,
        occurrence_dot_txt="gbifID\tscientificName\teventDate\n1\tUlmus pumila L.\t\n2\tPinus L.\t2025\n",
        verbatim_dot_txt="gbifID\tscientificName\teventDate\n" + verbatim, multimedia_dot_txt="gbifID\tidentifier\n" + media,
    )  # fmt: skip


def test_extensions_are_joined_to_their_records(home: Home, tmp_path: Path) -> None:
    found = loaded(
        home, download(tmp_path / "d.zip"), "gbifID, scientificName, verbatimScientificName, mediaCount"
    )
    assert found == [("1", "Ulmus pumila L.", "Ulmus pum.", "2"), ("2", "Pinus L.", None, "0")]
    assert standard(home, "verbatimEventDate, eventDate")[0] == ("in June", None)


def test_a_broken_row_of_an_extension_is_named_with_its_file(tmp_path: Path) -> None:
    error = refused(download(tmp_path / "d.zip", media="1\tp.jpg\n1\n"))
    assert (error.rule, error.values["line"]) == ("error-row-width", 3)
    assert "multimedia.txt" in error.message.en


def test_a_repeated_verbatim_row_doubles_no_record(home: Home, tmp_path: Path) -> None:
    path = download(tmp_path / "d.zip", verbatim="1\tA\t\n1\tB\t\n")
    assert loaded(home, path, "gbifID, verbatimScientificName") == [("1", "A"), ("2", None)]


def test_a_species_list_gives_names_and_no_occurrences(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "list.zip"
    with zipfile.ZipFile(path, "w") as target:
        target.writestr(
            "list.csv",
            "taxonKey\tscientificName\tnumberOfOccurrences\n9\tUlmus pumila L.\t12\n5\tPinus L.\t3\n",
        )
    assert loaded(home, path, "taxonKey, numberOfOccurrences, rowKind") == [
        ("9", "12", "species"),
        ("5", "3", "species"),
    ]
    assert [fault for (fault,) in standard(home, "rowFault")] == ["specieslist"] * 2


def parquet_snapshot(folder: Path) -> Path:
    """A folder as GBIF publishes its snapshots: parts without a suffix, lower-case columns, lists of structs."""
    part = folder / "occurrence.parquet"
    part.mkdir(parents=True)
    with duckdb.connect(":memory:") as connection:
        for number in range(2):
            connection.execute(
                f"""COPY (SELECT {number + 1}::BIGINT AS gbifid, 'd' AS datasetkey, 'Ulmus pumila L.' AS scientificname,
                [{{'array_element': 'COORDINATE_ROUNDED'}}, {{'array_element': 'OTHER'}}] AS issue,
                TIMESTAMP '2025-06-03 10:00:00' AS eventdate, 40.1::DOUBLE AS decimallatitude, 113.25::DOUBLE AS decimallongitude,
                ['A Person'] AS recordedby, 2025::INT AS "year", NULL::INT AS "month")
                TO '{part / f"00000{number}"}' (FORMAT parquet)"""
            )
    (folder / "citation.txt.crc").write_bytes(b"")
    return folder


def test_a_parquet_snapshot_folder_is_read_whole(home: Home, tmp_path: Path) -> None:
    folder = parquet_snapshot(tmp_path / "2026-11-01")
    found = loaded(
        home, folder, "gbifID, issue, eventDate, decimalLatitude, decimalLongitude, year, month, line"
    )
    assert found == [
        (
            str(number),
            "COORDINATE_ROUNDED;OTHER",
            "2025-06-03T10:00:00",
            "40.1",
            "113.25",
            "2025",
            None,
            number,
        )
        for number in (1, 2)
    ]
    assert take_gbif(home, folder, received_from="test", origin="test")[1] is False, (
        "the same folder is known"
    )
    assert receipts(home)[0].fileName == "2026-11-01.zip"


def test_a_bare_parquet_file_is_read_and_a_broken_one_refused(home: Home, tmp_path: Path) -> None:
    part = parquet_snapshot(tmp_path / "s") / "occurrence.parquet" / "000000"
    assert loaded(home, part, "gbifID") == [("1",)]
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(part.read_bytes()[:-30])
    assert refused(broken).rule == "error-parquet"


def test_no_file_can_fill_our_own_columns(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(
        "gbifID\tspecies\trowKind\tsubmissionId\tline\n1\tUlmus\tspecies\tx\t9\n", encoding="utf-8"
    )
    assert loaded(home, path, "rowKind, submissionId <> 'x', line") == [(None, True, 2)]


CELL = st.text(
    st.characters(blacklist_characters="\t\r\n\x00", blacklist_categories=("Cs", "Cc")), max_size=12
)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8),
    st.sampled_from(['"', "'", ""]),
    st.sampled_from([",", "\t", ";"]),
)
def test_whatever_the_cells_hold_they_come_out_as_they_went_in(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], quote: str, delimiter: str
) -> None:
    def cell(text: str) -> str:
        if not quote:
            return text.replace(delimiter, "_").replace('"', "_")
        return quote + text.replace(quote, quote * 2) + quote

    shown = quote.replace('"', "&quot;")
    attributes = f'fieldsEnclosedBy="{shown}" fieldsTerminatedBy="{delimiter if delimiter != chr(9) else chr(92) + "t"}"'
    core = table("core", DWC + "Occurrence", "o.txt", OCCURRENCES, attributes=attributes)
    lines = [delimiter.join("abc")]
    lines += [delimiter.join(map(cell, (str(number), *row))) for number, row in enumerate(rows)]
    folder = tmp_path_factory.mktemp("any")
    path = archive(folder / "a.zip", core, o_dot_txt="\n".join(lines) + "\n")
    expected = rows if quote else [tuple(map(cell, row)) for row in rows]
    with duckdb.connect(":memory:"):
        found = loaded(Home(folder / "home").create(), path, "scientificName, locality")
    assert [tuple(value or "" for value in row) for row in found] == [tuple(row) for row in expected]


def test_a_later_state_cannot_be_known_before_what_it_replaces(home: Home, tmp_path: Path) -> None:
    paths = []
    for number in range(2):
        paths.append(tmp_path / f"{number}.csv")
        paths[-1].write_text(f"gbifID\tspecies\n{number}\tUlmus\n", encoding="utf-8")
    first, _ = take_gbif(
        home, paths[0], received_from="t", origin="t", known_since=datetime.fromisoformat("2025-06-01T00:00Z")
    )
    second, _ = take_gbif(
        home, paths[1], received_from="t", origin="t", known_since=datetime.fromisoformat("2024-01-01T00:00Z"),
        replaces=first.submissionId,
    )  # fmt: skip
    assert second.knownSince == first.knownSince
    with pytest.raises(GbifError, match="no GBIF file"):
        take_gbif(home, paths[1], received_from="t", origin="t", replaces="gbif-0000")
