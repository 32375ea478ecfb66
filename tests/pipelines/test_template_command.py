"""From an empty form to a clean check: every protocol, in both languages, filled in as a person would."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from store.errors import ParkwatchError
from store.home import Home
from surveys.protocols.catalogue import FormColumn, Protocol, protocols
from surveys.protocols.choices import choices
from surveys.templates import RECORDS
from tests.pipelines.test_commands import parkwatch
from tests.surveys.forms import Row, example_rows_of, filled_form

ALL = list(protocols().values())
SPECIES = ("麻雀", "喜鹊", "榆树", "油松", "黄花刺茄")


def named(protocol: Protocol) -> str:
    return protocol.id


def checked(home: Home, path: Path, *options: str) -> dict[str, Any]:
    out = path.with_suffix(".json")
    result = parkwatch(home, "check", str(path), "--json", str(out), *options)
    report: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    report["exit"] = result.exit_code
    report["rules"] = {p["rule"] for p in report["problems"] if p["severity"] != "info"}
    return report


@pytest.mark.parametrize("protocol", ALL, ids=named)
def test_an_empty_form_is_written_and_filled_and_passes_without_a_mapping(
    home: Home, tmp_path: Path, protocol: Protocol
) -> None:
    path = tmp_path / "form.xlsx"
    written = parkwatch(home, "template", protocol.name.zh, str(path))
    assert written.exit_code == 0, written.output
    assert str(path) in written.output
    book = openpyxl.load_workbook(path)
    for row in example_rows_of(protocol):
        book[RECORDS].append([row.get(column.id) for column in protocol.columns])
    book.save(path)
    report = checked(home, path)
    assert (report["exit"], report["rules"]) == (0, set())
    assert report["totals"]["read"] == report["totals"]["accepted"] == len(protocol.examples)
    assert not [p for p in report["problems"] if p["rule"] in ("COLUMN_UNKNOWN", "SHEET_LEFT_OUT")]


@pytest.mark.parametrize("protocol", ALL, ids=named)
def test_a_form_may_be_filled_in_english(home: Home, tmp_path: Path, protocol: Protocol) -> None:
    english = {
        column.id: {choice.offered: choice.name.en for choice in choices(column.list)}
        for column in protocol.columns
        if column.list and column.list != "verbatimSRS"
    }
    counts = {"约5": "about 5", "若干": "some", "3丛": "3", "未见": "absent"}

    def in_english(column: str, text: str) -> str:
        return counts.get(text, english.get(column, {}).get(text, text))

    rows = [row for row in example_rows_of(protocol, in_english) if row.get("scientificName")]
    for row in rows:
        row.pop("chineseName")
    report = checked(home, filled_form(protocol.id, tmp_path / "form.xlsx", rows))
    assert (report["exit"], report["rules"]) == (0, set())


def test_the_protocols_are_listed_and_an_unknown_one_is_refused(home: Home, tmp_path: Path) -> None:
    listed = parkwatch(home, "template", language="zh").output
    assert all(protocol.id in listed and protocol.name.zh in listed for protocol in ALL)
    assert "camera trap" in parkwatch(home, "template", language="en").output
    refused = parkwatch(home, "template", "钓鱼", str(tmp_path / "a.xlsx"))
    assert isinstance(refused.exception, ParkwatchError)
    assert (refused.exception.rule, refused.exception.exit_code) == ("error-protocol-unknown", 2)


def test_check_and_submit_take_a_protocol_in_any_wording(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("日期,地点,中文名,数量\n2026-06-03,文瀛湖公园,榆树,3\n", encoding="utf-8")
    assert checked(home, path)["rules"] == set()
    report = checked(home, path, "--protocol", "样点法")
    assert report["rules"] == {"PROTOCOL_COLUMN_MISSING", "PROTOCOL_EFFORT_MISSING"}
    submitted = parkwatch(home, "submit", str(path), "--protocol", "没有这种")
    assert isinstance(submitted.exception, ParkwatchError)
    assert submitted.exception.rule == "error-protocol-unknown"


def test_a_form_filled_with_mistakes_is_told_the_cell_of_each(home: Home, tmp_path: Path) -> None:
    rows: list[Row] = [dict(row) for row in example_rows_of(protocols()["quadrat"])]
    rows[0] |= {"girth": 18.2, "cover": 350, "height": 950}
    rows[1] |= {"layer": "地下"}
    report = checked(home, filled_form("quadrat", tmp_path / "form.xlsx", rows))
    told = {
        (p["rule"], p["line"], str(p["header"]).split()[0])
        for p in report["problems"]
        if p["severity"] == "warning"
    }
    assert told == {
        ("PARKWATCH_GIRTH_CONSISTENT", 3, "胸径"), ("PARKWATCH_COVER_INRANGE", 3, "盖度"),
        ("PARKWATCH_HEIGHT_PROBABLE", 3, "株高"), ("PARKWATCH_LAYER_KNOWN", 4, "层次*"),
    }  # fmt: skip


def cell_of(column: FormColumn) -> st.SearchStrategy[Any]:
    """What a person may rightly write into a column."""
    if column.list:
        words = [choice.offered for choice in choices(column.list)]
        return st.sampled_from(words)
    if column.id in ("longitude", "latitude"):
        least = 113.27 if column.id == "longitude" else 40.05
        return st.integers(0, 900).map(lambda steps: round(least + steps / 1e5, 5))
    by_kind: dict[str, st.SearchStrategy[Any]] = {
        "date": st.one_of(st.integers(1, 30).map(lambda day: f"2026-06-{day:02}"), st.just("2026-06")),
        "time": st.integers(0, 59).map(lambda minute: f"06:{minute:02}"),
        "count": st.one_of(
            st.integers(0, 500), st.sampled_from(["约50", "3-5", "10+", "若干", "未见", "some", "≥10"])
        ),
        "number": st.integers(1, 40),
        "text": st.sampled_from(["甲", "A-1", "林缘"]),
    }
    return by_kind[column.kind]


FIXED: Row = {
    "locality": "文瀛湖公园", "startTime": "06:10", "endTime": "08:10", "deploymentStart": "2026-05-01", "deploymentEnd": "2026-07-31",
    "failureDays": 2, "observers": 2, "targetGroup": "鸟类 birds", "completeList": "否 no", "routePoint": 1,
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("protocol", ALL, ids=named)
# One example has many rows, since every check takes seconds; a failing one is shown as it is, not shrunk.
@settings(
    max_examples=2, deadline=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(data=st.data())
def test_whatever_is_rightly_written_into_a_form_passes(
    home: Home, protocol: Protocol, data: st.DataObject
) -> None:
    rows: list[Row] = []
    for number in range(data.draw(st.integers(5, 15))):
        row: Row = {}
        for column in protocol.columns:
            if column.id in FIXED or column.id == "girth":
                continue
            if column.need == "required" or column.id == "count" or data.draw(st.booleans()):
                row[column.id] = data.draw(cell_of(column))
        if ("longitude" in row) != ("latitude" in row):  # half a pair is rightly told
            row.pop("longitude", None)
            row.pop("latitude", None)
        row |= {column.id: FIXED[column.id] for column in protocol.columns if column.id in FIXED}
        row["chineseName"] = data.draw(st.sampled_from(SPECIES))
        row["recordNumber"] = f"N-{number}"
        row.pop("scientificName", None)
        for visit_column in ("transect", "route", "quadrat", "point", "camera", "plot"):
            if any(column.id == visit_column for column in protocol.columns):
                row[visit_column] = f"V-{number}"  # each row its own visit: nothing to contradict
        rows.append(row)
    if protocol.id == "casual":
        rows = [row | {"count": 1} for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        report = checked(home, filled_form(protocol.id, Path(folder) / "form.xlsx", rows))
    assert (report["exit"], report["rules"]) == (0, set()), rows
