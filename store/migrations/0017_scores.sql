-- Scorecards: how records meet each test of BDQ Core, what they are good for, and the days before today.

CREATE TABLE out_score (
    day DATE NOT NULL,
    phase VARCHAR NOT NULL,
    scope VARCHAR NOT NULL,
    scopeId VARCHAR NOT NULL,
    test VARCHAR NOT NULL,
    bdqGuid VARCHAR NOT NULL,
    compliant BIGINT NOT NULL,
    notCompliant BIGINT NOT NULL,
    prerequisitesNotMet BIGINT NOT NULL
);
COMMENT ON TABLE out_score IS 'One row per day, phase (preAmendment: the cells as written; postAmendment: the records as read), source, submission or site, and test of BDQ Core. Of days before the last run only the sources.';

CREATE TABLE out_fitness (
    day DATE NOT NULL,
    scope VARCHAR NOT NULL,
    scopeId VARCHAR NOT NULL,
    purpose VARCHAR NOT NULL,
    good BIGINT NOT NULL,
    notGood BIGINT NOT NULL,
    notKnown BIGINT NOT NULL
);
COMMENT ON TABLE out_fitness IS 'One row per day, source, submission or site, and purpose: how many records are good for it. The tests that a purpose asks are those of quality/fitness.toml.';
