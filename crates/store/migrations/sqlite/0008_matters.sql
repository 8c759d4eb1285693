-- Matters (用件): inquiries, and what else is agreed with somebody outside, each step a row. Rows are only ever added.
-- `body` is what the step is, as JSON that the store does not look into.

CREATE TABLE matter_step (
    facility INTEGER NOT NULL REFERENCES facility (number),
    kind     TEXT    NOT NULL,
    number   INTEGER NOT NULL,
    step     INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    actor    TEXT    NOT NULL,
    body     TEXT    NOT NULL,
    PRIMARY KEY (facility, kind, number, step)
) STRICT, WITHOUT ROWID;
