//! Rule 5: usernames that a live invite holds.

use std::sync::Arc;

use vestibule_core::{InviteId, Principal, Scope, Username};

use super::{asker::ask, fault::Fault, row::array, session::Session, shared::Shared};

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
    session: &Session,
    host_number: i64,
    username: &Username,
) -> Result<Option<InviteId>, Fault> {
    let now = session.now.as_millis();
    let row = session.query_opt(FIND, &[&host_number, &username.as_str(), &now]).await?;
    row.map(|row| Ok(InviteId::from_bytes(array(&row, 0)?))).transpose()
}

pub(super) async fn reservation(
    shared: Arc<Shared>,
    by: Principal,
    username: Username,
) -> Result<Option<InviteId>, Fault> {
    let asker = ask(&shared, &by, Scope::Redeem, 1).await?;
    let session = Session::read(&shared).await?;
    let outcome = async {
        asker.prove(&session).await?;
        reserved_for(&session, asker.host_number, &username).await
    };
    let outcome = outcome.await;
    session.end(outcome).await
}
