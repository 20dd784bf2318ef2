-- Batches that are being written, slice by slice. Their invites cannot be seen until the row is gone; where it stays,
-- the batch was broken off, and the purge removes both.
CREATE TABLE batches (
    first_place INTEGER PRIMARY KEY,
    last_place  INTEGER NOT NULL,
    touched_at  INTEGER NOT NULL    -- when the last slice was written
);
