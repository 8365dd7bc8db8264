-- Notices, and who has read them. An audience is `all`, `role:ROLE` or `user:NUMBER`; 0 is the number of no account.

CREATE TABLE notices (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    audience text NOT NULL,
    level text NOT NULL CHECK (level IN ('info', 'warning', 'critical')),
    title text NOT NULL,
    text text NOT NULL,
    link text,
    sender bigint NOT NULL,
    sender_name text NOT NULL,
    created_ms bigint NOT NULL,
    expires_ms bigint,
    key text,
    announced boolean NOT NULL DEFAULT false,
    UNIQUE (sender, key)
);
CREATE INDEX notices_of_audience ON notices (audience, id);
CREATE INDEX notices_unannounced ON notices (id) WHERE NOT announced;

CREATE TABLE notice_reads (
    notice_id bigint NOT NULL REFERENCES notices (id) ON DELETE CASCADE,
    user_id bigint NOT NULL,
    read_ms bigint NOT NULL,
    PRIMARY KEY (notice_id, user_id)
);
