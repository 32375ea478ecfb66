-- Duplicates: the same occurrence read from several sources. Circles of uncertainty that leave a site.

DROP VIEW core_occurrence;
DROP VIEW core_quarantine;
ALTER TABLE raw_gbif ADD COLUMN observerKey UBIGINT;
ALTER TABLE raw_gbif ADD COLUMN catalogKey UBIGINT;
ALTER TABLE raw_gbif ADD COLUMN occurrenceKey UBIGINT;
ALTER TABLE raw_survey ADD COLUMN observerKey UBIGINT;
ALTER TABLE raw_survey ADD COLUMN occurrenceKey UBIGINT;
ALTER TABLE core_record ADD COLUMN observerKey UBIGINT;
ALTER TABLE core_record ADD COLUMN catalogKey UBIGINT;
ALTER TABLE core_record ADD COLUMN occurrenceKey UBIGINT;
ALTER TABLE core_record ADD COLUMN sitesLeft VARCHAR[];
COMMENT ON COLUMN core_record.sitesLeft IS 'Those of siteIDs that the circle of coordinateUncertaintyInMeters around the point does not lie in as a whole.';
COMMENT ON COLUMN raw_gbif.catalogKey IS 'A digest of institutionCode, collectionCode and catalogNumber, where all are given.';
COMMENT ON COLUMN raw_gbif.observerKey IS 'A digest by which two records of one observer are found; the name stays in the archive. Not published.';
COMMENT ON COLUMN raw_gbif.occurrenceKey IS 'A digest of an occurrenceID that is meant to be unique in the world, however it is written.';
COMMENT ON COLUMN raw_survey.observerKey IS 'A digest by which two records of one observer are found. Not published.';

CREATE TABLE core_duplicate (
    rowId BIGINT NOT NULL,
    recordId VARCHAR NOT NULL,
    representativeId VARCHAR NOT NULL,
    isRepresentative BOOLEAN NOT NULL,
    rules VARCHAR[] NOT NULL
);
COMMENT ON TABLE core_duplicate IS 'One row per accepted record that is the same occurrence as another: which of them represents all (representativeId), and by what they were found: occurrenceID, catalogue, sighting.';

CREATE VIEW core_quarantine AS
SELECT core_record.* EXCLUDE (observerKey, catalogKey, occurrenceKey), disposition, tests FROM core_record JOIN core_held USING (rowId);
COMMENT ON VIEW core_quarantine IS 'One row per record not accepted: core_record with what core_held says of it.';
CREATE VIEW core_occurrence AS
SELECT * EXCLUDE (observerKey, catalogKey, occurrenceKey) FROM core_record ANTI JOIN core_held USING (rowId);
COMMENT ON VIEW core_occurrence IS 'One row per accepted record: core_record without what core_held holds back.';

CREATE VIEW core_counted AS
SELECT * FROM core_occurrence
ANTI JOIN (SELECT rowId FROM core_duplicate WHERE NOT isRepresentative) AS doubled USING (rowId);
COMMENT ON VIEW core_counted IS 'One row per accepted occurrence: core_occurrence without the records that another one represents. What is counted.';
