-- Times are milliseconds since 1970. Ids of invites and claims are the 16 bytes of a ULID, which begin
-- with the time, so that tables and indexes grow at their end.

CREATE TABLE settings (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- Never deleted: the number of a host stays valid for ever.
CREATE TABLE hosts (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);

CREATE TABLE keys (
    id         TEXT NOT NULL PRIMARY KEY,
    host       INTEGER NOT NULL REFERENCES hosts (id),
    secret     BLOB NOT NULL,    -- SHA-256 of the secret half
    name       TEXT,
    scopes     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    rate       TEXT
) WITHOUT ROWID;
CREATE INDEX keys_by_host ON keys (host, created_at);

-- The place of an invite or event is the number of its host times 2^40, plus a count within the host. So
-- one host's rows lie together in the order they came, new ones go to the end of a page that is in
-- memory, and no index is needed to list them.

CREATE TABLE invites (
    place        INTEGER PRIMARY KEY,
    id           BLOB NOT NULL,
    host         INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    token_hash   BLOB NOT NULL,   -- SHA-256 of the token
    token_sealed BLOB NOT NULL,
    username     TEXT,
    inviter      TEXT,
    labels       TEXT,            -- JSON: {"groups": [...], "roles": [...]}; NULL without any
    max_uses     INTEGER,         -- NULL: without limit
    uses         INTEGER NOT NULL DEFAULT 0,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    revoked_at   INTEGER,
    used_at      INTEGER,
    source       TEXT NOT NULL,
    note         TEXT,
    data         TEXT
);
CREATE UNIQUE INDEX invites_by_id ON invites (id);
-- Exactly the invites that hold a username, as long as their time is not over.
CREATE INDEX invites_reserving ON invites (host, username, expires_at)
    WHERE username IS NOT NULL AND revoked_at IS NULL AND uses < max_uses;

CREATE TABLE claims (
    id          BLOB NOT NULL PRIMARY KEY,
    invite      BLOB NOT NULL REFERENCES invites (id),
    username    TEXT,
    admission   BLOB,
    claimed_at  INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    outcome     TEXT,             -- NULL while open; completed, released or replaced
    ended_at    INTEGER,
    jid         TEXT,
    via         TEXT,
    over_use    INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX claims_by_invite ON claims (invite);
CREATE INDEX claims_open ON claims (invite, lease_until) WHERE outcome IS NULL;
CREATE INDEX claims_by_admission ON claims (admission) WHERE outcome IS NULL AND admission IS NOT NULL;

CREATE TABLE events (
    place   INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    source  TEXT NOT NULL,
    action  TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail  TEXT
);
