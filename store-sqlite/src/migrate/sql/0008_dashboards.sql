-- Dashboards that the team shares. The version counts how often one was written.

CREATE TABLE dashboards (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    changed_by INTEGER REFERENCES users (id) ON DELETE SET NULL,
    changed_ms INTEGER NOT NULL
) STRICT;
