"""iNaturalist's export: captive plants are not wild, obscured points are not exact, people stay out."""

from __future__ import annotations

from pathlib import Path

from store.home import Home
from tests.surveys.readers.exports import check, csv_file, read, told

HEADER = [
    "id", "observed_on_string", "observed_on", "time_observed_at", "time_zone", "user_id", "user_login",
    "quality_grade", "license", "url", "description", "captive_cultivated", "place_guess", "latitude", "longitude",
    "positional_accuracy", "private_latitude", "private_longitude", "public_positional_accuracy", "geoprivacy",
    "taxon_geoprivacy", "coordinates_obscured", "species_guess", "scientific_name", "common_name",
    "iconic_taxon_name", "taxon_id",
]  # fmt: skip


def row(**cells: str) -> list[str]:
    usual = {
        "id": "101", "observed_on_string": "2026/06/03 8:15 AM CST", "observed_on": "2026-06-03",
        "time_observed_at": "2026-06-03 00:15:00 UTC", "time_zone": "Beijing", "user_id": "7", "user_login": "zhang_san",
        "quality_grade": "research", "license": "CC-BY-NC", "captive_cultivated": "false",
        "url": "https://www.inaturalist.org/observations/101", "place_guess": "文瀛湖公园", "latitude": "40.085",
        "longitude": "113.375", "positional_accuracy": "8", "public_positional_accuracy": "8",
        "coordinates_obscured": "false", "scientific_name": "Ulmus pumila", "common_name": "榆树",
        "iconic_taxon_name": "Plantae", "taxon_id": "55",
    } | cells  # fmt: skip
    return [usual.get(header, "") for header in HEADER]


def observations(tmp_path: Path, *rows: list[str]) -> Path:
    return csv_file(tmp_path / "whatever.csv", [HEADER, *rows])


def test_an_observation_is_read_with_its_own_address_as_its_id(tmp_path: Path) -> None:
    _, (found,) = read(observations(tmp_path, row()))
    assert found["occurrenceID"] == "https://www.inaturalist.org/observations/101"
    assert (found["eventDate"], found["eventTime"]) == ("2026-06-03", "08:15")
    assert (found["scientificName"], found["vernacularName"]) == ("Ulmus pumila", "榆树")
    assert (found["license"], found["identificationVerificationStatus"]) == ("CC-BY-NC", "research")
    assert (found["verbatimSRS"], found["coordinateUncertaintyInMeters"]) == ("WGS84", "8")
    assert found["degreeOfEstablishment"] is None


def test_the_id_is_the_same_where_the_address_was_not_exported(tmp_path: Path) -> None:
    header = [name for name in HEADER if name != "url"]
    cells = [cell for name, cell in zip(HEADER, row(), strict=True) if name != "url"]
    _, (found,) = read(csv_file(tmp_path / "a.csv", [header, cells]))
    assert found["occurrenceID"] == "https://www.inaturalist.org/observations/101"


def test_what_is_planted_or_kept_is_not_wild(tmp_path: Path) -> None:
    bird = row(id="102", captive_cultivated="true", iconic_taxon_name="Aves")
    _, rows = read(observations(tmp_path, row(captive_cultivated="true"), bird))
    assert [found["degreeOfEstablishment"] for found in rows] == ["cultivated", "captive"]


def test_an_obscured_point_is_as_uncertain_as_its_cell(tmp_path: Path) -> None:
    obscured = [
        row(coordinates_obscured="true", public_positional_accuracy=""),
        row(geoprivacy="obscured", public_positional_accuracy="8"),
        row(taxon_geoprivacy="obscured", public_positional_accuracy="29011"),
    ]
    _, rows = read(observations(tmp_path, *obscured))
    uncertainties = [int(found["coordinateUncertaintyInMeters"]) for found in rows]
    assert all(27_000 < each < 29_000 for each in uncertainties[:2]), uncertainties
    assert uncertainties[2] == 29_011
    assert all(found["informationWithheld"] and found["dataGeneralizations"] for found in rows)


def test_names_logins_and_private_coordinates_are_carried_nowhere(tmp_path: Path) -> None:
    secret = row(private_latitude="40.111111", private_longitude="113.222222", user_login="zhang_san")
    survey, rows = read(observations(tmp_path, secret))
    held = str(rows) + str(survey.tables[0].table.lines.to_pylist())
    for hidden in ("zhang_san", "40.111111", "113.222222"):
        assert hidden not in held


def test_a_time_whose_zone_is_not_known_is_left_out_rather_than_wrong(tmp_path: Path) -> None:
    rows = [row(time_zone="Eastern Time (US & Canada)"), row(time_zone="../../etc/passwd"), row(time_zone="Asia/Nowhere"),
            row(time_observed_at="2026-06-03T08:15:00+08:00", time_zone="")]  # fmt: skip
    assert [found["eventTime"] for found in read(observations(tmp_path, *rows))[1]] == [
        None,
        None,
        None,
        "08:15",
    ]


def test_a_wrong_cell_is_told_where_it_stands(home: Home, tmp_path: Path) -> None:
    report = check(home, observations(tmp_path, row(), row(id="102", url="u102", observed_on="2026-02-30")))
    assert report["totals"] == {"read": 2, "accepted": 1, "quarantined": 1, "rejected": 0}
    assert told(report, "VALIDATION_EVENTDATE_STANDARD") == [("", 3, "C", "observed_on", "2026-02-30")]
