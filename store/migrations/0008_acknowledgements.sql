-- Problems that a person lets stand, and why.

ALTER TABLE core_flag ADD COLUMN acknowledgedReason VARCHAR;
ALTER TABLE core_flag ADD COLUMN acknowledgedBy VARCHAR;
COMMENT ON COLUMN core_flag.acknowledgedReason IS 'Why a person lets the problem stand; the record is judged as before.';
