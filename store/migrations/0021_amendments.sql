-- What BDQ Core would amend in the cells of surveys, and how often the reading came to the same.

CREATE TABLE core_amendment (
    submissionId VARCHAR NOT NULL,
    test VARCHAR NOT NULL,
    bdqGuid VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    verbatim JSON NOT NULL,
    proposed JSON NOT NULL,
    records BIGINT NOT NULL,
    applied BIGINT NOT NULL
);
COMMENT ON TABLE core_amendment IS 'One row per survey file, amendment of BDQ Core and distinct cells that it would change: what stands there, what it proposes, in how many records, and in how many of them the record was read so. The cells stay as written.';
