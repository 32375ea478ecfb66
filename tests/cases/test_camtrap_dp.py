"""TDWG's own example of a Camtrap DP, read as a zip of its files."""

from __future__ import annotations

import csv
import zipfile
from collections import Counter
from pathlib import Path

from store.home import Home
from tests.surveys.readers.exports import check, read, told


def zipped(cases: Path, tmp_path: Path) -> Path:
    path = tmp_path / "package.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for member in sorted((cases / "surveys" / "camtrap_dp").iterdir()):
            archive.write(member, member.name)
    return path


def test_every_row_is_accounted_for_and_no_event_counts_twice(
    cases: Path, home: Home, tmp_path: Path
) -> None:
    with (cases / "surveys" / "camtrap_dp" / "observations.csv").open(encoding="utf-8") as file:
        observations = list(csv.DictReader(file))
    path = zipped(cases, tmp_path)
    _, rows = read(path)
    assert len(rows) == len(observations)
    counted = Counter(
        (found["eventID"], found["otherCells"]["eventID"]) for found in rows if found["rowKind"] is None
    )
    whole = Counter(
        (each["deploymentID"], each["eventID"])
        for each in observations
        if each["observationLevel"] == "event" and each["observationType"] == "animal"
    )
    assert counted == whole
    report = check(home, path)
    assert report["totals"]["read"] == len(observations)
    assert report["totals"]["rejected"] == len(observations) - whole.total()


def test_places_are_told_in_deployments_and_people_nowhere(cases: Path, home: Home, tmp_path: Path) -> None:
    path = zipped(cases, tmp_path)
    report = check(home, path)
    places = told(report, "PARKWATCH_WITHIN_REACH")
    assert {(sheet, column, header) for sheet, _, column, header, _ in places} == {
        ("deployments.csv", "D", "latitude")
    }
    assert {line for _, line, *_ in places} == {2, 3, 4, 5}
    names_told = "Van der beeck" in str(read(path)) + str(report)
    assert not names_told  # the text itself is too long to be compared
