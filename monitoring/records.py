"""Records: surveys and GBIF brought together, matched to a taxon and located; one row per row read.

Reading each source belongs to `surveys` and `gbif`, judging the records to `quality`.
"""

from __future__ import annotations

from typing import Any

import duckdb
import ibis

from gbif.standard import standard_gbif
from monitoring.datum_scatter import suspected_datums
from monitoring.sites import locate_points, name_places, place_text
from monitoring.visits import find_visits
from species.matching import match_names, name_text
from store.engine import duckdb_engine, sql_of
from store.region import Region
from store.warehouse import replace_rows
from surveys.standard import standard_surveys

# A number that needs no sorting of all rows: the place of the submission among all, then that of the row in it.
WITH_ROW_ID = """
WITH submission AS (
    SELECT submissionId, row_number() OVER (ORDER BY kind DESC, submissionId) AS place FROM raw_submission
)
SELECT place * 10_000_000_000 + rowNumber AS rowId, located.* EXCLUDE (rowNumber), fault.visitFaults
FROM ({located}) AS located JOIN submission USING (submissionId)
LEFT JOIN tmp_visit_fault AS fault ON fault.eventKey = located.eventKey AND fault.firstRow = located.rowNumber
"""


def build_records(connection: duckdb.DuckDBPyConnection, region: Region) -> int:
    """Rebuild core_record from the raw_ tables, core_name and core_site; returns the number of rows."""
    engine = duckdb_engine(connection)
    both = ibis.union(standard_surveys(engine, region.extent, region.timeZone), standard_gbif(engine))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE tmp_standard AS {sql_of(both)}")
    standard = engine.table("tmp_standard")
    locate_points(connection, region, "tmp_standard")
    matches = match_names(engine, standard)
    places = name_places(engine, region, standard)
    located = _joined(standard, matches, engine.table("tmp_point"), places, region)
    located = _with_suspected_datums(located, suspected_datums(engine, region, standard, places))
    find_visits(connection, "tmp_standard", "record.rowNumber")
    rows = replace_rows(connection, "core_record", WITH_ROW_ID.format(located=sql_of(located)))
    connection.execute("DROP TABLE tmp_standard")
    return rows


def _with_suspected_datums(located: Any, suspected: Any) -> Any:
    joined = located.left_join(
        suspected,
        [
            located.submissionId == suspected.submissionId,
            located.verbatimSRS.fill_null("") == suspected.writtenSRS,
            located.cellCode.notnull(),
        ],
        rname="suspected_{name}",
    )
    return joined.drop("suspected_submissionId", "writtenSRS")


def _joined(standard: Any, matches: Any, points: Any, places: Any, region: Region) -> Any:
    """Standard records with their match and their place, in the columns of core_record."""
    keyed = standard.mutate(nameText=name_text(standard), placeText=place_text(standard))
    joined = (
        keyed.left_join(matches, keyed.nameText == matches.nameText, rname="match_{name}")
        .left_join(
            points,
            [keyed.decimalLongitude == points.longitude, keyed.decimalLatitude == points.latitude],
        )
        .left_join(places, keyed.placeText == places.placeText, rname="named_{name}")
    )
    has_point = joined.cellCode.notnull()
    vague = joined.coordinateUncertaintyInMeters > region.thresholds.maximumUncertaintyInMeters
    nowhere = ibis.literal([], type="array<string>")
    named_site = joined.namedSiteID.notnull().ifelse(ibis.array([joined.namedSiteID]), nowhere)
    one_year = joined.eventDateStart.year() == joined.eventDateEnd.year()
    one_month = one_year & (joined.eventDateStart.month() == joined.eventDateEnd.month())
    located = joined.mutate(
        matchType=joined.matchType.fill_null("NONE"),
        year=one_year.ifelse(joined.eventDateStart.year(), ibis.null("int16")).cast("int16"),
        month=one_month.ifelse(joined.eventDateStart.month(), ibis.null("int8")).cast("int8"),
        locatedBy=ibis.cases(
            (has_point, "coordinates"),
            (joined.namedSiteID.notnull(), "site"),
            (joined.namedDivisionID.notnull(), "division"),
            else_=ibis.null("string"),
        ),
        withinRegion=has_point.ifelse(joined.withinRegion, joined.namedDivisionID.notnull()),
        divisionID=has_point.ifelse(joined.divisionID, joined.namedDivisionID),
        siteIDs=has_point.ifelse(vague.fill_null(False).ifelse(nowhere, joined.siteIDs), named_site),
    )
    return located.drop("nameText", "match_nameText", "placeText", "named_placeText", "longitude", "latitude")
