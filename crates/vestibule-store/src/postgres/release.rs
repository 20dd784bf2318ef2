//! Rule 4: the use comes back.

use std::sync::Arc;

use tokio_postgres::Row;
use vestibule_core::{Action, ClaimId, FAILED_CLAIMS_WINDOW, Principal, Refusal, Scope, Timestamp};

use super::{
    audit::last_row_key,
    batch_statement::{self, BatchStatement, ConflictKey, Param, column},
    batcher::Batcher,
    caller::{Caller, authorize_and_charge, key_is_valid},
    claim::count_failed,
    complete::{Found, find},
    engine_context::EngineContext,
    engine_error::EngineError,
    item::{AnyItem, Item},
    transaction::locked,
};

const RELEASE: &str = concat!(
    "WITH asked AS MATERIALIZED (
         SELECT a.n, a.source, c.id, c.invite, c.username, row_number() OVER (ORDER BY a.n) AS count
         FROM unnest($1::text[], $2::bytea[], $4::bytea[], $5::text[])
              WITH ORDINALITY AS a (key, secret, claim, source, n)
         JOIN claims AS c ON c.id = a.claim
         JOIN invites AS i ON i.id = c.invite
         WHERE c.outcome IS NULL AND i.host = $3::bigint AND ",
    locked!(),
    "      AND ",
    key_is_valid!(),
    "), released AS (
         UPDATE claims AS c SET outcome = 'released', ended_at = $6::bigint FROM asked WHERE c.id = asked.id
     ), failed AS (",
    count_failed!("asked", "$7::bigint", "$6"),
    "), said AS (
         INSERT INTO events (place, at, source, action, invite, detail)
         SELECT ",
    last_row_key!("events"),
    " + count, $6, source, 'invite.released', invite, username FROM asked
     )
     SELECT n FROM asked"
);

/// The release of a claim.
pub(super) struct ReleaseRequest(ClaimId);

impl BatchStatement for ReleaseRequest {
    type Answer = ();

    const WORK: fn(Box<Item<Self>>) -> AnyItem = AnyItem::ReleaseRequest;

    const SQL: &'static str = RELEASE;

    fn conflict_keys(&self) -> Vec<ConflictKey> {
        vec![self.0.to_bytes().to_vec()]
    }

    fn params(items: &[(&Caller, &Self)], now: Timestamp) -> Vec<Param> {
        vec![
            column(items, |(_, released)| released.0.to_bytes().to_vec()),
            column(items, |(caller, _)| caller.auth.source.as_str().to_owned()),
            Box::new(now.as_millis()),
            Box::new(now.minus(FAILED_CLAIMS_WINDOW).as_millis()),
        ]
    }

    fn read(&mut self, _: &Row, _: Timestamp) -> Result<(), EngineError> {
        Ok(())
    }

    fn actions((): &()) -> Vec<Action> {
        vec![Action::InviteReleased]
    }
}

pub(super) async fn release(
    engine: Arc<EngineContext>,
    batcher: Arc<Batcher>,
    by: Principal,
    claim: ClaimId,
) -> Result<(), EngineError> {
    let caller = authorize_and_charge(&engine, &by, Scope::Redeem, 1).await?;
    if batcher.submit(ReleaseRequest(claim), &caller).await?.is_some() {
        return Ok(());
    }
    let authorize = |found: Found| match found.outcome.as_deref() {
        Some("completed") => Err(EngineError::from(Refusal::ClaimCompleted)),
        outcome => Ok(outcome.is_some()),
    };
    let (permit, tx) = batch_statement::look(&engine, &caller).await?;
    let outcome = find(&tx, &caller, claim).await.and_then(authorize);
    let is_over = tx.end(outcome).await?;
    drop(permit);
    if is_over {
        return Ok(());
    }
    let tx = batch_statement::begin(&engine, &caller).await?;
    let outcome = match batch_statement::alone(&tx, &caller, &mut ReleaseRequest(claim)).await {
        Ok(None) => find(&tx, &caller, claim).await.and_then(authorize).map(drop),
        outcome => outcome.map(drop),
    };
    tx.end(outcome).await
}
