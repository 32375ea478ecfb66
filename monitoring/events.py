"""Events: one row per survey visit, as Darwin Core Event with the Humboldt extension.

What the visits say about their effort, and what is wrong with them, is found in `visits`; the species that a complete
visit did not find are the view core_absence.
"""

from __future__ import annotations

import duckdb

from monitoring.visits import find_visits
from store.warehouse import replace_rows

EVENTS = """
WITH named AS (  -- one row per visit and species that its rows or its own cell say was not found
    SELECT eventKey, coalesce(verbatimScientificName, verbatimVernacularName) AS name
    FROM tmp_visit_row WHERE occurrenceStatus = 'notDetected'
    UNION
    SELECT eventKey, trim(unnest(string_split_regex(absentTaxa, '[、,，;；|]')))
    FROM tmp_visit_row WHERE absentTaxa IS NOT NULL
),
absent AS (
    SELECT eventKey, string_agg(name, ' | ' ORDER BY name) AS absentTaxa
    FROM named WHERE name <> '' GROUP BY eventKey
),
visit AS (
    SELECT
        eventKey,
        min(submissionId) AS submissionId,
        min(protocol) AS protocol,
        min(eventID) AS eventID,
        min(parentEventID) AS parentEventID,
        min(eventDate) AS eventDate,
        min(eventDateStart) AS eventDateStart,
        max(eventDateEnd) AS eventDateEnd,
        min(eventTime) AS eventTime,
        min(samplingProtocol) AS samplingProtocol,
        min(samplingEffort) AS samplingEffort,
        bool_or(individualCount IS NOT NULL) AS isAbundanceReported,
        coalesce(bool_or(organismQuantityType IN ('percent cover', 'cover class', 'Braun-Blanquet Scale')), false)
            AS isVegetationCoverReported,
        min(locality) AS locality,
        count(*) AS rowCount
    FROM tmp_visit_row GROUP BY eventKey
)
SELECT
    visit.* REPLACE (
        coalesce(deploymentStart || '/' || deploymentEnd, visit.eventDate) AS eventDate,
        coalesce(deploymentStart::DATE, visit.eventDateStart) AS eventDateStart,
        coalesce(deploymentEnd::DATE, visit.eventDateEnd) AS eventDateEnd
    ),
    coalesce(eventCategory, 'Event') AS eventCategory,
    coalesce(eventType, 'siteVisit') AS eventType,
    inventoryTypes,
    effort.* EXCLUDE (eventKey, deploymentStart, deploymentEnd),
    samplingEffortValue IS NOT NULL OR totalAreaSampledValue IS NOT NULL AS isSamplingEffortReported,
    CASE WHEN isTaxonomicScopeFullyReported THEN 'reportedComplete'
        WHEN NOT isTaxonomicScopeFullyReported THEN 'reportedIncomplete' ELSE 'notReported' END
        AS taxonCompletenessReported,
    absent.absentTaxa IS NOT NULL AS isAbsenceReported,
    absent.absentTaxa
FROM visit
LEFT JOIN tmp_visit_effort AS effort USING (eventKey)
LEFT JOIN absent USING (eventKey)
LEFT JOIN tmp_protocol AS known ON known.protocol = visit.protocol
ORDER BY eventKey
"""


def build_events(connection: duckdb.DuckDBPyConnection) -> int:
    """Rebuild core_event from core_record and raw_survey; returns the number of visits."""
    find_visits(connection, "core_record", "record.rowId % 10_000_000_000")
    return replace_rows(connection, "core_event", EVENTS)
