//! Rule 7: invites follow accounts.

use vestibule_core::{AccountChange, Action, InviteId, Principal, Scope, Username};

use super::{
    grant::{Granted, grant},
    job::Fault,
    record::record,
    session::Session,
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
    session: &Session<'_>,
    by: &Principal,
    username: &Username,
    change: AccountChange,
) -> Result<(u64, bool), Fault> {
    let granted = grant(session, by, Scope::Redeem, 1)?;
    let mut ended = end_resets(session, &granted, username, None)?;
    if change.ends_invites_made() {
        ended += revoke(session, &granted, MADE, username, None)?;
    }
    if change == AccountChange::Deleted {
        let now = session.now.as_millis();
        session.statement(GONE)?.execute((granted.host_number, username.as_str(), now))?;
    }
    Ok((u64::try_from(ended).unwrap_or(u64::MAX), ended >= STEP))
}

/// Revokes the pending password resets of an account, all but one.
pub(super) fn end_resets(
    session: &Session<'_>,
    granted: &Granted,
    username: &Username,
    but: Option<InviteId>,
) -> Result<usize, Fault> {
    revoke(session, granted, RESETS, username, but)
}

fn revoke(
    session: &Session<'_>,
    granted: &Granted,
    which: &str,
    username: &Username,
    but: Option<InviteId>,
) -> Result<usize, Fault> {
    let now = session.now.as_millis();
    let most = i64::try_from(STEP).unwrap_or(i64::MAX);
    let ids: Vec<InviteId> = session
        .statement(which)?
        .query_map((granted.host_number, username.as_str(), now, most), |row| {
            row.get(0).map(InviteId::from_bytes)
        })?
        .collect::<rusqlite::Result<_>>()?;
    let mut revoked = 0;
    for id in ids.into_iter().filter(|id| Some(*id) != but) {
        session
            .statement("UPDATE invites SET revoked_at = ?2 WHERE id = ?1")?
            .execute((id.to_bytes(), now))?;
        record(session, granted, Action::InviteRevoked, &id.to_string(), None)?;
        revoked += 1;
    }
    Ok(revoked)
}

const KNOWN: &str = "SELECT EXISTS (SELECT 1 FROM claims AS c JOIN invites AS i ON i.id = c.invite \
     WHERE c.username = ?1 AND c.username IS NOT NULL AND c.outcome = 'completed' \
     AND c.account_deleted_at IS NULL AND i.host = (SELECT id FROM hosts WHERE name = ?2))";

/// Whether an account of this name came by one of the host's invites and still is there.
pub(super) fn is_known(session: &Session<'_>, host: &str, username: &Username) -> Result<bool, Fault> {
    Ok(session.statement(KNOWN)?.query_row((username.as_str(), host), |row| row.get(0))?)
}

const REDEEMED: &str = "SELECT EXISTS (SELECT 1 FROM claims WHERE username = ?1 AND invite = ?2 \
     AND username IS NOT NULL AND outcome = 'completed' AND account_deleted_at IS NULL)";

/// Whether this invite was redeemed by this username.
pub(super) fn redeemed_by(session: &Session<'_>, id: InviteId, username: &Username) -> Result<bool, Fault> {
    Ok(session.statement(REDEEMED)?.query_row((username.as_str(), id.to_bytes()), |row| row.get(0))?)
}
