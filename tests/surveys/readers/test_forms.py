"""KoboToolbox and ODK: repeat groups find their submission, and whoever filled in the form stays out."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from store.home import Home
from tests.surveys.readers.exports import Member, Rows, check, csv_file, read, told, zip_file

MAIN = [
    "start", "end", "deviceid", "plot/plot_id", "plot/调查日期", "plot/地点", "plot/gps", "plot/_gps_latitude",
    "plot/_gps_longitude", "plot/_gps_altitude", "plot/_gps_precision", "plot/生境", "plot/生境/林地", "plot/生境/草地",
    "_id", "_uuid", "_submission_time", "_submitted_by", "_index",
]  # fmt: skip
SPECIES = ["species/中文名", "species/数量", "_index", "_parent_table_name", "_parent_index", "_submission__id",
           "_submission__uuid", "_submission__submitted_by"]  # fmt: skip


def submission(index: str = "1", uuid: str = "u-1", day: str = "2026-06-03", **cells: str) -> list[str]:
    usual = dict(zip(MAIN, [
        "2026-06-04T10:00:00.000+08:00", "2026-06-04T11:00:00.000+08:00", "ee.humanitarian:zhang", "A", day, "文瀛湖公园",
        "40.085 113.375 1040 4.5", "40.085", "113.375", "1040", "4.5", "林地", "1", "0",
        "900", uuid, "2026-06-05T02:00:00", "zhang_san", index,
    ], strict=True)) | cells  # fmt: skip
    return [usual[header] for header in MAIN]


def species(name: str, count: str, index: str, parent: str = "1", uuid: str = "u-1") -> list[str]:
    return [name, count, index, "records", parent, "900", uuid, "zhang_san"]


def kobo_workbook(path: Path, main: Rows, repeats: Rows) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "records"
    for cells in main:
        book.active.append(cells)
    group = book.create_sheet("species")
    for cells in repeats:
        group.append(cells)
    book.save(path)
    return path


def test_a_repeat_has_the_date_the_place_and_the_point_of_its_submission(tmp_path: Path) -> None:
    repeats = [
        SPECIES,
        species("榆树", "3", "1"),
        species("旱柳", "1", "2"),
        species("侧柏", "2", "3", "2", "u-2"),
    ]
    path = kobo_workbook(
        tmp_path / "a.xlsx", [MAIN, submission(), submission("2", "u-2", "2026-06-07")], repeats
    )
    survey, rows = read(path)
    assert [(found["vernacularName"], found["individualCount"], found["eventDate"]) for found in rows] == [
        ("榆树", "3", "2026-06-03"), ("旱柳", "1", "2026-06-03"), ("侧柏", "2", "2026-06-07"),
    ]  # fmt: skip
    assert {found["decimalLatitude"] for found in rows} == {"40.085"}
    assert {found["coordinateUncertaintyInMeters"] for found in rows} == {"4.5"}
    assert {found["verbatimSRS"] for found in rows} == {"WGS84"}
    assert [found["locality"] for found in rows] == ["文瀛湖公园"] * 3
    assert survey.sheets_left_out == ()


def test_ids_come_from_the_submission_and_do_not_shift_with_other_submissions(tmp_path: Path) -> None:
    whole = kobo_workbook(
        tmp_path / "a.xlsx", [MAIN, submission(), submission("2", "u-2")],
        [SPECIES, species("榆树", "3", "1"), species("旱柳", "1", "2", "2", "u-2"), species("侧柏", "1", "3", "2", "u-2")],
    )  # fmt: skip
    later = kobo_workbook(
        tmp_path / "b.xlsx", [MAIN, submission("1", "u-2")],
        [SPECIES, species("旱柳", "1", "1", "1", "u-2"), species("侧柏", "1", "2", "1", "u-2")],
    )  # fmt: skip
    ids = [found["occurrenceID"] for found in read(whole)[1]]
    assert ids == ["u-1/species[1]", "u-2/species[1]", "u-2/species[2]"]
    assert [found["occurrenceID"] for found in read(later)[1]] == ids[1:]


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_zip_of_csv_files_is_read_like_the_workbook(tmp_path: Path, delimiter: str) -> None:
    members: dict[str, Member] = {
        "export/species.csv": [SPECIES, species("榆树", "3", "1")],
        "export/records.csv": [MAIN, submission()],
    }
    _, (found,) = read(zip_file(tmp_path / "a.zip", members, delimiter))
    assert (found["vernacularName"], found["eventDate"], found["decimalLongitude"]) == (
        "榆树",
        "2026-06-03",
        "113.375",
    )


def test_who_filled_in_the_form_and_on_which_device_is_carried_nowhere(tmp_path: Path) -> None:
    path = kobo_workbook(tmp_path / "a.xlsx", [MAIN, submission()], [SPECIES, species("榆树", "3", "1")])
    survey, rows = read(path)
    held = str(rows) + str(survey.tables[0].table.lines.to_pylist())
    assert "zhang" not in held


def test_a_problem_is_told_on_the_sheet_line_and_column_where_its_value_stands(
    home: Home, tmp_path: Path
) -> None:
    main = [MAIN, submission(), submission("2", "u-2", "2026-06-31")]
    repeats = [SPECIES, species("榆树", "-3", "1"), species("旱柳", "1", "2", "2", "u-2")]
    report = check(home, kobo_workbook(tmp_path / "a.xlsx", main, repeats))
    assert told(report, "VALIDATION_EVENTDATE_STANDARD") == [
        ("records", 3, "E", "plot/调查日期", "2026-06-31")
    ]
    assert told(report, "PARKWATCH_COUNT_NOTNEGATIVE") == [("species", 2, "B", "species/数量", "-3")]
    assert report["totals"] == {"read": 2, "accepted": 0, "quarantined": 2, "rejected": 0}


def test_an_orphan_is_told_and_kept(home: Home, tmp_path: Path) -> None:
    repeats = [SPECIES, species("榆树", "3", "1"), species("旱柳", "1", "2", "77", "u-9")]
    path = kobo_workbook(tmp_path / "a.xlsx", [MAIN, submission()], repeats)
    report = check(home, path)
    assert told(report, "PARKWATCH_PARENT_FOUND") == [("species", 3, "E", "_parent_index", "77")]
    assert report["totals"] == {"read": 2, "accepted": 1, "quarantined": 1, "rejected": 0}
    assert read(path)[1][1]["occurrenceID"] == "u-9/species[1]"


def test_a_choice_of_several_is_left_alone_and_n_a_is_no_value(tmp_path: Path) -> None:
    main = [MAIN, submission(**{"plot/地点": "n/a"})]
    survey, (found,) = read(kobo_workbook(tmp_path / "a.xlsx", main, [SPECIES, species("榆树", "3", "1")]))
    assert found["locality"] is None
    assert found["habitat"] == "林地"
    kept = {column.header for column in survey.tables[0].columns if column.by == "kept"}
    assert {"plot/生境/林地", "plot/生境/草地"} <= kept


def test_a_form_without_a_date_question_was_filled_in_on_the_day_it_was_started(tmp_path: Path) -> None:
    header = [name for name in MAIN if name != "plot/调查日期"]
    cells = [cell for name, cell in zip(MAIN, submission(), strict=True) if name != "plot/调查日期"]
    path = kobo_workbook(tmp_path / "a.xlsx", [header, cells], [SPECIES, species("榆树", "3", "1")])
    assert read(path)[1][0]["eventDate"] == "2026-06-04T10:00:00.000+08:00"


def test_a_flat_form_without_repeats_is_read_by_its_submissions(tmp_path: Path) -> None:
    header = [
        "today",
        "enumerator",
        "鸟种",
        "只数",
        "_geolocation",
        "_id",
        "_uuid",
        "_submission_time",
        "_index",
    ]
    cells = ["2026-06-03", "某某", "喜鹊", "4", "[40.085, 113.375]", "1", "u-1", "2026-06-03T02:00:00", "1"]
    _, (found,) = read(csv_file(tmp_path / "a.csv", [header, cells]))
    assert (found["occurrenceID"], found["vernacularName"], found["eventDate"]) == (
        "u-1",
        "喜鹊",
        "2026-06-03",
    )
    assert found["verbatimCoordinates"] == "40.085, 113.375"


ODK_MAIN = ["SubmissionDate", "today", "site-locality", "site-gps-Latitude", "site-gps-Longitude", "site-gps-Altitude",
            "site-gps-Accuracy", "meta-instanceID", "KEY", "SubmitterID", "SubmitterName", "ReviewState"]  # fmt: skip
ODK_PLOT = ["plot-样方号", "SET-OF-tree", "PARENT_KEY", "KEY"]
ODK_TREE = ["plot-tree-species", "plot-tree-count", "PARENT_KEY", "KEY"]


def odk_zip(path: Path, *trees: list[str]) -> Path:
    key = "uuid:aa"
    submissions = ["2026-06-05T02:00:00Z", "2026-06-03", "文瀛湖公园", "40.085", "113.375", "1040", "4", key, key, "12",
                   "Zhang San", ""]  # fmt: skip
    plots = [["A", "x", key, f"{key}/plot[1]"], ["B", "x", key, f"{key}/plot[2]"]]
    return zip_file(
        path,
        {
            "form.csv": [ODK_MAIN, submissions],
            "form-plot.csv": [ODK_PLOT, *plots],
            "form-plot-tree.csv": [ODK_TREE, *trees],
        },
    )


def test_groups_within_groups_are_joined_over_every_level(home: Home, tmp_path: Path) -> None:
    first, second = "uuid:aa/plot[1]", "uuid:aa/plot[2]"
    path = odk_zip(
        tmp_path / "odk.zip",
        ["榆树", "3", first, f"{first}/tree[1]"],
        ["旱柳", "2", second, f"{second}/tree[1]"],
    )
    survey, rows = read(path)
    assert [(found["eventID"], found["vernacularName"] or found["scientificName"]) for found in rows] == [
        ("A", "榆树"), ("B", "旱柳"),
    ]  # fmt: skip
    assert [found["parentEventID"] for found in rows] == [first, second]
    assert [found["occurrenceID"] for found in rows] == [f"{first}/tree[1]", f"{second}/tree[1]"]
    assert rows[1]["joinedLines"] == {"form-plot.csv": 3, "form.csv": 2}
    assert {found["eventDate"] for found in rows} == {"2026-06-03"}
    assert {found["decimalLatitude"] for found in rows} == {"40.085"}
    assert "Zhang" not in str(rows)
    assert survey.sheets_left_out == ()
    assert check(home, path)["totals"] == {"read": 2, "accepted": 2, "quarantined": 0, "rejected": 0}


def test_groups_that_name_one_another_in_a_circle_are_read_all_the_same(tmp_path: Path) -> None:
    header = ["species", "count", "PARENT_KEY", "KEY"]
    members: dict[str, Member] = {
        "a.csv": [header, ["榆树", "1", "b1", "a1"]], "b.csv": [header, ["旱柳", "1", "a1", "b1"]],
    }  # fmt: skip
    _, rows = read(zip_file(tmp_path / "a.zip", members))
    assert sorted(found["vernacularName"] for found in rows) == ["旱柳", "榆树"]
