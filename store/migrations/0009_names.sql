-- Names and status: where every name comes from, how each written name was matched, and who says what of a taxon at
-- a place.

DROP TABLE core_taxon;
CREATE TABLE core_taxon (
    taxonID VARCHAR PRIMARY KEY,
    scientificName VARCHAR NOT NULL,
    canonicalName VARCHAR NOT NULL,
    scientificNameAuthorship VARCHAR,
    speciesName VARCHAR,
    taxonRank VARCHAR NOT NULL,
    kingdom VARCHAR,
    phylum VARCHAR,
    class VARCHAR,
    "order" VARCHAR,
    family VARCHAR,
    genus VARCHAR,
    taxonGroup VARCHAR,
    vernacularNameZh VARCHAR,
    vernacularNameEn VARCHAR,
    nameSource VARCHAR NOT NULL,
    sourceTaxonID VARCHAR
);
COMMENT ON TABLE core_taxon IS 'One row per accepted taxon that a name source or a GBIF record names, genera and families among them.';
COMMENT ON COLUMN core_taxon.speciesName IS 'The binomial that this taxon counts as when species are counted; empty above species rank.';
COMMENT ON COLUMN core_taxon.nameSource IS 'The source (core_name_source) whose accepted name this is; sourceTaxonID is its id there.';

DROP TABLE core_name;
CREATE TABLE core_name (
    nameKey VARCHAR NOT NULL,
    stemKey VARCHAR,
    name VARCHAR NOT NULL,
    nameKind VARCHAR NOT NULL,
    authorship VARCHAR,
    taxonRank VARCHAR,
    taxonID VARCHAR NOT NULL,
    nameSource VARCHAR NOT NULL
);
COMMENT ON TABLE core_name IS 'One row per name that leads to a taxon, and source that says so first. nameKind is accepted, synonym, vernacular or code.';
COMMENT ON COLUMN core_name.nameKey IS 'The normalised form that matching compares: of a scientific name lower case without authorship, rank markers and hybrid signs; of a Chinese name simplified, without blanks, brackets and variants of characters.';
COMMENT ON COLUMN core_name.stemKey IS 'Of a scientific name the nameKey without gender endings and usual variants of spelling.';

CREATE TABLE core_name_source (
    sourceID VARCHAR PRIMARY KEY,
    kind VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    titleZh VARCHAR NOT NULL,
    titleEn VARCHAR NOT NULL,
    citation VARCHAR NOT NULL,
    license VARCHAR NOT NULL,
    precedence INTEGER NOT NULL,
    taxa BIGINT NOT NULL,
    names BIGINT NOT NULL,
    unresolved BIGINT NOT NULL
);
COMMENT ON TABLE core_name_source IS 'One row per source of names: a list of the region (kind list), an imported checklist (checklist) or GBIF (gbif). Of two sources that differ on what a name means, the one of lower precedence number wins. unresolved counts rows that name no taxon.';

CREATE TABLE core_name_unresolved (
    sourceID VARCHAR NOT NULL,
    usageID VARCHAR NOT NULL,
    scientificName VARCHAR NOT NULL
);
COMMENT ON TABLE core_name_unresolved IS 'One row per name of an imported source that leads to no accepted taxon: its accepted name is missing, the chain goes round in a circle, or it is no name.';

CREATE TABLE core_statement (
    taxonID VARCHAR NOT NULL,
    sourceID VARCHAR NOT NULL,
    place VARCHAR NOT NULL,
    placeBreadth INTEGER NOT NULL,
    question VARCHAR NOT NULL,
    answer VARCHAR NOT NULL,
    validFrom DATE,
    validTo DATE,
    condition VARCHAR,
    sureness VARCHAR NOT NULL,
    verbatim VARCHAR,
    source VARCHAR NOT NULL
);
COMMENT ON TABLE core_statement IS 'One row per thing that a source or a person says of a taxon at a place. question is establishmentMeans, degreeOfEstablishment, pathway, listing, protectionLevel or sensitivityClass; answer a value of its vocabulary.';
COMMENT ON COLUMN core_statement.placeBreadth IS 'How wide the place is: 0 site, 1 division, 2 region, 3 province, 4 country, 5 world; the narrowest wins.';
COMMENT ON COLUMN core_statement.condition IS 'wild: holds for wild individuals only, never for planted ones; empty: for all.';

CREATE TABLE core_name_match (
    nameText VARCHAR PRIMARY KEY,
    verbatimScientificName VARCHAR,
    verbatimVernacularName VARCHAR,
    matchType VARCHAR NOT NULL,
    confidence TINYINT NOT NULL,
    taxonID VARCHAR,
    matchedName VARCHAR,
    nameSource VARCHAR,
    proposedTaxonID VARCHAR,
    waitsForPerson BOOLEAN NOT NULL,
    identificationQualifier VARCHAR,
    cultivarEpithet VARCHAR,
    decisionId VARCHAR,
    reasons VARCHAR[] NOT NULL
);
COMMENT ON TABLE core_name_match IS 'One row per distinct pair of names that records carry, and the taxon it was matched to.';
COMMENT ON COLUMN core_name_match.matchType IS 'GBIF words: EXACT, VARIANT (spelling, gender ending), FUZZY, HIGHERRANK, AMBIGUOUS, NONE.';
COMMENT ON COLUMN core_name_match.confidence IS '0 to 100; 0 where there is no match.';
COMMENT ON COLUMN core_name_match.matchedName IS 'The name in the index; of AMBIGUOUS all of them; where a person is waited for, the one proposed.';
COMMENT ON COLUMN core_name_match.waitsForPerson IS 'A fuzzy match to or from a listed or protected taxon: taxonID is empty until a person decides.';
COMMENT ON COLUMN core_name_match.reasons IS 'Rules of species/messages.toml that tell how the match came about.';

CREATE TABLE meta_name_index (indexFingerprint VARCHAR NOT NULL);
COMMENT ON TABLE meta_name_index IS 'One row per warehouse: what core_taxon, core_name and their companions were made from; the same fingerprint, the same tables.';
CREATE TABLE meta_name_match (matchFingerprint VARCHAR NOT NULL);
COMMENT ON TABLE meta_name_match IS 'One row per warehouse: the index and the decisions that core_name_match was made with; with another, every name is matched anew.';

ALTER TABLE core_record ADD COLUMN identificationQualifier VARCHAR;
ALTER TABLE core_record ADD COLUMN cultivarEpithet VARCHAR;
ALTER TABLE core_record ADD COLUMN waitsForPerson BOOLEAN;
ALTER TABLE core_quarantine ADD COLUMN identificationQualifier VARCHAR;
ALTER TABLE core_quarantine ADD COLUMN cultivarEpithet VARCHAR;
ALTER TABLE core_quarantine ADD COLUMN waitsForPerson BOOLEAN;
ALTER TABLE core_occurrence ADD COLUMN identificationQualifier VARCHAR;
ALTER TABLE core_occurrence ADD COLUMN cultivarEpithet VARCHAR;
ALTER TABLE core_occurrence ADD COLUMN waitsForPerson BOOLEAN;

-- What waits for a person, and what a change of names, lists or decisions did.

CREATE TABLE out_name_queue (
    nameText VARCHAR PRIMARY KEY,
    verbatimScientificName VARCHAR,
    verbatimVernacularName VARCHAR,
    why VARCHAR NOT NULL,
    concernsListed BOOLEAN NOT NULL,
    records BIGINT NOT NULL,
    recordsWaiting BIGINT NOT NULL,
    matchType VARCHAR NOT NULL,
    confidence TINYINT NOT NULL,
    taxonID VARCHAR,
    proposedTaxonID VARCHAR,
    proposedName VARCHAR,
    candidates JSON NOT NULL,
    gbifProposal JSON,
    reasons JSON NOT NULL,
    decisionId VARCHAR,
    exampleFile VARCHAR,
    exampleSheet VARCHAR,
    exampleLine BIGINT
);
COMMENT ON TABLE out_name_queue IS 'One row per written pair of names that a person should look at. why is waits (a match to or from a listed or protected taxon), decision-gone (a person decided on a taxon that no source knows any more), unmatched, ambiguous, fuzzy or higher-rank.';
COMMENT ON COLUMN out_name_queue.concernsListed IS 'A proposal or candidate is on an official list or protected.';
COMMENT ON COLUMN out_name_queue.recordsWaiting IS 'Records that have no taxon until a person decides; the others carry the doubtful match.';
COMMENT ON COLUMN out_name_queue.candidates IS 'List of {taxonID, scientificName, vernacularNameZh, listed}.';
COMMENT ON COLUMN out_name_queue.gbifProposal IS 'What GBIF answered: {matchType, confidence, scientificName, acceptedScientificName, taxonID, known}; never applied by itself.';
COMMENT ON COLUMN out_name_queue.reasons IS 'List of {rule, zh, en}.';

CREATE TABLE out_name_coverage (
    source VARCHAR PRIMARY KEY,
    records BIGINT NOT NULL,
    matched BIGINT NOT NULL,
    coverage DOUBLE,
    minimumCoverage DOUBLE NOT NULL
);
COMMENT ON TABLE out_name_coverage IS 'One row per source of records (survey, gbif) and one for all: records that are no rejected rows and carry a name, and how many of them lead to a taxon. minimumCoverage is minimumNameCoverage of the region.';

CREATE TABLE out_name_change (
    changeId VARCHAR PRIMARY KEY,
    kind VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    formerly VARCHAR,
    nowadays VARCHAR,
    records BIGINT NOT NULL,
    examples JSON NOT NULL,
    warningIds VARCHAR[] NOT NULL,
    decisionId VARCHAR
);
COMMENT ON TABLE out_name_change IS 'One row per change since the last generation in what names mean: kind is renamed, merged, split or gone (an accepted name), records (records of one written name lead to another taxon or to none), listing (a taxon on or off a list) or status.';
COMMENT ON COLUMN out_name_change.examples IS 'List of {file, sheet, line, recordId}: the first records concerned.';
COMMENT ON COLUMN out_name_change.warningIds IS 'Warnings of the last generation about the taxon concerned.';

CREATE TABLE out_notice (
    noticeId VARCHAR PRIMARY KEY,
    warningId VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    day DATE NOT NULL,
    scientificName VARCHAR NOT NULL,
    placeZh VARCHAR NOT NULL,
    placeEn VARCHAR NOT NULL,
    zh VARCHAR NOT NULL,
    en VARCHAR NOT NULL
);
COMMENT ON TABLE out_notice IS 'One row per warning and what a change of names, lists or decisions did to it: renamed, merged, held, delisted, decided, status, listing or records. Kept for as long as a first record is news.';

ALTER TABLE out_warning ADD COLUMN heldSince DATE;
COMMENT ON COLUMN out_warning.heldSince IS 'The warning would have vanished on this day only because a name no longer means its taxon; it stays until a person decides.';

ALTER TABLE out_species_status ADD COLUMN pathway VARCHAR;
ALTER TABLE out_species_status ADD COLUMN localPlant VARCHAR;
ALTER TABLE out_species_status ADD COLUMN protectionCondition VARCHAR;
ALTER TABLE out_species_status ADD COLUMN isPlantedOnly BOOLEAN;
ALTER TABLE out_species_status ADD COLUMN sourceID VARCHAR;
ALTER TABLE out_species_status ADD COLUMN version VARCHAR;
ALTER TABLE out_species_status ADD COLUMN validFrom DATE;
ALTER TABLE out_species_status ADD COLUMN conflicts JSON;
COMMENT ON COLUMN out_species_status.localPlant IS 'yes, no or unknown: whether the plant counts as 本地 of GB/T 50563 (native, or naturalised, or acclimatised), which is not 乡土 (native). Empty for what is no plant.';
COMMENT ON COLUMN out_species_status.protectionCondition IS 'wild: the protection holds for wild individuals only, never for planted ones.';
COMMENT ON COLUMN out_species_status.isPlantedOnly IS 'Listed as protected in the wild, but every individual here is planted: protectionLevel is empty.';
COMMENT ON COLUMN out_species_status.sourceID IS 'The source that decides the status, with its version and the day since when it holds.';
COMMENT ON COLUMN out_species_status.conflicts IS 'List of {question, answer, sourceID, place, against}: what other sources of the same standing say otherwise.';

CREATE TABLE out_place_status (
    taxonID VARCHAR NOT NULL,
    placeID VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    establishmentMeans VARCHAR NOT NULL,
    degreeOfEstablishment VARCHAR,
    pathway VARCHAR,
    sureness VARCHAR NOT NULL,
    sourceID VARCHAR,
    source VARCHAR NOT NULL,
    PRIMARY KEY (taxonID, placeID)
);
COMMENT ON TABLE out_place_status IS 'One row per taxon and division or site of which something else is said than of the region: the status there.';
