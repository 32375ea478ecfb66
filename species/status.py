"""Status: native, introduced, invasive, uncertain or unknown in the region, with list, source and sureness.

Three different questions (native? introduced? listed as invasive?) are answered from three kinds of list; unknown
is never shown as native. "本地" of GB/T 50563 is not asked here.
"""

from __future__ import annotations

import duckdb

from store.warehouse import replace_rows

SURENESS_ORDER = "CASE sureness WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END"

# An infraspecific taxon that no list names shares the listings of its species.
STATUS_OF_TAXA = f"""
WITH listing AS (
    SELECT taxon.taxonID, listed.* EXCLUDE (taxonID), {SURENESS_ORDER} AS surenessOrder
    FROM core_taxon AS taxon
    LEFT JOIN core_taxon AS species ON species.canonicalName = taxon.speciesName
    JOIN core_listing AS listed ON listed.taxonID = taxon.taxonID
        OR (listed.taxonID = species.taxonID AND NOT EXISTS (
            SELECT 1 FROM core_listing AS own WHERE own.taxonID = taxon.taxonID))
),
judged AS (
    SELECT
        taxonID,
        bool_or(listKind = 'alien' AND official) AS officiallyListed,
        bool_or(listKind = 'alien' AND value = 'invasive') AS calledInvasive,
        bool_or(listKind = 'alien' OR value LIKE 'introduced%') AS calledIntroduced,
        bool_or(listKind = 'native' AND value = 'native') AS calledNative,
        bool_or(value = 'cryptogenic') AS calledUncertain,
        bool_or(listKind = 'native' AND value = 'introduced-naturalised') AS knownEstablished,
        max(value) FILTER (WHERE listKind = 'native') AS nativeListValue,
        list(DISTINCT listID ORDER BY listID) AS listIDs,
        min_by(localRelevance, surenessOrder) FILTER (WHERE localRelevance IS NOT NULL) AS localRelevance,
        min(value) FILTER (WHERE listKind = 'protected' AND sensitivityClass IS DISTINCT FROM 'none')
            AS protectionLevel,
        min(sensitivityClass) FILTER (WHERE sensitivityClass <> 'none') AS sensitivityClass
    FROM listing GROUP BY taxonID
),
named AS (
    SELECT
        taxon.taxonID, taxon.speciesName, taxon.scientificName, taxon.vernacularNameZh,
        CASE
            WHEN calledInvasive THEN 'invasive'
            WHEN calledUncertain OR (calledNative AND calledIntroduced) THEN 'uncertain'
            WHEN calledNative THEN 'native'
            WHEN calledIntroduced THEN 'introduced'
            ELSE 'unknown'
        END AS status,
        judged.* EXCLUDE (taxonID)
    FROM core_taxon AS taxon LEFT JOIN judged USING (taxonID)
)
SELECT
    named.taxonID, speciesName, scientificName, vernacularNameZh, status,
    CASE status WHEN 'native' THEN 'native' WHEN 'introduced' THEN 'introduced'
        WHEN 'invasive' THEN 'introduced' ELSE 'uncertain' END AS establishmentMeans,
    CASE WHEN status = 'native' THEN 'native' WHEN nativeListValue = 'introduced-naturalised' THEN 'established'
        WHEN nativeListValue = 'introduced-cultivated' THEN 'cultivated' END AS degreeOfEstablishment,
    coalesce(officiallyListed, false) AS officiallyListed,
    coalesce(listIDs, []) AS listIDs,
    localRelevance,
    coalesce(knownEstablished, false) AS knownEstablished,
    protectionLevel,
    sensitivityClass,
    coalesce(deciding.sureness, 'unconfirmed') AS sureness,
    coalesce(deciding.source, '') AS source
FROM named
LEFT JOIN (
    -- the surest listing that says what the status says
    SELECT listing.taxonID, min_by(sureness, (surenessOrder, listID)) AS sureness,
        min_by(source, (surenessOrder, listID)) AS source
    FROM listing JOIN named USING (taxonID)
    WHERE CASE status
        WHEN 'invasive' THEN listKind = 'alien' AND value = 'invasive'
        WHEN 'introduced' THEN listKind = 'alien' OR value LIKE 'introduced%'
        ELSE listKind = 'native' END
    GROUP BY listing.taxonID
) AS deciding ON deciding.taxonID = named.taxonID
ORDER BY named.taxonID
"""


def build_status(connection: duckdb.DuckDBPyConnection) -> int:
    """Rebuild out_species_status from core_taxon and core_listing; returns the number of taxa."""
    return replace_rows(connection, "out_species_status", STATUS_OF_TAXA)
