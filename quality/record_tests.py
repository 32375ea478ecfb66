"""Record tests: what is asked of every record, each an Ibis expression that is true where the test is failed.

Names and GUIDs are those of TDWG's Biodiversity Data Quality tests (BDQ Core) where BDQ asks the same; tests of
our own begin with PARKWATCH_. The texts for people are in `messages.toml` under the test's id; applying the tests
belongs to `flags`, contracts about whole tables to `suites`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import ibis

from store.region import Extent, Thresholds

TEST_VERSION = "1"
Severity = Literal["reject", "error", "warning", "info"]

# Darwin Core's controlled values: https://dwc.tdwg.org/terms/#dwc:basisOfRecord
BASES_OF_RECORD = (
    "PreservedSpecimen", "FossilSpecimen", "LivingSpecimen", "MaterialSample", "HumanObservation",
    "MachineObservation", "Observation", "MaterialCitation", "Occurrence", "Event", "MaterialEntity",
)  # fmt: skip
# 45811, 6月3日 and 25年6月3日 are read, but their author should see as what.
WRITTEN_WITH_ITS_YEAR = r"(^|[^0-9])(1[6-9]|20)[0-9]{2}([^0-9]|$|[0-9]{4}([^0-9]|$))"
KNOWN_DATUMS = (
    r"(?i)wgs|cgcs|gcj|bd.?09|epsg|4326|4490|高德|腾讯|火星|百度|微信|谷歌|国家 ?2000|2000国家|^2000$|^gps$|utm"
    r"|西安|北京|xi.?an|beijing|bj.?54|4610|4214|天地图|国测局|amap|baidu|tencent"
)
TYPED_WITHOUT_ITS_NOUGHT = r"^[0-9]{4}\.1$"


@dataclass(frozen=True)
class Context:
    """What a test may know beside the record: the region's extent and thresholds, the day of judgement."""

    extent: Extent
    thresholds: Thresholds
    today: date


@dataclass(frozen=True)
class RecordTest:
    """One test. `fails` and `suggestion` take the records (Ibis table) and the context."""

    id: str
    severity: Severity
    term: str
    fails: Callable[[Any, Context], Any]
    value: Callable[[Any], Any]
    suggestion: Callable[[Any], Any] | None = None
    bdqLabel: str | None = None
    bdqGuid: str | None = None


def _fault(name: str) -> Callable[[Any, Context], Any]:
    return lambda r, _: r.rowFault == name


def _outside(value: Any, low: float, high: float) -> Any:
    return (value < low) | (value > high)


def _has_name(r: Any) -> Any:
    return r.verbatimScientificName.notnull() | r.verbatimVernacularName.notnull()


def _wrote_coordinates(r: Any) -> Any:
    return r.verbatimLatitude.notnull() | r.verbatimLongitude.notnull()


def _has_point(r: Any) -> Any:
    return r.decimalLatitude.notnull() & r.decimalLongitude.notnull()


def _transposed(r: Any, context: Context) -> Any:
    """Longitude and latitude fit the region (with its buffer) only the other way round."""
    margin = context.thresholds.bufferInKilometers / 80.0  # a degree of longitude is about 80 km or more here
    west, east = context.extent.west - margin, context.extent.east + margin
    south, north = context.extent.south - margin, context.extent.north + margin
    as_written = r.decimalLongitude.between(west, east) & r.decimalLatitude.between(south, north)
    swapped = r.decimalLatitude.between(west, east) & r.decimalLongitude.between(south, north)
    return swapped & ~as_written


def _sign_lost(r: Any, context: Context) -> Any:
    """The point fits the region only with another sign of longitude, latitude or both."""

    def fits(longitude: Any, latitude: Any) -> Any:
        extent = context.extent
        return longitude.between(extent.west, extent.east) & latitude.between(extent.south, extent.north)

    x, y = r.decimalLongitude, r.decimalLatitude
    return (fits(-x, y) | fits(x, -y) | fits(-x, -y)) & ~fits(x, y)


def _noted(note: str) -> Callable[[Any, Context], Any]:
    return lambda r, _: r.coordinateNote == note


def _proposal(r: Any) -> Any:
    return r.coordinateProposal


def _as_read(r: Any) -> Any:
    return r.decimalLongitude.round(7).cast("string") + ", " + r.decimalLatitude.round(7).cast("string")


def _names(r: Any) -> Any:
    return r.verbatimScientificName.fill_null(r.verbatimVernacularName)


def _pair(r: Any) -> Any:
    return r.verbatimLongitude.fill_null("") + ", " + r.verbatimLatitude.fill_null("")


def _as_counted(r: Any) -> Any:
    """individualCount where there is one, else the quantity with its unit."""
    return r.individualCount.cast("string").fill_null(
        r.organismQuantity + " (" + r.organismQuantityType + ")"
    )


def _column(name: str) -> Callable[[Any], Any]:
    return lambda r: r[name].cast("string")


ROW_FAULTS = tuple(
    RecordTest(f"PARKWATCH_ROW_{name.upper()}", "reject", "row", _fault(name), lambda r: r.recordId)
    for name in ("empty", "total", "note", "duplicate", "replaced")
)

NAMES = (
    RecordTest(
        "VALIDATION_TAXON_NOTEMPTY", "error", "scientificName", lambda r, _: ~_has_name(r), _names,
        bdqLabel="VALIDATION_TAXON_NOTEMPTY", bdqGuid="06851339-843f-4a43-8422-4e61b9a00e75",
    ),
    RecordTest(
        "VALIDATION_SCIENTIFICNAME_FOUND", "error", "scientificName",
        lambda r, _: _has_name(r) & (r.matchType == "NONE"), _names,
        bdqLabel="VALIDATION_SCIENTIFICNAME_FOUND", bdqGuid="3f335517-f442-4b98-b149-1e87ff16de45",
    ),
    RecordTest(
        "VALIDATION_TAXON_UNAMBIGUOUS", "error", "scientificName", lambda r, _: r.matchType == "AMBIGUOUS",
        _names, lambda r: r.matchedName,
        bdqLabel="VALIDATION_TAXON_UNAMBIGUOUS", bdqGuid="4c09f127-737b-4686-82a0-7c8e30841590",
    ),
    RecordTest(
        "PARKWATCH_NAME_HIGHERRANK", "info", "scientificName", lambda r, _: r.matchType == "HIGHERRANK", _names,
        lambda r: r.matchedName,
    ),
)  # fmt: skip

DATES = (
    RecordTest(
        "VALIDATION_EVENTDATE_NOTEMPTY", "error", "eventDate", lambda r, _: r.verbatimEventDate.isnull(),
        _column("verbatimEventDate"),
        bdqLabel="VALIDATION_EVENTDATE_NOTEMPTY", bdqGuid="f51e15a6-a67d-4729-9c28-3766299d2985",
    ),
    RecordTest(
        "VALIDATION_EVENTDATE_STANDARD", "error", "eventDate",
        lambda r, _: r.verbatimEventDate.notnull() & r.eventDateStart.isnull(), _column("verbatimEventDate"),
        bdqLabel="VALIDATION_EVENTDATE_STANDARD", bdqGuid="4f2bf8fd-fc5c-493f-a44c-e7b16153c803",
    ),
    RecordTest(
        "VALIDATION_EVENTDATE_INRANGE", "error", "eventDate",
        lambda r, context: (r.eventDateStart > ibis.least(
            ibis.literal(context.today), (r.firstSeen + ibis.interval(days=1)).date()))
        | (r.eventDateEnd.year() < context.thresholds.earliestYear),
        _column("verbatimEventDate"),
        bdqLabel="VALIDATION_EVENTDATE_INRANGE", bdqGuid="3cff4dc4-72e9-4abe-9bf3-8a30f1618432",
    ),
    RecordTest(
        "PARKWATCH_EVENTDATE_INTERPRETED", "info", "eventDate",
        lambda r, _: (r.source == "survey") & r.eventDate.notnull()
        & ~r.verbatimEventDate.re_search(WRITTEN_WITH_ITS_YEAR),
        _column("verbatimEventDate"), lambda r: r.eventDate,
    ),
    RecordTest(
        "PARKWATCH_EVENTDATE_TRAILINGZERO", "warning", "eventDate",
        lambda r, _: (r.source == "survey") & r.verbatimEventDate.re_search(TYPED_WITHOUT_ITS_NOUGHT),
        _column("verbatimEventDate"), lambda r: r.verbatimEventDate + "0",
    ),
    RecordTest(
        "PARKWATCH_EVENTTIME_READABLE", "warning", "eventTime",
        lambda r, _: r.verbatimEventTime.notnull() & r.eventTime.isnull(), _column("verbatimEventTime"),
    ),
    RecordTest(
        "PARKWATCH_EVENTDATE_PRECISE", "info", "eventDate",
        lambda r, _: r.eventDateStart.year() != r.eventDateEnd.year(), _column("eventDate"),
    ),
)  # fmt: skip

COORDINATES = (
    RecordTest(
        "PARKWATCH_COORDINATES_READABLE", "error", "decimalLatitude",
        lambda r, _: _wrote_coordinates(r) & ~_has_point(r)
        & r.coordinateNote.fill_null("").notin(["scaled", "zone-open"]),
        _pair,
    ),
    RecordTest(
        "PARKWATCH_COORDINATES_SCALED", "error", "decimalLongitude", _noted("scaled"), _pair, _proposal,
    ),
    RecordTest(
        "PARKWATCH_COORDINATES_ZONE_OPEN", "error", "decimalLongitude", _noted("zone-open"), _pair, _proposal,
    ),
    RecordTest(
        "PARKWATCH_COORDINATES_ZONE_OTHER", "error", "decimalLongitude", _noted("zone-other"), _pair, _proposal,
    ),
    RecordTest(
        "PARKWATCH_COORDINATES_ZONE_ASSUMED", "warning", "decimalLongitude", _noted("zone-assumed"), _pair, _proposal,
    ),
    RecordTest(
        "PARKWATCH_COORDINATES_INTERPRETED", "info", "decimalLongitude", _noted("interpreted"), _pair, _as_read,
    ),
    RecordTest(
        "PARKWATCH_DATUM_TRANSFORMED", "warning", "verbatimSRS", _noted("untransformed"), _column("verbatimSRS"),
    ),
    RecordTest(
        "PARKWATCH_COORDINATES_SIGN", "error", "decimalLongitude", _sign_lost, _pair,
    ),
    RecordTest(
        "VALIDATION_DECIMALLATITUDE_INRANGE", "error", "decimalLatitude",
        lambda r, context: _outside(r.decimalLatitude, -90, 90) & ~_transposed(r, context),
        _column("verbatimLatitude"),
        bdqLabel="VALIDATION_DECIMALLATITUDE_INRANGE", bdqGuid="b6ecda2a-ce36-437a-b515-3ae94948fe83",
    ),
    RecordTest(
        "VALIDATION_DECIMALLONGITUDE_INRANGE", "error", "decimalLongitude",
        lambda r, _: _outside(r.decimalLongitude, -180, 180), _column("verbatimLongitude"),
        bdqLabel="VALIDATION_DECIMALLONGITUDE_INRANGE", bdqGuid="0949110d-c06b-450e-9649-7c1374d940d1",
    ),
    RecordTest(
        "VALIDATION_COORDINATES_NOTZERO", "error", "decimalLatitude",
        lambda r, _: (r.decimalLatitude == 0) & (r.decimalLongitude == 0), _pair,
        bdqLabel="VALIDATION_COORDINATES_NOTZERO", bdqGuid="1bf0e210-6792-4128-b8cc-ab6828aa4871",
    ),
    RecordTest(
        "PARKWATCH_COORDINATES_TRANSPOSED", "error", "decimalLatitude", _transposed, _pair,
        lambda r: r.verbatimLatitude + ", " + r.verbatimLongitude,
    ),
    RecordTest(
        "VALIDATION_COORDINATEUNCERTAINTY_INRANGE", "warning", "coordinateUncertaintyInMeters",
        lambda r, _: (r.coordinateUncertaintyInMeters <= 0) | (r.coordinateUncertaintyInMeters > 20_037_509),
        _column("coordinateUncertaintyInMeters"),
        bdqLabel="VALIDATION_COORDINATEUNCERTAINTY_INRANGE", bdqGuid="c6adf2ea-3051-4498-97f4-4b2f8a105f57",
    ),
    RecordTest(
        "PARKWATCH_COORDINATES_PRECISE", "warning", "coordinateUncertaintyInMeters",
        lambda r, context: r.coordinateUncertaintyInMeters > context.thresholds.maximumUncertaintyInMeters,
        _column("coordinateUncertaintyInMeters"),
    ),
    RecordTest(
        "VALIDATION_GEODETICDATUM_NOTEMPTY", "info", "verbatimSRS",
        lambda r, _: _has_point(r) & r.verbatimSRS.isnull(), _column("verbatimSRS"),
        bdqLabel="VALIDATION_GEODETICDATUM_NOTEMPTY", bdqGuid="239ec40e-a729-4a8e-ba69-e0bf03ac1c44",
    ),
    RecordTest(
        "PARKWATCH_DATUM_KNOWN", "warning", "verbatimSRS",
        lambda r, _: _has_point(r) & ~r.verbatimSRS.re_search(KNOWN_DATUMS), _column("verbatimSRS"),
    ),
)  # fmt: skip

PLACES = (
    RecordTest(
        "PARKWATCH_PLACE_KNOWN", "error", "locality", lambda r, _: ~_wrote_coordinates(r) & r.locatedBy.isnull(),
        lambda r: r.locality.fill_null(r.locationID),
    ),
    RecordTest(
        "PARKWATCH_WITHIN_REACH", "error", "decimalLatitude",
        lambda r, context: ~_transposed(r, context)
        & ~((r.decimalLatitude == 0) & (r.decimalLongitude == 0))
        & ~_sign_lost(r, context) & (r.coordinateNote.fill_null("") != "zone-other")
        & (r.distanceToRegionInKilometers > context.thresholds.bufferInKilometers),
        _pair,
    ),
    RecordTest(
        "PARKWATCH_SURVEY_WITHIN_REGION", "warning", "decimalLatitude",
        lambda r, context: (r.source == "survey")
        & r.distanceToRegionInKilometers.between(1e-9, context.thresholds.bufferInKilometers),
        _pair,
    ),
    RecordTest(
        "PARKWATCH_DIVISION_CONSISTENT", "warning", "locality",
        # a corridor runs through several divisions: a point inside the named site is consistent
        lambda r, _: (r.locatedBy == "coordinates") & r.withinRegion & (r.namedDivisionID != r.divisionID)
        & ~r.siteIDs.contains(r.namedSiteID).fill_null(False),
        lambda r: r.locality.fill_null(r.county), lambda r: r.divisionID,
    ),
)  # fmt: skip

OCCURRENCE = (
    RecordTest(
        "VALIDATION_OCCURRENCESTATUS_STANDARD", "error", "occurrenceStatus",
        lambda r, _: r.occurrenceStatus.notin(["detected", "notDetected"]), _column("occurrenceStatus"),
        bdqLabel="VALIDATION_OCCURRENCESTATUS_STANDARD", bdqGuid="7af25f1e-a4e2-4ff4-b161-d1f25a5c3e47",
    ),
    RecordTest(
        "VALIDATION_BASISOFRECORD_STANDARD", "warning", "basisOfRecord",
        lambda r, _: r.basisOfRecord.notin(BASES_OF_RECORD), _column("basisOfRecord"),
        bdqLabel="VALIDATION_BASISOFRECORD_STANDARD", bdqGuid="42408a00-bf71-4892-a399-4325e2bc1fb8",
    ),
    RecordTest(
        "PARKWATCH_BASISOFRECORD_LIVING", "error", "basisOfRecord",
        lambda r, _: r.basisOfRecord == "FossilSpecimen", _column("basisOfRecord"),
    ),
    RecordTest(
        "PARKWATCH_COUNT_READABLE", "warning", "individualCount",
        lambda r, _: (r.organismQuantityType == "verbatim") & r.verbatimOrganismQuantity.isnull(),
        _column("verbatimIndividualCount"),
    ),
    RecordTest(
        "PARKWATCH_COUNT_INTERPRETED", "info", "individualCount",
        lambda r, _: (r.source == "survey") & r.verbatimIndividualCount.notnull()
        & r.verbatimOrganismQuantity.isnull() & (r.organismQuantityType != "verbatim"),
        _column("verbatimIndividualCount"), _as_counted,
    ),
    RecordTest(
        "PARKWATCH_QUANTITY_READABLE", "warning", "organismQuantity",
        lambda r, _: (r.organismQuantityType == "verbatim") & r.verbatimOrganismQuantity.notnull(),
        _column("verbatimOrganismQuantity"),
    ),
    RecordTest(
        "PARKWATCH_COUNT_NOTNEGATIVE", "error", "individualCount", lambda r, _: r.individualCount < 0,
        _column("verbatimIndividualCount"),
    ),
    RecordTest(
        "PARKWATCH_COUNT_PROBABLE", "warning", "individualCount",
        lambda r, context: r.individualCount > context.thresholds.improbableCount,
        _column("verbatimIndividualCount"),
    ),
    RecordTest(
        "PARKWATCH_STATUS_COUNT_CONSISTENT", "warning", "occurrenceStatus",
        lambda r, _: ((r.occurrenceStatus == "detected") & (r.individualCount == 0))
        | ((r.occurrenceStatus == "notDetected") & (r.individualCount > 0)),
        _column("verbatimIndividualCount"),
    ),
    RecordTest(
        "ISSUE_DATAGENERALIZATIONS_NOTEMPTY", "info", "dataGeneralizations",
        lambda r, _: r.dataGeneralizations.notnull(), _column("dataGeneralizations"),
        bdqLabel="ISSUE_DATAGENERALIZATIONS_NOTEMPTY", bdqGuid="13d5a10e-188e-40fd-a22c-dbaa87b91df2",
    ),
)  # fmt: skip

RECORD_TESTS: tuple[RecordTest, ...] = (*ROW_FAULTS, *NAMES, *DATES, *COORDINATES, *PLACES, *OCCURRENCE)
