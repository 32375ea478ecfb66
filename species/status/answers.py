"""Answers: what a taxon is at a place on a day, from all that is said of it there and in wider places.

A person's decision counts before all; then what is said of the taxon itself before what is said of its species or
genus, the narrower place before the wider, the newer before the older, the surer before the less sure. What says
otherwise at the same place is a conflict, and told; `explanation` tells all of it line by line.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import duckdb

from species.status.decisions import decision_statements
from species.status.places import REGION, chain_of, places_above
from species.status.statements import add_statements
from species.status.vocabularies import vocabularies
from store.home import Home
from store.region import Region
from store.warehouse import replace_rows

DECISION = "decision"
SURENESS_ORDER = "CASE sureness WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END"
INHERITED_FROM_GENUS = "'protectionLevel', 'sensitivityClass', 'listing'"

# Taxa that lists of the region, GBIF or records name; those that only an imported checklist knows need no status.
SUBJECTS = """
CREATE OR REPLACE TEMP TABLE tmp_subject AS
SELECT taxonID FROM core_taxon
WHERE nameSource NOT IN (SELECT sourceID FROM core_name_source WHERE kind = 'checklist')
UNION SELECT taxonID FROM core_name_match WHERE taxonID IS NOT NULL
UNION SELECT proposedTaxonID FROM core_name_match WHERE proposedTaxonID IS NOT NULL
UNION SELECT taxonID FROM core_listing
UNION SELECT taxonID FROM core_statement WHERE sourceID = 'decision'
"""
# A taxon, its species and its genus: what is said of the wider one holds for it unless it is spoken of itself.
LINEAGE = """
CREATE OR REPLACE TEMP TABLE tmp_lineage AS
SELECT taxonID, taxonID AS saidOf, 0 AS distance FROM core_taxon WHERE taxonID IN (SELECT taxonID FROM tmp_subject)
UNION ALL
SELECT taxon.taxonID, species.taxonID, 1 FROM core_taxon AS taxon JOIN core_taxon AS species
    ON species.canonicalName = taxon.speciesName AND species.taxonID <> taxon.taxonID
WHERE taxon.taxonID IN (SELECT taxonID FROM tmp_subject)
UNION ALL
SELECT taxon.taxonID, genus.taxonID, 2 FROM core_taxon AS taxon JOIN core_taxon AS genus
    ON genus.canonicalName = taxon.genus AND genus.taxonRank = 'genus' AND genus.taxonID <> taxon.taxonID
WHERE taxon.taxonID IN (SELECT taxonID FROM tmp_subject)
"""
# One row per taxon and statement that holds for it at the place or a wider one on the day, the weightiest first.
SAID = f"""
CREATE OR REPLACE TEMP TABLE tmp_said AS
WITH official AS (
    SELECT listID, bool_or(official) AS official, any_value(listKind) AS listKind FROM core_listing GROUP BY listID
)
SELECT lineage.taxonID, lineage.saidOf, lineage.distance, statement.* EXCLUDE (taxonID),
    list_position([{{chain}}], statement.place) AS placeRank, coalesce(official.official, false) AS official,
    official.listKind, source.version,
    row_number() OVER (
        PARTITION BY lineage.taxonID, question
        ORDER BY statement.sourceID = '{DECISION}' DESC, lineage.distance, placeRank, validFrom DESC NULLS LAST,
            CASE WHEN question = 'sensitivityClass' THEN answer END, {SURENESS_ORDER},
            coalesce(source.precedence, 0), statement.sourceID, answer
    ) AS standing
FROM core_statement AS statement
JOIN tmp_lineage AS lineage ON lineage.saidOf = statement.taxonID
LEFT JOIN official ON official.listID = statement.sourceID
LEFT JOIN core_name_source AS source ON source.sourceID = statement.sourceID
WHERE statement.place IN ({{chain}})
    AND coalesce(validFrom <= DATE '{{day}}', true) AND coalesce(validTo >= DATE '{{day}}', true)
    AND (distance < 2 OR question IN ({INHERITED_FROM_GENUS}))
"""
# Says otherwise, of the same taxon and place, and is no decision.
CONFLICTS = f"""
CREATE OR REPLACE TEMP TABLE tmp_conflict AS
SELECT other.taxonID, other.question, other.answer, other.sourceID, other.place, first.answer AS against,
    first.validFrom IS NOT DISTINCT FROM other.validFrom AS isOpen
FROM tmp_said AS first JOIN tmp_said AS other USING (taxonID, question, distance, placeRank)
WHERE first.standing = 1 AND first.sourceID <> '{DECISION}' AND other.standing > 1 AND other.answer <> first.answer
    AND question IN ('establishmentMeans', 'degreeOfEstablishment', 'protectionLevel')
"""
ANSWERS = f"""
WITH answer AS (
    SELECT taxonID,
        max(answer) FILTER (WHERE question = 'establishmentMeans') AS means,
        max(answer) FILTER (WHERE question = 'degreeOfEstablishment') AS degree,
        max(answer) FILTER (WHERE question = 'pathway') AS pathway,
        nullif(max(answer) FILTER (WHERE question = 'protectionLevel'), 'none') AS protectionLevel,
        max(condition) FILTER (WHERE question = 'protectionLevel') AS protectionCondition,
        nullif(max(answer) FILTER (WHERE question = 'sensitivityClass'), 'none') AS sensitivityClass,
        bool_or(question = 'degreeOfEstablishment' AND placeBreadth <= {REGION}
            AND answer IN ({{established}})) AS knownEstablished
    FROM tmp_said WHERE standing = 1 GROUP BY taxonID
),
listed AS (
    SELECT taxonID, bool_or(question = 'listing' AND official) AS officiallyListed,
        bool_or(question = 'listing' AND official AND answer = 'invasive') AS officiallyInvasive,
        bool_or(question = 'listing' AND answer = 'invasive') AS calledInvasive,
        list(DISTINCT sourceID ORDER BY sourceID) FILTER (WHERE listKind IS NOT NULL) AS listIDs
    FROM tmp_said WHERE distance < 2 OR official GROUP BY taxonID
),
relevance AS (
    SELECT lineage.taxonID, min_by(localRelevance, ({SURENESS_ORDER}, listID)) AS localRelevance
    FROM core_listing AS listing JOIN tmp_lineage AS lineage ON lineage.saidOf = listing.taxonID
    WHERE localRelevance IS NOT NULL AND distance < 2 GROUP BY ALL
),
unsettled AS (
    SELECT taxonID, bool_or(question = 'establishmentMeans' AND isOpen
            AND starts_with(answer, 'native') <> starts_with(against, 'native')) AS contradictory,
        list({{{{'question': question, 'answer': answer, 'sourceID': sourceID, 'place': place, 'against': against}}}}
             ORDER BY question, sourceID, answer) AS conflicts
    FROM tmp_conflict GROUP BY taxonID
),
judged AS (
    SELECT subject.taxonID, answer.* EXCLUDE (taxonID), listed.* EXCLUDE (taxonID), localRelevance, conflicts,
        degree IN ({{kept}}) AS isKept,
        CASE
            WHEN officiallyInvasive THEN 'invasive'
            WHEN contradictory THEN 'uncertain'
            WHEN starts_with(means, 'native') THEN 'native'
            WHEN NOT starts_with(means, 'introduced') THEN 'uncertain'
            WHEN calledInvasive OR degree IN ('invasive', 'widespreadInvasive') THEN 'invasive'
            WHEN means IS NOT NULL THEN 'introduced'
            ELSE 'unknown'
        END AS status
    FROM tmp_subject AS subject LEFT JOIN answer USING (taxonID) LEFT JOIN listed USING (taxonID)
    LEFT JOIN relevance USING (taxonID) LEFT JOIN unsettled USING (taxonID)
),
deciding AS (  -- the weightiest statement that says what the status says
    SELECT said.taxonID, min_by(sourceID, standing) AS sourceID, min_by(version, standing) AS version,
        min_by(validFrom, standing) AS validFrom, min_by(sureness, standing) AS sureness,
        min_by(source, standing) AS source
    FROM tmp_said AS said JOIN judged USING (taxonID)
    WHERE question = CASE WHEN judged.status = 'invasive' AND (calledInvasive OR officiallyInvasive) THEN 'listing'
        WHEN judged.status = 'invasive' THEN 'degreeOfEstablishment' ELSE 'establishmentMeans' END
    GROUP BY said.taxonID
)
SELECT judged.taxonID, taxon.speciesName, taxon.scientificName, taxon.vernacularNameZh, judged.status,
    CASE status WHEN 'native' THEN means WHEN 'introduced' THEN means
        WHEN 'invasive' THEN CASE WHEN starts_with(coalesce(means, 'introduced'), 'introduced')
            THEN coalesce(means, 'introduced') ELSE 'uncertain' END
        ELSE 'uncertain' END AS establishmentMeans,
    degree AS degreeOfEstablishment, pathway, coalesce(officiallyListed, false) AS officiallyListed,
    coalesce(listIDs, []) AS listIDs, localRelevance, coalesce(knownEstablished, false) AS knownEstablished,
    CASE WHEN NOT coalesce(protectionCondition = 'wild' AND isKept, false) THEN protectionLevel END AS protectionLevel,
    CASE WHEN protectionLevel IS NOT NULL THEN protectionCondition END AS protectionCondition,
    coalesce(protectionLevel IS NOT NULL AND protectionCondition = 'wild' AND isKept, false) AS isPlantedOnly,
    CASE WHEN NOT coalesce(protectionLevel IS NOT NULL AND protectionCondition = 'wild' AND isKept, false)
        THEN sensitivityClass END AS sensitivityClass,
    CASE WHEN taxon.kingdom = 'Plantae' THEN CASE
        WHEN starts_with(means, 'native') OR degree IN ({{local}}) THEN 'yes'
        WHEN degree IN ({{not_local}}) THEN 'no' ELSE 'unknown' END END AS localPlant,
    deciding.sourceID, deciding.version, deciding.validFrom,
    coalesce(deciding.sureness, 'unconfirmed') AS sureness, coalesce(deciding.source, '') AS source,
    conflicts::JSON AS conflicts
FROM judged JOIN core_taxon AS taxon USING (taxonID) LEFT JOIN deciding USING (taxonID)
ORDER BY judged.taxonID
"""
NARROWER = f"SELECT DISTINCT place FROM core_statement WHERE placeBreadth < {REGION} ORDER BY place"
AT_PLACE = f"""
SELECT taxonID, '{{place}}' AS placeID, status, establishmentMeans, degreeOfEstablishment, pathway, sureness, sourceID,
    source
FROM ({{answers}}) WHERE taxonID IN (SELECT taxonID FROM tmp_said WHERE place = '{{place}}' OR placeBreadth < {REGION})
"""


def build_status(
    connection: duckdb.DuckDBPyConnection, region: Region, day: date, home: Home | None = None
) -> int:
    """Rebuild out_species_status and out_place_status as of a day; returns the number of taxa.

    People's decisions of `home` are among the statements.
    """
    add_decisions(connection, region, home)
    connection.execute(SUBJECTS)
    connection.execute(LINEAGE)
    narrower = [place for (place,) in connection.execute(NARROWER).fetchall() if places_above(place, region)]
    at_places: list[str] = []
    for place in narrower:
        gather(connection, places_above(place, region), day)
        table = f"tmp_at_{len(at_places)}"
        quoted = place.replace("'", "''")
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {table} AS {AT_PLACE.format(place=quoted, answers=answers())}"
        )
        at_places.append(f"SELECT * FROM {table}")
    replace_rows(connection, "out_place_status", *at_places)
    gather(connection, places_above(region.id, region), day)
    return replace_rows(connection, "out_species_status", answers())


def add_decisions(connection: duckdb.DuckDBPyConnection, region: Region, home: Home | None) -> None:
    """Put people's decisions, as they stand now, among the statements."""
    connection.execute(f"DELETE FROM core_statement WHERE sourceID = '{DECISION}'")
    add_statements(connection, decision_statements(connection, region, home))


def gather(connection: duckdb.DuckDBPyConnection, places: Sequence[str], day: date) -> None:
    """Note in tmp_said and tmp_conflict what holds on a day at the first of these places or the wider ones after it."""
    connection.execute(SAID.format(chain=chain_of(places), day=day.isoformat()))
    connection.execute(CONFLICTS)


def answers() -> str:
    """One row per subject with its answers from what was gathered, as SQL in the columns of out_species_status."""
    known = vocabularies()
    return ANSWERS.format(
        established=chain_of(known["localPlant"]["yes"]), local=chain_of(known["localPlant"]["yes"]),
        not_local=chain_of(known["localPlant"]["no"]), kept=chain_of(known["kept"]["degreeOfEstablishment"]),
    )  # fmt: skip
