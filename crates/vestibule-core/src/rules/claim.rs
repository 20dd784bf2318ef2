//! Rule 2: whether one use of an invite may be taken.

use std::time::Duration;

use crate::{
    ForbiddenUsername, Invite, InviteId, Kind, MAX_CLAIMS_PER_GRANT, Refusal, Timestamp, TokenRefusal,
    Username, UsernameRefusal,
};

use super::check::{PREAUTH_GRANT_LIFETIME, fits, is_in_time};

/// The inputs of the decision.
#[derive(Clone, Copy, Debug)]
pub struct ClaimFacts<'a> {
    /// The invite whose token was presented.
    pub invite: &'a Invite,
    /// The username to register.
    pub username: Option<&'a Username>,
    /// Live claims on this invite, except the one that this claim replaces.
    pub live_claims: LiveClaims,
    /// Whether the host forbids this name for new accounts.
    pub forbidden: Option<ForbiddenUsername>,
    /// Time of the check, if any.
    pub admitted_at: Option<Timestamp>,
    /// The live invite that the username is reserved for, if any.
    pub reserved_for: Option<InviteId>,
    /// The current time.
    pub now: Timestamp,
}

/// Live claims on an invite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LiveClaims {
    /// Number of claims.
    pub count: u32,
    /// Time when the first of their leases ends; `None` without claims.
    pub first_ends_at: Option<Timestamp>,
    /// Whether one of them was made under the same grant. Its account may exist already, so the grant allows no
    /// second claim until the first one is released or replaced.
    pub under_same_admission: bool,
    /// Number of claims made under the same grant, in any state.
    pub made_under_same_admission: u32,
    /// Time from which the invite can be claimed again, if too many claims have failed.
    pub exhausted_until: Option<Timestamp>,
}

impl LiveClaims {
    fn busy(self, now: Timestamp) -> Refusal {
        TokenRefusal::Busy { retry_after: wait(self.first_ends_at.unwrap_or(now), now) }.into()
    }
}

/// The time from `now` until `then` in whole seconds, rounded up, at least one.
fn wait(then: Timestamp, now: Timestamp) -> Duration {
    let millis = then.as_millis().saturating_sub(now.as_millis());
    Duration::from_secs(u64::try_from(millis).unwrap_or(0).div_ceil(1_000).max(1))
}

/// Decides whether the claim is granted.
pub fn claim(facts: &ClaimFacts<'_>) -> Result<(), Refusal> {
    let invite = facts.invite;
    if invite.revoked_at.is_some() {
        return Err(TokenRefusal::Revoked.into());
    }
    if invite.max_uses.is_some_and(|max| invite.uses >= max) {
        return Err(TokenRefusal::Used.into());
    }
    if !is_in_time(invite, facts.admitted_at, facts.now) {
        return Err(TokenRefusal::Expired.into());
    }
    fits_invite(facts)?;
    let live = facts.live_claims;
    let taken = u64::from(invite.uses) + u64::from(live.count);
    if live.under_same_admission || invite.max_uses.is_some_and(|max| taken >= u64::from(max)) {
        return Err(live.busy(facts.now));
    }
    if live.made_under_same_admission >= MAX_CLAIMS_PER_GRANT {
        return Err(TokenRefusal::TooManyAttempts { retry_after: PREAUTH_GRANT_LIFETIME }.into());
    }
    match live.exhausted_until {
        Some(until) => Err(TokenRefusal::TooManyAttempts { retry_after: wait(until, facts.now) }.into()),
        None => Ok(()),
    }
}

/// Whether the invite may be redeemed with this username, or without one.
fn fits_invite(facts: &ClaimFacts<'_>) -> Result<(), Refusal> {
    let invite = facts.invite;
    match facts.username {
        Some(_) if invite.kind == Kind::Contact => Err(UsernameRefusal::NotAllowed.into()),
        Some(username) => fits(invite, username, facts.reserved_for, facts.forbidden),
        // A person with an account elsewhere becomes a contact without a new account (XEP-0379), also by an invite
        // that offers an account, unless it is bound to a username.
        None if invite.kind.makes_contact() && invite.username.is_none() => Ok(()),
        None => Err(UsernameRefusal::NotAllowed.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Draft, Host, NewInvite, Source, Token, random::tests::Counter};
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
    const HOUR: i64 = 3_600_000;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(NOW.as_millis() + millis)
    }

    fn name(text: &str) -> Username {
        Username::parse(text).unwrap()
    }

    fn invite(draft: Draft, expires_at: Timestamp) -> Invite {
        let lookup = Token::draw(NOW, &Counter::default()).unwrap().lookup_key();
        let new = NewInvite { id: lookup.id, hash: lookup.hash, sealed_token: Vec::new(), draft };
        new.into_invite(Host::parse("example.com").unwrap(), Source::cli(), NOW, expires_at)
    }

    fn facts<'a>(invite: &'a Invite, username: Option<&'a Username>) -> ClaimFacts<'a> {
        ClaimFacts {
            invite,
            username,
            live_claims: LiveClaims::default(),
            forbidden: None,
            admitted_at: None,
            reserved_for: None,
            now: NOW,
        }
    }

    #[test]
    fn a_grant_is_valid_for_an_hour_after_the_expiry() {
        let (invite, bob) = (invite(Draft::default(), at(0)), name("bob"));
        let decide = |admitted: Option<i64>, now| {
            claim(&ClaimFacts { admitted_at: admitted.map(at), now: at(now), ..facts(&invite, Some(&bob)) })
        };
        assert_eq!(decide(None, 0), Err(TokenRefusal::Expired.into()));
        assert_eq!(decide(Some(-1), 0), Ok(()));
        assert_eq!(decide(Some(-1), HOUR - 2), Ok(()));
        assert_eq!(decide(Some(-1), HOUR - 1), Err(TokenRefusal::Expired.into()));
        assert_eq!(decide(Some(0), 1), Err(TokenRefusal::Expired.into()));
    }

    #[test]
    fn bound_and_reserved_names_are_enforced() {
        let (bob, eve) = (name("bob"), name("eve"));
        let bound = invite(Draft { username: Some(bob.clone()), ..Draft::default() }, at(HOUR));
        let open = invite(Draft::default(), at(HOUR));
        let other = InviteId::from_bytes([7; 16]);
        assert_eq!(claim(&facts(&bound, Some(&bob))), Ok(()));
        assert_eq!(claim(&facts(&bound, Some(&eve))), Err(UsernameRefusal::NotAllowed.into()));
        let own = ClaimFacts { reserved_for: Some(bound.id), ..facts(&bound, Some(&bob)) };
        assert_eq!(claim(&own), Ok(()));
        let reserved = ClaimFacts { reserved_for: Some(other), ..facts(&open, Some(&bob)) };
        assert_eq!(claim(&reserved), Err(UsernameRefusal::Reserved.into()));
    }

    #[test]
    fn kinds_with_an_account_require_a_username() {
        let contact = Draft { kind: Kind::Contact, inviter: Some(name("ann")), ..Draft::default() };
        let both = Draft { kind: Kind::AccountAndContact, inviter: Some(name("ann")), ..Draft::default() };
        let bob = name("bob");
        let bound = Draft { username: Some(bob.clone()), ..both.clone() };
        let (contact, account) = (invite(contact, at(HOUR)), invite(Draft::default(), at(HOUR)));
        let (both, bound) = (invite(both, at(HOUR)), invite(bound, at(HOUR)));
        assert_eq!(claim(&facts(&both, None)), Ok(()));
        assert_eq!(claim(&facts(&both, Some(&bob))), Ok(()));
        assert_eq!(claim(&facts(&bound, Some(&bob))), Ok(()));
        assert_eq!(claim(&facts(&bound, None)), Err(UsernameRefusal::NotAllowed.into()));
        assert_eq!(claim(&facts(&contact, None)), Ok(()));
        assert_eq!(claim(&facts(&contact, Some(&bob))), Err(UsernameRefusal::NotAllowed.into()));
        assert_eq!(claim(&facts(&account, None)), Err(UsernameRefusal::NotAllowed.into()));
    }

    #[test]
    fn a_claimed_use_is_busy_and_not_used() {
        let (mut invite, bob) = (invite(Draft::default(), at(HOUR)), name("bob"));
        let decide =
            |invite: &Invite, live_claims| claim(&ClaimFacts { live_claims, ..facts(invite, Some(&bob)) });
        let held = LiveClaims { count: 1, first_ends_at: Some(at(30_001)), ..LiveClaims::default() };
        let busy = |seconds| Err(TokenRefusal::Busy { retry_after: Duration::from_secs(seconds) }.into());
        assert_eq!(decide(&invite, held), busy(31));
        assert_eq!(decide(&invite, LiveClaims { first_ends_at: Some(at(-5)), ..held }), busy(1));
        invite.uses = 1;
        assert_eq!(decide(&invite, held), Err(TokenRefusal::Used.into()));
    }

    #[test]
    fn a_grant_has_one_live_claim_and_a_bounded_number_of_claims() {
        let bob = name("bob");
        let many = invite(Draft { max_uses: None, ..Draft::default() }, at(HOUR));
        let decide = |live_claims| claim(&ClaimFacts { live_claims, ..facts(&many, Some(&bob)) });
        let one = LiveClaims { count: 1, first_ends_at: Some(at(1_000)), ..LiveClaims::default() };
        assert_eq!(decide(one), Ok(()));
        let held = decide(LiveClaims { under_same_admission: true, ..one });
        assert_eq!(held, Err(TokenRefusal::Busy { retry_after: Duration::from_secs(1) }.into()));
        let made = |count| decide(LiveClaims { made_under_same_admission: count, ..LiveClaims::default() });
        assert_eq!(made(MAX_CLAIMS_PER_GRANT - 1), Ok(()));
        let many_attempts = TokenRefusal::TooManyAttempts { retry_after: PREAUTH_GRANT_LIFETIME };
        assert_eq!(made(MAX_CLAIMS_PER_GRANT), Err(many_attempts.into()));
        let exhausted = decide(LiveClaims { exhausted_until: Some(at(1_500)), ..LiveClaims::default() });
        let soon = TokenRefusal::TooManyAttempts { retry_after: Duration::from_secs(2) };
        assert_eq!(exhausted, Err(soon.into()));
    }

    #[test]
    fn a_forbidden_name_is_only_for_earlier_invites() {
        let (bound, bob) =
            (invite(Draft { username: Some(name("bob")), ..Draft::default() }, at(HOUR)), name("bob"));
        let open = invite(Draft::default(), at(HOUR));
        let forbidden = Some(ForbiddenUsername::Reserved);
        assert_eq!(claim(&ClaimFacts { forbidden, ..facts(&bound, Some(&bob)) }), Ok(()));
        assert_eq!(
            claim(&ClaimFacts { forbidden, ..facts(&open, Some(&bob)) }),
            Err(ForbiddenUsername::Reserved.into())
        );
    }

    proptest! {
        #[test]
        fn claims_never_exceed_uses(max in 1_u32..5, uses in 0_u32..6, live in 0_u32..6) {
            let mut invite = invite(Draft { max_uses: Some(max), ..Draft::default() }, at(HOUR));
            invite.uses = uses;
            let bob = name("bob");
            let live_claims = LiveClaims { count: live, ..LiveClaims::default() };
            let granted = claim(&ClaimFacts { live_claims, ..facts(&invite, Some(&bob)) }).is_ok();
            prop_assert_eq!(granted, uses + live < max);
        }

        #[test]
        fn a_revoked_invite_cannot_be_claimed(live in 0_u32..3, admitted in prop::option::of(-HOUR..HOUR)) {
            let mut invite = invite(Draft { max_uses: None, ..Draft::default() }, at(HOUR));
            invite.revoked_at = Some(NOW);
            let bob = name("bob");
            let facts = ClaimFacts {
                live_claims: LiveClaims { count: live, ..LiveClaims::default() },
                admitted_at: admitted.map(at),
                ..facts(&invite, Some(&bob))
            };
            prop_assert_eq!(claim(&facts), Err(TokenRefusal::Revoked.into()));
        }

        #[test]
        fn an_unlimited_invite_ends_only_by_expiry(uses in any::<u32>(), live in any::<u32>(), now in -HOUR..2 * HOUR) {
            let mut invite = invite(Draft { max_uses: None, ..Draft::default() }, at(HOUR));
            invite.uses = uses;
            let bob = name("bob");
            let live_claims = LiveClaims { count: live, ..LiveClaims::default() };
            let facts = ClaimFacts { live_claims, now: at(now), ..facts(&invite, Some(&bob)) };
            prop_assert_eq!(claim(&facts).is_ok(), now < HOUR);
        }
    }
}
