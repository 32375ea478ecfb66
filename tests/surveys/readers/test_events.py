"""Darwin Core tables: terms as headers, events beside occurrences, and the same of plots and species in Chinese."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from store.home import Home
from tests.surveys.readers.exports import Member, Rows, check, csv_file, read, told, zip_file

EVENTS = [
    "eventID",
    "parentEventID",
    "eventDate",
    "samplingProtocol",
    "decimalLatitude",
    "decimalLongitude",
    "geodeticDatum",
]
OCCURRENCES = ["occurrenceID", "eventID", "scientificName", "individualCount", "occurrenceStatus"]
DWC = "http://rs.tdwg.org/dwc/terms/"
META = '<?xml version="1.0"?><archive xmlns="http://rs.tdwg.org/dwc/text/"><core/></archive>'


def event(key: str = "E1", parent: str = "", day: str = "2026-06-03", latitude: str = "40.085") -> list[str]:
    return [key, parent, day, "line transect", latitude, "113.375" if latitude else "", "WGS84"]


def occurrence(key: str = "o:1", of: str = "E1", count: str = "3", status: str = "present") -> list[str]:
    return [key, of, "Pica serica", count, status]


def archive(path: Path, events: Rows, occurrences: Rows, **more: Member) -> Path:
    members: dict[str, Member] = {
        "event.txt": [EVENTS, *events],
        "occurrence.txt": [OCCURRENCES, *occurrences],
    }
    return zip_file(path, members | more, "\t")


def test_headers_may_be_terms_prefixed_terms_or_whole_addresses(tmp_path: Path) -> None:
    header = ["dwc:occurrenceID", f"{DWC}eventDate", "scientificName", "dwc:decimalLatitude", f"{DWC}decimalLongitude",
              "occurrenceStatus", "dcterms:license"]  # fmt: skip
    rows = [["urn:o:1", "2026-06-03", "Pica serica", "40.085", "113.375", "absent", "CC0-1.0"]]
    _, (found,) = read(csv_file(tmp_path / "a.csv", [header, *rows]))
    assert (found["occurrenceID"], found["eventDate"], found["license"]) == (
        "urn:o:1",
        "2026-06-03",
        "CC0-1.0",
    )
    assert (found["decimalLatitude"], found["decimalLongitude"]) == ("40.085", "113.375")
    assert found["otherCells"] is None


def test_an_occurrence_has_the_date_and_the_place_of_its_event(home: Home, tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", [event(), event("E2", day="2026-06-08")], [occurrence(), occurrence("o:2", "E2")],
                   **{"meta.xml": META, "eml.xml": "<eml:eml xmlns:eml='eml://x'/>"})  # fmt: skip
    survey, rows = read(path)
    assert [(found["eventDate"], found["decimalLatitude"], found["samplingProtocol"]) for found in rows] == [
        ("2026-06-03", "40.085", "line transect"), ("2026-06-08", "40.085", "line transect"),
    ]  # fmt: skip
    assert survey.sheets_left_out == ()
    assert check(home, path)["totals"] == {"read": 2, "accepted": 2, "quarantined": 0, "rejected": 0}


def test_an_event_that_leaves_out_its_place_lies_where_its_parent_does(tmp_path: Path) -> None:
    events = [event("P1", day=""), event("E1", "P1", latitude="")]
    _, (found,) = read(archive(tmp_path / "a.zip", events, [occurrence()]))
    assert (found["eventDate"], found["decimalLatitude"], found["parentEventID"]) == (
        "2026-06-03",
        "40.085",
        "P1",
    )


def test_a_wrong_value_of_an_event_is_told_in_the_event_table(home: Home, tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", [event(), event("E2", day="2026-06-31")], [occurrence("o:2", "E2")])
    assert told(check(home, path), "VALIDATION_EVENTDATE_STANDARD") == [
        ("event.txt", 3, "C", "eventDate", "2026-06-31")
    ]


def test_an_occurrence_of_an_event_that_is_not_there_is_told_and_kept(home: Home, tmp_path: Path) -> None:
    report = check(home, archive(tmp_path / "a.zip", [event()], [occurrence(), occurrence("o:2", "E9")]))
    assert told(report, "PARKWATCH_PARENT_FOUND") == [("occurrence.txt", 3, "B", "eventID", "E9")]
    assert report["totals"] == {"read": 2, "accepted": 1, "quarantined": 1, "rejected": 0}


def test_a_sheet_of_plots_beside_a_sheet_of_species_is_joined_by_the_plot_number(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "样地信息"
    for cells in (
        ["样地号", "调查日期", "经度", "纬度", "坡度"],
        ["Y1", "2026-06-03", "113.375", "40.085", "5"],
    ):
        book.active.append(cells)
    sheet = book.create_sheet("物种")
    for cells in (["样地号", "中文名", "株数"], ["Y1", "榆树", "3"], ["Y1", "旱柳", "2"]):
        sheet.append(cells)
    book.save(tmp_path / "a.xlsx")
    survey, rows = read(tmp_path / "a.xlsx")
    assert [(found["eventID"], found["vernacularName"], found["eventDate"]) for found in rows] == [
        ("Y1", "榆树", "2026-06-03"), ("Y1", "旱柳", "2026-06-03"),
    ]  # fmt: skip
    assert survey.sheets_left_out == ()
    joined = {column.header: (column.cellSheet, column.letter) for column in survey.tables[0].columns}
    assert joined["调查日期"] == ("样地信息", "B")


def test_a_table_with_dates_of_its_own_keeps_them(tmp_path: Path) -> None:
    members: dict[str, Member] = {
        "plots.csv": [["eventID", "eventDate", "habitat"], ["E1", "2026-01-01", "forest"]],
        "species.csv": [["eventID", "eventDate", "scientificName"], ["E1", "2026-06-03", "Pica serica"]],
    }
    _, (found,) = read(zip_file(tmp_path / "a.zip", members))
    assert (found["eventDate"], found["habitat"]) == ("2026-06-03", "forest")


def test_a_sheet_that_shares_no_plot_is_left_out_and_told(tmp_path: Path) -> None:
    members: dict[str, Member] = {
        "plots.csv": [["eventID", "eventDate", "habitat"], ["Z1", "2026-01-01", "forest"]],
        "species.csv": [["eventID", "eventDate", "scientificName"], ["E1", "2026-06-03", "Pica serica"]],
    }
    survey, (found,) = read(zip_file(tmp_path / "a.zip", members))
    assert survey.sheets_left_out == ("plots.csv",)
    assert found["unjoinedKey"] is None
