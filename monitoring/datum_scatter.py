"""Datum scatter: whether the points of a survey fit the sites they are said to lie in only on another datum.

GCJ-02 read as WGS84 puts a point some 600 m to the east, BD-09 some 1.4 km: one point shows nothing, all points of a
file together do. What is found is proposed (`quality`), no point is moved. Datums are converted in `surveys.values`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from monitoring.sites import NAMED_PLACES, place_text
from store.engine import put, rows_for
from store.outlines import Place
from store.region import Region
from surveys.values.datums import (
    LonLat,
    bd09_to_wgs84,
    gcj02_to_wgs84,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)  # fmt: skip
from surveys.values.reference_systems import AS_WGS84, BD_09, GCJ_02, datum_of

SUSPECTED_DATUMS = "tmp_suspected_datum"
SUSPECTED_SCHEMA = {"submissionId": "string", "writtenSRS": "string", "datumSuspected": "string"}
MOST_POINTS = 2_000
# At 1 % it takes seven points that only the other datum puts into their site, against none.
SIGNIFICANCE = 0.01
FEWEST_POINTS = 7
MOSTLY = 0.8  # policy: a datum on which a fifth of the points are still astray explains too little
WGS84_NAME = "WGS84"
Move = Callable[[float, float], LonLat]
# How a point as it was read would lie, had its numbers been meant on another datum than the one it was read on.
MOVES: dict[str, dict[str, Move]] = {
    WGS84_NAME: {GCJ_02: gcj02_to_wgs84, BD_09: bd09_to_wgs84},
    GCJ_02: {WGS84_NAME: wgs84_to_gcj02, BD_09: lambda x, y: bd09_to_wgs84(*wgs84_to_gcj02(x, y))},
    BD_09: {WGS84_NAME: wgs84_to_bd09, GCJ_02: lambda x, y: gcj02_to_wgs84(*wgs84_to_bd09(x, y))},
}


def suspected_datums(engine: Any, region: Region, records: str) -> None:
    """Make tmp_suspected_datum: one row per submission and datum text whose points fit their sites better on another.

    `records` are the standard records; the sites that their words name are known (`sites.name_places`).
    """
    groups: dict[tuple[str, str], list[tuple[float, float, str | None]]] = defaultdict(list)
    for submission, x, y, site, srs in rows_for(engine, _distinct_points, records):
        groups[submission, srs].append((x, y, site))
    found = [
        (submission, srs, better)
        for (submission, srs), group in groups.items()
        if (better := better_datum(_sample(group), srs, region.sites))
    ]
    put(engine, SUSPECTED_DATUMS, found, SUSPECTED_SCHEMA)


def _distinct_points(engine: Any, records: str) -> Any:
    """The points of surveys, each with its submission, the site it names and its datum text, in one order."""
    standard, places = engine.table(records), engine.table(NAMED_PLACES)
    points = standard.filter(
        standard.source == "survey",
        standard.decimalLongitude.between(-180, 180),
        standard.decimalLatitude.between(-90, 90),
    )
    points = points.mutate(placeText=place_text(points))
    points = points.left_join(places, points.placeText == places.placeText, rname="named_{name}")
    distinct = points.select(
        "submissionId", "decimalLongitude", "decimalLatitude", "namedSiteID",
        writtenSRS=points.verbatimSRS.fill_null(""),
    ).distinct()  # fmt: skip
    return distinct.order_by(sorted(distinct.columns))


def better_datum(
    points: Sequence[tuple[float, float, str | None]], srs: str, sites: Sequence[Place]
) -> str | None:
    """The datum on which significantly more points (longitude, latitude, named site) lie in their site, if any.

    A point without a named site is in its place in any site. `srs` is the text on which the points were read.
    """
    datum = datum_of(srs)
    read_on = WGS84_NAME if datum in AS_WGS84 else datum
    if read_on not in MOVES or len(points) < FEWEST_POINTS or not sites:
        return None
    outlines = {site.placeID: site.geometry for site in sites}
    named = [site for _, _, site in points]
    as_read = _in_place(np.array([(x, y) for x, y, _ in points]), named, outlines)
    moved = {
        meant: _in_place(np.array([move(x, y) for x, y, _ in points]), named, outlines)
        for meant, move in MOVES[read_on].items()
    }
    meant, in_place = max(moved.items(), key=lambda item: int(item[1].sum()))
    gained, lost = int((in_place & ~as_read).sum()), int((as_read & ~in_place).sum())
    telling = as_read | in_place | np.array([site is not None for site in named])
    if _sign_test(gained, lost) > SIGNIFICANCE or in_place.sum() < MOSTLY * telling.sum():
        return None
    return meant


def _sample(points: list[tuple[float, float, str | None]]) -> list[tuple[float, float, str | None]]:
    """Evenly spread over the ordered points, so that the same file is always judged by the same ones."""
    return points[:: max(1, len(points) // MOST_POINTS)]


def _in_place(points: Any, named: Sequence[str | None], outlines: Mapping[str, BaseGeometry]) -> Any:
    """Whether each point lies in the site it names, or in any where it names none."""
    within = {site: shapely.contains_xy(outline, points) for site, outline in outlines.items()}
    anywhere = np.logical_or.reduce(list(within.values()))
    return np.array(
        [within[site][place] if site in within else anywhere[place] for place, site in enumerate(named)]
    )


def _sign_test(gained: int, lost: int) -> float:
    """The chance of at least so many gains were either datum as likely (one-sided sign test, Dixon & Mood 1946)."""
    trials = gained + lost
    return sum(math.comb(trials, k) for k in range(gained, trials + 1)) / 2**trials
