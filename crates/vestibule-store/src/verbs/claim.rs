//! Rule 2: the reason why a claim was not granted.
//!
//! Each engine grants a claim with one statement that has every condition. When it grants nothing, the rules are asked
//! for the reason.

use std::time::Duration;

use vestibule_core::{
    Claim, ClaimId, FAILED_CLAIMS_WINDOW, Invite, LEASE, MAX_FAILED_CLAIMS, NewClaim, PreauthGrant, Refusal,
    Scope, Timestamp, TokenRefusal,
    rules::{self, ClaimFacts, LiveClaims},
};

use super::{
    rows::{ClaimRows, InviteRows, VerbError},
    show::by_token,
};
use crate::caller::Caller;

/// The scope of this verb.
pub(crate) const SCOPE: Scope = Scope::Redeem;

/// Maximum time between the generation of a claim's id and its transaction. Longer than any caller waits.
const MAX_WAIT: Duration = LEASE;

/// A lower bound for the ids of live claims, so that old claims on an invite of many uses are not scanned.
pub(crate) fn oldest_live(now: Timestamp) -> ClaimId {
    ClaimId::lowest(now.minus(LEASE).minus(MAX_WAIT))
}

/// Fails a claim whose id is too old for [`oldest_live`] to hold.
pub(crate) fn ensure_recent<E: VerbError>(claim: &NewClaim, now: Timestamp) -> Result<(), E> {
    if claim.id < ClaimId::lowest(now.minus(MAX_WAIT)) {
        return Err(E::unavailable("the claim waited too long, or the clock has jumped"));
    }
    Ok(())
}

/// A lower bound for the ids of claims under a grant: a claim id is drawn after its check. The margin covers nodes
/// whose clocks differ.
pub(crate) fn oldest_of_grant(grant: PreauthGrant) -> ClaimId {
    ClaimId::lowest(grant.at.minus(MAX_WAIT))
}

/// The start of the window in which failed claims count.
pub(crate) fn failed_window(now: Timestamp) -> Timestamp {
    now.minus(FAILED_CLAIMS_WINDOW)
}

/// The reason why the statement granted nothing.
pub(crate) enum Ungranted {
    /// The same claim was granted before.
    Repeated(Claim),
    /// The rules refuse it.
    Refused(Refusal),
    /// The rules allow the claim now.
    Allowed,
}

impl Ungranted {
    /// The outcome of a claim under the lock of its host, where the rules and the statement must agree.
    pub(crate) fn settled<E: VerbError>(self, claim: &NewClaim) -> Result<Claim, E> {
        match self {
            Self::Repeated(claim) => Ok(claim),
            Self::Refused(refusal) => Err(refusal.into()),
            Self::Allowed => {
                Err(E::corrupt(format!("the claim on {} was refused without a reason", claim.token.id)))
            }
        }
    }
}

/// Finds the reason why a claim was not granted.
pub(crate) async fn ungranted<T: ClaimRows + InviteRows>(
    tx: &T,
    caller: &Caller,
    claim: &NewClaim,
) -> Result<Ungranted, T::Error> {
    if let Some(grant) = claim.admission
        && let Some(repeated) = tx.claim_of_grant(caller, grant, claim.username.as_ref()).await?
    {
        return Ok(Ungranted::Repeated(repeated));
    }
    let Some(invite) = by_token(tx, caller, claim.token).await? else {
        return Ok(Ungranted::Refused(TokenRefusal::Unknown.into()));
    };
    let username = claim.username.as_ref();
    let reserved_for = match username {
        Some(username) => tx.reserved_for(caller, username).await?,
        None => None,
    };
    let decision = rules::claim(&ClaimFacts {
        invite: &invite,
        username,
        live_claims: live_claims(tx, &invite, claim).await?,
        forbidden: tx.policies().forbids(&caller.auth.host, username),
        admitted_at: claim.admission.map(|grant| grant.at),
        reserved_for,
        now: tx.now(),
    });
    Ok(decision.err().map_or(Ungranted::Allowed, Ungranted::Refused))
}

/// The facts about other claims on an invite.
pub(crate) async fn live_claims<T: ClaimRows>(
    tx: &T,
    invite: &Invite,
    claim: &NewClaim,
) -> Result<LiveClaims, T::Error> {
    let live = tx.live_claims(claim, oldest_live(tx.now())).await?;
    let made_under_same_admission = match claim.admission {
        Some(grant) => tx.count_claims_of_grant(grant, oldest_of_grant(grant)).await?,
        None => 0,
    };
    let (failed, failed_since) = tx.failed_claims(invite.id).await?;
    let is_exhausted = failed >= MAX_FAILED_CLAIMS && failed_since > failed_window(tx.now());
    Ok(LiveClaims {
        count: live.count,
        first_ends_at: live.first_ends_at,
        under_same_admission: live.under_same_grant,
        made_under_same_admission,
        exhausted_until: is_exhausted.then(|| failed_since.plus(FAILED_CLAIMS_WINDOW)),
    })
}
