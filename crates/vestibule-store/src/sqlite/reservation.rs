//! Rule 5: usernames that a live invite holds.

use rusqlite::OptionalExtension;
use vestibule_core::{InviteId, Principal, Scope, Username};

use super::{caller::authorize_and_charge, job::EngineError, transaction::Transaction};

// The condition is that of the index `invites_reserving`, so that SQLite uses it.
const FIND: &str = "SELECT id FROM invites WHERE host = ?1 AND username = ?2 AND expires_at > ?3 \
     AND username IS NOT NULL AND revoked_at IS NULL AND uses < max_uses AND kind <> 'password-reset' LIMIT 1";

/// The live invite that holds `username` on a host, if there is one.
pub(super) fn reserved_for(
    tx: &Transaction<'_>,
    host_number: i64,
    username: &Username,
) -> rusqlite::Result<Option<InviteId>> {
    tx.statement(FIND)?
        .query_row((host_number, username.as_str(), tx.now.as_millis()), |row| row.get(0))
        .optional()
        .map(|id| id.map(InviteId::from_bytes))
}

pub(super) fn reservation(
    tx: &Transaction<'_>,
    by: &Principal,
    username: &Username,
) -> Result<Option<InviteId>, EngineError> {
    let caller = authorize_and_charge(tx, by, Scope::Redeem, 1)?;
    Ok(reserved_for(tx, caller.host_number, username)?)
}
