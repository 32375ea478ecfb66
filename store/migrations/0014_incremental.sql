-- A run touches what changed: which rows are to be made again, and what the rows there are were made with.

ALTER TABLE raw_submission ADD COLUMN place BIGINT;
ALTER TABLE raw_submission ADD COLUMN confirmedSince TIMESTAMP;
UPDATE raw_submission SET confirmedSince = knownSince, place = (hash(submissionId) % 900_000_000)::BIGINT;
COMMENT ON COLUMN raw_submission.place IS 'A number of its own, of which the rowIds of its rows are made.';
COMMENT ON COLUMN raw_submission.confirmedSince IS 'Of a GBIF snapshot: when the newest that replaces it became known; what of its rows has not been superseded is in that one too.';

ALTER TABLE raw_gbif ADD COLUMN supersededBy VARCHAR;
COMMENT ON COLUMN raw_gbif.supersededBy IS 'The snapshot that has the record otherwise, or no longer. A row that later snapshots have alike stays the row of the first that had it.';
COMMENT ON TABLE raw_gbif_carried IS 'One row per snapshot of which rows are kept as rows of another that has them alike: how many.';

CREATE TABLE raw_gbif_touched (
    submissionId VARCHAR NOT NULL,
    line BIGINT
);
COMMENT ON TABLE raw_gbif_touched IS 'One row per row of raw_gbif that was put in, superseded or taken out since core_record was built; without a line, all rows of the submission.';

CREATE TABLE meta_touched_record (
    stage VARCHAR NOT NULL,
    rowId BIGINT
);
COMMENT ON TABLE meta_touched_record IS 'One row per record made again or gone and stage after core_record that has not followed yet; without a rowId, all records.';

CREATE TABLE meta_built_with (
    tableName VARCHAR PRIMARY KEY,
    fingerprint VARCHAR NOT NULL
);
COMMENT ON TABLE meta_built_with IS 'One row per table built in parts: a digest of all but the rows before it that decide its rows. Where it differs, the whole table is built again.';

CREATE TABLE meta_name_used (
    nameText VARCHAR NOT NULL,
    digest UBIGINT NOT NULL
);
COMMENT ON TABLE meta_name_used IS 'One row per name that core_record was built with and a digest of its match.';

DROP TABLE core_occurrence;
DROP TABLE core_quarantine;
CREATE TABLE core_held (
    rowId BIGINT NOT NULL,
    disposition VARCHAR NOT NULL,
    tests VARCHAR[] NOT NULL
);
COMMENT ON TABLE core_held IS 'One row per record not accepted, with the tests that hold it back. disposition is quarantined (waits for a person) or rejected (not a record at all).';
CREATE VIEW core_quarantine AS SELECT core_record.*, disposition, tests FROM core_record JOIN core_held USING (rowId);
COMMENT ON VIEW core_quarantine IS 'One row per record not accepted: core_record with what core_held says of it.';
CREATE VIEW core_occurrence AS SELECT * FROM core_record ANTI JOIN core_held USING (rowId);
COMMENT ON VIEW core_occurrence IS 'One row per accepted record: core_record without what core_held holds back.';

CREATE VIEW raw_newest_submission AS
WITH RECURSIVE step AS (
    SELECT submissionId, submissionId AS newest FROM raw_submission
    UNION ALL
    SELECT step.submissionId, latter.submissionId
    FROM step JOIN raw_submission AS former ON former.submissionId = step.newest
    JOIN raw_submission AS latter ON latter.submissionId = former.replacedBy
    WHERE former.kind = 'gbif'
)
SELECT step.submissionId, newest FROM step JOIN raw_submission AS found ON found.submissionId = newest
WHERE found.kind <> 'gbif' OR found.replacedBy IS NULL
    OR found.replacedBy NOT IN (SELECT submissionId FROM raw_submission);
COMMENT ON VIEW raw_newest_submission IS 'One row per submission: for which one its rows count that are not rejected. A GBIF row that later snapshots have alike stays the row of the first that had it, and counts for the newest.';
