"""Queries of quality: scorecards, what failed most, and what waits, as the quality page and the command show them.

How the tables came about belongs to `quality`. No exact position of a sensitive species leaves through here.
"""

from __future__ import annotations

# As written beside as read; of a test that nobody could be asked the share is empty.
SCORECARD = """
WITH score AS (
    SELECT *, compliant + notCompliant AS asked FROM out_score
    WHERE scope = $scope AND scopeId = $scopeId AND day = (SELECT max(day) FROM out_score)
)
SELECT test, bdqGuid, written.compliant AS compliantWritten, written.notCompliant AS notCompliantWritten,
    written.prerequisitesNotMet AS notAskedWritten, written.compliant / nullif(written.asked, 0) AS shareWritten,
    read.compliant, read.notCompliant, read.prerequisitesNotMet, read.compliant / nullif(read.asked, 0) AS share
FROM (SELECT * FROM score WHERE phase = 'postAmendment') AS read
JOIN (SELECT * FROM score WHERE phase = 'preAmendment') AS written USING (test, bdqGuid)
ORDER BY read.notCompliant DESC, written.notCompliant DESC, test
"""
SCOPES = """
SELECT fitness.scope, fitness.scopeId, fitness.records, site.nameZh, site.nameEn, source.fileName
FROM (SELECT scope, scopeId, max(good + notGood + notKnown) AS records FROM out_fitness
      WHERE day = (SELECT max(day) FROM out_fitness) GROUP BY ALL) AS fitness
LEFT JOIN core_site AS site ON scope = 'site' AND site.placeKind = 'site' AND site.placeID = scopeId
LEFT JOIN out_source AS source ON scope = 'submission' AND source.submissionId = scopeId
ORDER BY scope, records DESC, scopeId
"""
FITNESS = """
SELECT scope, scopeId, purpose, good, notGood, notKnown FROM out_fitness
WHERE day = (SELECT max(day) FROM out_fitness) ORDER BY scope, scopeId, purpose
"""
TREND = """
SELECT day, scopeId, purpose, good / nullif(good + notGood, 0) AS share, good, notGood, notKnown
FROM out_fitness WHERE scope = 'source' ORDER BY scopeId, purpose, day
"""
FAILED = """
SELECT test, any_value(bdqLabel) AS bdqLabel, any_value(bdqGuid) AS bdqGuid, severity, count(*) AS records,
    min(firstSeen)::DATE AS since
FROM core_flag JOIN (
    SELECT rowId, firstSeen FROM core_occurrence UNION ALL SELECT rowId, firstSeen FROM core_quarantine
) USING (rowId)
WHERE severity IN ('error', 'warning', 'info') GROUP BY test, severity
ORDER BY CASE severity WHEN 'error' THEN 1 WHEN 'warning' THEN 2 ELSE 3 END, records DESC, test
"""
FAILED_BY_FILE = """
SELECT test, coalesce(fileName, submissionId) AS file, count(*) AS records
FROM core_flag AS flag LEFT JOIN out_source USING (submissionId)
WHERE severity IN ('error', 'warning', 'info') GROUP BY test, coalesce(fileName, submissionId)
QUALIFY row_number() OVER (PARTITION BY test ORDER BY records DESC, file) <= $files
ORDER BY test, records DESC, file
"""
# What a cell says of where a sensitive species was seen stays in the warehouse.
FAILED_ROWS = """
WITH record AS (
    SELECT rowId, sheet, taxonID, coalesce(verbatimScientificName, verbatimVernacularName) AS name FROM core_occurrence
    UNION ALL
    SELECT rowId, sheet, taxonID, coalesce(verbatimScientificName, verbatimVernacularName) FROM core_quarantine
),
sensitive AS (SELECT taxonID FROM out_species_status WHERE coalesce(sensitivityClass, 'none') <> 'none')
SELECT test, coalesce(fileName, flag.submissionId) AS file, sheet, line, name, term,
    CASE WHEN sensitive.taxonID IS NULL THEN value END AS value,
    CASE WHEN sensitive.taxonID IS NULL THEN suggestion END AS suggestion
FROM core_flag AS flag JOIN record USING (rowId)
LEFT JOIN sensitive USING (taxonID) LEFT JOIN out_source USING (submissionId)
WHERE severity IN ('error', 'warning', 'info')
QUALIFY row_number() OVER (PARTITION BY test ORDER BY flag.rowId, term) <= $rows
ORDER BY test, flag.rowId, term
"""
DATASET_TESTS = """
SELECT tested.*, coalesce(fileName, dataset) AS name
FROM core_dataset_test AS tested LEFT JOIN out_source ON dataset = 'survey:' || submissionId
ORDER BY coalesce(result = 'POTENTIAL_ISSUE', false) DESC, test, points DESC, dataset
"""
DECIDED = """
SELECT recordId, decision, reason, decidedAt[:10] AS day
FROM core_decision ORDER BY decidedAt DESC, recordId LIMIT $rows
"""
WAITING = """
SELECT count(*) AS records, count(DISTINCT submissionId) AS files FROM core_quarantine WHERE disposition = 'quarantined'
"""
PROPOSED = """
SELECT test, bdqGuid, verbatim::VARCHAR AS verbatim, proposed::VARCHAR AS proposed, sum(records)::BIGINT AS records,
    sum(applied)::BIGINT AS applied
FROM core_amendment GROUP BY test, bdqGuid, verbatim::VARCHAR, proposed::VARCHAR
QUALIFY row_number() OVER (PARTITION BY test ORDER BY sum(records) DESC, verbatim::VARCHAR) <= $rows
ORDER BY test, records DESC, verbatim
"""
