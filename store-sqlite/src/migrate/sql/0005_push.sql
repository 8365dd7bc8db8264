-- Push subscriptions, and the notices that wait for each. An endpoint is one browser's.

CREATE TABLE push_subscriptions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    endpoint TEXT NOT NULL UNIQUE,
    service TEXT NOT NULL,
    p256dh BLOB NOT NULL,
    auth BLOB NOT NULL,
    agent TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    delivered_ms INTEGER,
    failed_ms INTEGER,
    failure TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX push_subscriptions_of_user ON push_subscriptions (user_id, id);

-- A claim moves `next_ms` to its end and counts `attempts` up, by which it is known.
CREATE TABLE push_deliveries (
    notice_id INTEGER NOT NULL REFERENCES notices (id) ON DELETE CASCADE,
    subscription_id INTEGER NOT NULL REFERENCES push_subscriptions (id) ON DELETE CASCADE,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_ms INTEGER NOT NULL,
    PRIMARY KEY (notice_id, subscription_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX push_deliveries_of_subscription ON push_deliveries (subscription_id);
CREATE INDEX push_deliveries_due ON push_deliveries (next_ms);

-- A notice is queued once, however often its readers are told.
ALTER TABLE notices ADD COLUMN push_queued INTEGER NOT NULL DEFAULT 0;
