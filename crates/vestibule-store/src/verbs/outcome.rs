//! Rules 3 and 4: completion and release of claims.

use vestibule_core::{BareJid, Completion, Host, Refusal, Scope};

use super::rows::StoredClaim;

/// The scope of these verbs.
pub(crate) const SCOPE: Scope = Scope::Redeem;

/// The username of an address if it is on this host. Only that account can complete a claim for a username.
pub(crate) fn username_on<'a>(jid: &'a BareJid, host: &Host) -> Option<&'a str> {
    let is_on_host = jid.domain().as_str() == host.as_str();
    if is_on_host { Some(jid.node()?.as_str()) } else { None }
}

/// The result of an earlier completion of this claim; `None` if it must be written. A lapsed, released or replaced
/// claim is completed as well, because the account exists.
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
    if is_claimed_account { Ok(None) } else { Err(Refusal::field("jid", "must be the claimed account")) }
}

/// Whether a release of this claim changes nothing.
pub(crate) fn is_over(claim: &StoredClaim) -> Result<bool, Refusal> {
    match claim.outcome.as_deref() {
        Some("completed") => Err(Refusal::ClaimCompleted),
        outcome => Ok(outcome.is_some()),
    }
}
