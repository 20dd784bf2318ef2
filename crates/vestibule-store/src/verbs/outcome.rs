//! Rules 3 and 4: completing and releasing a claim.

use vestibule_core::{BareJid, Completion, Host, Refusal, Scope};

use super::rows::StoredClaim;

/// What these verbs need.
pub(crate) const SCOPE: Scope = Scope::Redeem;

/// The username of an address if it is on this host. A claim for a username is completed by that account alone.
pub(crate) fn username_on<'a>(jid: &'a BareJid, host: &Host) -> Option<&'a str> {
    let is_on_host = jid.domain().as_str() == host.as_str();
    if is_on_host { Some(jid.node()?.as_str()) } else { None }
}

/// What a completion of this claim returns without a change; `None` if it is to be written. A lapsed, released or
/// replaced claim is completed as well, because the account exists.
pub(crate) fn completed_before(
    claim: &StoredClaim,
    jid: &BareJid,
    host: &Host,
) -> Result<Option<Completion>, Refusal> {
    if claim.outcome.as_deref() == Some("completed") {
        if claim.jid.as_deref() != Some(jid.as_str()) {
            return Err(Refusal::ClaimCompleted);
        }
        return Ok(Some(Completion { invite: claim.invite, over_use: claim.over_use }));
    }
    let is_claimed_account =
        claim.username.as_deref().is_none_or(|name| username_on(jid, host) == Some(name));
    if is_claimed_account {
        Ok(None)
    } else {
        Err(Refusal::field("jid", "is not the account that was claimed"))
    }
}

/// Whether a release of this claim changes nothing.
pub(crate) fn is_over(claim: &StoredClaim) -> Result<bool, Refusal> {
    match claim.outcome.as_deref() {
        Some("completed") => Err(Refusal::ClaimCompleted),
        outcome => Ok(outcome.is_some()),
    }
}
