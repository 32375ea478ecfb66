-- The warehouse as of version 1. Layers: raw_ as received, core_ typed and judged, out_ published, meta_ bookkeeping.
-- Darwin Core terms are spelled as Darwin Core spells them; our own columns are camelCase too.

CREATE TABLE raw_submission (
    submissionId VARCHAR PRIMARY KEY,
    kind VARCHAR NOT NULL,
    fileName VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    sizeInBytes BIGINT NOT NULL,
    receivedAt TIMESTAMP NOT NULL,
    knownSince TIMESTAMP NOT NULL,
    receivedFrom VARCHAR NOT NULL,
    encoding VARCHAR,
    verbatimSRS VARCHAR,
    rowsRead BIGINT NOT NULL,
    replacedBy VARCHAR,
    loadedAt TIMESTAMP NOT NULL
);
COMMENT ON TABLE raw_submission IS 'One row per file received whose rows are loaded. kind is survey or gbif. Times are UTC.';
COMMENT ON COLUMN raw_submission.knownSince IS 'When the facts in the file became known to the city; the time of receipt unless stated otherwise.';
COMMENT ON COLUMN raw_submission.replacedBy IS 'The submission that corrects this one; rows of a replaced submission no longer count.';

CREATE TABLE raw_survey_column (
    submissionId VARCHAR NOT NULL,
    sheet VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    columnLetter VARCHAR NOT NULL,
    header VARCHAR NOT NULL,
    term VARCHAR,
    PRIMARY KEY (submissionId, sheet, position)
);
COMMENT ON TABLE raw_survey_column IS 'One row per column of a survey file: the header as written and the Darwin Core term it was read as (empty: kept in otherCells).';

CREATE TABLE raw_survey (
    submissionId VARCHAR NOT NULL,
    sheet VARCHAR NOT NULL,
    line BIGINT NOT NULL,
    occurrenceID VARCHAR,
    eventID VARCHAR,
    parentEventID VARCHAR,
    samplingProtocol VARCHAR,
    sampleSizeValue VARCHAR,
    samplingEffort VARCHAR,
    eventDate VARCHAR,
    eventTime VARCHAR,
    year VARCHAR,
    month VARCHAR,
    day VARCHAR,
    scientificName VARCHAR,
    vernacularName VARCHAR,
    individualCount VARCHAR,
    organismQuantity VARCHAR,
    occurrenceStatus VARCHAR,
    establishmentMeans VARCHAR,
    degreeOfEstablishment VARCHAR,
    decimalLongitude VARCHAR,
    decimalLatitude VARCHAR,
    verbatimCoordinates VARCHAR,
    verbatimSRS VARCHAR,
    coordinateUncertaintyInMeters VARCHAR,
    county VARCHAR,
    locality VARCHAR,
    locationID VARCHAR,
    habitat VARCHAR,
    basisOfRecord VARCHAR,
    datasetName VARCHAR,
    occurrenceRemarks VARCHAR,
    otherCells MAP(VARCHAR, VARCHAR)
);
COMMENT ON TABLE raw_survey IS 'One row per row of a survey file, every cell as text. Columns without a term of their own stay in otherCells under the header as written.';

CREATE TABLE raw_gbif (
    submissionId VARCHAR NOT NULL,
    line BIGINT NOT NULL,
    gbifID VARCHAR,
    datasetKey VARCHAR,
    occurrenceID VARCHAR,
    kingdom VARCHAR,
    phylum VARCHAR,
    class VARCHAR,
    "order" VARCHAR,
    family VARCHAR,
    genus VARCHAR,
    species VARCHAR,
    infraspecificEpithet VARCHAR,
    taxonRank VARCHAR,
    scientificName VARCHAR,
    verbatimScientificName VARCHAR,
    vernacularName VARCHAR,
    countryCode VARCHAR,
    stateProvince VARCHAR,
    locality VARCHAR,
    occurrenceStatus VARCHAR,
    individualCount VARCHAR,
    decimalLatitude VARCHAR,
    decimalLongitude VARCHAR,
    coordinateUncertaintyInMeters VARCHAR,
    coordinatePrecision VARCHAR,
    geodeticDatum VARCHAR,
    eventDate VARCHAR,
    day VARCHAR,
    month VARCHAR,
    year VARCHAR,
    taxonKey VARCHAR,
    speciesKey VARCHAR,
    basisOfRecord VARCHAR,
    establishmentMeans VARCHAR,
    institutionCode VARCHAR,
    collectionCode VARCHAR,
    catalogNumber VARCHAR,
    license VARCHAR,
    publishingOrgKey VARCHAR,
    datasetName VARCHAR,
    informationWithheld VARCHAR,
    dataGeneralizations VARCHAR,
    lastInterpreted VARCHAR,
    issue VARCHAR
);
COMMENT ON TABLE raw_gbif IS 'One row per row of a GBIF file, all text; line is the line of the data file where the row begins. Names and logins of people are left in the archive.';

CREATE TABLE raw_citation (
    submissionId VARCHAR NOT NULL,
    datasetKey VARCHAR,
    title VARCHAR,
    citation VARCHAR NOT NULL,
    license VARCHAR,
    doi VARCHAR
);
COMMENT ON TABLE raw_citation IS 'One row per source that a GBIF file asks us to cite: the download itself (no datasetKey) and each dataset in it.';

CREATE TABLE core_taxon (
    taxonID VARCHAR PRIMARY KEY,
    scientificName VARCHAR NOT NULL,
    canonicalName VARCHAR NOT NULL,
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
    nameSource VARCHAR NOT NULL
);
COMMENT ON TABLE core_taxon IS 'One row per accepted taxon that a list of the region or a GBIF record names.';
COMMENT ON COLUMN core_taxon.speciesName IS 'The binomial that this taxon counts as when species are counted; empty above species rank.';

CREATE TABLE core_name (
    nameKey VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    nameKind VARCHAR NOT NULL,
    taxonID VARCHAR NOT NULL,
    nameSource VARCHAR NOT NULL
);
COMMENT ON TABLE core_name IS 'One row per name that leads to a taxon. nameKind is accepted, synonym, vernacular or code; nameKey is the normalised form that matching compares.';

CREATE TABLE core_listing (
    taxonID VARCHAR NOT NULL,
    listID VARCHAR NOT NULL,
    listKind VARCHAR NOT NULL,
    official BOOLEAN NOT NULL,
    listTitleZh VARCHAR NOT NULL,
    listTitleEn VARCHAR NOT NULL,
    listDate VARCHAR,
    listOrder VARCHAR,
    value VARCHAR,
    sensitivityClass VARCHAR,
    localRelevance VARCHAR,
    note VARCHAR,
    sureness VARCHAR NOT NULL,
    source VARCHAR NOT NULL
);
COMMENT ON TABLE core_listing IS 'One row per taxon and list it stands on. listKind is alien, native or protected; value is what the list says (a status, a protection level); sureness is high, medium, low or unconfirmed.';

CREATE TABLE core_site (
    placeID VARCHAR PRIMARY KEY,
    placeKind VARCHAR NOT NULL,
    siteKind VARCHAR,
    nameZh VARCHAR NOT NULL,
    nameEn VARCHAR NOT NULL,
    parentID VARCHAR,
    approximate BOOLEAN NOT NULL,
    areaInHectares DOUBLE NOT NULL,
    geometryWkt VARCHAR NOT NULL
);
COMMENT ON TABLE core_site IS 'One row per place we report on. placeKind is region, division or site; the geometry is WGS84 longitude latitude. parentID of a site is the division that holds its centre.';

CREATE TABLE core_event (
    eventKey VARCHAR PRIMARY KEY,
    submissionId VARCHAR NOT NULL,
    eventID VARCHAR,
    eventDate VARCHAR,
    eventDateStart DATE,
    eventDateEnd DATE,
    samplingProtocol VARCHAR,
    samplingEffort VARCHAR,
    sampleSizeValue VARCHAR,
    locality VARCHAR,
    rowCount BIGINT NOT NULL
);
COMMENT ON TABLE core_event IS 'One row per survey visit: one eventID (or, where none is written, one place and date) of one submission. GBIF records carry no visit of ours.';

CREATE TABLE core_record (
    rowId BIGINT NOT NULL,
    recordId VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    submissionId VARCHAR NOT NULL,
    sheet VARCHAR,
    line BIGINT NOT NULL,
    firstSeen TIMESTAMP NOT NULL,
    occurrenceID VARCHAR,
    eventKey VARCHAR,
    datasetKey VARCHAR,
    license VARCHAR,
    basisOfRecord VARCHAR,
    occurrenceStatus VARCHAR NOT NULL,
    verbatimScientificName VARCHAR,
    verbatimVernacularName VARCHAR,
    taxonID VARCHAR,
    matchType VARCHAR NOT NULL,
    matchedName VARCHAR,
    verbatimEventDate VARCHAR,
    eventDate VARCHAR,
    eventDateStart DATE,
    eventDateEnd DATE,
    year SMALLINT,
    month TINYINT,
    verbatimLatitude VARCHAR,
    verbatimLongitude VARCHAR,
    verbatimSRS VARCHAR,
    decimalLatitude DOUBLE,
    decimalLongitude DOUBLE,
    coordinateUncertaintyInMeters DOUBLE,
    verbatimIndividualCount VARCHAR,
    individualCount BIGINT,
    organismQuantity VARCHAR,
    organismQuantityType VARCHAR,
    countryCode VARCHAR,
    county VARCHAR,
    locality VARCHAR,
    locationID VARCHAR,
    establishmentMeans VARCHAR,
    informationWithheld VARCHAR,
    dataGeneralizations VARCHAR,
    locatedBy VARCHAR,
    withinRegion BOOLEAN NOT NULL,
    distanceToRegionInKilometers DOUBLE,
    divisionID VARCHAR,
    siteIDs VARCHAR[] NOT NULL,
    cellCode VARCHAR,
    namedSiteID VARCHAR,
    namedDivisionID VARCHAR,
    rowFault VARCHAR
);
COMMENT ON TABLE core_record IS 'One row per row read, before judgement: typed, matched to a taxon, located. A working table: generations hold its rows as core_occurrence and core_quarantine. source is survey or gbif. rowId joins a row to its flags within one build; recordId is the lasting identity.';
COMMENT ON COLUMN core_record.recordId IS 'Stable id of the record; survives re-upload of the same row.';
COMMENT ON COLUMN core_record.firstSeen IS 'When the city first learned of the record (UTC).';
COMMENT ON COLUMN core_record.matchType IS 'GBIF word: EXACT, AMBIGUOUS or NONE; HIGHERRANK where only a genus or family was named.';
COMMENT ON COLUMN core_record.eventDate IS 'ISO 8601; an interval (start/end) where the day is not known. month is empty when the interval spans more than one.';
COMMENT ON COLUMN core_record.locatedBy IS 'coordinates; site or division where only the name of a known place says where it was.';
COMMENT ON COLUMN core_record.namedSiteID IS 'The site that locationID or locality names, whatever the coordinates say; namedDivisionID likewise.';
COMMENT ON COLUMN core_record.rowFault IS 'Why the row is no record at all: empty, total, duplicate or replaced.';
COMMENT ON COLUMN core_record.distanceToRegionInKilometers IS 'Distance from the region outline for records outside it; 0 inside; empty without coordinates.';

CREATE TABLE core_flag (
    rowId BIGINT NOT NULL,
    recordId VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    submissionId VARCHAR NOT NULL,
    line BIGINT NOT NULL,
    test VARCHAR NOT NULL,
    bdqLabel VARCHAR,
    bdqGuid VARCHAR,
    severity VARCHAR NOT NULL,
    term VARCHAR NOT NULL,
    value VARCHAR,
    suggestion VARCHAR,
    testVersion VARCHAR NOT NULL
);
COMMENT ON TABLE core_flag IS 'One row per record and record test that it does not pass. severity: reject (not a record), error (held back), warning (kept and flagged), info (interpreted).';

CREATE TABLE core_quarantine AS SELECT *, NULL::VARCHAR AS disposition, NULL::VARCHAR[] AS tests FROM core_record;
COMMENT ON TABLE core_quarantine IS 'One row per record not accepted: core_record with the tests that hold it back. disposition is quarantined (waits for a person) or rejected (not a record at all).';

CREATE TABLE core_occurrence AS SELECT * FROM core_record;
COMMENT ON TABLE core_occurrence IS 'One row per accepted record: core_record without core_quarantine.';
COMMENT ON COLUMN core_occurrence.occurrenceStatus IS 'detected or notDetected (Darwin Core 2026-05-26).';

CREATE TABLE out_species_status (
    taxonID VARCHAR PRIMARY KEY,
    speciesName VARCHAR,
    scientificName VARCHAR NOT NULL,
    vernacularNameZh VARCHAR,
    status VARCHAR NOT NULL,
    establishmentMeans VARCHAR NOT NULL,
    degreeOfEstablishment VARCHAR,
    officiallyListed BOOLEAN NOT NULL,
    listIDs VARCHAR[] NOT NULL,
    localRelevance VARCHAR,
    knownEstablished BOOLEAN NOT NULL,
    protectionLevel VARCHAR,
    sensitivityClass VARCHAR,
    sureness VARCHAR NOT NULL,
    source VARCHAR NOT NULL
);
COMMENT ON TABLE out_species_status IS 'One row per taxon: its status in the region. status is native, introduced, invasive (on an official list of invasive species, or called invasive by an alien checklist), uncertain or unknown; unknown is never shown as native.';
COMMENT ON COLUMN out_species_status.knownEstablished IS 'The region''s own list already knows the taxon as naturalised here.';

CREATE TABLE out_cube (
    taxonID VARCHAR NOT NULL,
    cellCode VARCHAR NOT NULL,
    year SMALLINT NOT NULL,
    month TINYINT,
    source VARCHAR NOT NULL,
    occurrences BIGINT NOT NULL,
    minCoordinateUncertaintyInMeters DOUBLE
);
COMMENT ON TABLE out_cube IS 'One row per taxon, 1 km cell (EPSG:6933), month and source of detected records inside the region. month is empty where only the year is known.';

CREATE TABLE out_site_indicator (
    placeKind VARCHAR NOT NULL,
    placeID VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    records BIGINT NOT NULL,
    visits BIGINT NOT NULL,
    species BIGINT NOT NULL,
    nativeSpecies BIGINT NOT NULL,
    introducedSpecies BIGINT NOT NULL,
    invasiveSpecies BIGINT NOT NULL,
    unknownSpecies BIGINT NOT NULL,
    nativeShare DOUBLE,
    invasiveShare DOUBLE,
    PRIMARY KEY (placeKind, placeID, period)
);
COMMENT ON TABLE out_site_indicator IS 'One row per place and period. period is a month (2025-06) or a year (2025); a record without a month counts in its year only.';
COMMENT ON COLUMN out_site_indicator.nativeShare IS 'nativeSpecies / (nativeSpecies + introducedSpecies + invasiveSpecies); species of unknown or uncertain status are in neither. introducedSpecies does not include invasiveSpecies.';

CREATE TABLE out_warning (
    warningId VARCHAR PRIMARY KEY,
    kind VARCHAR NOT NULL,
    taxonID VARCHAR NOT NULL,
    scientificName VARCHAR NOT NULL,
    vernacularName VARCHAR,
    placeKind VARCHAR NOT NULL,
    placeID VARCHAR NOT NULL,
    placeZh VARCHAR NOT NULL,
    placeEn VARCHAR NOT NULL,
    level VARCHAR NOT NULL,
    late BOOLEAN NOT NULL,
    firstEventDate VARCHAR NOT NULL,
    firstSeen TIMESTAMP NOT NULL,
    decimalLatitude DOUBLE,
    decimalLongitude DOUBLE,
    recordCount BIGINT NOT NULL,
    reasons JSON NOT NULL,
    evidence JSON NOT NULL
);
COMMENT ON TABLE out_warning IS 'One row per taxon and place that is new, widest place first. kind is new-to-region, new-to-division, new-to-site or approaching; level is a proposal (red, orange, yellow, blue), never a proclamation.';
COMMENT ON COLUMN out_warning.reasons IS 'List of {rule, zh, en}.';
COMMENT ON COLUMN out_warning.evidence IS 'List of records: {recordId, occurrenceID, source, datasetKey, eventDate, firstSeen, decimalLatitude, decimalLongitude, coordinateUncertaintyInMeters, divisionID, siteIDs, distanceToRegionInKilometers}, earliest first.';

CREATE TABLE out_source (
    submissionId VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    fileName VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    knownSince TIMESTAMP NOT NULL,
    rowsRead BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    quarantined BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    replacedBy VARCHAR,
    citation VARCHAR,
    license VARCHAR,
    doi VARCHAR
);
COMMENT ON TABLE out_source IS 'One row per file the numbers rest on, with its row totals: rowsRead = accepted + quarantined + rejected. Rows of a file that a corrected one replaced are rejected as replaced.';

CREATE TABLE out_citation (
    submissionId VARCHAR NOT NULL,
    datasetKey VARCHAR,
    title VARCHAR,
    citation VARCHAR NOT NULL,
    license VARCHAR,
    doi VARCHAR,
    records BIGINT NOT NULL
);
COMMENT ON TABLE out_citation IS 'One row per dataset that accepted GBIF records come from, with how it asks to be cited; a dataset whose citation the file does not carry is named by its key.';

CREATE TABLE out_report (
    reportId VARCHAR PRIMARY KEY,
    reportDate DATE NOT NULL,
    month VARCHAR NOT NULL,
    path VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    sizeInBytes BIGINT NOT NULL
);
COMMENT ON TABLE out_report IS 'One row per report made for the coming generation; path is relative to the generation folder.';

CREATE TABLE meta_build (
    tableName VARCHAR PRIMARY KEY,
    buildId VARCHAR NOT NULL,
    rowCount BIGINT NOT NULL,
    builtAt TIMESTAMP NOT NULL
);
COMMENT ON TABLE meta_build IS 'One row per table: which build of it stands now.';

CREATE TABLE meta_gate (
    gate VARCHAR NOT NULL,
    tableName VARCHAR NOT NULL,
    buildId VARCHAR NOT NULL,
    success BOOLEAN NOT NULL,
    blocking BOOLEAN NOT NULL,
    checkedAt TIMESTAMP NOT NULL,
    details JSON NOT NULL,
    PRIMARY KEY (gate, tableName)
);
COMMENT ON TABLE meta_gate IS 'One row per table gate: its latest verdict and the build of the table it judged. Publishing needs a passed verdict on the build that stands.';
