"""Camtrap DP: deployments joined, each event counted once, what is no animal told and not counted."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.home import Home
from surveys.errors import UnreadableFile
from surveys.opening import open_survey
from tests.surveys.readers.exports import Member, Rows, check, csv_file, read, standard, table, told, zip_file

DEPLOYMENTS = ["deploymentID", "locationID", "locationName", "latitude", "longitude", "coordinateUncertainty",
               "deploymentStart", "deploymentEnd", "setupBy", "habitat"]  # fmt: skip
OBSERVATIONS = ["observationID", "deploymentID", "mediaID", "eventID", "eventStart", "eventEnd", "observationLevel",
                "observationType", "scientificName", "count", "lifeStage", "sex", "behavior", "individualID",
                "classificationMethod", "classifiedBy", "observationComments"]  # fmt: skip
MEDIA = ["mediaID", "deploymentID", "timestamp", "filePath", "filePublic", "fileMediatype"]


def deployment(**cells: str) -> list[str]:
    usual = dict(zip(DEPLOYMENTS, ["d1", "L1", "采凉山", "40.21", "113.46", "20", "2026-05-01T08:00:00+08:00",
                                   "2026-06-30T08:00:00+08:00", "Zhang San", "pine forest"], strict=True)) | cells  # fmt: skip
    return [usual[header] for header in DEPLOYMENTS]


def observation(key: str = "o1", **cells: str) -> list[str]:
    usual = {
        "observationID": key, "deploymentID": "d1", "eventID": "e1", "eventStart": "2026-05-17T21:47:00+08:00",
        "eventEnd": "2026-05-17T21:49:00+08:00", "observationLevel": "event", "observationType": "animal",
        "scientificName": "Vulpes vulpes", "count": "1", "classificationMethod": "human", "classifiedBy": "Li Si",
    } | cells  # fmt: skip
    return [usual.get(header, "") for header in OBSERVATIONS]


def picture(key: str, media: str, **cells: str) -> list[str]:
    return observation(key, observationLevel="media", mediaID=media, **cells)


def descriptor(**paths: Any) -> str:
    named = {
        "deployments": "deployments.csv",
        "media": "media.csv",
        "observations": "observations.csv",
    } | paths
    return json.dumps({
        "id": "pkg", "title": "Foxes", "profile": "https://raw.githubusercontent.com/tdwg/camtrap-dp/1.0.2/x.json",
        "licenses": [{"name": "CC-BY-4.0", "scope": "media"}, {"name": "CC0-1.0", "scope": "data"}],
        "resources": [{"name": name, "path": path} for name, path in named.items()],
    })  # fmt: skip


def package(path: Path, *observations: list[str], deployments: Rows | None = None, **more: Member) -> Path:
    members: dict[str, Member] = {
        "datapackage.json": descriptor(),
        "deployments.csv": [DEPLOYMENTS, *(deployments or [deployment()])],
        "media.csv": [
            MEDIA,
            ["m1", "d1", "2026-05-17T21:47:00+08:00", "https://x/m1.jpg", "true", "image/jpeg"],
        ],
        "observations.csv": [OBSERVATIONS, *observations],
    }
    return zip_file(path, members | more)


def test_an_observation_has_the_place_and_the_effort_of_its_deployment(tmp_path: Path) -> None:
    survey, (found,) = read(
        package(tmp_path / "a.zip", observation(sex="female", lifeStage="adult", behavior="foraging"))
    )
    assert (found["occurrenceID"], found["eventID"], found["scientificName"]) == ("o1", "d1", "Vulpes vulpes")
    assert (found["decimalLatitude"], found["decimalLongitude"], found["locality"]) == (
        "40.21",
        "113.46",
        "采凉山",
    )
    assert (found["coordinateUncertaintyInMeters"], found["verbatimSRS"]) == ("20", "WGS84")
    assert (found["deploymentStart"], found["deploymentEnd"]) == tuple(deployment()[6:8])
    assert (found["sex"], found["lifeStage"], found["behavior"]) == ("female", "adult", "foraging")
    assert (found["basisOfRecord"], found["samplingProtocol"]) == ("MachineObservation", "camera trap")
    assert (found["datasetName"], found["license"]) == ("Foxes", "CC0-1.0")
    assert survey.sheets_left_out == ()


def test_an_event_told_as_a_whole_and_picture_by_picture_counts_once(home: Home, tmp_path: Path) -> None:
    path = package(tmp_path / "a.zip", observation(), picture("o2", "m1"), picture("o3", "m2"))
    assert [found["rowKind"] for found in read(path)[1]] == [None, "media", "media"]
    report = check(home, path)
    assert report["totals"] == {"read": 3, "accepted": 1, "quarantined": 0, "rejected": 2}
    assert [line for _, line, *_ in told(report, "PARKWATCH_ROW_MEDIA")] == [3, 4]


def test_of_an_event_told_only_by_pictures_the_fullest_one_counts(tmp_path: Path) -> None:
    rows = [picture("o1", "m1"), picture("o2", "m2", count="2", sex="male"), picture("o3", "m2", sex="female"),
            picture("o4", "m3", count="2"), picture("o5", "m3", scientificName="Lepus tolai")]  # fmt: skip
    kinds = [found["rowKind"] for found in read(package(tmp_path / "a.zip", *rows))[1]]
    assert kinds == ["media", None, None, "media", None]


def test_an_event_whose_pictures_stand_in_another_part_counts_once_too(tmp_path: Path) -> None:
    parts = descriptor(observations=["events.csv", "pictures.csv"])
    members: dict[str, Member] = {
        "datapackage.json": parts, "deployments.csv": [DEPLOYMENTS, deployment()],
        "events.csv": [OBSERVATIONS, observation()], "pictures.csv": [OBSERVATIONS, picture("o2", "m1")],
    }  # fmt: skip
    _, rows = read(zip_file(tmp_path / "a.zip", members))
    assert [(found["sheet"], found["rowKind"]) for found in rows] == [
        ("events.csv", None),
        ("pictures.csv", "media"),
    ]
    assert {found["decimalLatitude"] for found in rows} == {"40.21"}


def test_a_picture_without_an_event_is_a_record_of_its_own(tmp_path: Path) -> None:
    rows = [picture("o1", "m1", eventID=""), picture("o2", "m2", eventID="")]
    assert [found["rowKind"] for found in read(package(tmp_path / "a.zip", *rows))[1]] == [None, None]


def test_blanks_people_and_what_is_not_identified_are_rejected_with_their_reason(
    home: Home, tmp_path: Path
) -> None:
    types = ["blank", "human", "vehicle", "unknown", "unclassified"]
    rows = [observation(f"o{place}", observationType=kind, scientificName="Homo sapiens" if kind == "human" else "",
                        eventID=f"e{place}") for place, kind in enumerate(types)]  # fmt: skip
    report = check(home, package(tmp_path / "a.zip", *rows, observation("o9", eventID="e9")))
    assert report["totals"] == {"read": 6, "accepted": 1, "quarantined": 0, "rejected": 5}
    reasons = [problem["rule"] for problem in report["problems"] if problem["line"] and problem["line"] < 7]
    assert reasons == ["PARKWATCH_ROW_BLANK", "PARKWATCH_ROW_NOTANIMAL", "PARKWATCH_ROW_NOTANIMAL",
                       "PARKWATCH_ROW_UNCLASSIFIED", "PARKWATCH_ROW_UNCLASSIFIED"]  # fmt: skip


def test_a_wrong_place_is_told_in_deployments_and_a_wrong_count_in_observations(
    home: Home, tmp_path: Path
) -> None:
    deployments = [deployment(), deployment(deploymentID="d2", latitude="4O.21")]
    path = package(
        tmp_path / "a.zip",
        observation(count="-1"),
        observation("o2", deploymentID="d2"),
        deployments=deployments,
    )
    report = check(home, path)
    assert [cell[:4] for cell in told(report, "PARKWATCH_COORDINATES_READABLE")] == [
        ("deployments.csv", 3, "D", "latitude")
    ]
    assert [cell[:4] for cell in told(report, "PARKWATCH_COUNT_NOTNEGATIVE")] == [
        ("observations.csv", 2, "J", "count")
    ]


def test_an_observation_of_a_deployment_that_is_not_there_is_told(home: Home, tmp_path: Path) -> None:
    report = check(home, package(tmp_path / "a.zip", observation(), observation("o2", deploymentID="d7")))
    assert told(report, "PARKWATCH_PARENT_FOUND") == [("observations.csv", 3, "B", "deploymentID", "d7")]


def test_people_are_carried_nowhere(tmp_path: Path) -> None:
    survey, rows = read(package(tmp_path / "a.zip", observation()))
    held = str(rows) + str(survey.tables[0].table.lines.to_pylist())
    assert "Zhang San" not in held
    assert "Li Si" not in held


def test_bare_numbers_are_ids_only_together_with_their_package(tmp_path: Path) -> None:
    _, (found,) = read(package(tmp_path / "a.zip", observation("52423")))
    assert found["occurrenceID"] == "pkg:52423"


def test_classified_by_a_machine_is_said(tmp_path: Path) -> None:
    _, (found,) = read(package(tmp_path / "a.zip", observation(classificationMethod="machine")))
    assert found["identificationVerificationStatus"] == "classified by machine"


def test_a_moment_in_utc_is_the_day_the_clock_of_the_city_showed(tmp_path: Path) -> None:
    in_utc = observation(eventStart="2026-05-17T22:10:00Z", eventEnd="2026-05-17T22:12:00Z")
    (found,) = standard(package(tmp_path / "a.zip", in_utc))
    assert (found["eventDate"], found["eventTime"]) == ("2026-05-18", "06:10+08:00/06:12+08:00")
    assert found["verbatimEventDate"] == "2026-05-17T22:10:00Z/2026-05-17T22:12:00Z"


def test_a_table_packed_by_itself_is_unpacked_and_a_broken_one_refused(tmp_path: Path) -> None:
    packed = gzip.compress(table([OBSERVATIONS, observation()]).encode())
    names = {
        "datapackage.json": descriptor(observations="observations.csv.gz"),
        "observations.csv": [["id"], ["1"]],
    }
    path = package(tmp_path / "a.zip", **names, **{"observations.csv.gz": packed})
    assert [found["scientificName"] for found in read(path)[1]] == ["Vulpes vulpes"]
    with pytest.raises(UnreadableFile) as refused:
        open_survey(package(tmp_path / "b.zip", **names, **{"observations.csv.gz": packed[:-12]}), "b.zip")
    assert refused.value.rule == "error-zip-broken"
    bomb = gzip.compress(b"a,b\n" * (30 << 20))
    with pytest.raises(UnreadableFile) as refused:
        open_survey(package(tmp_path / "c.zip", **names, **{"observations.csv.gz": bomb}), "c.zip")
    assert refused.value.rule in ("error-too-many-lines", "error-text-too-large", "error-zip-bomb")


def test_the_names_of_the_files_are_those_the_package_gives(tmp_path: Path) -> None:
    members: dict[str, Member] = {
        "export/datapackage.json": descriptor(deployments="tables/a.txt", observations="tables/b.txt", media="m.csv"),
        "export/tables/a.txt": [DEPLOYMENTS, deployment()], "export/tables/b.txt": [OBSERVATIONS, observation()],
    }  # fmt: skip
    assert read(zip_file(tmp_path / "a.zip", members))[1][0]["decimalLatitude"] == "40.21"


def test_observations_alone_are_read_though_they_have_no_place(home: Home, tmp_path: Path) -> None:
    path = csv_file(
        tmp_path / "a.csv",
        [OBSERVATIONS, observation(), observation("o2", observationType="blank", eventID="e2")],
    )
    report = check(home, path)
    assert report["totals"] == {"read": 2, "accepted": 0, "quarantined": 1, "rejected": 1}
    assert not told(report, "PARKWATCH_PARENT_FOUND")


@pytest.mark.parametrize(
    ("document", "rule"),
    [
        (descriptor(observations="https://example.org/observations.csv"), "error-package-elsewhere"),
        (descriptor(observations="../observations.csv"), "error-package-elsewhere"),
        (descriptor(deployments="/etc/passwd"), "error-package-elsewhere"),
        (descriptor(deployments="C:\\x.csv"), "error-package-elsewhere"),
        (descriptor(observations="elsewhere.csv"), "error-package-member"),
        (descriptor(observations=["observations.csv", "second.csv"]), "error-package-member"),
        ("{" + '"a":[' * 100_000, "error-package-broken"),
        ('{"a": ' + "9" * 100_000 + "}", "error-package-broken"),
        ('{"a": "' + "x" * (5 << 20) + '"}', "error-package-too-large"),
    ],
)
def test_a_description_that_leads_elsewhere_or_is_none_is_refused(
    tmp_path: Path, document: str, rule: str
) -> None:
    path = package(tmp_path / "a.zip", observation(), **{"datapackage.json": document})
    with pytest.raises(UnreadableFile) as refused:
        open_survey(path, path.name)
    assert refused.value.rule == rule


def test_the_description_alone_is_answered_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "datapackage.json"
    path.write_text(descriptor(), encoding="utf-8")
    with pytest.raises(UnreadableFile) as refused:
        open_survey(path, path.name)
    assert refused.value.rule == "error-package-alone"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=20),
                    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
                        st.sampled_from(["resources", "name", "path", "licenses", "id", "title", "scope"]), inner, max_size=4),
                    max_leaves=12))  # fmt: skip
def test_no_description_raises_anything_but_a_refusal(tmp_path: Path, document: Any) -> None:
    path = package(
        tmp_path / "a.zip", observation(), **{"datapackage.json": json.dumps({"resources": document})}
    )
    try:
        open_survey(path, path.name)
    except UnreadableFile as refused:
        assert refused.remedy.zh
