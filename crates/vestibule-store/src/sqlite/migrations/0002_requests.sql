ALTER TABLE keys ADD COLUMN last_used_at INTEGER;

-- Requests that may be repeated: what was made for them, for as long as a repeat gets the same answer.
CREATE TABLE requests (
    id          BLOB NOT NULL PRIMARY KEY,  -- SHA-256 of the key that asked and the Idempotency-Key
    fingerprint BLOB NOT NULL,              -- SHA-256 of what was asked
    first_place INTEGER NOT NULL,           -- of the invites that were made; they lie in a row
    count       INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL            -- of the invites, when they were made
) WITHOUT ROWID;
CREATE INDEX requests_by_time ON requests (created_at);
