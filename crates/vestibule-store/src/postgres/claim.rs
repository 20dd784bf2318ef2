//! Rule 2.

use std::sync::Arc;

use tokio_postgres::Row;
use vestibule_core::{
    Action, Authority, Claim, LEASE, NewClaim, Refusal, Scope, Timestamp, TokenRefusal,
    rules::{self, ADMISSION_LIFE, ClaimFacts},
};

use super::{
    asker::{Asker, ask, proved},
    fault::Fault,
    find::by_token,
    lane::Lanes,
    op::{self, Op, Param, Touched, column},
    record::last_place,
    reservation::{held, reserved_for},
    session::{Session, locked},
    shared::Shared,
    work::{Piece, Work},
};

// Every condition stands inside the statement that takes the use, in the order of the rules.
const TAKE: &str = concat!(
    "WITH asked AS MATERIALIZED (
         SELECT a.*, row_number() OVER (ORDER BY a.n) AS count
         FROM unnest($1::text[], $2::bytea[], $4::bytea[], $5::bytea[], $6::bytea[], $7::text[], $8::bytea[],
                     $9::bigint[], $10::text[])
              WITH ORDINALITY AS a (key, secret, id, invite, token_hash, username, admission, admitted_at,
                                    source, n)
         JOIN invites AS i ON i.id = a.invite
         WHERE i.token_hash = a.token_hash AND i.host = $3::bigint AND ",
    locked!(),
    "      AND ",
    proved!(),
    "      AND i.revoked_at IS NULL
           AND (i.max_uses IS NULL OR i.max_uses > i.uses + (
                 SELECT count(*) FROM claims AS c
                 WHERE c.invite = i.id AND c.outcome IS NULL AND c.lease_until > $11::bigint
                   AND (a.admission IS NULL OR c.admission IS DISTINCT FROM a.admission)))
           AND (i.expires_at > $11 OR (a.admitted_at < i.expires_at AND a.admitted_at > $11 - $12::bigint))
           AND CASE WHEN a.username IS NULL THEN i.kind IN ('contact', 'account-and-contact')
                    ELSE i.kind <> 'contact' END
           AND (i.username IS NULL OR i.username = a.username)
           AND (a.username IS NULL OR NOT EXISTS (
                 SELECT FROM invites AS other
                 WHERE other.host = $3 AND other.username = a.username AND other.id <> i.id AND ",
    held!("other", "$11"),
    "      ))
     ), taken AS (
         INSERT INTO claims (id, invite, username, admission, claimed_at, lease_until)
         SELECT id, invite, username, admission, $11, $13::bigint FROM asked
     ), replaced AS (
         UPDATE claims AS old SET outcome = 'replaced', ended_at = $11
         FROM asked WHERE old.admission = asked.admission AND old.outcome IS NULL
     ), said AS (
         INSERT INTO events (place, at, source, action, invite, detail)
         SELECT ",
    last_place!("events"),
    " + count, $11, source, 'invite.claimed', invite, username FROM asked
     )
     SELECT n FROM asked"
);

const COUNT_LIVE: &str = "SELECT count(*) FROM claims WHERE invite = $1 AND outcome IS NULL \
     AND lease_until > $2 AND ($3::bytea IS NULL OR admission IS DISTINCT FROM $3)";

impl Op for NewClaim {
    type Answer = Claim;

    const WORK: fn(Box<Piece<Self>>) -> Work = Work::Claim;

    const SQL: &'static str = TAKE;

    // An invite's claims are counted, and those of an admission, which is to one invite, replaced.
    fn touches(&self) -> Vec<Touched> {
        vec![self.token.id.to_bytes().to_vec()]
    }

    fn params(pieces: &[(&Asker, &Self)], now: Timestamp) -> Vec<Param> {
        vec![
            column(pieces, |(_, claim)| claim.id.to_bytes().to_vec()),
            column(pieces, |(_, claim)| claim.token.id.to_bytes().to_vec()),
            column(pieces, |(_, claim)| claim.token.hash.as_bytes().to_vec()),
            column(pieces, |(_, claim)| claim.username.as_ref().map(|name| name.as_str().to_owned())),
            column(pieces, |(_, claim)| claim.admission.map(|admission| admission.id.to_vec())),
            column(pieces, |(_, claim)| claim.admission.map(|admission| admission.at.as_millis())),
            column(pieces, |(asker, _)| asker.grant.source.as_str().to_owned()),
            Box::new(now.as_millis()),
            Box::new(i64::try_from(ADMISSION_LIFE.as_millis()).unwrap_or(i64::MAX)),
            Box::new(now.plus(LEASE).as_millis()),
        ]
    }

    fn read(&mut self, _: &Row, now: Timestamp) -> Result<Claim, Fault> {
        Ok(Claim { id: self.id, invite: self.token.id, expires_at: now.plus(LEASE) })
    }

    fn happened(_: &Claim) -> Vec<Action> {
        vec![Action::InviteClaimed]
    }
}

pub(super) async fn claim(
    shared: Arc<Shared>,
    lanes: Arc<Lanes>,
    by: Authority,
    mut claim: NewClaim,
) -> Result<Claim, Fault> {
    let asker = ask(&shared, &by, Scope::Redeem, 1).await?;
    if let Some(granted) = lanes.offer(claim.clone(), &asker).await? {
        return Ok(granted);
    }
    let session = op::begin(&shared, &asker).await?;
    let outcome = match op::alone(&session, &asker, &mut claim).await {
        Ok(Some(granted)) => Ok(granted),
        Ok(None) => Err(reason(&session, &asker, &claim).await.unwrap_or_else(|fault| fault)),
        Err(fault) => Err(fault),
    };
    session.end(outcome).await
}

/// Why the statement took nothing.
async fn reason(session: &Session, asker: &Asker, claim: &NewClaim) -> Result<Fault, Fault> {
    let Some(invite) = by_token(session, asker, claim.token).await? else {
        return Ok(TokenRefusal::Unknown.into());
    };
    let admission = claim.admission.map(|admission| admission.id.to_vec());
    let id = invite.id.to_bytes();
    let now = session.now.as_millis();
    let live = session.query_opt(COUNT_LIVE, &[&id.as_slice(), &now, &admission]).await?;
    let live: i64 = live.map(|row| row.try_get(0)).transpose()?.unwrap_or(0);
    let reserved_for = match &claim.username {
        Some(username) => reserved_for(session, asker.host_number, username).await?,
        None => None,
    };
    let facts = ClaimFacts {
        invite: &invite,
        username: claim.username.as_ref(),
        other_live_claims: u32::try_from(live).unwrap_or(u32::MAX),
        admitted_at: claim.admission.map(|admission| admission.at),
        reserved_for,
        now: session.now,
    };
    match rules::claim(&facts) {
        Err(refusal) => Ok(Refusal::into(refusal)),
        Ok(()) => Err(Fault::Corrupt(format!("the claim on {} was refused without a reason", invite.id))),
    }
}
