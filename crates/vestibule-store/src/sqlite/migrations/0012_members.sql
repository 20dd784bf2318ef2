-- Accounts that were created with invites. They are kept longer than their claims and invites.
CREATE TABLE members (
    claim      BLOB NOT NULL PRIMARY KEY,   -- the claim that created the account
    host       INTEGER NOT NULL,
    username   TEXT NOT NULL,
    joined_at  INTEGER NOT NULL,
    via        TEXT NOT NULL,
    invite     BLOB NOT NULL,
    inviter    TEXT,
    source     TEXT NOT NULL,               -- of the invite
    deleted_at INTEGER
) WITHOUT ROWID;
CREATE INDEX members_by_host ON members (host, claim);
CREATE INDEX members_by_username ON members (host, username, claim);
CREATE INDEX members_by_inviter ON members (host, inviter, claim) WHERE inviter IS NOT NULL;

CREATE TRIGGER member_joined AFTER UPDATE OF outcome ON claims
WHEN NEW.outcome = 'completed' AND OLD.outcome IS NOT 'completed' AND NEW.username IS NOT NULL BEGIN
    INSERT OR IGNORE INTO members (claim, host, username, joined_at, via, invite, inviter, source)
    SELECT NEW.id, i.host, NEW.username, NEW.ended_at, NEW.via, NEW.invite, i.inviter, i.source FROM invites AS i
    WHERE i.id = NEW.invite AND i.kind IN ('account', 'account-and-contact');
END;

INSERT INTO members (claim, host, username, joined_at, via, invite, inviter, source, deleted_at)
    SELECT c.id, i.host, c.username, c.ended_at, c.via, c.invite, i.inviter, i.source, c.account_deleted_at
    FROM claims AS c JOIN invites AS i ON i.id = c.invite
    WHERE c.outcome = 'completed' AND c.username IS NOT NULL AND i.kind IN ('account', 'account-and-contact');
