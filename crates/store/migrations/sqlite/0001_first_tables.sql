-- Column types and the few words that differ on PostgreSQL are listed in migrations/README.md.
-- The facility stands first in every key. Times are milliseconds since 1970 (UTC), dates ISO 8601, words their keys.

CREATE TABLE facility (
    number INTEGER NOT NULL PRIMARY KEY,
    id     TEXT    NOT NULL UNIQUE,
    name   TEXT    NOT NULL
) STRICT;

CREATE TABLE audit (
    facility INTEGER NOT NULL REFERENCES facility (number),
    seq      INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    actor    TEXT    NOT NULL,
    act      TEXT    NOT NULL,
    subject  TEXT    NOT NULL,
    detail   TEXT    NOT NULL,
    previous BLOB    NOT NULL,
    hash     BLOB    NOT NULL,
    PRIMARY KEY (facility, seq)
) STRICT, WITHOUT ROWID;

-- `digest` names what came in; `kept` is the digest of the bytes that stand in the chunks, which differs for masked copies.
CREATE TABLE evidence (
    facility INTEGER NOT NULL REFERENCES facility (number),
    digest   BLOB    NOT NULL,
    kept     BLOB    NOT NULL,
    size     INTEGER NOT NULL,
    PRIMARY KEY (facility, digest)
) STRICT, WITHOUT ROWID;

-- `packed` is 1 where the bytes are deflated (RFC 1951).
CREATE TABLE evidence_chunk (
    facility INTEGER NOT NULL,
    digest   BLOB    NOT NULL,
    seq      INTEGER NOT NULL,
    packed   INTEGER NOT NULL,
    bytes    BLOB    NOT NULL,
    PRIMARY KEY (facility, digest, seq),
    FOREIGN KEY (facility, digest) REFERENCES evidence (facility, digest)
) STRICT;

CREATE TABLE import (
    facility       INTEGER NOT NULL REFERENCES facility (number),
    number         INTEGER NOT NULL,
    evidence       BLOB    NOT NULL,
    file_name      TEXT    NOT NULL,
    size           INTEGER NOT NULL,
    keeping        TEXT    NOT NULL,
    source         TEXT    NOT NULL,
    kind           TEXT    NOT NULL,
    reader_version INTEGER NOT NULL,
    encoding       TEXT,
    captured_at    INTEGER NOT NULL,
    imported_at    INTEGER NOT NULL,
    imported_by    TEXT    NOT NULL,
    row_count      INTEGER NOT NULL,
    state          TEXT    NOT NULL,
    PRIMARY KEY (facility, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX import_by_evidence ON import (facility, evidence);

-- Apart from the import: a report may be long, and a list of imports does not want it.
CREATE TABLE import_report (
    facility INTEGER NOT NULL,
    import   INTEGER NOT NULL,
    report   TEXT    NOT NULL,
    PRIMARY KEY (facility, import),
    FOREIGN KEY (facility, import) REFERENCES import (facility, number)
) STRICT;

CREATE TABLE observation (
    facility INTEGER NOT NULL,
    import   INTEGER NOT NULL,
    seq      INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    place    TEXT    NOT NULL,
    bindings BLOB    NOT NULL,
    facts    BLOB    NOT NULL,
    PRIMARY KEY (facility, import, seq),
    FOREIGN KEY (facility, import) REFERENCES import (facility, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE coverage (
    facility     INTEGER NOT NULL,
    import       INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    network      TEXT    NOT NULL,
    vantage      TEXT,
    at           INTEGER NOT NULL,
    completeness TEXT    NOT NULL,
    PRIMARY KEY (facility, import, seq),
    FOREIGN KEY (facility, import) REFERENCES import (facility, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE source (
    facility       INTEGER NOT NULL REFERENCES facility (number),
    id             TEXT    NOT NULL,
    kind           TEXT    NOT NULL,
    newest         TEXT,
    freshness_days INTEGER,
    PRIMARY KEY (facility, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE mapping (
    facility    INTEGER NOT NULL REFERENCES facility (number),
    source      TEXT    NOT NULL,
    fingerprint BLOB    NOT NULL,
    mapping     TEXT    NOT NULL,
    PRIMARY KEY (facility, source, fingerprint)
) STRICT, WITHOUT ROWID;

CREATE TABLE identity_decision (
    facility INTEGER NOT NULL REFERENCES facility (number),
    number   INTEGER NOT NULL,
    one      TEXT    NOT NULL,
    other    TEXT    NOT NULL,
    verdict  TEXT    NOT NULL,
    decider  TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (facility, number)
) STRICT, WITHOUT ROWID;

-- Rows are only ever added: the one with the highest number is what holds, the others are its history.
CREATE TABLE finding_decision (
    facility INTEGER NOT NULL REFERENCES facility (number),
    finding  TEXT    NOT NULL,
    number   INTEGER NOT NULL,
    state    TEXT    NOT NULL,
    until    TEXT,
    reason   TEXT    NOT NULL,
    decider  TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    basis    BLOB    NOT NULL,
    PRIMARY KEY (facility, finding, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE zone (
    facility INTEGER NOT NULL REFERENCES facility (number),
    name     TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    probe    TEXT    NOT NULL,
    networks TEXT    NOT NULL,
    PRIMARY KEY (facility, name)
) STRICT, WITHOUT ROWID;

-- Derived, and kept only for speed. The rows lie in the order in which they are listed, without what a list does not show.
CREATE TABLE device (
    facility         INTEGER NOT NULL REFERENCES facility (number),
    sort             TEXT    NOT NULL,
    id               INTEGER NOT NULL,
    asset_number     TEXT    NOT NULL,
    name             TEXT    NOT NULL,
    kind             TEXT,
    maker            TEXT    NOT NULL,
    model            TEXT    NOT NULL,
    os               TEXT    NOT NULL,
    os_version       TEXT    NOT NULL,
    software         TEXT    NOT NULL,
    software_version TEXT    NOT NULL,
    location         TEXT    NOT NULL,
    status           TEXT,
    zone             TEXT    NOT NULL,
    hostnames        TEXT    NOT NULL,
    addresses        TEXT    NOT NULL,
    macs             TEXT    NOT NULL,
    search           TEXT    NOT NULL,
    detail           BLOB    NOT NULL,
    -- Eight bytes each. Looked through only for an id that is no device's own, which is seldom.
    aliases          BLOB    NOT NULL,
    PRIMARY KEY (facility, sort, id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX device_by_id ON device (facility, id);

-- One row for each time a finding stood: it may go and come back.
CREATE TABLE finding (
    facility INTEGER NOT NULL REFERENCES facility (number),
    finding  TEXT    NOT NULL,
    opened   TEXT    NOT NULL,
    closed   TEXT,
    severity TEXT    NOT NULL,
    device   TEXT,
    basis    BLOB    NOT NULL,
    messages TEXT    NOT NULL,
    PRIMARY KEY (facility, finding, opened)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX finding_open ON finding (facility, finding) WHERE closed IS NULL;

CREATE INDEX finding_by_device ON finding (facility, device) WHERE device IS NOT NULL;

CREATE TABLE round (
    facility   INTEGER NOT NULL REFERENCES facility (number),
    number     INTEGER NOT NULL,
    date       TEXT    NOT NULL,
    run_at     INTEGER NOT NULL,
    new        INTEGER NOT NULL,
    gone       INTEGER NOT NULL,
    standing   INTEGER NOT NULL,
    audit_head BLOB    NOT NULL,
    PRIMARY KEY (facility, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
    facility INTEGER NOT NULL REFERENCES facility (number),
    name     TEXT    NOT NULL,
    value    TEXT    NOT NULL,
    PRIMARY KEY (facility, name)
) STRICT, WITHOUT ROWID;
