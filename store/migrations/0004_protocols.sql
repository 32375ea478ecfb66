-- Protocols: what a visit says about its effort and its completeness, what is measured on a plant, and visits as
-- Darwin Core events with the Humboldt extension.

ALTER TABLE raw_survey ADD COLUMN sampleSizeUnit VARCHAR;
ALTER TABLE raw_survey ADD COLUMN eventDurationValue VARCHAR;
ALTER TABLE raw_survey ADD COLUMN observerCount VARCHAR;
ALTER TABLE raw_survey ADD COLUMN totalAreaSampledValue VARCHAR;
ALTER TABLE raw_survey ADD COLUMN transectWidth VARCHAR;
ALTER TABLE raw_survey ADD COLUMN observationRadius VARCHAR;
ALTER TABLE raw_survey ADD COLUMN routePoint VARCHAR;
ALTER TABLE raw_survey ADD COLUMN targetTaxonomicScope VARCHAR;
ALTER TABLE raw_survey ADD COLUMN isTaxonomicScopeFullyReported VARCHAR;
ALTER TABLE raw_survey ADD COLUMN absentTaxa VARCHAR;
ALTER TABLE raw_survey ADD COLUMN deploymentStart VARCHAR;
ALTER TABLE raw_survey ADD COLUMN deploymentEnd VARCHAR;
ALTER TABLE raw_survey ADD COLUMN cameraFailureDays VARCHAR;
ALTER TABLE raw_survey ADD COLUMN organismID VARCHAR;
ALTER TABLE raw_survey ADD COLUMN vegetationLayer VARCHAR;
ALTER TABLE raw_survey ADD COLUMN plantHeight VARCHAR;
ALTER TABLE raw_survey ADD COLUMN diameterAtBreastHeight VARCHAR;
ALTER TABLE raw_survey ADD COLUMN girthAtBreastHeight VARCHAR;
ALTER TABLE raw_survey ADD COLUMN crownWidth VARCHAR;
ALTER TABLE raw_survey ADD COLUMN crownWidthEastWest VARCHAR;
ALTER TABLE raw_survey ADD COLUMN crownWidthNorthSouth VARCHAR;
ALTER TABLE raw_survey ADD COLUMN statedProtocol VARCHAR;
ALTER TABLE raw_survey ADD COLUMN namedProtocol VARCHAR;
COMMENT ON COLUMN raw_survey.statedProtocol IS 'The protocol by id that the giver or the form itself states for the table; namedProtocol the one that the names of file, sheet and title suggest. samplingProtocol, a cell, comes between the two.';

ALTER TABLE core_record ADD COLUMN protocol VARCHAR;
ALTER TABLE core_record ADD COLUMN organismID VARCHAR;
ALTER TABLE core_record ADD COLUMN degreeOfEstablishment VARCHAR;
ALTER TABLE core_record ADD COLUMN vegetationLayer VARCHAR;
ALTER TABLE core_record ADD COLUMN verbatimMeasurements MAP(VARCHAR, VARCHAR);
ALTER TABLE core_record ADD COLUMN measurements MAP(VARCHAR, DOUBLE);
ALTER TABLE core_record ADD COLUMN missingTerms VARCHAR[];
ALTER TABLE core_record ADD COLUMN visitFaults MAP(VARCHAR, VARCHAR);
ALTER TABLE core_quarantine ADD COLUMN protocol VARCHAR;
ALTER TABLE core_quarantine ADD COLUMN organismID VARCHAR;
ALTER TABLE core_quarantine ADD COLUMN degreeOfEstablishment VARCHAR;
ALTER TABLE core_quarantine ADD COLUMN vegetationLayer VARCHAR;
ALTER TABLE core_quarantine ADD COLUMN verbatimMeasurements MAP(VARCHAR, VARCHAR);
ALTER TABLE core_quarantine ADD COLUMN measurements MAP(VARCHAR, DOUBLE);
ALTER TABLE core_quarantine ADD COLUMN missingTerms VARCHAR[];
ALTER TABLE core_quarantine ADD COLUMN visitFaults MAP(VARCHAR, VARCHAR);
ALTER TABLE core_occurrence ADD COLUMN protocol VARCHAR;
ALTER TABLE core_occurrence ADD COLUMN organismID VARCHAR;
ALTER TABLE core_occurrence ADD COLUMN degreeOfEstablishment VARCHAR;
ALTER TABLE core_occurrence ADD COLUMN vegetationLayer VARCHAR;
ALTER TABLE core_occurrence ADD COLUMN verbatimMeasurements MAP(VARCHAR, VARCHAR);
ALTER TABLE core_occurrence ADD COLUMN measurements MAP(VARCHAR, DOUBLE);
ALTER TABLE core_occurrence ADD COLUMN missingTerms VARCHAR[];
ALTER TABLE core_occurrence ADD COLUMN visitFaults MAP(VARCHAR, VARCHAR);
COMMENT ON COLUMN core_record.protocol IS 'Which protocol the row follows, by its id in surveys/protocols; empty where nothing says so.';
COMMENT ON COLUMN core_record.degreeOfEstablishment IS 'Darwin Core value, wild where the file says no more, or the verbatim word; cultivated by default in a tree inventory.';
COMMENT ON COLUMN core_record.measurements IS 'Measured on the plant, by name and unit: plantHeightInMeters, diameterAtBreastHeightInCentimeters, girthAtBreastHeightInCentimeters, crownWidthInMeters. verbatimMeasurements has the cells by term.';
COMMENT ON COLUMN core_record.missingTerms IS 'Terms that the protocol requires, that the table has a column for, and that this row leaves empty.';
COMMENT ON COLUMN core_record.visitFaults IS 'What is wrong with the visit as a whole, told at its first row only: name of the fault to the values at fault.';

DROP TABLE core_event;
CREATE TABLE core_event (
    eventKey VARCHAR PRIMARY KEY,
    submissionId VARCHAR NOT NULL,
    protocol VARCHAR,
    eventID VARCHAR,
    parentEventID VARCHAR,
    eventCategory VARCHAR NOT NULL,
    eventType VARCHAR NOT NULL,
    eventDate VARCHAR,
    eventDateStart DATE,
    eventDateEnd DATE,
    eventTime VARCHAR,
    samplingProtocol VARCHAR,
    samplingEffort VARCHAR,
    sampleSizeValue DOUBLE,
    sampleSizeUnit VARCHAR,
    eventDurationValue DOUBLE,
    eventDurationUnit VARCHAR,
    totalAreaSampledValue DOUBLE,
    totalAreaSampledUnit VARCHAR,
    samplingEffortValue DOUBLE,
    samplingEffortUnit VARCHAR,
    samplingEffortProtocol VARCHAR,
    isSamplingEffortReported BOOLEAN NOT NULL,
    observerCount INTEGER,
    inventoryTypes VARCHAR,
    targetTaxonomicScope VARCHAR,
    isTaxonomicScopeFullyReported BOOLEAN,
    taxonCompletenessReported VARCHAR NOT NULL,
    isAbsenceReported BOOLEAN NOT NULL,
    absentTaxa VARCHAR,
    isAbundanceReported BOOLEAN NOT NULL,
    isVegetationCoverReported BOOLEAN NOT NULL,
    locality VARCHAR,
    rowCount BIGINT NOT NULL
);
COMMENT ON TABLE core_event IS 'One row per survey visit: one eventID (or, where none is written, one place) and date of one submission, a camera deployment being one visit. Terms as in Darwin Core Event and its Humboldt extension. GBIF records carry no visit of ours.';
COMMENT ON COLUMN core_event.sampleSizeValue IS 'Length of the transect or route in m, area of the quadrat in m2 (the largest where layers have their own), or camera days.';
COMMENT ON COLUMN core_event.samplingEffortProtocol IS 'How the effort was worked out, e.g. geodesic along the points of the route.';
COMMENT ON COLUMN core_event.observerCount IS 'How many people looked; their names are kept nowhere.';
COMMENT ON COLUMN core_event.absentTaxa IS 'Species that the file says were searched for and not found, as written, separated by " | ".';

CREATE VIEW core_absence AS
WITH scoped AS (  -- one row per complete visit and group it looked for
    SELECT eventKey, eventDate, unnest(string_split(targetTaxonomicScope, ' | ')) AS scope
    FROM core_event WHERE isTaxonomicScopeFullyReported AND targetTaxonomicScope IS NOT NULL
),
target AS (  -- one row per species the city knows and group it belongs to
    SELECT DISTINCT speciesName, scope
    FROM (
        SELECT taxon.speciesName, unnest([
            taxon.kingdom, taxon.phylum, taxon.class, taxon."order", taxon.family, taxon.genus, taxon.speciesName,
            CASE taxon.taxonGroup
                WHEN 'plant' THEN 'Tracheophyta' WHEN 'bird' THEN 'Aves' WHEN 'mammal' THEN 'Mammalia'
                WHEN 'amphibian' THEN 'Amphibia' WHEN 'reptile' THEN 'Reptilia' WHEN 'insect' THEN 'Insecta' END,
            CASE WHEN status.status = 'invasive' THEN 'invasive' END]) AS scope
        FROM core_taxon AS taxon LEFT JOIN out_species_status AS status USING (taxonID)
        WHERE taxon.speciesName IN (
            SELECT known.speciesName FROM core_occurrence JOIN core_taxon AS known USING (taxonID)
            WHERE core_occurrence.occurrenceStatus = 'detected' AND known.speciesName IS NOT NULL)
    )
    WHERE scope IS NOT NULL
),
said AS (  -- one row per visit and species that a record names, there or not
    SELECT DISTINCT eventKey, taxon.speciesName, occurrenceStatus
    FROM core_occurrence JOIN core_taxon AS taxon USING (taxonID)
    WHERE eventKey IS NOT NULL AND taxon.speciesName IS NOT NULL
)
SELECT eventKey, speciesName, 'explicit' AS absenceType FROM said
WHERE occurrenceStatus = 'notDetected'
    AND (eventKey, speciesName) NOT IN (SELECT (eventKey, speciesName) FROM said WHERE occurrenceStatus = 'detected')
UNION ALL
SELECT DISTINCT scoped.eventKey, target.speciesName, 'inferred'
FROM scoped JOIN target USING (scope)
WHERE (scoped.eventKey, target.speciesName) NOT IN (SELECT (eventKey, speciesName) FROM said);
COMMENT ON VIEW core_absence IS 'One row per visit and species not found there. explicit: a record says so. inferred: the visit fully reported a target group, the species belongs to it and is known from the city, and no record of the visit names it. Casual records imply nothing.';
