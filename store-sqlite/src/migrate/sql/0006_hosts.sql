-- Watched hosts, and the codes by which their agents enrol. A code that was used or revoked is deleted.

CREATE TABLE enrolments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    secret BLOB NOT NULL UNIQUE,
    created_by INTEGER REFERENCES users (id) ON DELETE CASCADE,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX enrolments_by_end ON enrolments (expires_ms);

CREATE TABLE hosts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    secret BLOB NOT NULL UNIQUE,
    facts TEXT NOT NULL,
    enrolled_by INTEGER REFERENCES users (id) ON DELETE SET NULL,
    enrolled_ms INTEGER NOT NULL,
    last_seen_ms INTEGER
) STRICT;
