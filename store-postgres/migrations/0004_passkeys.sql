-- Passkeys, the challenges that were answered with one, and the secrets of the server itself. A credential is one passkey's.

CREATE TABLE passkeys (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name text NOT NULL,
    domain text NOT NULL,
    credential_id bytea NOT NULL UNIQUE,
    credential text NOT NULL,
    created_ms bigint NOT NULL,
    last_used_ms bigint
);
CREATE INDEX passkeys_of_user ON passkeys (user_id, id);

-- A row is forgotten when its challenge has ended.
CREATE TABLE answered_challenges (
    hash bytea PRIMARY KEY,
    expires_ms bigint NOT NULL
);
CREATE INDEX answered_challenges_by_end ON answered_challenges (expires_ms);

CREATE TABLE server_secrets (
    name text PRIMARY KEY,
    secret bytea NOT NULL
);
