//! Members as inviters: their limits, and the members that an operator has stopped from inviting.
//!
//! The checks run in the transaction that creates the invites. Creates of a host run one after another, on all nodes, so
//! the limits are exact.

use vestibule_core::{
    BareJid, Draft, HostPolicy, INVITER_MONTH, InviterLimit, InviterLimitReached, InviterLimits, MadeInvite,
    Refusal, Timestamp, Username, rules,
};

use super::rows::TransactionContext;
use crate::caller::Caller;

/// Number of invites that are read beyond those that a limit needs, so that the error names their number also after the
/// limit was lowered.
const EXCESS: u32 = 100;

/// Invites that keys have made in the name of a member, and the members that must not make any.
pub(crate) trait InviterRows: TransactionContext {
    /// Whether an operator has stopped the account at this address from inviting.
    async fn is_stopped(&self, address: &BareJid) -> Result<bool, Self::Error>;
    /// Stops the account at this address, which is not stopped.
    async fn insert_stopped(&self, address: &BareJid) -> Result<(), Self::Error>;
    /// Allows the account at this address to invite again.
    async fn delete_stopped(&self, address: &BareJid) -> Result<(), Self::Error>;
    /// The expiries of the pending invites that a member has made, at most `limit` of them, the latest.
    async fn live_until(
        &self,
        caller: &Caller,
        inviter: &Username,
        limit: u32,
    ) -> Result<Vec<Timestamp>, Self::Error>;
    /// The invites that a member has made since a time, at most `limit` of them, the newest.
    async fn made_since(
        &self,
        caller: &Caller,
        inviter: &Username,
        since: Timestamp,
        limit: u32,
    ) -> Result<Vec<MadeInvite>, Self::Error>;
}

/// The address of a member.
pub(crate) fn address(caller: &Caller, username: &Username) -> BareJid {
    username.at(&caller.auth.host)
}

/// The member that makes this invite: keys act in the name of a member, an operator does not.
fn maker<'a>(caller: &Caller, draft: &'a Draft) -> Option<&'a Username> {
    draft.inviter.as_ref().filter(|_| caller.key.is_some())
}

/// Whether a member makes this invite, so that it counts against its limits.
pub(crate) fn is_made_by_member(caller: &Caller, inviter: Option<&Username>) -> bool {
    caller.key.is_some() && inviter.is_some()
}

/// The limits for an invite of this caller, unless it has none.
fn limits(draft: &Draft, caller: &Caller, policy: &HostPolicy) -> Option<InviterLimits> {
    let inviter = maker(caller, draft)?;
    Some(policy.inviter_limits.of(inviter, &draft.inviter_roles))
        .filter(|limits| *limits != InviterLimits::default())
}

/// Whether the number of invites that this member makes is limited.
pub(crate) fn is_number_limited(draft: &Draft, caller: &Caller, policy: &HostPolicy) -> bool {
    limits(draft, caller, policy).is_some_and(|limits| limits.live.is_some() || limits.per_month.is_some())
}

/// When an invite of this caller expires, if it may have these uses. The lifetime is shortened to that of the limit.
pub(crate) fn expires_at(
    draft: &Draft,
    caller: &Caller,
    policy: &HostPolicy,
    now: Timestamp,
) -> Result<Timestamp, Refusal> {
    let expires_at = draft.expires_at(now, policy)?;
    let Some(limits) = limits(draft, caller, policy) else { return Ok(expires_at) };
    if let (Some(maximum), Some(inviter)) = (limits.max_uses, &draft.inviter)
        && draft.max_uses.is_none_or(|uses| uses > maximum)
    {
        let limit = InviterLimit::MaxUses;
        let inviter = inviter.clone();
        let reached = InviterLimitReached { inviter, limit, maximum, used: 0, available_at: None };
        return Err(Refusal::InviterLimit(Box::new(reached)));
    }
    Ok(limits.max_life.map_or(expires_at, |life| expires_at.min(now.plus(life))))
}

/// Refuses invites of a stopped member, and more than the limits of their inviter allow.
pub(crate) async fn ensure_allowed<'a, T: InviterRows>(
    tx: &T,
    caller: &Caller,
    drafts: impl IntoIterator<Item = &'a Draft>,
) -> Result<(), T::Error> {
    let mut counts: Vec<(&Username, &Draft, u32)> = Vec::new();
    for draft in drafts {
        let Some(inviter) = maker(caller, draft) else { continue };
        match counts.iter_mut().find(|(counted, _, _)| *counted == inviter) {
            Some((_, _, count)) => *count += 1,
            None => counts.push((inviter, draft, 1)),
        }
    }
    for (inviter, draft, count) in counts {
        ensure_one_allowed(tx, caller, inviter, draft, count).await?;
    }
    Ok(())
}

/// Refuses `count` equal invites if their inviter is stopped or has reached its limits.
pub(crate) async fn ensure_count_allowed<T: InviterRows>(
    tx: &T,
    caller: &Caller,
    draft: &Draft,
    count: usize,
) -> Result<(), T::Error> {
    match maker(caller, draft) {
        Some(inviter) => {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            ensure_one_allowed(tx, caller, inviter, draft, count).await
        }
        None => Ok(()),
    }
}

async fn ensure_one_allowed<T: InviterRows>(
    tx: &T,
    caller: &Caller,
    inviter: &Username,
    draft: &Draft,
    count: u32,
) -> Result<(), T::Error> {
    if tx.is_stopped(&address(caller, inviter)).await? {
        return Err(Refusal::InviterStopped(inviter.clone()).into());
    }
    let policy = tx.policies().of(&caller.auth.host);
    let Some(limits) = limits(draft, caller, &policy) else { return Ok(()) };
    let reached = |reached| Refusal::InviterLimit(Box::new(reached));
    if let Some(maximum) = limits.live {
        let live = tx.live_until(caller, inviter, maximum.saturating_add(EXCESS)).await?;
        rules::within_live_limit(inviter, maximum, live, count).map_err(reached)?;
    }
    if let Some(maximum) = limits.per_month {
        let limit = maximum.saturating_mul(rules::MADE_PER_USE).saturating_add(EXCESS);
        let made = tx.made_since(caller, inviter, tx.now().minus(INVITER_MONTH), limit).await?;
        rules::within_month_limit(inviter, maximum, &made, count, tx.now()).map_err(reached)?;
    }
    Ok(())
}
