-- Decisions about one vulnerability of one product. Rows are only ever added. `devices` and `controls` hold ids and words divided by
-- blanks, sorted; `basis` holds digests of 32 bytes, sorted.

CREATE TABLE vex_decision (
    facility      INTEGER NOT NULL REFERENCES facility (number),
    number        INTEGER NOT NULL,
    vulnerability TEXT    NOT NULL,
    mark          TEXT    NOT NULL,
    family        TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    scope         TEXT    NOT NULL,
    devices       TEXT    NOT NULL,
    status        TEXT    NOT NULL,
    justification TEXT,
    impact        TEXT    NOT NULL,
    action        TEXT    NOT NULL,
    controls      TEXT    NOT NULL,
    review        TEXT,
    origin        TEXT    NOT NULL,
    reason        TEXT    NOT NULL,
    decider       TEXT    NOT NULL,
    at            INTEGER NOT NULL,
    basis         BLOB    NOT NULL,
    PRIMARY KEY (facility, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE vex_taken_back (
    facility INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    decider  TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    reason   TEXT    NOT NULL,
    PRIMARY KEY (facility, number),
    FOREIGN KEY (facility, number) REFERENCES vex_decision (facility, number)
) STRICT, WITHOUT ROWID;
