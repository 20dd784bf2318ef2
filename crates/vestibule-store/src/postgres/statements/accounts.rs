//! Accounts, as far as claims tell about them, and the invites that depend on them.

use vestibule_core::{Action, Host, InviteId, Username};

use super::fragments::{last_row_key, pending};
use crate::{
    caller::Caller,
    postgres::{error::EngineError, transactions::transaction::Transaction},
    sql::statements,
    verbs::rows::{AccountRows, Dependent},
};

/// Revokes invites of the host `$3` and appends their events.
macro_rules! revoke {
    ($which:literal) => {
        concat!(
            "WITH ended AS (
                 UPDATE invites SET revoked_at = $1::bigint WHERE id IN (
                     SELECT id FROM invites AS i WHERE i.host = $3 AND ",
            $which,
            " AND ($6::bytea IS NULL OR i.id <> $6) AND ",
            pending!("i", "$1"),
            " LIMIT $5::bigint)
                 RETURNING id)
             INSERT INTO events (place, at, source, action, invite)
             SELECT ",
            last_row_key!("events"),
            " + row_number() OVER (ORDER BY id), $1, $4::text, 'invite.revoked', id FROM ended"
        )
    };
}

statements! {
    const REVOKE_RESETS: Sql = revoke!("i.username = $2::text AND i.kind = 'password-reset'");

    const REVOKE_MADE: Sql = revoke!("i.inviter = $2::text");

    const REVOKE_MADE_BY_CALLER: Sql = revoke!("i.inviter = $2::text AND i.source = $4::text");

    const MARK_DELETED: Sql = "UPDATE claims AS c SET account_deleted_at = $3 FROM invites AS i \
         WHERE i.id = c.invite AND i.host = $1 AND c.username = $2 AND c.outcome = 'completed' \
         AND c.account_deleted_at IS NULL";

    const MARK_MEMBER_DELETED: Sql = "UPDATE members SET deleted_at = $3 WHERE host = $1 AND username = $2 \
         AND deleted_at IS NULL";

    // A member is known after its claim was purged.
    const IS_KNOWN: Sql = "SELECT EXISTS (SELECT FROM claims AS c JOIN invites AS i ON i.id = c.invite \
         WHERE c.username = $1 AND c.outcome = 'completed' AND c.account_deleted_at IS NULL \
         AND i.host = (SELECT id FROM hosts WHERE name = $2)) \
         OR EXISTS (SELECT FROM members AS m WHERE m.host = (SELECT id FROM hosts WHERE name = $2) \
         AND m.username = $1 AND m.deleted_at IS NULL)";

    const IS_REDEEMED: Sql = "SELECT EXISTS (SELECT FROM claims WHERE username = $1 AND invite = $2 \
         AND outcome = 'completed' AND account_deleted_at IS NULL)";
}

impl AccountRows for Transaction {
    async fn revoke_dependent(
        &self,
        caller: &Caller,
        which: Dependent,
        username: &Username,
        limit: u32,
    ) -> Result<u64, EngineError> {
        let (sql, except) = match which {
            Dependent::Resets { except } => (REVOKE_RESETS, except),
            Dependent::InvitesMade => (REVOKE_MADE, None),
            Dependent::InvitesMadeByCaller => (REVOKE_MADE_BY_CALLER, None),
        };
        let (now, source) = (self.now.as_millis(), caller.auth.source.as_str());
        let except = except.map(|id| id.to_bytes().to_vec());
        let limit = i64::from(limit);
        let revoked = self
            .execute(sql, &[&now, &username.as_str(), &caller.host_number, &source, &limit, &except])
            .await?;
        for _ in 0..revoked {
            self.count_action(caller.host_number, Action::InviteRevoked);
        }
        Ok(revoked)
    }

    async fn mark_account_deleted(&self, caller: &Caller, username: &Username) -> Result<(), EngineError> {
        let now = self.now.as_millis();
        self.execute(MARK_DELETED, &[&caller.host_number, &username.as_str(), &now]).await?;
        self.execute(MARK_MEMBER_DELETED, &[&caller.host_number, &username.as_str(), &now]).await.map(drop)
    }

    async fn is_account_known(&self, host: &Host, username: &Username) -> Result<bool, EngineError> {
        let row = self.query_opt(IS_KNOWN, &[&username.as_str(), &host.as_str()]).await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?.unwrap_or(false))
    }

    async fn is_redeemed_by(&self, id: InviteId, username: &Username) -> Result<bool, EngineError> {
        let row = self.query_opt(IS_REDEEMED, &[&username.as_str(), &id.to_bytes().as_slice()]).await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?.unwrap_or(false))
    }
}
