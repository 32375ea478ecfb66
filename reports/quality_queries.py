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
