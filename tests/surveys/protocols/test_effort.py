"""Effort: what the cells of one visit say about time, length, area and camera days."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.protocols.catalogue import protocols
from surveys.protocols.effort import (
    Cell,
    SaidOfVisit,
    camera_days,
    contradicts,
    says_enough,
    time_span,
    unread,
    work_out,
)
from surveys.protocols.measurements import KEPT_AS, read_measurement

TRANSECT, QUADRAT, POINT, CAMERA = (
    protocols()[name] for name in ("lineTransect", "quadrat", "pointCount", "cameraTrap")
)


def test_a_transect_has_length_time_strip_and_person_hours() -> None:
    said = SaidOfVisit(
        sampleSize=Cell("2km", "m"), width=Cell("50", "m"), eventTime="06:30/08:00", observers="2",
    )  # fmt: skip
    effort = work_out(said, TRANSECT)
    assert (effort.sampleSizeValue, effort.sampleSizeUnit, effort.durationInMinutes) == (2000, "m", 90)
    assert effort.areaInSquareMeters == 100_000
    assert (effort.samplingEffortValue, effort.samplingEffortUnit, effort.observerCount) == (
        3,
        "person hours",
        2,
    )
    assert says_enough(effort, TRANSECT)


@pytest.mark.parametrize(
    ("text", "unit", "area"),
    [
        ("20×20", "m2", 400),
        ("10*10", None, 100),
        ("100", None, 100),
        ("1亩", None, 666.6666667),
        ("5m×5m", "m2", 25),
    ],
)
def test_the_area_of_a_quadrat_is_in_square_metres(text: str, unit: str | None, area: float) -> None:
    effort = work_out(SaidOfVisit(sampleSize=Cell(text, unit)), QUADRAT)
    assert effort.areaInSquareMeters == pytest.approx(area)
    assert (effort.sampleSizeUnit, effort.samplingEffortUnit) == ("m2", "m2")


def test_a_point_count_looks_over_its_circle_for_its_minutes() -> None:
    effort = work_out(SaidOfVisit(duration=Cell("10", "min"), radius=Cell("50", "m")), POINT)
    assert effort.durationInMinutes == 10
    assert effort.areaInSquareMeters == pytest.approx(math.pi * 2500, abs=0.01)


def test_camera_days_are_end_minus_start_minus_failures() -> None:
    said = SaidOfVisit(deploymentStart="2026-05-01", deploymentEnd="2026-06-30", failureDays="4")
    effort = work_out(said, CAMERA)
    assert (effort.samplingEffortValue, effort.samplingEffortUnit) == (56, "camera days")
    assert effort.samplingEffortProtocol == "end of the deployment minus its start minus days not working"


@pytest.mark.parametrize(
    ("start", "end", "failed"),
    [("2026-06-30", "2026-05-01", None), ("2026-06", "2026-07-01", None), ("2026-06-01", "2026-06-03", "9")],
)
def test_a_deployment_that_contradicts_itself_has_no_camera_days(
    start: str, end: str, failed: str | None
) -> None:
    assert camera_days(SaidOfVisit(deploymentStart=start, deploymentEnd=end, failureDays=failed)) is None


def test_a_route_is_as_long_as_its_points_say() -> None:
    effort = work_out(
        SaidOfVisit(sampleSize=Cell("1000", "m"), routeLengthInMeters=1234.56), protocols()["patrol"]
    )
    assert (effort.sampleSizeValue, effort.sampleSizeUnit) == (1234.6, "m")
    assert effort.samplingEffortProtocol == "geodesic on WGS84 along the points of the route"


def test_a_night_survey_ends_past_midnight() -> None:
    assert time_span("20:30/01:00") == 270
    assert time_span("06:30") is None


def test_what_is_not_said_is_not_worked_out() -> None:
    effort = work_out(SaidOfVisit(), TRANSECT)
    assert effort.samplingEffortValue is effort.sampleSizeValue is effort.areaInSquareMeters is None
    assert not says_enough(effort, TRANSECT)
    assert says_enough(effort, protocols()["casual"])
    assert says_enough(effort, protocols()["treeInventory"])


def test_a_cell_that_cannot_be_read_is_named() -> None:
    said = SaidOfVisit(duration=Cell("很久", "min"), observers="几个", radius=Cell("50", "m"))
    assert unread(said, work_out(said, POINT), POINT) == [
        ("eventDurationValue", "很久"),
        ("observerCount", "几个"),
    ]


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("2km", "2000", False),
        ("2000", "3000", True),
        ("100", "10×10", False),
        ("是", "否", True),
        ("", "5", False),
    ],
)
def test_two_ways_to_say_the_same_are_no_contradiction(one: str, other: str, differ: bool) -> None:
    assert (
        contradicts(Cell(one, "m" if "k" in one else "m2"), Cell(other, "m" if "k" in one else "m2"), None)
        == differ
    )


@pytest.mark.parametrize(
    ("term", "text", "unit", "number"),
    [
        ("diameterAtBreastHeight", "25.3", "cm", 25.3), ("diameterAtBreastHeight", "0.25m", "cm", 25),
        ("diameterAtBreastHeight", "253", "mm", 25.3), ("girthAtBreastHeight", "约310", None, 310),
        ("plantHeight", "35cm", "m", 0.35), ("plantHeight", "12", None, 12), ("plantHeight", "８．５米", None, 8.5),
        ("crownWidth", "6×5", "m", 5.5), ("crownWidth", "4*4", None, 4), ("plantHeight", "很高", "m", None),
        ("plantHeight", "5-8", "m", None), ("plantHeight", ">10", "m", None), ("plantHeight", "6×5", "m", None),
    ],
)  # fmt: skip
def test_a_measurement_is_read_into_its_unit(
    term: str, text: str, unit: str | None, number: float | None
) -> None:
    assert read_measurement(term, text, unit) == number


@given(st.sampled_from(sorted(KEPT_AS)), st.text(max_size=30), st.sampled_from([None, "m", "cm", "株"]))
def test_any_cell_is_a_measurement_or_none(term: str, text: str, unit: str | None) -> None:
    number = read_measurement(term, text, unit)
    assert number is None or (math.isfinite(number) and number >= 0)


@given(
    st.text(max_size=20),
    st.text(max_size=20),
    st.text(max_size=20),
    st.sampled_from([None, *protocols().values()]),
)
def test_any_cells_give_an_effort_of_finite_numbers(size: str, duration: str, other: str, protocol) -> None:  # type: ignore[no-untyped-def]
    said = SaidOfVisit(
        sampleSize=Cell(size), duration=Cell(duration), area=Cell(other), observers=other, deploymentStart=size,
        deploymentEnd=duration, failureDays=other, radius=Cell(other), width=Cell(size),
    )  # fmt: skip
    effort = work_out(said, protocol)
    for value in (effort.sampleSizeValue, effort.durationInMinutes, effort.areaInSquareMeters):
        assert value is None or math.isfinite(value)
