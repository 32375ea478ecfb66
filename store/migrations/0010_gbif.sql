-- GBIF: snapshots one after another and what differs between them, more kinds of files, who is to be cited.

ALTER TABLE raw_gbif ADD COLUMN eventID VARCHAR;
ALTER TABLE raw_gbif ADD COLUMN mediaCount VARCHAR;
ALTER TABLE raw_gbif ADD COLUMN numberOfOccurrences VARCHAR;
ALTER TABLE raw_gbif ADD COLUMN rowKind VARCHAR;
ALTER TABLE raw_gbif ADD COLUMN unjoinedKey VARCHAR;
ALTER TABLE raw_gbif ADD COLUMN firstSeen TIMESTAMP;
ALTER TABLE raw_gbif ADD COLUMN verbatimEventDate VARCHAR;
COMMENT ON COLUMN raw_gbif.mediaCount IS 'How many pictures, sounds or films the archive has of the record.';
COMMENT ON COLUMN raw_gbif.unjoinedKey IS 'The event that the row says it belongs to and that the archive does not hold.';
COMMENT ON COLUMN raw_gbif.firstSeen IS 'Since when an earlier snapshot had the record, where one had; its rows that say the same are not kept twice.';
COMMENT ON COLUMN raw_gbif.rowKind IS 'species: the row of a species list, which says that a species occurs and how often, and is no occurrence.';

ALTER TABLE raw_citation ADD COLUMN publisher VARCHAR;

CREATE TABLE raw_gbif_change (
    submissionId VARCHAR NOT NULL,
    formerId VARCHAR NOT NULL,
    identity VARCHAR NOT NULL,
    change VARCHAR NOT NULL,
    fields VARCHAR[] NOT NULL,
    formerName VARCHAR,
    latterName VARCHAR
);
COMMENT ON TABLE raw_gbif_change IS 'One row per record that a snapshot (submissionId) has and the one before it (formerId) has not (new), has otherwise (changed: fields), or has alone (gone).';
COMMENT ON COLUMN raw_gbif_change.identity IS 'gbifID, or occurrenceID where there is none.';

CREATE TABLE raw_gbif_carried (
    submissionId VARCHAR PRIMARY KEY,
    rowsCarriedOver BIGINT NOT NULL
);
COMMENT ON TABLE raw_gbif_carried IS 'One row per replaced snapshot: how many of its rows the one that replaces it has alike, and that are kept as rows of that one only.';

CREATE TABLE out_gbif_snapshot (
    submissionId VARCHAR PRIMARY KEY,
    fileName VARCHAR NOT NULL,
    knownSince TIMESTAMP NOT NULL,
    records BIGINT NOT NULL,
    formerId VARCHAR,
    replacedBy VARCHAR,
    newRecords BIGINT NOT NULL,
    changedRecords BIGINT NOT NULL,
    goneRecords BIGINT NOT NULL
);
COMMENT ON TABLE out_gbif_snapshot IS 'One row per GBIF file received: what differs from the one it replaces (formerId), if it replaces one.';

CREATE TABLE out_gbif_change (
    recordId VARCHAR NOT NULL,
    submissionId VARCHAR NOT NULL,
    formerId VARCHAR NOT NULL,
    knownSince TIMESTAMP NOT NULL,
    change VARCHAR NOT NULL,
    fields VARCHAR[] NOT NULL,
    formerName VARCHAR,
    latterName VARCHAR
);
COMMENT ON TABLE out_gbif_change IS 'One row per record that a GBIF snapshot corrected or no longer has. change is gone, reidentified (GBIF now means another taxon) or changed. New records are counted in out_gbif_snapshot.';

ALTER TABLE out_source ADD COLUMN nonCommercial BOOLEAN;
ALTER TABLE out_citation ADD COLUMN publisher VARCHAR;
ALTER TABLE out_citation ADD COLUMN nonCommercial BOOLEAN;
COMMENT ON COLUMN out_citation.nonCommercial IS 'The licence allows no commercial use; whoever passes figures or records on must know.';

ALTER TABLE core_record ADD COLUMN isObscured BOOLEAN;
ALTER TABLE core_quarantine ADD COLUMN isObscured BOOLEAN;
ALTER TABLE core_occurrence ADD COLUMN isObscured BOOLEAN;
COMMENT ON COLUMN core_record.isObscured IS 'Whoever published the record made its place vague on purpose, or withholds it; it names no site, however exact its coordinates look.';
