-- Exports of several tables (camera traps, forms with repeat groups, events with occurrences): a row may take cells from
-- a line of another sheet, and several tables may stand side by side below one header line.

ALTER TABLE raw_survey ADD COLUMN block INTEGER DEFAULT 1;
ALTER TABLE raw_survey ADD COLUMN joinedLines MAP(VARCHAR, BIGINT);
ALTER TABLE raw_survey ADD COLUMN unjoinedKey VARCHAR;
COMMENT ON COLUMN raw_survey.block IS 'Which of the tables side by side below one header line of a sheet the row stands in, from 1.';
COMMENT ON COLUMN raw_survey.joinedLines IS 'By the name of another sheet, the line there from which cells of this row were taken.';
COMMENT ON COLUMN raw_survey.unjoinedKey IS 'What the row says it belongs to (a deployment, a submitted form, an event) where no line of the file has that key.';
COMMENT ON COLUMN raw_survey.rowKind IS 'Why the row is no record of a species (note, blank, media …); empty for all others.';
ALTER TABLE raw_survey_column ADD COLUMN block INTEGER DEFAULT 1;
ALTER TABLE raw_survey_column ADD COLUMN cellSheet VARCHAR;
COMMENT ON COLUMN raw_survey_column.cellSheet IS 'The sheet on which the cells of the column stand, where it is not the sheet of the rows.';

ALTER TABLE raw_survey ADD COLUMN IF NOT EXISTS sex VARCHAR;
ALTER TABLE raw_survey ADD COLUMN IF NOT EXISTS lifeStage VARCHAR;
ALTER TABLE raw_survey ADD COLUMN IF NOT EXISTS behavior VARCHAR;
ALTER TABLE raw_survey ADD COLUMN IF NOT EXISTS license VARCHAR;
ALTER TABLE raw_survey ADD COLUMN IF NOT EXISTS identificationVerificationStatus VARCHAR;
ALTER TABLE raw_survey ADD COLUMN IF NOT EXISTS informationWithheld VARCHAR;
ALTER TABLE raw_survey ADD COLUMN IF NOT EXISTS dataGeneralizations VARCHAR;

ALTER TABLE core_record ADD COLUMN IF NOT EXISTS degreeOfEstablishment VARCHAR;
ALTER TABLE core_record ADD COLUMN IF NOT EXISTS sex VARCHAR;
ALTER TABLE core_record ADD COLUMN IF NOT EXISTS lifeStage VARCHAR;
ALTER TABLE core_record ADD COLUMN IF NOT EXISTS behavior VARCHAR;
ALTER TABLE core_record ADD COLUMN IF NOT EXISTS identificationVerificationStatus VARCHAR;
ALTER TABLE core_record ADD COLUMN unjoinedKey VARCHAR;
ALTER TABLE core_quarantine ADD COLUMN IF NOT EXISTS degreeOfEstablishment VARCHAR;
ALTER TABLE core_quarantine ADD COLUMN IF NOT EXISTS sex VARCHAR;
ALTER TABLE core_quarantine ADD COLUMN IF NOT EXISTS lifeStage VARCHAR;
ALTER TABLE core_quarantine ADD COLUMN IF NOT EXISTS behavior VARCHAR;
ALTER TABLE core_quarantine ADD COLUMN IF NOT EXISTS identificationVerificationStatus VARCHAR;
ALTER TABLE core_quarantine ADD COLUMN unjoinedKey VARCHAR;
ALTER TABLE core_occurrence ADD COLUMN IF NOT EXISTS degreeOfEstablishment VARCHAR;
ALTER TABLE core_occurrence ADD COLUMN IF NOT EXISTS sex VARCHAR;
ALTER TABLE core_occurrence ADD COLUMN IF NOT EXISTS lifeStage VARCHAR;
ALTER TABLE core_occurrence ADD COLUMN IF NOT EXISTS behavior VARCHAR;
ALTER TABLE core_occurrence ADD COLUMN IF NOT EXISTS identificationVerificationStatus VARCHAR;
ALTER TABLE core_occurrence ADD COLUMN unjoinedKey VARCHAR;
COMMENT ON COLUMN core_record.unjoinedKey IS 'Key of a deployment, form or event that the file names and does not hold.';
