-- Watched hosts, and the codes by which their agents enrol. A code that was used or revoked is deleted.

CREATE TABLE enrolments (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    secret bytea NOT NULL UNIQUE,
    created_by bigint REFERENCES users (id) ON DELETE CASCADE,
    created_ms bigint NOT NULL,
    expires_ms bigint NOT NULL
);
CREATE INDEX enrolments_by_end ON enrolments (expires_ms);

-- Names are ordered byte by byte, whatever the database's own order.
CREATE TABLE hosts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE,
    secret bytea NOT NULL UNIQUE,
    facts text NOT NULL,
    enrolled_by bigint REFERENCES users (id) ON DELETE SET NULL,
    enrolled_ms bigint NOT NULL,
    last_seen_ms bigint
);
