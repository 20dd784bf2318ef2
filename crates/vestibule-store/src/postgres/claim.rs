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
    op::{self, Op, Param},
    record::last_event,
    reservation::{held, reserved_for},
    session::{Session, locked},
    shared::Shared,
};

// Every condition stands inside the statement that takes the use, in the order of the rules.
const TAKE: &str = concat!(
    "WITH taken AS (
         INSERT INTO claims (id, invite, username, admission, claimed_at, lease_until)
         SELECT $5::bytea, i.id, $8::text, $9::bytea, $4::bigint, $12::bigint
         FROM invites AS i
         WHERE i.id = $6::bytea AND i.token_hash = $7::bytea AND i.host = $3 AND ",
    locked!(),
    "      AND ",
    proved!(),
    "      AND i.revoked_at IS NULL
           AND (i.max_uses IS NULL OR i.max_uses > i.uses + (
                 SELECT count(*) FROM claims AS c
                 WHERE c.invite = i.id AND c.outcome IS NULL AND c.lease_until > $4
                   AND ($9::bytea IS NULL OR c.admission IS DISTINCT FROM $9)))
           AND (i.expires_at > $4 OR ($10::bigint < i.expires_at AND $10 > $4 - $11::bigint))
           AND CASE WHEN $8 IS NULL THEN i.kind IN ('contact', 'account-and-contact')
                    ELSE i.kind <> 'contact' END
           AND (i.username IS NULL OR i.username = $8)
           AND ($8 IS NULL OR NOT EXISTS (
                 SELECT FROM invites AS other
                 WHERE other.host = $3 AND other.username = $8 AND other.id <> i.id AND ",
    held!("other", "$4"),
    "      ))
         RETURNING id, invite
     ), replaced AS (
         UPDATE claims AS old SET outcome = 'replaced', ended_at = $4
         FROM taken WHERE old.admission = $9 AND old.outcome IS NULL
     ), said AS (
         INSERT INTO events (place, at, source, action, invite, detail)
         SELECT ",
    last_event!(),
    " + 1, $4, $13::text, 'invite.claimed', invite, $8 FROM taken
     )
     SELECT id FROM taken"
);

const COUNT_LIVE: &str = "SELECT count(*) FROM claims WHERE invite = $1 AND outcome IS NULL \
     AND lease_until > $2 AND ($3::bytea IS NULL OR admission IS DISTINCT FROM $3)";

impl Op for NewClaim {
    type Answer = Claim;

    const SQL: &'static str = TAKE;

    fn params(&self, source: &str, now: Timestamp) -> Vec<Param> {
        let admission = self.admission;
        vec![
            Box::new(now.as_millis()),
            Box::new(self.id.to_bytes().to_vec()),
            Box::new(self.token.id.to_bytes().to_vec()),
            Box::new(self.token.hash.as_bytes().to_vec()),
            Box::new(self.username.as_ref().map(|name| name.as_str().to_owned())),
            Box::new(admission.map(|admission| admission.id.to_vec())),
            Box::new(admission.map(|admission| admission.at.as_millis())),
            Box::new(i64::try_from(ADMISSION_LIFE.as_millis()).unwrap_or(i64::MAX)),
            Box::new(now.plus(LEASE).as_millis()),
            Box::new(source.to_owned()),
        ]
    }

    fn read(&self, rows: &[Row], now: Timestamp) -> Result<Option<Claim>, Fault> {
        let claim = Claim { id: self.id, invite: self.token.id, expires_at: now.plus(LEASE) };
        Ok(rows.first().map(|_| claim))
    }

    fn happened(&self, _: &Claim) -> Vec<Action> {
        vec![Action::InviteClaimed]
    }
}

pub(super) async fn claim(
    shared: Arc<Shared>,
    lanes: Arc<Lanes>,
    by: Authority,
    claim: NewClaim,
) -> Result<Claim, Fault> {
    let asker = ask(&shared, &by, Scope::Redeem, 1).await?;
    if let Some(granted) = lanes.offer(claim.clone(), &asker).await? {
        return Ok(granted);
    }
    let session = op::begin(&shared, &asker).await?;
    let outcome = match op::alone(&session, &asker, &claim).await {
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
