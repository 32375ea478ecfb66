-- A count cell that says nothing countable, told even where a quantity stands beside it.
ALTER TABLE core_record ADD COLUMN countNote VARCHAR;
ALTER TABLE core_quarantine ADD COLUMN countNote VARCHAR;
ALTER TABLE core_occurrence ADD COLUMN countNote VARCHAR;
COMMENT ON COLUMN core_record.countNote IS 'unread: the count cell holds something that is no count in any known notation.';
