-- A corrected file: which of its rows are which of its predecessor's.

ALTER TABLE raw_survey ADD COLUMN inheritedId VARCHAR;
COMMENT ON COLUMN raw_survey.inheritedId IS 'The id of the row of the replaced file that this row corrects or repeats, where its own content would give another one.';
