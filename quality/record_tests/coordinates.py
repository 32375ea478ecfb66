"""Coordinates: whether they could be read, on which datum, and what was probably meant instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from quality.record_tests.record_test import Context, RecordTest, column, has_point, pair, wrote_coordinates

KNOWN_DATUMS = (
    r"(?i)wgs|cgcs|gcj|bd.?09|epsg|4326|4490|高德|腾讯|火星|百度|微信|谷歌|国家 ?2000|2000国家|^2000$|^gps$|utm"
    r"|西安|北京|xi.?an|beijing|bj.?54|4610|4214|天地图|国测局|amap|baidu|tencent"
)


def transposed(r: Any, context: Context) -> Any:
    """Longitude and latitude fit the region (with its buffer) only the other way round."""
    margin = context.thresholds.bufferInKilometers / 80.0  # a degree of longitude is about 80 km or more here
    west, east = context.extent.west - margin, context.extent.east + margin
    south, north = context.extent.south - margin, context.extent.north + margin
    as_written = r.decimalLongitude.between(west, east) & r.decimalLatitude.between(south, north)
    swapped = r.decimalLatitude.between(west, east) & r.decimalLongitude.between(south, north)
    return swapped & ~as_written


def sign_lost(r: Any, context: Context) -> Any:
    """The point fits the region only with another sign of longitude, latitude or both."""

    def fits(longitude: Any, latitude: Any) -> Any:
        extent = context.extent
        return longitude.between(extent.west, extent.east) & latitude.between(extent.south, extent.north)

    x, y = r.decimalLongitude, r.decimalLatitude
    return (fits(-x, y) | fits(x, -y) | fits(-x, -y)) & ~fits(x, y)


def _half_of_the_wrong_sign(r: Any) -> Any:
    return (r.decimalLongitude < 0).ifelse("decimalLongitude", "decimalLatitude")


def _unread_half(r: Any) -> Any:
    """The half that is missing or cannot be read; the longitude where it is both."""
    only_latitude_fails = r.decimalLongitude.notnull() & r.decimalLatitude.isnull()
    return only_latitude_fails.ifelse("decimalLatitude", "decimalLongitude")


def _noted(note: str) -> Callable[[Any, Context], Any]:
    return lambda r, _: r.coordinateNote == note


def _metres(r: Any) -> Any:
    return r.coordinateUncertaintyInMeters.cast("string").re_replace(r"\.0$", "")


def _proposal(r: Any) -> Any:
    return r.coordinateProposal


def _as_read(r: Any) -> Any:
    return r.decimalLongitude.round(7).cast("string") + ", " + r.decimalLatitude.round(7).cast("string")


COORDINATES = (
    RecordTest(
        "PARKWATCH_COORDINATES_READABLE", "error", _unread_half,
        lambda r, _: wrote_coordinates(r) & ~has_point(r)
        & r.coordinateNote.fill_null("").notin(["scaled", "zone-open"]),
        pair,
    ),
    RecordTest(
        "PARKWATCH_COORDINATES_SCALED", "error", "decimalLongitude", _noted("scaled"), pair, _proposal,
    ),
    RecordTest(
        "PARKWATCH_COORDINATES_PACKED", "warning", "decimalLongitude",
        # where the decimal reading lies in the site that the row names, it is the right one
        lambda r, _: (r.coordinateNote == "packed") & ~r.siteIDs.contains(r.namedSiteID).fill_null(False),
        pair, _proposal,
    ),
    RecordTest(
        "PARKWATCH_COORDINATES_ZONE_OPEN", "error", "decimalLongitude", _noted("zone-open"), pair, _proposal,
    ),
    RecordTest(
        "PARKWATCH_COORDINATES_ZONE_OTHER", "error", "decimalLongitude", _noted("zone-other"), pair, _proposal,
    ),
    RecordTest(
        "PARKWATCH_COORDINATES_ZONE_ASSUMED", "warning", "decimalLongitude", _noted("zone-assumed"), pair, _proposal,
    ),
    RecordTest(
        "PARKWATCH_COORDINATES_INTERPRETED", "info", "decimalLongitude", _noted("interpreted"), pair, _as_read,
    ),
    RecordTest(
        "PARKWATCH_DATUM_TRANSFORMED", "warning", "verbatimSRS", _noted("untransformed"), column("verbatimSRS"),
    ),
    RecordTest(
        "PARKWATCH_DATUM_SCATTER", "warning", "verbatimSRS", lambda r, _: r.datumSuspected.notnull(),
        column("verbatimSRS"), column("datumSuspected"),
    ),
    RecordTest(
        "PARKWATCH_COORDINATES_SIGN", "error", _half_of_the_wrong_sign, sign_lost, pair,
    ),
    RecordTest(
        "VALIDATION_DECIMALLATITUDE_INRANGE", "error", "decimalLatitude",
        lambda r, context: (r.decimalLatitude.abs() > 90) & ~transposed(r, context),
        column("verbatimLatitude"),
        bdqLabel="VALIDATION_DECIMALLATITUDE_INRANGE", bdqGuid="b6ecda2a-ce36-437a-b515-3ae94948fe83",
    ),
    RecordTest(
        "VALIDATION_DECIMALLONGITUDE_INRANGE", "error", "decimalLongitude",
        lambda r, _: r.decimalLongitude.abs() > 180, column("verbatimLongitude"),
        bdqLabel="VALIDATION_DECIMALLONGITUDE_INRANGE", bdqGuid="0949110d-c06b-450e-9649-7c1374d940d1",
    ),
    RecordTest(
        "VALIDATION_COORDINATES_NOTZERO", "error", "decimalLatitude",
        lambda r, _: (r.decimalLatitude == 0) & (r.decimalLongitude == 0), pair,
        bdqLabel="VALIDATION_COORDINATES_NOTZERO", bdqGuid="1bf0e210-6792-4128-b8cc-ab6828aa4871",
    ),
    RecordTest(
        "PARKWATCH_COORDINATES_TRANSPOSED", "error", "decimalLatitude", transposed, pair,
        lambda r: r.verbatimLatitude + ", " + r.verbatimLongitude,
    ),
    RecordTest(
        "VALIDATION_COORDINATEUNCERTAINTY_INRANGE", "warning", "coordinateUncertaintyInMeters",
        lambda r, _: (r.coordinateUncertaintyInMeters <= 0) | (r.coordinateUncertaintyInMeters > 20_037_509),
        _metres,
        bdqLabel="VALIDATION_COORDINATEUNCERTAINTY_INRANGE", bdqGuid="c6adf2ea-3051-4498-97f4-4b2f8a105f57",
    ),
    RecordTest(
        "PARKWATCH_COORDINATES_PRECISE", "warning", "coordinateUncertaintyInMeters",
        lambda r, context: r.coordinateUncertaintyInMeters > context.thresholds.maximumUncertaintyInMeters,
        _metres,
    ),
    RecordTest(
        "VALIDATION_GEODETICDATUM_NOTEMPTY", "info", "verbatimSRS",
        lambda r, _: has_point(r) & r.verbatimSRS.isnull(), column("verbatimSRS"),
        bdqLabel="VALIDATION_GEODETICDATUM_NOTEMPTY", bdqGuid="239ec40e-a729-4a8e-ba69-e0bf03ac1c44",
    ),
    RecordTest(
        "PARKWATCH_DATUM_KNOWN", "warning", "verbatimSRS",
        lambda r, _: has_point(r) & ~r.verbatimSRS.re_search(KNOWN_DATUMS), column("verbatimSRS"),
    ),
)  # fmt: skip
