-- Signatures under a day's round (点検記録). Rows are only ever added. `open_*`: findings about which nothing was decided.

CREATE TABLE daily_check (
    facility     INTEGER NOT NULL REFERENCES facility (number),
    day          TEXT    NOT NULL,
    number       INTEGER NOT NULL,
    signer       TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    devices      INTEGER NOT NULL,
    open_urgent  INTEGER NOT NULL,
    open_warning INTEGER NOT NULL,
    open_notice  INTEGER NOT NULL,
    open_unknown INTEGER NOT NULL,
    decided      INTEGER NOT NULL,
    new          INTEGER NOT NULL,
    gone         INTEGER NOT NULL,
    note         TEXT    NOT NULL,
    audit_head   BLOB    NOT NULL,
    PRIMARY KEY (facility, day, number)
) STRICT, WITHOUT ROWID;
