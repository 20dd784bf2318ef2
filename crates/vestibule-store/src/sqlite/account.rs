//! Rule 7: invites follow accounts.

use vestibule_core::{AccountChange, Action, InviteId, Principal, Scope, Username};

use super::{
    audit::append_event,
    caller::{Caller, authorize_and_charge},
    job::EngineError,
    transaction::Transaction,
};

/// Invites that one step revokes, so that no transaction is long.
const STEP: usize = 500;

// The conditions are those of the indexes `invites_resetting` and `invites_by_inviter`, so that SQLite uses them.
const RESETS: &str = "SELECT id FROM invites WHERE host = ?1 AND username = ?2 AND expires_at > ?3 \
     AND kind = 'password-reset' AND revoked_at IS NULL AND uses < max_uses LIMIT ?4";

const MADE: &str = "SELECT id FROM invites WHERE host = ?1 AND inviter = ?2 AND expires_at > ?3 \
     AND inviter IS NOT NULL AND revoked_at IS NULL AND (max_uses IS NULL OR uses < max_uses) LIMIT ?4";

const GONE: &str = "UPDATE claims SET account_deleted_at = ?3 WHERE username = ?2 AND username IS NOT NULL \
     AND outcome = 'completed' AND account_deleted_at IS NULL \
     AND (SELECT host FROM invites WHERE invites.id = claims.invite) = ?1";

/// Revokes some of what depends on an account. The answer is how many, and whether there may be more.
pub(super) fn changed(
    tx: &Transaction<'_>,
    by: &Principal,
    username: &Username,
    change: AccountChange,
) -> Result<(u64, bool), EngineError> {
    let caller = authorize_and_charge(tx, by, Scope::Redeem, 1)?;
    let mut ended = end_resets(tx, &caller, username, None)?;
    if change.ends_invites_made() {
        ended += revoke(tx, &caller, MADE, username, None)?;
    }
    if change == AccountChange::Deleted {
        let now = tx.now.as_millis();
        tx.statement(GONE)?.execute((caller.host_number, username.as_str(), now))?;
    }
    Ok((u64::try_from(ended).unwrap_or(u64::MAX), ended >= STEP))
}

/// Revokes the pending password resets of an account, all but one.
pub(super) fn end_resets(
    tx: &Transaction<'_>,
    caller: &Caller,
    username: &Username,
    but: Option<InviteId>,
) -> Result<usize, EngineError> {
    revoke(tx, caller, RESETS, username, but)
}

fn revoke(
    tx: &Transaction<'_>,
    caller: &Caller,
    which: &str,
    username: &Username,
    but: Option<InviteId>,
) -> Result<usize, EngineError> {
    let now = tx.now.as_millis();
    let most = i64::try_from(STEP).unwrap_or(i64::MAX);
    let ids: Vec<InviteId> = tx
        .statement(which)?
        .query_map((caller.host_number, username.as_str(), now, most), |row| {
            row.get(0).map(InviteId::from_bytes)
        })?
        .collect::<rusqlite::Result<_>>()?;
    let mut revoked = 0;
    for id in ids.into_iter().filter(|id| Some(*id) != but) {
        tx.statement("UPDATE invites SET revoked_at = ?2 WHERE id = ?1")?.execute((id.to_bytes(), now))?;
        append_event(tx, caller, Action::InviteRevoked, &id.to_string(), None)?;
        revoked += 1;
    }
    Ok(revoked)
}

const KNOWN: &str = "SELECT EXISTS (SELECT 1 FROM claims AS c JOIN invites AS i ON i.id = c.invite \
     WHERE c.username = ?1 AND c.username IS NOT NULL AND c.outcome = 'completed' \
     AND c.account_deleted_at IS NULL AND i.host = (SELECT id FROM hosts WHERE name = ?2))";

/// Whether an account of this name came by one of the host's invites and still is there.
pub(super) fn is_known(tx: &Transaction<'_>, host: &str, username: &Username) -> Result<bool, EngineError> {
    Ok(tx.statement(KNOWN)?.query_row((username.as_str(), host), |row| row.get(0))?)
}

const REDEEMED: &str = "SELECT EXISTS (SELECT 1 FROM claims WHERE username = ?1 AND invite = ?2 \
     AND username IS NOT NULL AND outcome = 'completed' AND account_deleted_at IS NULL)";

/// Whether this invite was redeemed by this username.
pub(super) fn redeemed_by(
    tx: &Transaction<'_>,
    id: InviteId,
    username: &Username,
) -> Result<bool, EngineError> {
    Ok(tx.statement(REDEEMED)?.query_row((username.as_str(), id.to_bytes()), |row| row.get(0))?)
}
