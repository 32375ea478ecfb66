"""Records: surveys and GBIF brought together, matched to a taxon and located; one row per row read.

Reading each source belongs to `surveys` and `gbif`, judging the records to `quality`.
"""

from __future__ import annotations

from typing import Any

import duckdb
import ibis
from ibis import _

from gbif.standard import standard_gbif, superseded_faults
from monitoring.datum_scatter import SUSPECTED_DATUMS, suspected_datums
from monitoring.name_matches import match_names_of_records
from monitoring.obscured import is_obscured
from monitoring.sites import NAMED_PLACES, locate_points, name_places, place_text
from monitoring.touched import (
    TOUCHED_GBIF,
    TOUCHED_SUPERSEDED,
    TOUCHED_VERSIONS,
    Touched,
    find_touched,
    forget_touched,
    note_made,
)
from monitoring.visits import find_visits
from species.matching import SEPARATOR
from store.engine import duckdb_engine, sql_for
from store.home import Home
from store.region import Region
from store.warehouse import ROWS_OF_A_SUBMISSION, count_rows, note_build, transaction
from surveys.readings import Readings, read_surveys
from surveys.standard import survey_records

STANDARD = "tmp_standard"
MATCHED = (
    "nameText", "taxonID", "matchType", "matchedName", "identificationQualifier", "cultivarEpithet", "waitsForPerson",
)  # fmt: skip
# A number that needs no sorting of all rows: that of the submission, then that of the row in it.
WITH_ROW_ID = """
SELECT place * {rows_of_a_submission} + rowNumber AS rowId, located.* EXCLUDE (rowNumber), fault.visitFaults
FROM ({located}) AS located JOIN (SELECT submissionId, place FROM raw_submission) USING (submissionId)
LEFT JOIN tmp_visit_fault AS fault ON fault.eventKey = located.eventKey AND fault.firstRow = located.rowNumber
"""
MARK_SUPERSEDED = """
UPDATE core_record SET rowFault = superseded.rowFault FROM ({faults}) AS superseded
WHERE core_record.rowId = superseded.rowId
"""


def build_records(connection: duckdb.DuckDBPyConnection, region: Region, home: Home | None = None) -> int:
    """Bring core_record up to the raw_ tables, core_name and core_site; returns the number of rows.

    Only what changed since the last time is made again. What people decided on names is kept in the `home`.
    """
    match_names_of_records(connection, home)
    touched = find_touched(connection, region)
    if touched.surveys or touched.gbif:
        located = _locate(connection, region, touched)
        with transaction(connection):
            forget_touched(connection, touched)
            if touched.gbif and not touched.whole:
                connection.execute(
                    MARK_SUPERSEDED.format(faults=sql_for(duckdb_engine(connection), _superseded))
                )
            connection.execute(f"INSERT INTO core_record BY NAME {located}")
            note_made(connection, touched)
            note_build(connection, "core_record")
        connection.execute(f"DROP TABLE {STANDARD}")
    return count_rows(connection, "core_record")


def _locate(connection: duckdb.DuckDBPyConnection, region: Region, touched: Touched) -> str:
    """Make the standard records of what is touched, and find their places; the SELECT of them as core_record."""
    engine = duckdb_engine(connection)
    readings = read_surveys(engine, region.extent, region.timeZone) if touched.surveys else None
    gbif = "raw_gbif" if touched.whole else TOUCHED_GBIF
    if touched.surveys and (not touched.gbif or count_rows(connection, gbif) == 0):
        gbif = ""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {STANDARD} AS {sql_for(engine, _standard, readings, gbif)}"
    )
    locate_points(connection, region, STANDARD)
    name_places(engine, region, STANDARD)
    suspected_datums(engine, region, STANDARD)
    located = sql_for(engine, _located, region.thresholds.maximumUncertaintyInMeters)
    find_visits(connection, STANDARD, "record.rowNumber")
    return WITH_ROW_ID.format(located=located, rows_of_a_submission=ROWS_OF_A_SUBMISSION)


def _superseded(engine: Any) -> Any:
    faults = superseded_faults(engine, TOUCHED_SUPERSEDED, TOUCHED_VERSIONS)
    submissions = engine.table("raw_submission").select("submissionId", "place")
    placed = faults.join(submissions, "submissionId")
    return placed.select(_.rowFault, rowId=placed.place * ROWS_OF_A_SUBMISSION + placed.line)


def _standard(engine: Any, readings: Readings | None, gbif: str) -> Any:
    """The standard records of both sources; those of an empty one take time to compile and add nothing."""
    sources = [survey_records(engine, readings)] if readings else []
    versions = TOUCHED_VERSIONS if gbif == TOUCHED_GBIF else gbif
    sources += [standard_gbif(engine, gbif, versions)] if gbif else []
    return ibis.union(*sources) if len(sources) > 1 else sources[0]


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
        sitesLeft=(has_point & ~vague).ifelse(_sites_left(joined), nowhere),
        cellCode=obscured.ifelse(ibis.null("string"), joined.cellCode),
    )
    return located.drop(
        "nameText", "match_nameText", "placeText", "named_placeText", "longitude", "latitude", "siteEdges"
    )


def _sites_left(joined: Any) -> Any:
    """Of the sites that a point lies in, those that the circle of its uncertainty leaves."""
    radius = joined.coordinateUncertaintyInMeters.fill_null(0.0)
    sites = joined.siteIDs.zip(joined.siteEdges)
    return sites.filter(lambda site: site.f2 < radius).map(lambda site: site.f1)
