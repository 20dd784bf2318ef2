//! Rule 2.

use std::time::Duration;

use rusqlite::{OptionalExtension, named_params};
use vestibule_core::{
    Action, Claim, ClaimId, FAILED_CLAIMS_WINDOW, ForbiddenUsername, Invite, InviteId, LEASE,
    MAX_CLAIMS_PER_GRANT, NewClaim, PreauthGrant, Principal, Refusal, Scope, Timestamp, TokenRefusal,
    Username, max_failed_claims,
    rules::{self, ClaimFacts, LiveClaims, PREAUTH_GRANT_LIFETIME},
};

use super::{
    audit::append_event,
    caller::{Caller, authorize_and_charge},
    find::by_token,
    job::EngineError,
    reservation::reserved_for,
    transaction::Transaction,
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
              AND c.id IS NOT :replaces))
      AND NOT EXISTS (
            SELECT 1 FROM claims AS c
            WHERE c.admission = :admission AND c.admission IS NOT NULL AND c.outcome IS NULL
              AND c.lease_until > :now AND c.id IS NOT :replaces)
      AND (:admission IS NULL OR :most_of_admission > (
            SELECT count(*) FROM claims AS c
            WHERE c.invite = i.id AND c.id > :since_admission AND c.admission = :admission))
      AND (i.failed_since <= :failed_window
           OR i.failed_claims < CASE WHEN i.max_uses < 90 THEN 100 + 10 * i.max_uses ELSE 1000 END)
      AND (i.expires_at > :now OR (:admitted_at < i.expires_at AND :admitted_at > :now - :admission_life))
      AND iif(:username IS NULL, i.kind IN ('contact', 'account-and-contact'), i.kind <> 'contact')
      AND (i.username = :username OR (i.username IS NULL AND NOT :forbidden))
      AND NOT EXISTS (
            SELECT 1 FROM invites AS other
            WHERE other.host = i.host AND other.username = :username AND other.expires_at > :now
              AND other.username IS NOT NULL AND other.revoked_at IS NULL AND other.uses < other.max_uses
              AND other.kind <> 'password-reset' AND other.id <> i.id AND i.kind <> 'password-reset')";

const REPLACE: &str = "UPDATE claims SET outcome = 'replaced', ended_at = ?1 \
     WHERE id = ?2 AND invite = ?3 AND outcome IS NULL";

const LIVE: &str = "SELECT count(*), min(lease_until), coalesce(max(admission IS ?4), 0) FROM claims \
     WHERE invite = ?1 AND id > ?2 AND outcome IS NULL AND lease_until > ?3 AND id IS NOT ?5";

const COUNT_OF_ADMISSION: &str =
    "SELECT count(*) FROM claims WHERE invite = ?1 AND id > ?2 AND admission = ?3";

const FAILED: &str = "SELECT failed_claims, failed_since FROM invites WHERE id = ?1";

const SAME: &str = "SELECT c.id, c.lease_until FROM claims AS c JOIN invites AS i ON i.id = c.invite \
     WHERE c.admission = ?1 AND c.admission IS NOT NULL AND c.outcome IS NULL AND c.lease_until > ?2 \
     AND c.username IS ?3 AND i.host = ?4";

const COUNT_FAILED: &str = "UPDATE invites SET failed_claims = iif(failed_since > ?2, failed_claims + 1, 1), \
     failed_since = iif(failed_since > ?2, failed_since, ?3) WHERE id = ?1";

/// How long a claim may wait for its turn after it was named. Longer than anybody waits for an answer.
const WAIT: Duration = LEASE;

/// All claims that are live have higher ids. So old claims on an invite of many uses are not looked at.
fn oldest(now: Timestamp) -> ClaimId {
    ClaimId::lowest(now.minus(LEASE).minus(WAIT))
}

/// All claims that were made under an admission have higher ids, as a claim is named after its check was passed. The
/// margin is for nodes whose clocks differ.
fn since(admission: PreauthGrant) -> ClaimId {
    ClaimId::lowest(admission.at.minus(WAIT))
}

fn failed_window(now: Timestamp) -> Timestamp {
    now.minus(FAILED_CLAIMS_WINDOW)
}

pub(super) fn claim(tx: &Transaction<'_>, by: &Principal, claim: &NewClaim) -> Result<Claim, EngineError> {
    let caller = authorize_and_charge(tx, by, Scope::Redeem, 1)?;
    let now = tx.now;
    if claim.id < ClaimId::lowest(now.minus(WAIT)) {
        return Err(EngineError::Late(
            "the claim was named too long ago, or the clock has jumped".to_owned(),
        ));
    }
    if !take(tx, &caller, claim)? {
        return match same(tx, &caller, claim)? {
            Some(same) => Ok(same),
            None => Err(reason(tx, &caller, claim)?.into()),
        };
    }
    if let Some(replaced) = claim.replaces {
        let of = (now.as_millis(), replaced.to_bytes(), claim.token.id.to_bytes());
        if tx.statement(REPLACE)?.execute(of)? > 0 {
            count_failed(tx, claim.token.id)?;
        }
    }
    let detail = claim.username.as_ref().map(Username::as_str);
    append_event(tx, &caller, Action::InviteClaimed, &claim.token.id.to_string(), detail)?;
    Ok(Claim { id: claim.id, invite: claim.token.id, expires_at: now.plus(LEASE) })
}

/// Takes a use, if every condition holds.
fn take(tx: &Transaction<'_>, caller: &Caller, claim: &NewClaim) -> Result<bool, EngineError> {
    let now = tx.now;
    let taken = tx.statement(TAKE)?.execute(named_params! {
        ":claim": claim.id.to_bytes(),
        ":invite": claim.token.id.to_bytes(),
        ":oldest": oldest(now).to_bytes(),
        ":hash": claim.token.hash.as_bytes(),
        ":host": caller.host_number,
        ":username": claim.username.as_ref().map(Username::as_str),
        ":forbidden": forbidden(tx, caller, claim).is_some(),
        ":admission": claim.admission.map(|admission| admission.id),
        ":since_admission": claim.admission.map(|admission| since(admission).to_bytes()),
        ":most_of_admission": MAX_CLAIMS_PER_GRANT,
        ":failed_window": failed_window(now).as_millis(),
        ":replaces": claim.replaces.map(ClaimId::to_bytes),
        ":admitted_at": claim.admission.map(|admission| admission.at.as_millis()),
        ":admission_life": i64::try_from(PREAUTH_GRANT_LIFETIME.as_millis()).unwrap_or(i64::MAX),
        ":now": now.as_millis(),
        ":lease_until": now.plus(LEASE).as_millis(),
    })?;
    Ok(taken > 0)
}

fn forbidden(tx: &Transaction<'_>, caller: &Caller, claim: &NewClaim) -> Option<ForbiddenUsername> {
    tx.engine.options.policies.forbids(&caller.auth.host, claim.username.as_ref())
}

/// The live claim that the same admission has made for the same username before.
fn same(tx: &Transaction<'_>, caller: &Caller, claim: &NewClaim) -> Result<Option<Claim>, EngineError> {
    let Some(admission) = claim.admission else { return Ok(None) };
    let username = claim.username.as_ref().map(Username::as_str);
    let found = tx
        .statement(SAME)?
        .query_row((admission.id, tx.now.as_millis(), username, caller.host_number), |row| {
            Ok(Claim {
                id: ClaimId::from_bytes(row.get(0)?),
                invite: admission.invite,
                expires_at: Timestamp::from_millis(row.get(1)?),
            })
        })
        .optional()?;
    Ok(found)
}

/// Counts a claim that came to nothing against its invite.
pub(super) fn count_failed(tx: &Transaction<'_>, invite: InviteId) -> rusqlite::Result<()> {
    let window = failed_window(tx.now).as_millis();
    tx.statement(COUNT_FAILED)?.execute((invite.to_bytes(), window, tx.now.as_millis())).map(drop)
}

/// Why a claim would be refused now, looked at without writing; `None` where it is to be tried.
pub(super) fn preview(
    tx: &Transaction<'_>,
    by: &Principal,
    claim: &NewClaim,
) -> Result<Option<Refusal>, EngineError> {
    let caller = authorize_and_charge(tx, by, Scope::Redeem, 1)?;
    if same(tx, &caller, claim)?.is_some() {
        return Ok(None);
    }
    refusal(tx, &caller, claim)
}

/// Why the statement took nothing.
fn reason(tx: &Transaction<'_>, caller: &Caller, claim: &NewClaim) -> Result<Refusal, EngineError> {
    let invite = claim.token.id;
    let unreasonable = || EngineError::Corrupt(format!("the claim on {invite} was refused without a reason"));
    refusal(tx, caller, claim)?.ok_or_else(unreasonable)
}

fn refusal(tx: &Transaction<'_>, caller: &Caller, claim: &NewClaim) -> Result<Option<Refusal>, EngineError> {
    let found = by_token(tx, claim.token)?.filter(|invite| invite.host == caller.auth.host);
    let Some(invite) = found else {
        return Ok(Some(TokenRefusal::Unknown.into()));
    };
    let reserved_for = match &claim.username {
        Some(username) => reserved_for(tx, caller.host_number, username)?,
        None => None,
    };
    let facts = ClaimFacts {
        invite: &invite,
        username: claim.username.as_ref(),
        live_claims: live_claims(tx, &invite, claim)?,
        forbidden: forbidden(tx, caller, claim),
        admitted_at: claim.admission.map(|admission| admission.at),
        reserved_for,
        now: tx.now,
    };
    Ok(rules::claim(&facts).err())
}

fn live_claims(tx: &Transaction<'_>, invite: &Invite, claim: &NewClaim) -> Result<LiveClaims, EngineError> {
    let id = invite.id.to_bytes();
    let admission = claim.admission.map(|admission| admission.id);
    let replaces = claim.replaces.map(ClaimId::to_bytes);
    let (now, oldest) = (tx.now.as_millis(), oldest(tx.now).to_bytes());
    let (count, first_ends_at, held): (u32, Option<i64>, bool) =
        tx.statement(LIVE)?.query_row((id, oldest, now, admission, replaces), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
    let made_under_same_admission = match claim.admission {
        Some(admission) => tx
            .statement(COUNT_OF_ADMISSION)?
            .query_row((id, since(admission).to_bytes(), admission.id), |row| row.get(0))?,
        None => 0,
    };
    let (failed, failed_since): (u32, i64) =
        tx.statement(FAILED)?.query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let failed_since = Timestamp::from_millis(failed_since);
    let is_exhausted = failed >= max_failed_claims(invite.max_uses) && failed_since > failed_window(tx.now);
    Ok(LiveClaims {
        count,
        first_ends_at: first_ends_at.map(Timestamp::from_millis),
        under_same_admission: admission.is_some() && held,
        made_under_same_admission,
        exhausted_until: is_exhausted.then(|| failed_since.plus(FAILED_CLAIMS_WINDOW)),
    })
}
