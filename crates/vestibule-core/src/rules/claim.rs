//! Rule 2: whether one use of an invite may be taken.

use std::time::Duration;

use crate::{Invite, InviteId, Kind, Refusal, Timestamp, TokenRefusal, Username, UsernameRefusal};

use super::check::fits;

/// How long a passed check lets its holder claim an invite that has expired meanwhile.
pub const ADMISSION_LIFE: Duration = Duration::from_hours(1);

/// Everything that the decision depends on.
#[derive(Clone, Copy, Debug)]
pub struct ClaimFacts<'a> {
    /// The invite whose token was presented.
    pub invite: &'a Invite,
    /// The username that is about to be registered.
    pub username: Option<&'a Username>,
    /// Live claims on this invite, without those of the same admission, which this claim replaces.
    pub other_live_claims: u32,
    /// When the check was passed, if it was.
    pub admitted_at: Option<Timestamp>,
    /// The live invite that the username is reserved for, if any.
    pub reserved_for: Option<InviteId>,
    /// The present moment.
    pub now: Timestamp,
}

/// Decides whether the claim is granted.
pub fn claim(facts: &ClaimFacts<'_>) -> Result<(), Refusal> {
    let invite = facts.invite;
    if invite.revoked_at.is_some() {
        return Err(TokenRefusal::Revoked.into());
    }
    let taken = u64::from(invite.uses) + u64::from(facts.other_live_claims);
    if invite.max_uses.is_some_and(|max| taken >= u64::from(max)) {
        return Err(TokenRefusal::Used.into());
    }
    // XEP-0445 section 4: whoever was let in by the check must not fail because of the time after it.
    let in_time = facts.now < invite.expires_at;
    let admitted_in_time =
        facts.admitted_at.is_some_and(|at| at < invite.expires_at && facts.now < at.plus(ADMISSION_LIFE));
    if !in_time && !admitted_in_time {
        return Err(TokenRefusal::Expired.into());
    }
    match facts.username {
        Some(_) if invite.kind == Kind::Contact => Err(UsernameRefusal::NotAllowed.into()),
        Some(username) => fits(invite, username, facts.reserved_for),
        // Whoever has an account elsewhere becomes a contact without a new one (XEP-0379), also by an invite
        // that would have made one; but not by one that is for a certain username.
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
        let lookup = Token::draw(NOW, &Counter::default()).unwrap().lookup();
        let new = NewInvite { id: lookup.id, hash: lookup.hash, sealed_token: Vec::new(), draft };
        new.into_invite(Host::parse("example.com").unwrap(), Source::cli(), NOW, expires_at)
    }

    fn facts<'a>(invite: &'a Invite, username: Option<&'a Username>) -> ClaimFacts<'a> {
        ClaimFacts { invite, username, other_live_claims: 0, admitted_at: None, reserved_for: None, now: NOW }
    }

    #[test]
    fn an_admission_outlives_the_expiry_for_an_hour() {
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
    fn bound_and_reserved_names_are_kept() {
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
    fn kinds_that_make_or_mend_an_account_need_a_username() {
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

    proptest! {
        #[test]
        fn never_more_claims_than_uses(max in 1_u32..5, uses in 0_u32..6, live in 0_u32..6) {
            let mut invite = invite(Draft { max_uses: Some(max), ..Draft::default() }, at(HOUR));
            invite.uses = uses;
            let bob = name("bob");
            let granted = claim(&ClaimFacts { other_live_claims: live, ..facts(&invite, Some(&bob)) }).is_ok();
            prop_assert_eq!(granted, uses + live < max);
        }

        #[test]
        fn a_revoked_invite_grants_nothing(live in 0_u32..3, admitted in prop::option::of(-HOUR..HOUR)) {
            let mut invite = invite(Draft { max_uses: None, ..Draft::default() }, at(HOUR));
            invite.revoked_at = Some(NOW);
            let bob = name("bob");
            let facts = ClaimFacts {
                other_live_claims: live,
                admitted_at: admitted.map(at),
                ..facts(&invite, Some(&bob))
            };
            prop_assert_eq!(claim(&facts), Err(TokenRefusal::Revoked.into()));
        }

        #[test]
        fn without_limit_only_time_ends_it(uses in any::<u32>(), live in any::<u32>(), now in -HOUR..2 * HOUR) {
            let mut invite = invite(Draft { max_uses: None, ..Draft::default() }, at(HOUR));
            invite.uses = uses;
            let bob = name("bob");
            let facts = ClaimFacts { other_live_claims: live, now: at(now), ..facts(&invite, Some(&bob)) };
            prop_assert_eq!(claim(&facts).is_ok(), now < HOUR);
        }
    }
}
