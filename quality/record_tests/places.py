"""Places: whether a record lies somewhere we report on, and where it says it does."""

from __future__ import annotations

from typing import Any

import ibis

from quality.record_tests.coordinates import sign_lost, transposed
from quality.record_tests.record_test import RecordTest, column, pair, wrote_coordinates


def _named_place(r: Any) -> Any:
    return ibis.coalesce(r.locality, r.locationID, r.county)


PLACES = (
    RecordTest(
        "PARKWATCH_PLACE_NOTEMPTY", "error", "locality",
        lambda r, _: ~wrote_coordinates(r) & r.locatedBy.isnull() & _named_place(r).isnull(), _named_place,
    ),
    RecordTest(
        "PARKWATCH_PLACE_KNOWN", "error", "locality",
        lambda r, _: ~wrote_coordinates(r) & r.locatedBy.isnull() & _named_place(r).notnull(), _named_place,
    ),
    RecordTest(
        "PARKWATCH_WITHIN_REACH", "error", "decimalLatitude",
        lambda r, context: ~transposed(r, context)
        & ~((r.decimalLatitude == 0) & (r.decimalLongitude == 0))
        & ~sign_lost(r, context) & (r.coordinateNote.fill_null("") != "zone-other")
        & (r.distanceToRegionInKilometers > context.thresholds.bufferInKilometers),
        pair,
    ),
    RecordTest(
        "PARKWATCH_SURVEY_WITHIN_REGION", "warning", "decimalLatitude",
        lambda r, context: (r.source == "survey")
        & r.distanceToRegionInKilometers.between(1e-9, context.thresholds.bufferInKilometers),
        pair,
    ),
    RecordTest(
        "PARKWATCH_POINT_IN_NAMED_PLACE", "warning", "decimalLatitude",
        lambda r, _: (r.locatedBy == "coordinates") & ~r.withinRegion
        & (r.namedDivisionID.notnull() | r.namedSiteID.notnull()),
        pair, lambda r, _: ibis.coalesce(r.namedSiteID, r.namedDivisionID),
    ),
    RecordTest(
        "PARKWATCH_CIRCLE_WITHIN_SITE", "info", "coordinateUncertaintyInMeters",
        lambda r, _: r.sitesLeft.length() > 0, column("coordinateUncertaintyInMeters"),
        lambda r, _: r.sitesLeft.join(", "),
    ),
    RecordTest(
        "PARKWATCH_DIVISION_CONSISTENT", "warning", "locality",
        # a corridor runs through several divisions: a point inside the named site is consistent
        lambda r, _: (r.locatedBy == "coordinates") & r.withinRegion & (r.namedDivisionID != r.divisionID)
        & ~r.siteIDs.contains(r.namedSiteID).fill_null(False),
        lambda r: r.locality.fill_null(r.county), lambda r, _: r.divisionID,
    ),
)  # fmt: skip
