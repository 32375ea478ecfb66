-- Digests of the lines of the newest snapshots: what the next one says otherwise is found without reading the former.

CREATE TABLE raw_gbif_line (
    digest UBIGINT NOT NULL,
    submissionId VARCHAR NOT NULL,
    line BIGINT NOT NULL
);
COMMENT ON TABLE raw_gbif_line IS 'One row per line of the newest snapshot of each series that is plain text: a digest of it, and the row of raw_gbif that says what it says.';

CREATE TABLE raw_gbif_layout (
    submissionId VARCHAR PRIMARY KEY,
    layout VARCHAR NOT NULL
);
COMMENT ON TABLE raw_gbif_layout IS 'One row per snapshot whose lines are in raw_gbif_line: how a line is to be read. Only lines read alike can be compared.';
