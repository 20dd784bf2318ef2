-- Accounts that were created with invites. They are kept longer than their claims and invites.
CREATE TABLE members (
    claim      bytea PRIMARY KEY,           -- the claim that created the account
    host       bigint NOT NULL,
    username   text COLLATE "C" NOT NULL,
    joined_at  bigint NOT NULL,
    via        text NOT NULL,
    invite     bytea NOT NULL,
    inviter    text COLLATE "C",
    source     text NOT NULL,               -- of the invite
    deleted_at bigint
);
CREATE INDEX members_by_host ON members (host, claim);
CREATE INDEX members_by_username ON members (host, username, claim);
CREATE INDEX members_by_inviter ON members (host, inviter, claim) WHERE inviter IS NOT NULL;

-- A trigger, because nodes of the previous version complete claims too.
CREATE FUNCTION vestibule_member_joined() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO members (claim, host, username, joined_at, via, invite, inviter, source)
    SELECT NEW.id, i.host, NEW.username, NEW.ended_at, NEW.via, NEW.invite, i.inviter, i.source FROM invites AS i
    WHERE i.id = NEW.invite AND i.kind IN ('account', 'account-and-contact')
    ON CONFLICT (claim) DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER member_joined AFTER UPDATE OF outcome ON claims FOR EACH ROW
    WHEN (NEW.outcome = 'completed' AND OLD.outcome IS DISTINCT FROM 'completed' AND NEW.username IS NOT NULL)
    EXECUTE FUNCTION vestibule_member_joined();

-- After the trigger, which has locked the claims, so that no completion is missed.
INSERT INTO members (claim, host, username, joined_at, via, invite, inviter, source, deleted_at)
    SELECT c.id, i.host, c.username, c.ended_at, c.via, c.invite, i.inviter, i.source, c.account_deleted_at
    FROM claims AS c JOIN invites AS i ON i.id = c.invite
    WHERE c.outcome = 'completed' AND c.username IS NOT NULL AND i.kind IN ('account', 'account-and-contact');
