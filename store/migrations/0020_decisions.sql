-- What people decided on single records: corrected cells beside what was written, and rows let in or kept out.

CREATE TABLE raw_correction (
    submissionId VARCHAR NOT NULL,
    rowNumber BIGINT NOT NULL,
    term VARCHAR NOT NULL,
    verbatim VARCHAR,
    inheritedBefore VARCHAR,
    decisionId VARCHAR NOT NULL
);
COMMENT ON TABLE raw_correction IS 'One row per cell of raw_survey that a person corrected, with what was written there. Where the decision is taken back, so is the correction.';

CREATE TABLE core_decision (
    recordId VARCHAR PRIMARY KEY,
    decision VARCHAR NOT NULL,
    tests VARCHAR[] NOT NULL,
    reason VARCHAR NOT NULL,
    decidedAt VARCHAR NOT NULL,
    decisionId VARCHAR NOT NULL
);
COMMENT ON TABLE core_decision IS 'One row per record that a person let in (accept, in spite of these tests) or kept out (reject); who decided is kept with the decision in the archive.';
