-- Keys that were deleted, for good, so that no import brings them back.
CREATE TABLE deleted_keys (
    id   text COLLATE "C" PRIMARY KEY,
    host bigint NOT NULL
);
INSERT INTO deleted_keys (id, host)
    SELECT subject, max(place >> 40) FROM events
    WHERE action = 'key.deleted' AND subject IS NOT NULL AND NOT EXISTS (SELECT FROM keys WHERE keys.id = events.subject)
    GROUP BY subject;

-- Imported invites that were purged, or that expire earlier here than in the import, until they expire in both.
CREATE TABLE invite_tombstones (
    id         bytea PRIMARY KEY,
    host       bigint NOT NULL,
    expires_at bigint NOT NULL
);
CREATE INDEX invite_tombstones_by_time ON invite_tombstones (expires_at);
