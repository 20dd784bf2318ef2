//! Rule 5: usernames that a live invite holds.

use std::sync::Arc;

use vestibule_core::{InviteId, Principal, Scope, Username};

use super::{
    caller::authorize_and_charge, engine_context::EngineContext, engine_error::EngineError, row::array,
    transaction::Transaction,
};

/// The condition that an invite which is bound to a username holds it at a moment, as a piece of SQL. It is
/// that of `rules::state`; the storage suite holds them together.
macro_rules! held {
    ($invite:literal, $now:literal) => {
        concat!(
            $invite,
            ".expires_at > ",
            $now,
            " AND ",
            $invite,
            ".revoked_at IS NULL AND (",
            $invite,
            ".max_uses IS NULL OR ",
            $invite,
            ".uses < ",
            $invite,
            ".max_uses)"
        )
    };
}
pub(super) use held;

const FIND: &str = concat!(
    "SELECT id FROM invites AS i WHERE host = $1 AND username = $2 AND kind <> 'password-reset' AND ",
    held!("i", "$3::bigint"),
    " LIMIT 1"
);

/// The live invite that holds `username` on a host, if there is one.
pub(super) async fn reserved_for(
    tx: &Transaction,
    host_number: i64,
    username: &Username,
) -> Result<Option<InviteId>, EngineError> {
    let now = tx.now.as_millis();
    let row = tx.query_opt(FIND, &[&host_number, &username.as_str(), &now]).await?;
    row.map(|row| Ok(InviteId::from_bytes(array(&row, 0)?))).transpose()
}

pub(super) async fn reservation(
    engine: Arc<EngineContext>,
    by: Principal,
    username: Username,
) -> Result<Option<InviteId>, EngineError> {
    let caller = authorize_and_charge(&engine, &by, Scope::Redeem, 1).await?;
    let tx = Transaction::read(&engine).await?;
    let outcome = async {
        caller.revalidate(&tx).await?;
        reserved_for(&tx, caller.host_number, &username).await
    };
    let outcome = outcome.await;
    tx.end(outcome).await
}
