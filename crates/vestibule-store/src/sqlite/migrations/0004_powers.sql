-- A key that may do everything still may: what `invites:create` stood for now has a scope for each power.
UPDATE keys SET scopes = 'invites:create,invites:contact,invites:reset,invites:roles,invites:read,invites:manage,redeem,keys:manage'
    WHERE scopes = 'invites:create,invites:read,invites:manage,redeem,keys:manage';

-- The key that made this one. It ends with its maker and counts against its maker's rate.
ALTER TABLE keys ADD COLUMN parent TEXT;
UPDATE keys SET parent = made.maker
    FROM (SELECT subject, substr(source, 11) AS maker FROM events
          WHERE action = 'key.created' AND source LIKE 'api/token/%') AS made
    WHERE made.subject = keys.id;
UPDATE keys SET parent = NULL WHERE parent NOT IN (SELECT id FROM keys);
CREATE INDEX keys_by_parent ON keys (parent) WHERE parent IS NOT NULL;

-- Claims on an invite that came to nothing since `failed_since`, which begins a new hour when it is over.
ALTER TABLE invites ADD COLUMN failed_claims INTEGER NOT NULL DEFAULT 0;
ALTER TABLE invites ADD COLUMN failed_since INTEGER NOT NULL DEFAULT 0;

-- Exactly the invites that reserve a username, as long as they have not expired. A password reset reserves none.
DROP INDEX invites_reserving;
CREATE INDEX invites_reserving ON invites (host, username, expires_at)
    WHERE username IS NOT NULL AND revoked_at IS NULL AND uses < max_uses AND kind <> 'password-reset';
CREATE INDEX invites_resetting ON invites (host, username)
    WHERE kind = 'password-reset' AND revoked_at IS NULL AND uses < max_uses;
CREATE INDEX invites_by_inviter ON invites (host, inviter) WHERE inviter IS NOT NULL AND revoked_at IS NULL;

-- When the XMPP server said that the account, which this claim made, is gone.
ALTER TABLE claims ADD COLUMN account_deleted_at INTEGER;
CREATE INDEX claims_by_username ON claims (username, invite)
    WHERE outcome = 'completed' AND account_deleted_at IS NULL AND username IS NOT NULL;
