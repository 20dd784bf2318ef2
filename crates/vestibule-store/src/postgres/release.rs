//! Rule 4: the use comes back.

use std::sync::Arc;

use tokio_postgres::Row;
use vestibule_core::{Action, ClaimId, FAILED_CLAIMS_WINDOW, Principal, Refusal, Scope, Timestamp};

use super::{
    asker::{Asker, ask, proved},
    claim::count_failed,
    complete::{Found, find},
    fault::Fault,
    lane::Lanes,
    op::{self, Op, Param, Touched, column},
    record::last_place,
    session::locked,
    shared::Shared,
    work::{Piece, Work},
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
    proved!(),
    "), released AS (
         UPDATE claims AS c SET outcome = 'released', ended_at = $6::bigint FROM asked WHERE c.id = asked.id
     ), failed AS (",
    count_failed!("asked", "$7::bigint", "$6"),
    "), said AS (
         INSERT INTO events (place, at, source, action, invite, detail)
         SELECT ",
    last_place!("events"),
    " + count, $6, source, 'invite.released', invite, username FROM asked
     )
     SELECT n FROM asked"
);

/// The release of a claim.
pub(super) struct Release(ClaimId);

impl Op for Release {
    type Answer = ();

    const WORK: fn(Box<Piece<Self>>) -> Work = Work::Release;

    const SQL: &'static str = RELEASE;

    fn touches(&self) -> Vec<Touched> {
        vec![self.0.to_bytes().to_vec()]
    }

    fn params(pieces: &[(&Asker, &Self)], now: Timestamp) -> Vec<Param> {
        vec![
            column(pieces, |(_, released)| released.0.to_bytes().to_vec()),
            column(pieces, |(asker, _)| asker.grant.source.as_str().to_owned()),
            Box::new(now.as_millis()),
            Box::new(now.minus(FAILED_CLAIMS_WINDOW).as_millis()),
        ]
    }

    fn read(&mut self, _: &Row, _: Timestamp) -> Result<(), Fault> {
        Ok(())
    }

    fn happened((): &()) -> Vec<Action> {
        vec![Action::InviteReleased]
    }
}

pub(super) async fn release(
    shared: Arc<Shared>,
    lanes: Arc<Lanes>,
    by: Principal,
    claim: ClaimId,
) -> Result<(), Fault> {
    let asker = ask(&shared, &by, Scope::Redeem, 1).await?;
    if lanes.offer(Release(claim), &asker).await?.is_some() {
        return Ok(());
    }
    let judge = |found: Found| match found.outcome.as_deref() {
        Some("completed") => Err(Fault::from(Refusal::ClaimCompleted)),
        outcome => Ok(outcome.is_some()),
    };
    let (turn, session) = op::look(&shared, &asker).await?;
    let outcome = find(&session, &asker, claim).await.and_then(judge);
    let is_over = session.end(outcome).await?;
    drop(turn);
    if is_over {
        return Ok(());
    }
    let session = op::begin(&shared, &asker).await?;
    let outcome = match op::alone(&session, &asker, &mut Release(claim)).await {
        Ok(None) => find(&session, &asker, claim).await.and_then(judge).map(drop),
        outcome => outcome.map(drop),
    };
    session.end(outcome).await
}
