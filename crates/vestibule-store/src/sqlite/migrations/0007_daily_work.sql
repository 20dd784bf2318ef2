-- Lists of the invites for a username and of those in the name of a member, of every state, in the order of their
-- places. The second one replaces an index of those that are not revoked.
CREATE INDEX invites_by_username ON invites (host, username) WHERE username IS NOT NULL;
DROP INDEX invites_by_inviter;
CREATE INDEX invites_by_inviter ON invites (host, inviter) WHERE inviter IS NOT NULL;

-- When the host was removed. Its number stays valid.
ALTER TABLE hosts ADD COLUMN removed_at INTEGER;
