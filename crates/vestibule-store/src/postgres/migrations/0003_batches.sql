-- Batches that are being written, slice by slice. Their invites cannot be seen until the row is gone; where it stays,
-- the batch was broken off, and the purge removes both.
CREATE TABLE batches (
    first_place bigint PRIMARY KEY,
    last_place  bigint NOT NULL,
    touched_at  bigint NOT NULL    -- when the last slice was written
);
