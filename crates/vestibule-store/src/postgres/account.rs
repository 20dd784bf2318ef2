//! Rule 7: invites follow accounts.

use std::sync::Arc;

use vestibule_core::{AccountChange, Action, Host, InviteId, Principal, Scope, Username};

use super::{
    asker::{Asker, ask},
    fault::Fault,
    op,
    record::last_place,
    reservation::held,
    session::Session,
    shared::Shared,
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
            last_place!("events"),
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
    shared: Arc<Shared>,
    by: Principal,
    username: Username,
    change: AccountChange,
) -> Result<(u64, bool), Fault> {
    let asker = ask(&shared, &by, Scope::Redeem, 1).await?;
    let session = op::begin(&shared, &asker).await?;
    let outcome = async {
        let mut ended = end_resets(&session, &asker, &username, None).await?;
        if change.ends_invites_made() {
            ended += revoke(&session, &asker, END_MADE, &username, None).await?;
        }
        if change == AccountChange::Deleted {
            let now = session.now.as_millis();
            session.execute(GONE, &[&asker.host_number, &username.as_str(), &now]).await?;
        }
        Ok((ended, ended >= STEP.unsigned_abs()))
    };
    let outcome = outcome.await;
    session.end(outcome).await
}

/// Revokes the pending password resets of an account, all but one.
pub(super) async fn end_resets(
    session: &Session,
    asker: &Asker,
    username: &Username,
    but: Option<InviteId>,
) -> Result<u64, Fault> {
    revoke(session, asker, END_RESETS, username, but).await
}

async fn revoke(
    session: &Session,
    asker: &Asker,
    which: &'static str,
    username: &Username,
    but: Option<InviteId>,
) -> Result<u64, Fault> {
    let (now, source) = (session.now.as_millis(), asker.grant.source.as_str());
    let but = but.map(|id| id.to_bytes().to_vec());
    let ended =
        session.execute(which, &[&now, &username.as_str(), &asker.host_number, &source, &STEP, &but]).await?;
    for _ in 0..ended {
        session.tally(asker.host_number, Action::InviteRevoked);
    }
    Ok(ended)
}

const KNOWN: &str = "SELECT EXISTS (SELECT FROM claims AS c JOIN invites AS i ON i.id = c.invite \
     WHERE c.username = $1 AND c.outcome = 'completed' AND c.account_deleted_at IS NULL \
     AND i.host = (SELECT id FROM hosts WHERE name = $2))";

/// Whether an account of this name came by one of the host's invites and still is there.
pub(super) async fn is_known(shared: Arc<Shared>, host: Host, username: Username) -> Result<bool, Fault> {
    let rows = shared.query(KNOWN, &[&username.as_str(), &host.as_str()]).await?;
    Ok(rows.first().map(|row| row.try_get(0)).transpose()?.unwrap_or(false))
}

const REDEEMED: &str = "SELECT EXISTS (SELECT FROM claims WHERE username = $1 AND invite = $2 \
     AND outcome = 'completed' AND account_deleted_at IS NULL)";

/// Whether this invite was redeemed by this username.
pub(super) async fn redeemed_by(
    shared: Arc<Shared>,
    id: InviteId,
    username: Username,
) -> Result<bool, Fault> {
    let rows = shared.query(REDEEMED, &[&username.as_str(), &id.to_bytes().as_slice()]).await?;
    Ok(rows.first().map(|row| row.try_get(0)).transpose()?.unwrap_or(false))
}
