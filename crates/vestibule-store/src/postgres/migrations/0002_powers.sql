-- A key that may do everything still may: what `invites:create` stood for now has a scope for each power.
UPDATE keys SET scopes = 'invites:create,invites:contact,invites:reset,invites:roles,invites:read,invites:manage,redeem,keys:manage'
    WHERE scopes = 'invites:create,invites:read,invites:manage,redeem,keys:manage';

-- The key that made this one. It ends with its maker and counts against its maker's rate.
ALTER TABLE keys ADD COLUMN parent text COLLATE "C";
UPDATE keys SET parent = made.maker
    FROM (SELECT subject, substr(source, 11) AS maker FROM events
          WHERE action = 'key.created' AND source LIKE 'api/token/%') AS made
    WHERE made.subject = keys.id AND made.maker IN (SELECT id FROM keys);
CREATE INDEX keys_by_parent ON keys (parent) WHERE parent IS NOT NULL;

-- Claims on an invite that came to nothing since `failed_since`, which begins a new hour when it is over.
ALTER TABLE invites ADD COLUMN failed_claims bigint NOT NULL DEFAULT 0;
ALTER TABLE invites ADD COLUMN failed_since bigint NOT NULL DEFAULT 0;
CREATE INDEX invites_by_inviter ON invites (host, inviter, expires_at) WHERE inviter IS NOT NULL;

-- When the XMPP server said that the account, which this claim made, is gone.
ALTER TABLE claims ADD COLUMN account_deleted_at bigint;
CREATE INDEX claims_by_username ON claims (username, invite)
    WHERE outcome = 'completed' AND account_deleted_at IS NULL AND username IS NOT NULL;
