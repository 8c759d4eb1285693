-- Many records in one row, packed: what is written together is written quickly, and takes a fifth of the room.
-- The program carries the rows of `observation` and `device` over; the next step then drops those tables.

-- `count` observations of one import from number `seq` on. `bytes` are `size` bytes, in a zlib stream (RFC 1950).
CREATE TABLE observation_block (
    facility INTEGER NOT NULL,
    import   INTEGER NOT NULL,
    seq      INTEGER NOT NULL,
    count    INTEGER NOT NULL,
    size     INTEGER NOT NULL,
    bytes    BLOB    NOT NULL,
    PRIMARY KEY (facility, import, seq),
    FOREIGN KEY (facility, import) REFERENCES import (facility, number)
) STRICT;

-- Derived, and kept only for speed. Devices that follow one another in the list; `sort` and `id` are those of the first.
-- `ids` are eight bytes each; `rows` are `size` bytes, in a zlib stream.
CREATE TABLE device_block (
    facility INTEGER NOT NULL REFERENCES facility (number),
    sort     TEXT    NOT NULL,
    id       INTEGER NOT NULL,
    size     INTEGER NOT NULL,
    ids      BLOB    NOT NULL,
    details  BLOB    NOT NULL,
    aliases  BLOB    NOT NULL,
    rows     BLOB    NOT NULL,
    PRIMARY KEY (facility, sort, id)
) STRICT;
