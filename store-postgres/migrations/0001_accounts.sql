-- Users, sessions, tokens, invitations and the audit log. Times are Unix milliseconds, secrets are SHA-256.
-- Identities: the number of a row that is gone is no other row's.

CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    name_key text NOT NULL,
    role text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    created_ms bigint NOT NULL,
    disabled_ms bigint,
    password text,
    totp bytea,
    totp_step bigint,
    CONSTRAINT users_name_key_unique UNIQUE (name_key)
);

CREATE TABLE recovery_codes (
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    code bytea NOT NULL,
    PRIMARY KEY (user_id, code)
);

CREATE TABLE sessions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    secret bytea NOT NULL UNIQUE,
    created_ms bigint NOT NULL,
    expires_ms bigint NOT NULL,
    seen_ms bigint NOT NULL,
    address text NOT NULL,
    agent text NOT NULL
);
CREATE INDEX sessions_of_user ON sessions (user_id, id);

CREATE TABLE tokens (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name text NOT NULL,
    secret bytea NOT NULL UNIQUE,
    scopes text NOT NULL,
    created_ms bigint NOT NULL,
    expires_ms bigint,
    last_used_ms bigint
);
CREATE INDEX tokens_of_user ON tokens (user_id, id);

-- A revoked invitation is deleted; an accepted one stays, with who came by it.
CREATE TABLE invitations (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    secret bytea NOT NULL UNIQUE,
    role text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    created_by bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_ms bigint NOT NULL,
    expires_ms bigint NOT NULL,
    accepted_by bigint REFERENCES users (id) ON DELETE SET NULL
);

CREATE TABLE audit (
    seq bigint PRIMARY KEY,
    at_ms bigint NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    object text NOT NULL,
    address text NOT NULL,
    detail text NOT NULL,
    hash bytea NOT NULL
);
CREATE INDEX audit_of_actor ON audit (actor, seq);
CREATE INDEX audit_of_action ON audit (action, seq);
