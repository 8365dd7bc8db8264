-- Push subscriptions, and the notices that wait for each. An endpoint is one browser's.

CREATE TABLE push_subscriptions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    endpoint text NOT NULL UNIQUE,
    service text NOT NULL,
    p256dh bytea NOT NULL,
    auth bytea NOT NULL,
    agent text NOT NULL,
    created_ms bigint NOT NULL,
    delivered_ms bigint,
    failed_ms bigint,
    failure text NOT NULL DEFAULT ''
);
CREATE INDEX push_subscriptions_of_user ON push_subscriptions (user_id, id);

-- A claim moves `next_ms` to its end and counts `attempts` up, by which it is known.
CREATE TABLE push_deliveries (
    notice_id bigint NOT NULL REFERENCES notices (id) ON DELETE CASCADE,
    subscription_id bigint NOT NULL REFERENCES push_subscriptions (id) ON DELETE CASCADE,
    attempts bigint NOT NULL DEFAULT 0,
    next_ms bigint NOT NULL,
    PRIMARY KEY (notice_id, subscription_id)
);
CREATE INDEX push_deliveries_of_subscription ON push_deliveries (subscription_id);
CREATE INDEX push_deliveries_due ON push_deliveries (next_ms);

-- A notice is queued once, however often its readers are told.
ALTER TABLE notices ADD COLUMN push_queued boolean NOT NULL DEFAULT false;
