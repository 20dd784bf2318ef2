-- Keys that were deleted, for good, so that no import brings them back.
CREATE TABLE deleted_keys (
    id   TEXT NOT NULL PRIMARY KEY,
    host INTEGER NOT NULL REFERENCES hosts (id)
) WITHOUT ROWID;
INSERT INTO deleted_keys (id, host)
    SELECT subject, max(place >> 40) FROM events
    WHERE action = 'key.deleted' AND subject NOT IN (SELECT id FROM keys)
    GROUP BY subject;

-- Imported invites that were purged, or that expire earlier here than in the import, until they expire in both.
CREATE TABLE invite_tombstones (
    id         BLOB NOT NULL PRIMARY KEY,
    host       INTEGER NOT NULL REFERENCES hosts (id),
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX invite_tombstones_by_time ON invite_tombstones (expires_at);
