-- When the holder of the invite last asked for its renewal, until an edit answers that.
ALTER TABLE invites ADD COLUMN renewal_requested_at INTEGER;
CREATE INDEX invites_renewal_requested ON invites (host) WHERE renewal_requested_at IS NOT NULL;
