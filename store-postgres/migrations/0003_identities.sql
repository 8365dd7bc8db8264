-- Accounts at providers of OpenID Connect. Issuer and subject together name a person there, and nothing else does.

CREATE TABLE identities (
    issuer text NOT NULL,
    subject text NOT NULL,
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_ms bigint NOT NULL,
    CONSTRAINT identities_unique PRIMARY KEY (issuer, subject)
);
CREATE INDEX identities_of_user ON identities (user_id);
