-- Whether a member made the invite: a key did so in the name of its inviter. Only these count against its limits.
ALTER TABLE invites ADD COLUMN by_member boolean NOT NULL DEFAULT false;
CREATE INDEX invites_by_member ON invites (host, inviter, place) WHERE by_member;
CREATE INDEX invites_live_by_member ON invites (host, inviter, expires_at) WHERE by_member AND revoked_at IS NULL;

-- Members that an operator has stopped from inviting.
CREATE TABLE stopped_inviters (
    address    text COLLATE "C" PRIMARY KEY,   -- USER@HOST
    stopped_at bigint NOT NULL
);
