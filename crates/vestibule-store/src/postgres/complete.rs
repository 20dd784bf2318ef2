//! Rules 3 and 4: what becomes of a claim.

use std::sync::Arc;

use tokio_postgres::Row;
use vestibule_core::{
    Action, Authority, BareJid, ClaimId, Completion, Host, InviteId, Refusal, Scope, Timestamp, Via,
};

use super::{
    asker::{Asker, ask, proved},
    fault::Fault,
    lane::Lanes,
    op::{self, Op, Param},
    record::last_event,
    row::array,
    session::{Session, locked},
    shared::Shared,
};

// A claim that lapsed, or was released or replaced, is completed all the same: the account is there. Whether it
// goes beyond what the invite allows is `rules::exceeds`; the storage suite holds the two together.
const COMPLETE: &str = concat!(
    "WITH found AS MATERIALIZED (
         SELECT c.id, c.invite, (i.max_uses IS NOT NULL AND i.uses >= i.max_uses) AS over_use
         FROM claims AS c JOIN invites AS i ON i.id = c.invite
         WHERE c.id = $5::bytea AND i.host = $3 AND ",
    locked!(),
    "      AND ",
    proved!(),
    "      AND c.outcome IS DISTINCT FROM 'completed' AND (c.username IS NULL OR c.username = $6::text)
     ), done AS (
         UPDATE claims AS c SET outcome = 'completed', ended_at = $4::bigint, jid = $7::text, via = $8::text,
                over_use = found.over_use
         FROM found WHERE c.id = found.id
     ), spent AS (
         UPDATE invites AS i SET uses = i.uses + 1, used_at = $4 FROM found WHERE i.id = found.invite
     ), said AS (
         INSERT INTO events (place, at, source, action, invite, detail)
         SELECT ",
    last_event!(),
    " + what.n, $4, $9::text, what.action, invite, $7
         FROM found, (VALUES (1, 'invite.redeemed'), (2, 'invite.over-used')) AS what (n, action)
         WHERE what.n = 1 OR found.over_use
     )
     SELECT invite, over_use FROM found"
);

const RELEASE: &str = concat!(
    "WITH released AS (
         UPDATE claims AS c SET outcome = 'released', ended_at = $4::bigint
         FROM invites AS i
         WHERE c.id = $5::bytea AND c.outcome IS NULL AND i.id = c.invite AND i.host = $3 AND ",
    locked!(),
    "      AND ",
    proved!(),
    "    RETURNING c.invite, c.username
     ), said AS (
         INSERT INTO events (place, at, source, action, invite, detail)
         SELECT ",
    last_event!(),
    " + 1, $4, $6::text, 'invite.released', invite, username FROM released
     )
     SELECT invite FROM released"
);

const FIND: &str = "SELECT c.invite, c.outcome, c.over_use \
     FROM claims AS c JOIN invites AS i ON i.id = c.invite WHERE c.id = $1 AND i.host = $2";

/// The completion of a claim.
struct Complete {
    claim: ClaimId,
    host: Host,
    jid: BareJid,
    via: Via,
}

impl Op for Complete {
    type Answer = Completion;

    const SQL: &'static str = COMPLETE;

    fn params(&self, source: &str, now: Timestamp) -> Vec<Param> {
        // The name that the claim must have been for, where it was for one.
        let ours = self.jid.domain().as_str() == self.host.as_str();
        let name = self.jid.node().filter(|_| ours).map(|node| node.as_str().to_owned());
        vec![
            Box::new(now.as_millis()),
            Box::new(self.claim.to_bytes().to_vec()),
            Box::new(name),
            Box::new(self.jid.as_str().to_owned()),
            Box::new(self.via.as_str().to_owned()),
            Box::new(source.to_owned()),
        ]
    }

    fn read(&self, rows: &[Row], _: Timestamp) -> Result<Option<Completion>, Fault> {
        let Some(row) = rows.first() else { return Ok(None) };
        let invite = InviteId::from_bytes(array(row, 0)?);
        let over_use = row.try_get(1)?;
        if over_use {
            let jid = self.jid.as_str();
            tracing::warn!(%invite, jid, "an invite was used more often than it allows");
        }
        Ok(Some(Completion { invite, over_use }))
    }

    fn happened(&self, done: &Completion) -> Vec<Action> {
        let mut actions = vec![Action::InviteRedeemed];
        actions.extend(done.over_use.then_some(Action::InviteOverused));
        actions
    }
}

/// The release of a claim.
struct Release(ClaimId);

impl Op for Release {
    type Answer = ();

    const SQL: &'static str = RELEASE;

    fn params(&self, source: &str, now: Timestamp) -> Vec<Param> {
        vec![Box::new(now.as_millis()), Box::new(self.0.to_bytes().to_vec()), Box::new(source.to_owned())]
    }

    fn read(&self, rows: &[Row], _: Timestamp) -> Result<Option<()>, Fault> {
        Ok(rows.first().map(drop))
    }

    fn happened(&self, (): &()) -> Vec<Action> {
        vec![Action::InviteReleased]
    }
}

/// A claim that is over, or was never there.
struct Found {
    invite: InviteId,
    outcome: Option<String>,
    over_use: bool,
}

async fn find(session: &Session, asker: &Asker, claim: ClaimId) -> Result<Found, Fault> {
    let id = claim.to_bytes();
    let row = session.query_opt(FIND, &[&id.as_slice(), &asker.host_number]).await?;
    let row = row.ok_or(Refusal::NotFound("claim"))?;
    Ok(Found {
        invite: InviteId::from_bytes(array(&row, 0)?),
        outcome: row.try_get(1)?,
        over_use: row.try_get(2)?,
    })
}

pub(super) async fn complete(
    shared: Arc<Shared>,
    lanes: Arc<Lanes>,
    by: Authority,
    claim: ClaimId,
    jid: BareJid,
    via: Via,
) -> Result<Completion, Fault> {
    let asker = ask(&shared, &by, Scope::Redeem, 1).await?;
    let wanted = || Complete { claim, host: asker.grant.host.clone(), jid: jid.clone(), via: via.clone() };
    if let Some(done) = lanes.offer(wanted(), &asker).await? {
        return Ok(done);
    }
    let session = op::begin(&shared, &asker).await?;
    let outcome = async {
        if let Some(done) = op::alone(&session, &asker, &wanted()).await? {
            return Ok(done);
        }
        let found = find(&session, &asker, claim).await?;
        match found.outcome.as_deref() {
            Some("completed") => Ok(Completion { invite: found.invite, over_use: found.over_use }),
            _ => Err(Refusal::field("jid", "is not the account that was claimed").into()),
        }
    };
    let outcome = outcome.await;
    session.end(outcome).await
}

pub(super) async fn release(
    shared: Arc<Shared>,
    lanes: Arc<Lanes>,
    by: Authority,
    claim: ClaimId,
) -> Result<(), Fault> {
    let asker = ask(&shared, &by, Scope::Redeem, 1).await?;
    if lanes.offer(Release(claim), &asker).await?.is_some() {
        return Ok(());
    }
    let session = op::begin(&shared, &asker).await?;
    let outcome = async {
        if op::alone(&session, &asker, &Release(claim)).await?.is_some() {
            return Ok(());
        }
        match find(&session, &asker, claim).await?.outcome.as_deref() {
            Some("completed") => Err(Refusal::ClaimCompleted.into()),
            _ => Ok(()),
        }
    };
    let outcome = outcome.await;
    session.end(outcome).await
}
