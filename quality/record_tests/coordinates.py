"""Coordinates: whether they could be read, on which datum, and what was probably meant instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ibis

from quality.record_tests.record_test import Context, RecordTest, column, has_point, pair, wrote_coordinates
from store.region import Extent

KNOWN_DATUMS = (
    r"(?i)wgs|cgcs|gcj|bd.?09|epsg|4326|4490|高德|腾讯|火星|百度|微信|谷歌|国家 ?2000|2000国家|^2000$|^gps$|utm"
    r"|西安|北京|xi.?an|beijing|bj.?54|4610|4214|天地图|国测局|amap|baidu|tencent"
)
PLAIN_DEGREES = r"^[+-]?[0-9]+(\.[0-9]+)?$"


def transposed(r: Any, context: Context) -> Any:
    """Longitude and latitude fit the region (with its buffer) only the other way round."""
    margin = context.thresholds.bufferInKilometers / 80.0  # a degree of longitude is about 80 km or more here
    west, east = context.extent.west - margin, context.extent.east + margin
    south, north = context.extent.south - margin, context.extent.north + margin
    as_written = r.decimalLongitude.between(west, east) & r.decimalLatitude.between(south, north)
    swapped = r.decimalLatitude.between(west, east) & r.decimalLongitude.between(south, north)
    return swapped & ~as_written


def _fits(longitude: Any, latitude: Any, extent: Extent) -> Any:
    return longitude.between(extent.west, extent.east) & latitude.between(extent.south, extent.north)


def sign_lost(r: Any, context: Context) -> Any:
    """The point fits the region only with another sign of longitude, latitude or both."""
    x, y, extent = r.decimalLongitude, r.decimalLatitude, context.extent
    with_another = _fits(-x, y, extent) | _fits(x, -y, extent) | _fits(-x, -y, extent)
    return with_another & ~_fits(x, y, extent)


def _halves_of_the_wrong_sign(r: Any, context: Context) -> tuple[Any, Any]:
    """Whether the longitude has the wrong sign, and whether the latitude has; both only where neither alone helps."""
    x, y, extent = r.decimalLongitude, r.decimalLatitude, context.extent
    return _fits(-x, y, extent) | ~_fits(x, -y, extent), ~_fits(-x, y, extent)


def _half_of_the_wrong_sign(r: Any, context: Context) -> Any:
    longitude_is_wrong, _ = _halves_of_the_wrong_sign(r, context)
    return longitude_is_wrong.ifelse("decimalLongitude", "decimalLatitude")


def _with_signs_put_right(r: Any, context: Context) -> Any:
    """Both halves as written but for the sign; in decimal degrees where they were written in any other way."""
    longitude_is_wrong, latitude_is_wrong = _halves_of_the_wrong_sign(r, context)
    return (
        _signed(r.verbatimLongitude, r.decimalLongitude, longitude_is_wrong)
        + ", "
        + _signed(r.verbatimLatitude, r.decimalLatitude, latitude_is_wrong)
    )


def _signed(written: Any, degrees: Any, is_wrong: Any) -> Any:
    digits = written.re_replace("^[+-]", "")
    negated = written.startswith("-").ifelse(digits, ibis.literal("-") + digits)
    return (
        written.re_search(PLAIN_DEGREES)
        .fill_null(False)
        .ifelse(is_wrong.ifelse(negated, written), _degrees(is_wrong.ifelse(-degrees, degrees)))
    )


def _unread_half(r: Any, _: Context) -> Any:
    """The half that is missing or cannot be read; the longitude where it is both."""
    only_latitude_fails = r.decimalLongitude.notnull() & r.decimalLatitude.isnull()
    return only_latitude_fails.ifelse("decimalLatitude", "decimalLongitude")


def _noted(note: str) -> Callable[[Any, Context], Any]:
    return lambda r, _: r.coordinateNote == note


def _metres(r: Any) -> Any:
    return r.coordinateUncertaintyInMeters.cast("string").re_replace(r"\.0$", "")


def _proposal(r: Any, _: Context) -> Any:
    return r.coordinateProposal


def _degrees(value: Any) -> Any:
    return value.round(7).cast("string")


def _as_read(r: Any, _: Context) -> Any:
    return _degrees(r.decimalLongitude) + ", " + _degrees(r.decimalLatitude)


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
        column("verbatimSRS"), lambda r, _: r.datumSuspected,
    ),
    RecordTest(
        "PARKWATCH_COORDINATES_SIGN", "error", _half_of_the_wrong_sign, sign_lost, pair, _with_signs_put_right,
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
        lambda r, _: r.verbatimLatitude + ", " + r.verbatimLongitude,
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
