-- What the invites of a batch have in common and nobody can change, written once: up to 48 KiB, which 10,000 invites
-- need not hold each.
CREATE TABLE shared_fields (
    id     INTEGER PRIMARY KEY,     -- the first place of the batch
    labels TEXT,                    -- as in invites
    data   TEXT                     -- as in invites
);
ALTER TABLE invites ADD COLUMN shared_fields INTEGER REFERENCES shared_fields (id);
CREATE INDEX invites_sharing_fields ON invites (shared_fields) WHERE shared_fields IS NOT NULL;
CREATE TRIGGER shared_fields_end AFTER DELETE ON invites WHEN OLD.shared_fields IS NOT NULL BEGIN
    DELETE FROM shared_fields WHERE id = OLD.shared_fields
        AND NOT EXISTS (SELECT 1 FROM invites WHERE shared_fields = OLD.shared_fields);
END;
