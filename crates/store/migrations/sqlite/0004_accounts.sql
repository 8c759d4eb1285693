-- Who may sign in at the desk. Passwords stand as argon2id in PHC form; recovery codes and tokens as SHA-256.

CREATE TABLE account (
    facility      INTEGER NOT NULL REFERENCES facility (number),
    login         TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    role          TEXT    NOT NULL,
    ends          TEXT,
    disabled      INTEGER NOT NULL,
    must_change   INTEGER NOT NULL,
    last_login    INTEGER,
    password      TEXT    NOT NULL,
    second_factor BLOB,
    last_step     INTEGER NOT NULL,
    recovery      TEXT    NOT NULL,
    PRIMARY KEY (facility, login)
) STRICT, WITHOUT ROWID;

-- What a script signs in with.
CREATE TABLE token (
    facility   INTEGER NOT NULL REFERENCES facility (number),
    digest     BLOB    NOT NULL,
    name       TEXT    NOT NULL,
    role       TEXT    NOT NULL,
    ends       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT    NOT NULL,
    PRIMARY KEY (facility, digest)
) STRICT, WITHOUT ROWID;
