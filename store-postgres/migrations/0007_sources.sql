-- Sources: probes and endpoints that a host asks for the team. A parent is a probe, and no source is above itself.
-- Kinds and names are ordered byte by byte, whatever the database's own order.

CREATE TABLE sources (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    host text NOT NULL,
    spec text NOT NULL,
    interval_ms bigint NOT NULL,
    parent bigint REFERENCES sources (id) ON DELETE SET NULL,
    is_paused boolean NOT NULL DEFAULT false,
    created_by bigint REFERENCES users (id) ON DELETE SET NULL,
    created_ms bigint NOT NULL,
    changed_ms bigint NOT NULL,
    CONSTRAINT sources_name_unique UNIQUE (kind, name)
);
CREATE INDEX sources_of_parent ON sources (parent);
