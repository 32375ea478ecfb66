"""Duplicates: the same occurrence read from several sources: surveys, GBIF, aggregators, publications of both.

Found by the same occurrenceID, the same catalogue number of one collection, or the same observer's sighting of a taxon
at one place on one day in another source. Of each cluster one record represents all and is counted (`core_counted`);
the others stay, linked to it. Rows that one file holds twice are told by `surveys.identity` and `gbif.standard`.
"""

from __future__ import annotations

import duckdb

from store.stages import note_followed, touched_rows
from store.warehouse import count_rows, note_build, transaction

FORMAT = "1"  # to be raised when the same records make other clusters
TOUCHED = "tmp_touched_duplicate"
# An obscured point lies anywhere in a cell of 0.2 degrees (iNaturalist's practice), others as they are rounded.
OBSCURED_IN_DEGREES = 0.2
MOST_DECIMALS = 6
VAGUE_DECIMALS = 2  # a kilometre
DECIMALS_OF_OTHER_NOTATIONS = 4  # 11 m: about what a second of arc tells
LONGEST_INTERVAL_IN_DAYS = 366
MOST_ROUNDS = 50
RECORDS = f"""
CREATE OR REPLACE TEMP TABLE tmp_candidate AS
SELECT
    rowId, recordId, source, taxonID, eventDateStart AS firstDay, eventDateEnd AS lastDay,
    decimalLatitude AS latitude, decimalLongitude AS longitude,
    CASE WHEN source = 'gbif' THEN hash(datasetKey) ELSE hash(submissionId) END AS origin,
    coalesce(isObscured, false) AS isObscured, coordinateUncertaintyInMeters AS uncertainty,
    CASE WHEN regexp_full_match(verbatimLatitude || verbatimLongitude, '[-+0-9.]+')
        THEN least({MOST_DECIMALS}, greatest(1,
            length(split_part(verbatimLatitude, '.', 2)), length(split_part(verbatimLongitude, '.', 2))))
        ELSE {DECIMALS_OF_OTHER_NOTATIONS} END AS decimals,
    CASE WHEN occurrenceKey IS NOT NULL THEN occurrenceKey  -- any other id counts together with taxon and day
        WHEN occurrenceID <> '' AND source = 'gbif' THEN hash(occurrenceID, taxonID, eventDateStart)
    END AS idKey,
    CASE WHEN catalogKey IS NOT NULL THEN hash(catalogKey, taxonID) END AS catalogKey,
    CASE WHEN observerKey IS NOT NULL THEN hash(observerKey, taxonID) END AS sightingKey,
    firstSeen, hash(decimalLatitude, decimalLongitude, eventDateStart) AS spot,
    coalesce(isObscured, false) OR eventDateEnd > eventDateStart OR decimals <= {VAGUE_DECIMALS} AS isVague
FROM core_record ANTI JOIN core_held USING (rowId)
WHERE occurrenceStatus = 'detected'
"""
# All records with one key are linked to the first of them.
LINKED_BY_KEY = """
INSERT INTO tmp_link
SELECT rowId, other, '{rule}' FROM (
    SELECT {key}, min(rowId) AS other FROM tmp_candidate WHERE {key} IS NOT NULL GROUP BY {key} HAVING count(*) > 1
) JOIN tmp_candidate USING ({key}) WHERE rowId <> other
"""
# Sightings of one taxon by one observer, at least one of them from GBIF, whose days and places may be the same.
SIGHTINGS = f"""
CREATE OR REPLACE TEMP TABLE tmp_sighting AS
SELECT one.rowId AS one, two.rowId AS two, one.origin AS originOfOne, two.origin AS originOfTwo,
    one.isVague AS oneIsVague, two.isVague AS twoIsVague, one.spot AS spotOfOne, two.spot AS spotOfTwo,
    abs(one.latitude - two.latitude) + abs(one.longitude - two.longitude) AS distance
FROM {{one}} AS one JOIN {{two}} AS two ON {{days}} AND one.sightingKey = two.sightingKey
WHERE one.origin <> two.origin AND {{order}}
    AND (one.source = 'gbif' OR two.source = 'gbif')
    AND greatest(abs(one.latitude - two.latitude), abs(one.longitude - two.longitude)) <= CASE
        WHEN one.isObscured OR two.isObscured THEN {OBSCURED_IN_DEGREES}
        ELSE pow(10, -least(one.decimals, two.decimals)) + 1e-9 END
"""
ON_ONE_DAY = (
    "firstDay = lastDay AND sightingKey IS NOT NULL AND latitude IS NOT NULL AND longitude IS NOT NULL"
)
WITHIN_DAYS = (
    f"lastDay > firstDay AND lastDay - firstDay <= {LONGEST_INTERVAL_IN_DAYS} AND sightingKey IS NOT NULL "
    "AND latitude IS NOT NULL AND longitude IS NOT NULL"
)
# Several individuals of one source are each the double of another one of the other source. What is said vaguely and
# fits sightings at several places or on several days is none of them: which one it is would be guessed.
LINKED_BY_SIGHTING = """
INSERT INTO tmp_link
SELECT one, two, 'sighting' FROM (
    SELECT *,
        row_number() OVER (of_one ORDER BY distance, two) AS placeOfTwo,
        row_number() OVER (of_two ORDER BY distance, one) AS placeOfOne,
        oneIsVague AND min(spotOfTwo) OVER of_one <> max(spotOfTwo) OVER of_one AS oneIsAnyOf,
        twoIsVague AND min(spotOfOne) OVER of_two <> max(spotOfOne) OVER of_two AS twoIsAnyOf
    FROM tmp_sighting
    WINDOW of_one AS (PARTITION BY one, originOfTwo), of_two AS (PARTITION BY two, originOfOne)
) WHERE placeOfOne = placeOfTwo AND NOT oneIsAnyOf AND NOT twoIsAnyOf
"""
MEMBERS = """
CREATE OR REPLACE TEMP TABLE tmp_member AS
SELECT rowId, min(other) AS cluster FROM (
    SELECT one AS rowId, least(one, two) AS other FROM tmp_link
    UNION ALL SELECT two, least(one, two) FROM tmp_link
) GROUP BY rowId
"""
# Each takes the least cluster that a record linked to it has, until nothing changes.
SPREAD = """
CREATE OR REPLACE TEMP TABLE tmp_spread AS
SELECT rowId, min(cluster) AS cluster FROM (
    SELECT rowId, cluster FROM tmp_member
    UNION ALL SELECT one, cluster FROM tmp_link JOIN tmp_member ON tmp_member.rowId = two
    UNION ALL SELECT two, cluster FROM tmp_link JOIN tmp_member ON tmp_member.rowId = one
) GROUP BY rowId
"""
DIFFER = "SELECT count(*) FROM tmp_spread JOIN tmp_member USING (rowId) WHERE tmp_spread.cluster <> tmp_member.cluster"
# Surveys before GBIF; what is exact before what is obscured, vague or rounded; the fuller date; what was known first.
CLUSTERS = """
INSERT INTO core_duplicate BY NAME
WITH member AS (
    SELECT *, row_number() OVER (PARTITION BY cluster ORDER BY source DESC, isObscured, latitude IS NULL,
        coalesce(uncertainty, 1e9), decimals DESC, lastDay - firstDay NULLS LAST, firstSeen, recordId, rowId) AS place
    FROM tmp_member JOIN tmp_candidate USING (rowId)
),
rule AS (
    SELECT rowId, list(DISTINCT rule ORDER BY rule) AS rules FROM (
        SELECT one AS rowId, rule FROM tmp_link UNION ALL SELECT two, rule FROM tmp_link
    ) GROUP BY rowId
)
SELECT rowId, member.recordId, first(member.recordId) OVER (PARTITION BY cluster ORDER BY place) AS representativeId,
    place = 1 AS isRepresentative, rules
FROM member JOIN rule USING (rowId)
"""
# Of a run in part: what is touched, what was in one cluster with it, and all that has a key of either.
AMONG = f"""
CREATE OR REPLACE TEMP TABLE tmp_near AS
WITH touched AS (
    SELECT rowId FROM {TOUCHED}
    UNION SELECT member.rowId FROM core_duplicate AS member JOIN core_duplicate AS other USING (representativeId)
    JOIN {TOUCHED} AS touched ON touched.rowId = other.rowId
),
key AS (
    SELECT occurrenceID, occurrenceKey, catalogKey, observerKey, taxonID
    FROM core_record SEMI JOIN touched USING (rowId)
),
near AS (
    SELECT rowId FROM touched
    UNION SELECT rowId FROM core_record WHERE catalogKey IN (SELECT catalogKey FROM key)
    UNION SELECT rowId FROM core_record WHERE occurrenceKey IN (SELECT occurrenceKey FROM key)
    UNION SELECT rowId FROM core_record WHERE occurrenceID IN (SELECT occurrenceID FROM key WHERE occurrenceKey IS NULL)
    UNION SELECT rowId FROM core_record SEMI JOIN (
        SELECT observerKey, taxonID FROM key WHERE observerKey IS NOT NULL) AS sighted USING (observerKey, taxonID)
)
SELECT rowId FROM near
UNION SELECT member.rowId FROM core_duplicate AS member JOIN core_duplicate AS other USING (representativeId)
JOIN near ON near.rowId = other.rowId
"""


def build_duplicates(connection: duckdb.DuckDBPyConnection) -> int:
    """Bring core_duplicate up to the accepted records; returns the number of records another one represents."""
    in_part = touched_rows(connection, "core_duplicate", FORMAT, TOUCHED)
    if in_part:
        connection.execute(AMONG)
    connection.execute(RECORDS + ("AND rowId IN (SELECT rowId FROM tmp_near)" if in_part else ""))
    _find_links(connection)
    connection.execute(MEMBERS)
    for _ in range(MOST_ROUNDS):
        connection.execute(SPREAD)
        (differing,) = connection.execute(DIFFER).fetchone() or (0,)
        if not differing:
            break
        connection.execute("CREATE OR REPLACE TEMP TABLE tmp_member AS SELECT * FROM tmp_spread")
    with transaction(connection):
        connection.execute(
            f"DELETE FROM core_duplicate {'WHERE rowId IN (SELECT rowId FROM tmp_near)' if in_part else ''}"
        )
        connection.execute(CLUSTERS)
        note_followed(connection, "core_duplicate", FORMAT)
        note_build(connection, "core_duplicate")
    for table in ("candidate", "link", "sighting", "member", "spread"):
        connection.execute(f"DROP TABLE IF EXISTS tmp_{table}")
    return count_rows(connection, "core_duplicate WHERE NOT isRepresentative")


def _find_links(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill tmp_link: one row per two records found to be one, and the rule."""
    connection.execute("CREATE OR REPLACE TEMP TABLE tmp_link (one BIGINT, two BIGINT, rule VARCHAR)")
    for key, rule in (("idKey", "occurrenceID"), ("catalogKey", "catalogue")):
        connection.execute(LINKED_BY_KEY.format(key=key, rule=rule))
    one_day, interval = (
        f"(SELECT * FROM tmp_candidate WHERE {which})" for which in (ON_ONE_DAY, WITHIN_DAYS)
    )
    for one, two, days, order in (
        (one_day, one_day, "one.firstDay = two.firstDay", "one.rowId < two.rowId"),
        (interval, one_day, "two.firstDay BETWEEN one.firstDay AND one.lastDay", "true"),
        (
            interval,
            interval,
            "one.firstDay = two.firstDay AND one.lastDay = two.lastDay",
            "one.rowId < two.rowId",
        ),
    ):
        connection.execute(SIGHTINGS.format(one=one, two=two, days=days, order=order))
        connection.execute(LINKED_BY_SIGHTING)
