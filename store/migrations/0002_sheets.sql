-- Files of several sheets and tables: a row is known by its place among all rows of its file, and a column by the
-- header line it stands under.

ALTER TABLE raw_survey ADD COLUMN rowNumber BIGINT;
ALTER TABLE raw_survey ADD COLUMN headerLine BIGINT;
ALTER TABLE raw_survey ADD COLUMN rowKind VARCHAR;
ALTER TABLE raw_survey ADD COLUMN statedYear SMALLINT;
ALTER TABLE raw_survey ADD COLUMN cellColumn VARCHAR;
UPDATE raw_survey SET rowNumber = line, headerLine = 0;
COMMENT ON COLUMN raw_survey.rowNumber IS 'Place of the row among all rows of its submission, from 1; line is what the user sees on the sheet.';
COMMENT ON COLUMN raw_survey.headerLine IS 'The line of the header of the table the row stands in; 0 in rows loaded before tables were told apart.';
COMMENT ON COLUMN raw_survey.cellColumn IS 'In a cross-table (species by plot), the letters of the column whose cell the record is.';
COMMENT ON COLUMN raw_survey.rowKind IS 'note: a remark below or between the rows; empty for all others.';
COMMENT ON COLUMN raw_survey.statedYear IS 'The year that the title, the sheet or the file names, for dates written without one.';

ALTER TABLE raw_survey_column RENAME TO raw_survey_column_1;
CREATE TABLE raw_survey_column (
    submissionId VARCHAR NOT NULL,
    sheet VARCHAR NOT NULL,
    headerLine BIGINT NOT NULL,
    position INTEGER NOT NULL,
    columnLetter VARCHAR NOT NULL,
    header VARCHAR NOT NULL,
    term VARCHAR
);
COMMENT ON TABLE raw_survey_column IS 'One row per column of a table in a survey file: the header as written and the Darwin Core term it was read as (empty: kept in otherCells).';
INSERT INTO raw_survey_column SELECT submissionId, sheet, 0, position, columnLetter, header, term FROM raw_survey_column_1;
DROP TABLE raw_survey_column_1;
