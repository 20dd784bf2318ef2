//! Rule 2.

use std::time::Duration;

use rusqlite::named_params;
use vestibule_core::{
    Action, Authority, Claim, ClaimId, LEASE, NewClaim, Refusal, Scope, Timestamp, TokenRefusal, Username,
    rules::{self, ADMISSION_LIFE, ClaimFacts},
};

use super::{
    find::by_token,
    grant::{Granted, grant},
    job::Fault,
    record::record,
    reservation::reserved_for,
    session::Session,
};

// Every condition stands inside the statement that takes the use, in the order of the rules.
const TAKE: &str = "
    INSERT INTO claims (id, invite, username, admission, claimed_at, lease_until)
    SELECT :claim, i.id, :username, :admission, :now, :lease_until
    FROM invites AS i
    WHERE i.id = :invite AND i.token_hash = :hash AND i.host = :host
      AND i.revoked_at IS NULL
      AND (i.max_uses IS NULL OR i.max_uses > i.uses + (
            SELECT count(*) FROM claims AS c
            WHERE c.invite = i.id AND c.id > :oldest AND c.outcome IS NULL AND c.lease_until > :now
              AND c.admission IS NOT coalesce(:admission, x'')))
      AND (i.expires_at > :now OR (:admitted_at < i.expires_at AND :admitted_at > :now - :admission_life))
      AND iif(:username IS NULL, i.kind IN ('contact', 'account-and-contact'), i.kind <> 'contact')
      AND (i.username IS NULL OR i.username = :username)
      AND NOT EXISTS (
            SELECT 1 FROM invites AS other
            WHERE other.host = i.host AND other.username = :username AND other.expires_at > :now
              AND other.username IS NOT NULL AND other.revoked_at IS NULL AND other.uses < other.max_uses
              AND other.id <> i.id)";

const REPLACE: &str = "UPDATE claims SET outcome = 'replaced', ended_at = ?1 \
     WHERE admission = ?2 AND outcome IS NULL AND admission IS NOT NULL AND id <> ?3";

const COUNT_LIVE: &str = "SELECT count(*) FROM claims WHERE invite = ?1 AND id > ?2 AND outcome IS NULL \
     AND lease_until > ?3 AND admission IS NOT coalesce(?4, x'')";

/// How long a claim may wait for its turn after it was named. Longer than anybody waits for an answer.
const WAIT: Duration = LEASE;

/// All claims that are live have higher ids. So old claims on an invite of many uses are not looked at.
fn oldest(now: Timestamp) -> ClaimId {
    ClaimId::lowest(now.minus(LEASE).minus(WAIT))
}

pub(super) fn claim(session: &Session<'_>, by: &Authority, claim: &NewClaim) -> Result<Claim, Fault> {
    let granted = grant(session, by, Scope::Redeem, 1)?;
    let now = session.now;
    let lease_until = now.plus(LEASE);
    if claim.id < ClaimId::lowest(now.minus(WAIT)) {
        return Err(Fault::Late("the claim was named too long ago, or the clock has jumped".to_owned()));
    }
    let admission = claim.admission.map(|admission| admission.id);
    let taken = session.statement(TAKE)?.execute(named_params! {
        ":claim": claim.id.to_bytes(),
        ":invite": claim.token.id.to_bytes(),
        ":oldest": oldest(now).to_bytes(),
        ":hash": claim.token.hash.as_bytes(),
        ":host": granted.host_number,
        ":username": claim.username.as_ref().map(Username::as_str),
        ":admission": admission,
        ":admitted_at": claim.admission.map(|admission| admission.at.as_millis()),
        ":admission_life": i64::try_from(ADMISSION_LIFE.as_millis()).unwrap_or(i64::MAX),
        ":now": now.as_millis(),
        ":lease_until": lease_until.as_millis(),
    })?;
    if taken == 0 {
        return Err(reason(session, &granted, claim)?.into());
    }
    if let Some(admission) = admission {
        session.statement(REPLACE)?.execute((now.as_millis(), admission, claim.id.to_bytes()))?;
    }
    let detail = claim.username.as_ref().map(Username::as_str);
    record(session, &granted, Action::InviteClaimed, &claim.token.id.to_string(), detail)?;
    Ok(Claim { id: claim.id, invite: claim.token.id, expires_at: lease_until })
}

/// Why the statement took nothing.
fn reason(session: &Session<'_>, granted: &Granted, claim: &NewClaim) -> Result<Refusal, Fault> {
    let found = by_token(session, claim.token)?.filter(|invite| invite.host == granted.grant.host);
    let Some(invite) = found else {
        return Ok(TokenRefusal::Unknown.into());
    };
    let admission = claim.admission.map(|admission| admission.id);
    let other_live_claims = session.statement(COUNT_LIVE)?.query_row(
        (invite.id.to_bytes(), oldest(session.now).to_bytes(), session.now.as_millis(), admission),
        |row| row.get(0),
    )?;
    let reserved_for = match &claim.username {
        Some(username) => reserved_for(session, granted.host_number, username)?,
        None => None,
    };
    let facts = ClaimFacts {
        invite: &invite,
        username: claim.username.as_ref(),
        other_live_claims,
        admitted_at: claim.admission.map(|admission| admission.at),
        reserved_for,
        now: session.now,
    };
    match rules::claim(&facts) {
        Err(refusal) => Ok(refusal),
        Ok(()) => Err(Fault::Corrupt(format!("the claim on {} was refused without a reason", invite.id))),
    }
}
