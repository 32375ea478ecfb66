-- Records compared with others, and the response of every test in the standard's words.

ALTER TABLE core_flag ADD COLUMN status VARCHAR;
ALTER TABLE core_flag ADD COLUMN result VARCHAR;
COMMENT ON COLUMN core_flag.status IS 'Response.status of BDQ Core; a flag is always RUN_HAS_RESULT.';
COMMENT ON COLUMN core_flag.result IS 'Response.result of BDQ Core: NOT_COMPLIANT of a validation, POTENTIAL_ISSUE of an issue or comparison.';

CREATE TABLE core_dataset_test (
    dataset VARCHAR NOT NULL,
    test VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    result VARCHAR,
    points BIGINT NOT NULL,
    measured VARCHAR
);
COMMENT ON TABLE core_dataset_test IS 'One row per dataset (source and dataset key or submission) and test of all its points together. Where the premises of a test do not hold, status is INTERNAL_PREREQUISITES_NOT_MET and measured says which.';
