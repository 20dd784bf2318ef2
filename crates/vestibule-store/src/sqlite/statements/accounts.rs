//! Accounts, as far as claims tell about them, and the invites that depend on them.

use rusqlite::Row;
use vestibule_core::{Action, Host, InviteId, Username};

use crate::{
    caller::Caller,
    sql::statements,
    sqlite::{error::EngineError, transaction::Transaction},
    verbs::rows::{AccountRows, Dependent, Subject, TransactionContext},
};

statements! {
    // The conditions equal those of the indexes `invites_resetting` and `invites_by_inviter`, so that SQLite uses them.
    // `invites_by_username` would read those that are over, too.
    const RESETS: Sql = "SELECT id FROM invites INDEXED BY invites_resetting WHERE host = ?1 AND username = ?2 AND expires_at > ?3 \
         AND kind = 'password-reset' AND revoked_at IS NULL AND uses < max_uses LIMIT ?4";

    const INVITES_MADE: Sql = "SELECT id FROM invites WHERE host = ?1 AND inviter = ?2 AND expires_at > ?3 \
         AND inviter IS NOT NULL AND revoked_at IS NULL AND (max_uses IS NULL OR uses < max_uses) LIMIT ?4";

    const INVITES_MADE_BY_CALLER: Sql = "SELECT id FROM invites WHERE host = ?1 AND inviter = ?2 AND expires_at > ?3 \
         AND inviter IS NOT NULL AND revoked_at IS NULL AND (max_uses IS NULL OR uses < max_uses) AND source = ?5 \
         LIMIT ?4";

    const MARK_DELETED: Sql = "UPDATE claims SET account_deleted_at = ?3 WHERE username = ?2 AND username IS NOT NULL \
         AND outcome = 'completed' AND account_deleted_at IS NULL \
         AND (SELECT host FROM invites WHERE invites.id = claims.invite) = ?1";

    const MARK_MEMBER_DELETED: Sql = "UPDATE members SET deleted_at = ?3 WHERE host = ?1 AND username = ?2 \
         AND deleted_at IS NULL";

    // A member is known after its claim was purged.
    const IS_KNOWN: Sql = "SELECT EXISTS (SELECT 1 FROM claims AS c JOIN invites AS i ON i.id = c.invite \
         WHERE c.username = ?1 AND c.username IS NOT NULL AND c.outcome = 'completed' \
         AND c.account_deleted_at IS NULL AND i.host = (SELECT id FROM hosts WHERE name = ?2)) \
         OR EXISTS (SELECT 1 FROM members AS m WHERE m.host = (SELECT id FROM hosts WHERE name = ?2) \
         AND m.username = ?1 AND m.deleted_at IS NULL)";

    const IS_REDEEMED: Sql = "SELECT EXISTS (SELECT 1 FROM claims WHERE username = ?1 AND invite = ?2 \
         AND username IS NOT NULL AND outcome = 'completed' AND account_deleted_at IS NULL)";

    const REVOKE: Sql = "UPDATE invites SET revoked_at = ?2 WHERE id = ?1";
}

impl AccountRows for Transaction<'_> {
    async fn revoke_dependent(
        &self,
        caller: &Caller,
        which: Dependent,
        username: &Username,
        limit: u32,
    ) -> Result<u64, EngineError> {
        let now = self.now.as_millis();
        let (sql, except) = match which {
            Dependent::Resets { except } => (RESETS, except),
            Dependent::InvitesMade => (INVITES_MADE, None),
            Dependent::InvitesMadeByCaller => (INVITES_MADE_BY_CALLER, None),
        };
        let id = |row: &Row<'_>| row.get(0).map(InviteId::from_bytes);
        let mut statement = self.statement(sql)?;
        let (host, name) = (caller.host_number, username.as_str());
        let rows = if which == Dependent::InvitesMadeByCaller {
            statement.query_map((host, name, now, limit, caller.auth.source.as_str()), id)
        } else {
            statement.query_map((host, name, now, limit), id)
        };
        let ids: Vec<InviteId> = rows?.collect::<rusqlite::Result<_>>()?;
        let mut revoked = 0;
        for id in ids.into_iter().filter(|id| Some(*id) != except) {
            self.statement(REVOKE)?.execute((id.to_bytes(), now))?;
            self.append_event(caller, Action::InviteRevoked, Subject::Invite(id), None).await?;
            revoked += 1;
        }
        Ok(revoked)
    }

    async fn mark_account_deleted(&self, caller: &Caller, username: &Username) -> Result<(), EngineError> {
        let now = self.now.as_millis();
        let values = (caller.host_number, username.as_str(), now);
        self.statement(MARK_DELETED)?.execute(values)?;
        self.statement(MARK_MEMBER_DELETED)?.execute(values)?;
        Ok(())
    }

    async fn is_account_known(&self, host: &Host, username: &Username) -> Result<bool, EngineError> {
        let mut statement = self.statement(IS_KNOWN)?;
        Ok(statement.query_row((username.as_str(), host.as_str()), |row| row.get(0))?)
    }

    async fn is_redeemed_by(&self, id: InviteId, username: &Username) -> Result<bool, EngineError> {
        let mut statement = self.statement(IS_REDEEMED)?;
        Ok(statement.query_row((username.as_str(), id.to_bytes()), |row| row.get(0))?)
    }
}
