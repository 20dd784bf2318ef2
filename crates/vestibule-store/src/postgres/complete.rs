//! Rule 3: the account is there.

use std::sync::Arc;

use tokio_postgres::Row;
use vestibule_core::{
    Action, BareJid, ClaimId, Completion, Host, InviteId, Principal, Refusal, Scope, Timestamp, Via,
};

use super::{
    audit::last_row_key,
    batch_statement::{self, BatchStatement, ConflictKey, Param, column},
    batcher::Batcher,
    caller::{Caller, authorize_and_charge, key_is_valid},
    engine_context::EngineContext,
    engine_error::EngineError,
    item::{AnyItem, Item},
    row::array,
    transaction::{Transaction, locked},
};

// A claim that lapsed, or was released or replaced, is completed all the same: the account is there. Whether it
// goes beyond what the invite allows is `rules::exceeds`; the storage suite holds the two together.
const COMPLETE: &str = concat!(
    "WITH asked AS MATERIALIZED (
         SELECT a.n, a.jid, a.via, a.source, c.id, c.invite, (i.max_uses IS NOT NULL AND
                i.uses + row_number() OVER (PARTITION BY c.invite ORDER BY a.n) > i.max_uses) AS over_use
         FROM unnest($1::text[], $2::bytea[], $4::bytea[], $5::text[], $6::text[], $7::text[], $8::text[])
              WITH ORDINALITY AS a (key, secret, claim, name, jid, via, source, n)
         JOIN claims AS c ON c.id = a.claim
         JOIN invites AS i ON i.id = c.invite
         WHERE i.host = $3::bigint AND ",
    locked!(),
    "      AND ",
    key_is_valid!(),
    "      AND c.outcome IS DISTINCT FROM 'completed' AND (c.username IS NULL OR c.username = a.name)
     ), done AS (
         UPDATE claims AS c SET outcome = 'completed', ended_at = $9::bigint, jid = asked.jid,
                via = asked.via, over_use = asked.over_use
         FROM asked WHERE c.id = asked.id
     ), spent AS (
         UPDATE invites AS i SET uses = i.uses + more.uses, used_at = $9
         FROM (SELECT invite, count(*) AS uses FROM asked GROUP BY invite) AS more WHERE i.id = more.invite
     ), said AS (
         INSERT INTO events (place, at, source, action, invite, detail)
         SELECT ",
    last_row_key!("events"),
    " + row_number() OVER (ORDER BY asked.n, what.n), $9, source, what.action, invite, jid
         FROM asked, (VALUES (1, 'invite.redeemed'), (2, 'invite.over-used')) AS what (n, action)
         WHERE what.n = 1 OR asked.over_use
     )
     SELECT n, invite, over_use FROM asked"
);

const FIND: &str = "SELECT c.invite, c.outcome, c.over_use, c.jid, c.username \
     FROM claims AS c JOIN invites AS i ON i.id = c.invite WHERE c.id = $1 AND i.host = $2";

/// The completion of a claim.
#[derive(Clone)]
pub(super) struct CompleteRequest {
    claim: ClaimId,
    jid: BareJid,
    via: Via,
}

impl CompleteRequest {
    /// The username that the claim must have been for, where it was for one.
    fn username(&self, host: &Host) -> Option<String> {
        let ours = self.jid.domain().as_str() == host.as_str();
        self.jid.node().filter(|_| ours).map(|node| node.as_str().to_owned())
    }
}

impl BatchStatement for CompleteRequest {
    type Answer = Completion;

    const WORK: fn(Box<Item<Self>>) -> AnyItem = AnyItem::CompleteRequest;

    const SQL: &'static str = COMPLETE;

    fn conflict_keys(&self) -> Vec<ConflictKey> {
        vec![self.claim.to_bytes().to_vec()]
    }

    fn params(items: &[(&Caller, &Self)], now: Timestamp) -> Vec<Param> {
        vec![
            column(items, |(_, done)| done.claim.to_bytes().to_vec()),
            column(items, |(caller, done)| done.username(&caller.auth.host)),
            column(items, |(_, done)| done.jid.as_str().to_owned()),
            column(items, |(_, done)| done.via.as_str().to_owned()),
            column(items, |(caller, _)| caller.auth.source.as_str().to_owned()),
            Box::new(now.as_millis()),
        ]
    }

    fn read(&mut self, row: &Row, _: Timestamp) -> Result<Completion, EngineError> {
        let invite = InviteId::from_bytes(array(row, 1)?);
        let over_use = row.try_get(2)?;
        if over_use {
            let jid = self.jid.as_str();
            tracing::warn!(%invite, jid, "an invite was used more often than it allows");
        }
        Ok(Completion { invite, over_use })
    }

    fn actions(done: &Completion) -> Vec<Action> {
        let mut actions = vec![Action::InviteRedeemed];
        actions.extend(done.over_use.then_some(Action::InviteOverused));
        actions
    }
}

/// A claim that is over, or was never there.
pub(super) struct Found {
    invite: InviteId,
    pub(super) outcome: Option<String>,
    over_use: bool,
    /// The address that completed it.
    jid: Option<String>,
    username: Option<String>,
}

pub(super) async fn find(tx: &Transaction, caller: &Caller, claim: ClaimId) -> Result<Found, EngineError> {
    let id = claim.to_bytes();
    let row = tx.query_opt(FIND, &[&id.as_slice(), &caller.host_number]).await?;
    let row = row.ok_or(Refusal::NotFound("claim"))?;
    Ok(Found {
        invite: InviteId::from_bytes(array(&row, 0)?),
        outcome: row.try_get(1)?,
        over_use: row.try_get(2)?,
        jid: row.try_get(3)?,
        username: row.try_get(4)?,
    })
}

pub(super) async fn complete(
    engine: Arc<EngineContext>,
    batcher: Arc<Batcher>,
    by: Principal,
    claim: ClaimId,
    jid: BareJid,
    via: Via,
) -> Result<Completion, EngineError> {
    let caller = authorize_and_charge(&engine, &by, Scope::Redeem, 1).await?;
    let wanted = CompleteRequest { claim, jid, via };
    if let Some(done) = batcher.submit(wanted.clone(), &caller).await? {
        return Ok(done);
    }
    let authorize = |found: Found| match found.outcome.as_deref() {
        Some("completed") if found.jid.as_deref() != Some(wanted.jid.as_str()) => {
            Err(EngineError::from(Refusal::ClaimCompleted))
        }
        Some("completed") => Ok(Some(Completion { invite: found.invite, over_use: found.over_use })),
        _ if found.username.is_none() || found.username == wanted.username(&caller.auth.host) => Ok(None),
        _ => Err(EngineError::from(Refusal::field("jid", "is not the account that was claimed"))),
    };
    let (permit, tx) = batch_statement::look(&engine, &caller).await?;
    let outcome = find(&tx, &caller, claim).await.and_then(authorize);
    let found = tx.end(outcome).await?;
    drop(permit);
    if let Some(done) = found {
        return Ok(done);
    }
    let tx = batch_statement::begin(&engine, &caller).await?;
    let outcome = match batch_statement::alone(&tx, &caller, &mut wanted.clone()).await {
        Ok(None) => find(&tx, &caller, claim).await.and_then(authorize).and_then(|done| {
            done.ok_or_else(|| {
                EngineError::Corrupt(format!("the claim {claim} was not completed, without a reason"))
            })
        }),
        Ok(Some(done)) => Ok(done),
        Err(fault) => Err(fault),
    };
    tx.end(outcome).await
}
