-- Sessions of the console, and the links that start one. Only the hash of each secret is stored.
CREATE TABLE sessions (
    hash         bytea PRIMARY KEY,
    host         bigint NOT NULL,
    name         text NOT NULL,
    created_at   bigint NOT NULL,
    last_used_at bigint NOT NULL
);
CREATE INDEX sessions_by_host ON sessions (host, created_at);
CREATE INDEX sessions_by_use ON sessions (last_used_at);
CREATE TABLE login_links (
    hash       bytea PRIMARY KEY,
    host       bigint NOT NULL,
    name       text NOT NULL,
    expires_at bigint NOT NULL
);
CREATE INDEX login_links_by_time ON login_links (expires_at);
