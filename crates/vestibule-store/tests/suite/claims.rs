use std::time::Duration;

use vestibule_core::{
    ClaimId, Draft, Expiry, FAILED_CLAIMS_WINDOW, InviteChanges, InviteService, Kind, MAX_CLAIMS_PER_GRANT,
    MAX_FAILED_CLAIMS, NewClaim, Refusal, StoreError, Timestamp, TokenRefusal, UsernameRefusal,
};

use super::test_store::{START, TestStore, assert_busy, name, refusal, via};

const MINUTE: i64 = 60_000;

pub(crate) async fn a_repeated_completion_counts_once(test: TestStore) {
    let by = test.operator("example.com").await;
    let minted = test.mint(&by, Draft { max_uses: Some(2), ..Draft::default() }).await;
    let claim = test.claim(&by, &minted, "bob").await.unwrap();
    let jid: vestibule_core::BareJid = "bob@example.com".parse().unwrap();
    for _ in 0..3 {
        let done = test.store.complete(&by, claim.id, jid.clone(), via()).await.unwrap();
        assert!(!done.over_use);
    }
    let (invite, redemptions) = test.details(&by, minted.invite.id).await;
    assert_eq!((invite.uses, redemptions.len()), (1, 1));
    assert_eq!((redemptions[0].jid.as_str(), redemptions[0].via.as_str()), ("bob@example.com", "ibr"));
    assert_eq!(refusal(test.store.release(&by, claim.id).await), Refusal::ClaimCompleted);
    let other = test.store.complete(&by, claim.id, "eve@example.com".parse().unwrap(), via()).await;
    assert_eq!(refusal(other), Refusal::ClaimCompleted);
}

pub(crate) async fn a_released_use_can_be_claimed_again(test: TestStore) {
    let by = test.operator("example.com").await;
    let minted = test.mint(&by, Draft::default()).await;
    let claim = test.claim(&by, &minted, "bob").await.unwrap();
    assert_busy(test.claim(&by, &minted, "eve").await);
    for _ in 0..2 {
        test.store.release(&by, claim.id).await.unwrap();
    }
    assert!(test.claim(&by, &minted, "eve").await.is_ok());
}

pub(crate) async fn an_expired_lease_frees_its_use(test: TestStore) {
    let by = test.operator("example.com").await;
    let minted = test.mint(&by, Draft::default()).await;
    test.claim(&by, &minted, "bob").await.unwrap();
    test.advance(MINUTE - 1);
    let soon = TokenRefusal::Busy { retry_after: Duration::from_secs(1) };
    assert_eq!(refusal(test.claim(&by, &minted, "eve").await), soon.into());
    test.advance(1);
    assert!(test.claim(&by, &minted, "eve").await.is_ok());
}

pub(crate) async fn a_late_completion_counts_and_over_use_is_reported(test: TestStore) {
    let by = test.operator("example.com").await;
    let minted = test.mint(&by, Draft::default()).await;
    let late = test.claim(&by, &minted, "bob").await.unwrap();
    test.advance(MINUTE);
    let other = test.claim(&by, &minted, "eve").await.unwrap();
    let complete = |claim, jid: &str| test.store.complete(&by, claim, jid.parse().unwrap(), via());
    assert!(!complete(late.id, "bob@example.com").await.unwrap().over_use);
    assert!(complete(other.id, "eve@example.com").await.unwrap().over_use);
    // A repeated completion has the same answer, and counts nothing.
    assert!(complete(other.id, "eve@example.com").await.unwrap().over_use);
    let (invite, redemptions) = test.details(&by, minted.invite.id).await;
    assert_eq!(invite.uses, 2);
    assert_eq!(redemptions.iter().filter(|redemption| redemption.over_use).count(), 1);
}

pub(crate) async fn a_preauth_grant_outlives_the_expiry_by_an_hour(test: TestStore) {
    let by = test.operator("example.com").await;
    let draft = Draft { expiry: Expiry::In(Duration::from_mins(1)), max_uses: None, ..Draft::default() };
    let minted = test.mint(&by, draft).await;
    let token = minted.token.expose();
    test.advance(MINUTE - 1);
    let admission = test.invite_service.check(&by, token, None).await.unwrap().admission;
    test.advance(1);
    let claim =
        |user: &'static str, admission| test.invite_service.claim(&by, token, Some(name(user)), admission);
    assert_eq!(refusal(claim("bob", None).await), TokenRefusal::Expired.into());
    let first = claim("bob", Some(admission.as_str())).await.unwrap();
    test.store.release(&by, first.id).await.unwrap();
    test.advance(60 * MINUTE - 2);
    let last = claim("eve", Some(admission.as_str())).await.unwrap();
    test.store.release(&by, last.id).await.unwrap();
    test.advance(1);
    assert_eq!(refusal(claim("eve", Some(admission.as_str())).await), TokenRefusal::Expired.into());
    assert_eq!(refusal(test.invite_service.check(&by, token, None).await), TokenRefusal::Expired.into());
    let forged = claim("eve", Some("AAAA")).await;
    assert!(matches!(refusal(forged), Refusal::Invalid(_)));
}

pub(crate) async fn a_preauth_grant_holds_one_claim_until_it_is_released_or_expires(test: TestStore) {
    let by = test.operator("example.com").await;
    let minted = test.mint(&by, Draft::default()).await;
    let token = minted.token.expose();
    let first = test.invite_service.check(&by, token, None).await.unwrap().admission;
    let second = test.invite_service.check(&by, token, None).await.unwrap().admission;
    let claim = |user: &'static str, admission| {
        test.invite_service.claim(&by, token, Some(name(user)), Some(admission))
    };
    let mistyped = claim("bbo", first.as_str()).await.unwrap();
    // A repeat, as after a lost answer, returns the same claim.
    assert_eq!(claim("bbo", first.as_str()).await.unwrap(), mistyped);
    // The account of the first name may exist already.
    assert_busy(claim("bob", first.as_str()).await);
    assert_busy(claim("eve", second.as_str()).await);
    let instead = |user, admission, replaces| {
        test.invite_service.claim_replacing(&by, token, Some(name(user)), Some(admission), replaces)
    };
    assert_busy(instead("bob", first.as_str(), Some(ClaimId::from_bytes([9; 16]))).await);
    let meant = instead("bob", first.as_str(), Some(mistyped.id)).await.unwrap();
    assert_ne!(mistyped.id, meant.id);
    assert_busy(claim("eve", second.as_str()).await);
    let jid = "bob@example.com".parse().unwrap();
    test.store.complete(&by, meant.id, jid, via()).await.unwrap();
    let (invite, redemptions) = test.details(&by, minted.invite.id).await;
    assert_eq!((invite.uses, redemptions.len()), (1, 1));
}

pub(crate) async fn a_reset_fits_only_its_account(test: TestStore) {
    let by = test.operator("example.com").await;
    let draft = Draft { kind: Kind::PasswordReset, username: Some(name("bob")), ..Draft::default() };
    let minted = test.mint(&by, draft).await;
    assert_eq!(refusal(test.claim(&by, &minted, "eve").await), UsernameRefusal::NotAllowed.into());
    assert!(test.claim(&by, &minted, "Bob").await.is_ok());
}

pub(crate) async fn a_contact_invite_is_claimed_without_a_username(test: TestStore) {
    let by = test.operator("example.com").await;
    let draft = Draft { kind: Kind::Contact, inviter: Some(name("ann")), ..Draft::default() };
    let minted = test.mint(&by, draft).await;
    assert_eq!(refusal(test.claim(&by, &minted, "bob").await), UsernameRefusal::NotAllowed.into());
    let claim = test.invite_service.claim(&by, minted.token.expose(), None, None).await.unwrap();
    let jid = "eve@elsewhere.example".parse().unwrap();
    test.store.complete(&by, claim.id, jid, via()).await.unwrap();
    let again = test.invite_service.claim(&by, minted.token.expose(), None, None).await;
    assert_eq!(refusal(again), TokenRefusal::Used.into());
}

pub(crate) async fn a_claim_of_another_host_is_not_found(test: TestStore) {
    let (ours, theirs) = (test.operator("example.com").await, test.operator("example.org").await);
    let minted = test.mint(&ours, Draft::default()).await;
    let claim = test.claim(&ours, &minted, "bob").await.unwrap();
    assert_eq!(refusal(test.claim(&theirs, &minted, "bob").await), TokenRefusal::Unknown.into());
    assert_eq!(refusal(test.store.release(&theirs, claim.id).await), Refusal::NotFound("claim"));
    let nobody = ClaimId::from_bytes([9; 16]);
    assert_eq!(refusal(test.store.release(&ours, nobody).await), Refusal::NotFound("claim"));
}

pub(crate) async fn a_completion_must_name_the_claimed_account(test: TestStore) {
    let by = test.operator("example.com").await;
    let minted = test.mint(&by, Draft::default()).await;
    let claim = test.claim(&by, &minted, "bob").await.unwrap();
    for jid in ["eve@example.com", "bob@example.org", "example.com"] {
        let wrong = test.store.complete(&by, claim.id, jid.parse().unwrap(), via()).await;
        assert!(matches!(refusal(wrong), Refusal::Invalid(_)));
    }
    let (invite, redemptions) = test.details(&by, minted.invite.id).await;
    assert_eq!((invite.uses, redemptions.len()), (0, 0));
}

pub(crate) async fn a_refused_check_names_the_reason(test: TestStore) {
    let by = test.operator("example.com").await;
    let fresh = test.mint(&by, Draft::default()).await;
    let used = test.mint(&by, Draft::default()).await;
    let revoked = test.mint(&by, Draft::default()).await;
    let short = Draft { expiry: Expiry::In(Duration::from_secs(1)), ..Draft::default() };
    let expired = test.mint(&by, short).await;
    test.redeem(&by, &used, "bob").await;
    test.store.edit_invite(&by, revoked.invite.id, InviteChanges::revoke()).await.unwrap();
    test.advance(1_000);
    for (minted, expected) in
        [(&used, TokenRefusal::Used), (&revoked, TokenRefusal::Revoked), (&expired, TokenRefusal::Expired)]
    {
        let token = minted.token.expose();
        assert_eq!(refusal(test.invite_service.check(&by, token, None).await), expected.into());
        assert_eq!(refusal(test.claim(&by, minted, "zoe").await), expected.into());
    }
    assert!(test.invite_service.check(&by, fresh.token.expose(), Some(&name("zoe"))).await.is_ok());
    assert_eq!(refusal(test.invite_service.check(&by, "rubbish", None).await), TokenRefusal::Unknown.into());
}

pub(crate) async fn a_clock_set_back_never_grants_a_use_twice(test: TestStore) {
    let by = test.operator("example.com").await;
    let minted = test.mint(&by, Draft::default()).await;
    let claim = test.claim(&by, &minted, "bob").await.unwrap();
    test.advance(-60 * MINUTE);
    assert_busy(test.claim(&by, &minted, "eve").await);
    let jid = "bob@example.com".parse().unwrap();
    assert!(!test.store.complete(&by, claim.id, jid, via()).await.unwrap().over_use);
    assert_eq!(refusal(test.claim(&by, &minted, "eve").await), TokenRefusal::Used.into());
    // Invites can be created, and both are found.
    let earlier = test.mint(&by, Draft::default()).await;
    for token in [&minted.token, &earlier.token] {
        assert!(test.invite_service.find(token.expose()).await.unwrap().is_some());
    }
    // A clock that jumps ahead ends invites, and nothing fails.
    test.advance(i64::MAX / 4);
    assert_eq!(refusal(test.claim(&by, &earlier, "eve").await), TokenRefusal::Expired.into());
    assert!(test.invite_service.mint(&by, Draft::default()).await.is_ok());
}

pub(crate) async fn a_claim_that_waited_too_long_is_refused_as_retryable(test: TestStore) {
    let by = test.operator("example.com").await;
    let minted = test.mint(&by, Draft::default()).await;
    let named_at = |time: Timestamp| NewClaim {
        id: ClaimId::lowest(time),
        token: minted.token.lookup_key(),
        username: Some(name("bob")),
        admission: None,
        replaces: None,
        via: None,
    };
    let late = test.store.claim(&by, named_at(START.minus(Duration::from_mins(10)))).await;
    assert!(
        matches!(&late, Err(StoreError::Unavailable(reason)) if reason.contains("waited too long")),
        "{late:?}"
    );
    // It leaves no trace, and a new claim is counted as usual.
    test.store.claim(&by, named_at(START)).await.unwrap();
    assert_busy(test.claim(&by, &minted, "eve").await);
}

pub(crate) async fn claims_per_preauth_grant_are_limited(test: TestStore) {
    let by = test.operator("example.com").await;
    let minted = test.mint(&by, Draft::default()).await;
    let token = minted.token.expose();
    let admission = test.invite_service.check(&by, token, None).await.unwrap().admission;
    let claim = async |number: u32| {
        test.invite_service
            .claim(&by, token, Some(name(&format!("try{number}"))), Some(admission.as_str()))
            .await
    };
    for number in 0..MAX_CLAIMS_PER_GRANT {
        let claim = claim(number).await.unwrap();
        test.store.release(&by, claim.id).await.unwrap();
    }
    let refused = refusal(claim(MAX_CLAIMS_PER_GRANT).await);
    assert!(matches!(refused, Refusal::Token(TokenRefusal::TooManyAttempts { .. })), "{refused:?}");
    // A new check permits new claims.
    let fresh = test.invite_service.check(&by, token, None).await.unwrap().admission;
    assert!(test.invite_service.claim(&by, token, Some(name("bob")), Some(&fresh)).await.is_ok());
}

pub(crate) async fn failed_claims_per_invite_are_limited(test: TestStore) {
    let by = test.operator("example.com").await;
    let minted = test.mint(&by, Draft::default()).await;
    for number in 0..MAX_FAILED_CLAIMS {
        let claim = test.claim(&by, &minted, &format!("try{number}")).await.unwrap();
        test.store.release(&by, claim.id).await.unwrap();
    }
    let a_minute = TokenRefusal::TooManyAttempts { retry_after: FAILED_CLAIMS_WINDOW };
    assert_eq!(refusal(test.claim(&by, &minted, "bob").await), a_minute.into());
    let until = test.invite_service.now().plus(FAILED_CLAIMS_WINDOW);
    let details = async || test.store.invite(&by, minted.invite.id).await.unwrap().unwrap();
    assert_eq!(details().await.exhausted_until, Some(until));
    test.advance(MINUTE);
    assert_eq!(details().await.exhausted_until, None);
    assert!(test.claim(&by, &minted, "bob").await.is_ok());
}

pub(crate) async fn only_invites_bound_earlier_may_claim_a_forbidden_name(test: TestStore) {
    let by = test.operator("example.com").await;
    let open = test.mint(&by, Draft::default()).await;
    for text in ["admin", "\u{430}dmin"] {
        let refused = refusal(test.claim(&by, &open, text).await);
        assert!(matches!(refused, Refusal::Username(UsernameRefusal::Forbidden(_))), "{refused:?}");
        let bound = Draft { username: Some(name(text)), ..Draft::default() };
        assert!(matches!(refusal(test.invite_service.mint(&by, bound).await), Refusal::Invalid(_)));
        let checked = test.invite_service.check(&by, open.token.expose(), Some(&name(text))).await;
        assert!(matches!(refusal(checked), Refusal::Username(UsernameRefusal::Forbidden(_))));
        let reset = Draft { kind: Kind::PasswordReset, username: Some(name(text)), ..Draft::default() };
        let reset = test.mint(&by, reset).await;
        assert!(test.claim(&by, &reset, text).await.is_ok());
    }
}

pub(crate) async fn a_check_accepts_the_time_of_an_earlier_check(test: TestStore) {
    let by = test.operator("example.com").await;
    let draft = Draft { expiry: Expiry::In(Duration::from_mins(1)), ..Draft::default() };
    let minted = test.mint(&by, draft).await;
    let grant = test.invite_service.form_grant(&minted.invite).unwrap();
    let joined = InviteService::join(&minted.token, &grant);
    test.advance(30 * MINUTE);
    assert_eq!(
        refusal(test.invite_service.check(&by, minted.token.expose(), None).await),
        TokenRefusal::Expired.into()
    );
    let checked = test.invite_service.check(&by, &joined, None).await.unwrap();
    assert_eq!(checked.admission, grant);
    let token = minted.token.expose();
    let claim = test.invite_service.claim(&by, token, Some(name("bob")), Some(&grant)).await.unwrap();
    test.store.release(&by, claim.id).await.unwrap();
    // A grant for another invite and a forged grant are ignored.
    let other = test.mint(&by, Draft::default()).await;
    let foreign = InviteService::join(&minted.token, &test.invite_service.form_grant(&other.invite).unwrap());
    for text in [foreign, format!("{token}~AAAA"), format!("{token}~")] {
        assert_eq!(refusal(test.invite_service.check(&by, &text, None).await), TokenRefusal::Expired.into());
    }
    test.advance(30 * MINUTE);
    assert_eq!(refusal(test.invite_service.check(&by, &joined, None).await), TokenRefusal::Expired.into());
}
