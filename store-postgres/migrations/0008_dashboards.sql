-- Dashboards that the team shares. The version counts how often one was written.
-- Names are ordered byte by byte, whatever the database's own order.

CREATE TABLE dashboards (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    body text NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    changed_by bigint REFERENCES users (id) ON DELETE SET NULL,
    changed_ms bigint NOT NULL,
    CONSTRAINT dashboards_name_unique UNIQUE (name)
);
