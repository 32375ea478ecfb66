-- Corrected files: which of their rows are which of their predecessor's; what may have to be corrected.

ALTER TABLE raw_survey ADD COLUMN inheritedId VARCHAR;
COMMENT ON COLUMN raw_survey.inheritedId IS 'The id of the row of the replaced file that this row corrects or repeats, where its own content would give another one.';

-- Points that fit their sites only on another datum.
ALTER TABLE core_record ADD COLUMN datumSuspected VARCHAR;
ALTER TABLE core_quarantine ADD COLUMN datumSuspected VARCHAR;
ALTER TABLE core_occurrence ADD COLUMN datumSuspected VARCHAR;
COMMENT ON COLUMN core_record.datumSuspected IS 'The datum on which the points of this file lie in their sites, where that is not the one they were read on.';
