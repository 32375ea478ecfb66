-- What survey cells say, read further: clock times, bounds of counts, units of quantities, notes on coordinates.

ALTER TABLE raw_survey ADD COLUMN organismQuantityType VARCHAR;
ALTER TABLE raw_survey ADD COLUMN endDate VARCHAR;
ALTER TABLE raw_survey ADD COLUMN endTime VARCHAR;
COMMENT ON COLUMN raw_survey.organismQuantityType IS 'The unit that the header of the quantity column and all its cells together say.';
COMMENT ON COLUMN raw_survey.endDate IS 'The cell of a second date column: the end of the visit that eventDate begins. endTime likewise.';

ALTER TABLE core_record ADD COLUMN verbatimEventTime VARCHAR;
ALTER TABLE core_record ADD COLUMN eventTime VARCHAR;
ALTER TABLE core_record ADD COLUMN coordinateNote VARCHAR;
ALTER TABLE core_record ADD COLUMN coordinateProposal VARCHAR;
ALTER TABLE core_record ADD COLUMN countMinimum BIGINT;
ALTER TABLE core_record ADD COLUMN countMaximum BIGINT;
ALTER TABLE core_record ADD COLUMN verbatimOrganismQuantity VARCHAR;
ALTER TABLE core_quarantine ADD COLUMN verbatimEventTime VARCHAR;
ALTER TABLE core_quarantine ADD COLUMN eventTime VARCHAR;
ALTER TABLE core_quarantine ADD COLUMN coordinateNote VARCHAR;
ALTER TABLE core_quarantine ADD COLUMN coordinateProposal VARCHAR;
ALTER TABLE core_quarantine ADD COLUMN countMinimum BIGINT;
ALTER TABLE core_quarantine ADD COLUMN countMaximum BIGINT;
ALTER TABLE core_quarantine ADD COLUMN verbatimOrganismQuantity VARCHAR;
ALTER TABLE core_occurrence ADD COLUMN verbatimEventTime VARCHAR;
ALTER TABLE core_occurrence ADD COLUMN eventTime VARCHAR;
ALTER TABLE core_occurrence ADD COLUMN coordinateNote VARCHAR;
ALTER TABLE core_occurrence ADD COLUMN coordinateProposal VARCHAR;
ALTER TABLE core_occurrence ADD COLUMN countMinimum BIGINT;
ALTER TABLE core_occurrence ADD COLUMN countMaximum BIGINT;
ALTER TABLE core_occurrence ADD COLUMN verbatimOrganismQuantity VARCHAR;

COMMENT ON COLUMN core_record.eventTime IS 'ISO 8601 local time, or an interval of two; empty where none is written or none could be read.';
COMMENT ON COLUMN core_record.coordinateNote IS 'How the coordinates were read where that was not plain: interpreted, zone-assumed, zone-open, zone-other, scaled, untransformed.';
COMMENT ON COLUMN core_record.coordinateProposal IS 'What the cells may have meant instead, in their own notation.';
COMMENT ON COLUMN core_record.countMinimum IS 'Lowest number of individuals that a range or bound allows; countMaximum the highest. individualCount is then empty.';
COMMENT ON COLUMN core_record.organismQuantity IS 'What was estimated in classes, words or units other than individuals, with its organismQuantityType.';
