//! Rule 7: invites follow accounts.

use std::sync::Arc;

use vestibule_core::{AccountChange, Action, Host, InviteId, Principal, Scope, Username};

use super::{
    audit::last_row_key,
    batch_statement,
    caller::{Caller, authorize_and_charge},
    engine_context::EngineContext,
    engine_error::EngineError,
    reservation::held,
    transaction::Transaction,
};

/// Invites that one statement revokes, so that no transaction is long.
const STEP: i64 = 500;

/// Revokes invites of the host `$3` and records it, as a piece of SQL.
macro_rules! revoke {
    ($which:literal) => {
        concat!(
            "WITH ended AS (
                 UPDATE invites SET revoked_at = $1::bigint WHERE id IN (
                     SELECT id FROM invites AS i WHERE i.host = $3 AND ",
            $which,
            " AND ($6::bytea IS NULL OR i.id <> $6) AND ",
            held!("i", "$1"),
            " LIMIT $5::bigint)
                 RETURNING id)
             INSERT INTO events (place, at, source, action, invite)
             SELECT ",
            last_row_key!("events"),
            " + row_number() OVER (ORDER BY id), $1, $4::text, 'invite.revoked', id FROM ended"
        )
    };
}

const END_RESETS: &str = revoke!("i.username = $2::text AND i.kind = 'password-reset'");

const END_MADE: &str = revoke!("i.inviter = $2::text");

const GONE: &str = "UPDATE claims AS c SET account_deleted_at = $3 FROM invites AS i \
     WHERE i.id = c.invite AND i.host = $1 AND c.username = $2 AND c.outcome = 'completed' \
     AND c.account_deleted_at IS NULL";

/// Revokes some of what depends on an account. The answer is how many, and whether there may be more.
pub(super) async fn changed(
    engine: Arc<EngineContext>,
    by: Principal,
    username: Username,
    change: AccountChange,
) -> Result<(u64, bool), EngineError> {
    let caller = authorize_and_charge(&engine, &by, Scope::Redeem, 1).await?;
    let tx = batch_statement::begin(&engine, &caller).await?;
    let outcome = async {
        let mut ended = end_resets(&tx, &caller, &username, None).await?;
        if change.ends_invites_made() {
            ended += revoke(&tx, &caller, END_MADE, &username, None).await?;
        }
        if change == AccountChange::Deleted {
            let now = tx.now.as_millis();
            tx.execute(GONE, &[&caller.host_number, &username.as_str(), &now]).await?;
        }
        Ok((ended, ended >= STEP.unsigned_abs()))
    };
    let outcome = outcome.await;
    tx.end(outcome).await
}

/// Revokes the pending password resets of an account, all but one.
pub(super) async fn end_resets(
    tx: &Transaction,
    caller: &Caller,
    username: &Username,
    but: Option<InviteId>,
) -> Result<u64, EngineError> {
    revoke(tx, caller, END_RESETS, username, but).await
}

async fn revoke(
    tx: &Transaction,
    caller: &Caller,
    which: &'static str,
    username: &Username,
    but: Option<InviteId>,
) -> Result<u64, EngineError> {
    let (now, source) = (tx.now.as_millis(), caller.auth.source.as_str());
    let but = but.map(|id| id.to_bytes().to_vec());
    let ended =
        tx.execute(which, &[&now, &username.as_str(), &caller.host_number, &source, &STEP, &but]).await?;
    for _ in 0..ended {
        tx.action_counts(caller.host_number, Action::InviteRevoked);
    }
    Ok(ended)
}

const KNOWN: &str = "SELECT EXISTS (SELECT FROM claims AS c JOIN invites AS i ON i.id = c.invite \
     WHERE c.username = $1 AND c.outcome = 'completed' AND c.account_deleted_at IS NULL \
     AND i.host = (SELECT id FROM hosts WHERE name = $2))";

/// Whether an account of this name came by one of the host's invites and still is there.
pub(super) async fn is_known(
    engine: Arc<EngineContext>,
    host: Host,
    username: Username,
) -> Result<bool, EngineError> {
    let rows = engine.query(KNOWN, &[&username.as_str(), &host.as_str()]).await?;
    Ok(rows.first().map(|row| row.try_get(0)).transpose()?.unwrap_or(false))
}

const REDEEMED: &str = "SELECT EXISTS (SELECT FROM claims WHERE username = $1 AND invite = $2 \
     AND outcome = 'completed' AND account_deleted_at IS NULL)";

/// Whether this invite was redeemed by this username.
pub(super) async fn redeemed_by(
    engine: Arc<EngineContext>,
    id: InviteId,
    username: Username,
) -> Result<bool, EngineError> {
    let rows = engine.query(REDEEMED, &[&username.as_str(), &id.to_bytes().as_slice()]).await?;
    Ok(rows.first().map(|row| row.try_get(0)).transpose()?.unwrap_or(false))
}
