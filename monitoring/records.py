"""Records: surveys and GBIF brought together, matched to a taxon and located; one row per row read.

Reading each source belongs to `surveys` and `gbif`, judging the records to `quality`.
"""

from __future__ import annotations

from typing import Any

import duckdb
import ibis

from gbif.standard import standard_gbif
from monitoring.datum_scatter import SUSPECTED_DATUMS, suspected_datums
from monitoring.name_matches import match_names_of_records
from monitoring.obscured import is_obscured
from monitoring.sites import NAMED_PLACES, locate_points, name_places, place_text
from monitoring.visits import find_visits
from species.matching import SEPARATOR
from store.engine import duckdb_engine, sql_for
from store.home import Home
from store.region import Region
from store.warehouse import count_rows, replace_rows
from surveys.readings import Readings, read_surveys
from surveys.standard import survey_records

STANDARD = "tmp_standard"
MATCHED = (
    "nameText", "taxonID", "matchType", "matchedName", "identificationQualifier", "cultivarEpithet", "waitsForPerson",
)  # fmt: skip
# A number that needs no sorting of all rows: the place of the submission among all, then that of the row in it.
WITH_ROW_ID = """
WITH submission AS (
    SELECT submissionId, row_number() OVER (ORDER BY kind DESC, submissionId) AS place FROM raw_submission
)
SELECT place * 10_000_000_000 + rowNumber AS rowId, located.* EXCLUDE (rowNumber), fault.visitFaults
FROM ({located}) AS located JOIN submission USING (submissionId)
LEFT JOIN tmp_visit_fault AS fault ON fault.eventKey = located.eventKey AND fault.firstRow = located.rowNumber
"""


def build_records(connection: duckdb.DuckDBPyConnection, region: Region, home: Home | None = None) -> int:
    """Rebuild core_record from the raw_ tables, core_name and core_site; returns the number of rows.

    What people decided on names is kept in the `home`.
    """
    match_names_of_records(connection, home)
    engine = duckdb_engine(connection)
    readings = read_surveys(engine, region.extent, region.timeZone)
    has_gbif = count_rows(connection, "raw_gbif") > 0
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {STANDARD} AS {sql_for(engine, _standard, readings, has_gbif)}"
    )
    locate_points(connection, region, STANDARD)
    name_places(engine, region, STANDARD)
    suspected_datums(engine, region, STANDARD)
    located = sql_for(engine, _located, region.thresholds.maximumUncertaintyInMeters)
    find_visits(connection, STANDARD, "record.rowNumber")
    rows = replace_rows(connection, "core_record", WITH_ROW_ID.format(located=located))
    connection.execute(f"DROP TABLE {STANDARD}")
    return rows


def _standard(engine: Any, readings: Readings, has_gbif: bool) -> Any:
    """The standard records of both sources; those of an empty one take time to compile and add nothing."""
    surveys = survey_records(engine, readings)
    return ibis.union(surveys, standard_gbif(engine)) if has_gbif else surveys


def _located(engine: Any, maximum_uncertainty: float) -> Any:
    """Standard records with their match and their place, in the columns of core_record."""
    matches = engine.table("core_name_match").select(*MATCHED)
    joined = _joined(engine.table(STANDARD), matches, engine.table("tmp_point"), engine.table(NAMED_PLACES))
    return _with_suspected_datums(_placed(joined, maximum_uncertainty), engine.table(SUSPECTED_DATUMS))


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


def _joined(standard: Any, matches: Any, points: Any, places: Any) -> Any:
    keyed = standard.mutate(nameText=_name_text(standard), placeText=place_text(standard))
    return (
        keyed.left_join(matches, keyed.nameText == matches.nameText, rname="match_{name}")
        .left_join(
            points,
            [keyed.decimalLongitude == points.longitude, keyed.decimalLatitude == points.latitude],
        )
        .left_join(places, keyed.placeText == places.placeText, rname="named_{name}")
    )


def _name_text(records: Any) -> Any:
    """The two names of a record as one text, by which its match is found."""
    written = records.verbatimScientificName.fill_null("")
    return written + SEPARATOR + records.verbatimVernacularName.fill_null("")


def _placed(joined: Any, maximum_uncertainty: float) -> Any:
    """Where a record is: by its point, unless that is too vague, or else by the place it names."""
    has_point = joined.cellCode.notnull()
    obscured = is_obscured(joined)
    vague = (joined.coordinateUncertaintyInMeters > maximum_uncertainty).fill_null(False) | obscured
    nowhere = ibis.literal([], type="array<string>")
    named_site = joined.namedSiteID.notnull().ifelse(ibis.array([joined.namedSiteID]), nowhere)
    one_year = joined.eventDateStart.year() == joined.eventDateEnd.year()
    one_month = one_year & (joined.eventDateStart.month() == joined.eventDateEnd.month())
    located = joined.mutate(
        matchType=joined.matchType.fill_null("NONE"),
        waitsForPerson=joined.waitsForPerson.fill_null(False),
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
        isObscured=obscured,
        siteIDs=has_point.ifelse(vague.ifelse(nowhere, joined.siteIDs), named_site),
    )
    return located.drop("nameText", "match_nameText", "placeText", "named_placeText", "longitude", "latitude")
