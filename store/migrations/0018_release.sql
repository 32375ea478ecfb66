-- What the last look before publishing rests on.

CREATE TABLE meta_published (
    tableName VARCHAR PRIMARY KEY,
    rowCount BIGINT NOT NULL,
    publishedAt TIMESTAMP NOT NULL
);
COMMENT ON TABLE meta_published IS 'One row per table: how many rows it had when it was last published. What the next run has is compared with it.';

CREATE TABLE meta_personal_text (
    tableName VARCHAR NOT NULL,
    columnName VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    shown VARCHAR NOT NULL
);
COMMENT ON TABLE meta_personal_text IS 'One row per text of the out_ tables that looks like a person: the name of an observer, an e-mail address, a telephone or identity number. shown is its first letter.';
