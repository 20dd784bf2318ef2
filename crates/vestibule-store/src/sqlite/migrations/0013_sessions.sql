-- Sessions of the console, and the links that start one. Only the hash of each secret is stored.
CREATE TABLE sessions (
    hash         BLOB NOT NULL PRIMARY KEY,
    host         INTEGER NOT NULL REFERENCES hosts (id),
    name         TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_by_host ON sessions (host, created_at);
CREATE INDEX sessions_by_use ON sessions (last_used_at);
CREATE TABLE login_links (
    hash       BLOB NOT NULL PRIMARY KEY,
    host       INTEGER NOT NULL REFERENCES hosts (id),
    name       TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX login_links_by_time ON login_links (expires_at);
