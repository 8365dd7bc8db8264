-- Notices, and who has read them. An audience is `all`, `role:ROLE` or `user:NUMBER`; 0 is the number of no account.

CREATE TABLE notices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    audience TEXT NOT NULL,
    level TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    link TEXT,
    sender INTEGER NOT NULL,
    sender_name TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER,
    key TEXT,
    announced INTEGER NOT NULL DEFAULT 0,
    UNIQUE (sender, key)
) STRICT;
CREATE INDEX notices_of_audience ON notices (audience, id);
CREATE INDEX notices_unannounced ON notices (id) WHERE announced = 0;

CREATE TABLE notice_reads (
    notice_id INTEGER NOT NULL REFERENCES notices (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL,
    read_ms INTEGER NOT NULL,
    PRIMARY KEY (notice_id, user_id)
) STRICT, WITHOUT ROWID;
