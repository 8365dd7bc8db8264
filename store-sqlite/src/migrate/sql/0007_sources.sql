-- Sources: probes and endpoints that a host asks for the team. A parent is a probe, and no source is above itself.

CREATE TABLE sources (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    host TEXT NOT NULL,
    spec TEXT NOT NULL,
    interval_ms INTEGER NOT NULL,
    parent INTEGER REFERENCES sources (id) ON DELETE SET NULL,
    is_paused INTEGER NOT NULL DEFAULT 0,
    created_by INTEGER REFERENCES users (id) ON DELETE SET NULL,
    created_ms INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL,
    UNIQUE (kind, name)
) STRICT;
CREATE INDEX sources_of_parent ON sources (parent);
