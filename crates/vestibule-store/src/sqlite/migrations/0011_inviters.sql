-- Whether a member made the invite: a key did so in the name of its inviter. Only these count against its limits.
ALTER TABLE invites ADD COLUMN by_member INTEGER NOT NULL DEFAULT 0;
CREATE INDEX invites_by_member ON invites (host, inviter) WHERE by_member = 1;
-- Those of them that can be redeemed, as long as they have not expired.
CREATE INDEX invites_live_by_member ON invites (host, inviter, expires_at)
    WHERE by_member = 1 AND revoked_at IS NULL AND (max_uses IS NULL OR uses < max_uses);

-- Members that an operator has stopped from inviting.
CREATE TABLE stopped_inviters (
    address    TEXT NOT NULL PRIMARY KEY,   -- USER@HOST
    stopped_at INTEGER NOT NULL
) WITHOUT ROWID;
