-- Lists of the invites for a username and of those in the name of a member, of every state, in the order of their
-- places.
CREATE INDEX invites_listed_by_username ON invites (host, username, place) WHERE username IS NOT NULL;
CREATE INDEX invites_listed_by_inviter ON invites (host, inviter, place) WHERE inviter IS NOT NULL;

-- When the host was removed. Its number stays valid.
ALTER TABLE hosts ADD COLUMN removed_at bigint;
