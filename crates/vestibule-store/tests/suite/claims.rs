use std::time::Duration;

use vestibule_core::{
    ClaimId, Draft, Expiry, FAILED_CLAIMS_WINDOW, InviteChanges, InviteService, Kind, MAX_CLAIMS_PER_GRANT,
    NewClaim, Refusal, StoreError, Timestamp, TokenRefusal, UsernameRefusal, max_failed_claims,
};

use super::bench::{Bench, START, assert_busy, name, refusal, via};

const MINUTE: i64 = 60_000;

pub(crate) async fn a_claim_is_completed_once_however_often_it_is_said(bench: Bench) {
    let by = bench.operator("example.com").await;
    let minted = bench.mint(&by, Draft { max_uses: Some(2), ..Draft::default() }).await;
    let claim = bench.claim(&by, &minted, "bob").await.unwrap();
    let jid: vestibule_core::BareJid = "bob@example.com".parse().unwrap();
    for _ in 0..3 {
        let done = bench.store.complete(&by, claim.id, jid.clone(), via()).await.unwrap();
        assert!(!done.over_use);
    }
    let (invite, redemptions) = bench.details(&by, minted.invite.id).await;
    assert_eq!((invite.uses, redemptions.len()), (1, 1));
    assert_eq!((redemptions[0].jid.as_str(), redemptions[0].via.as_str()), ("bob@example.com", "ibr"));
    assert_eq!(refusal(bench.store.release(&by, claim.id).await), Refusal::ClaimCompleted);
    let other = bench.store.complete(&by, claim.id, "eve@example.com".parse().unwrap(), via()).await;
    assert_eq!(refusal(other), Refusal::ClaimCompleted);
}

pub(crate) async fn a_released_use_can_be_claimed_again(bench: Bench) {
    let by = bench.operator("example.com").await;
    let minted = bench.mint(&by, Draft::default()).await;
    let claim = bench.claim(&by, &minted, "bob").await.unwrap();
    assert_busy(bench.claim(&by, &minted, "eve").await);
    for _ in 0..2 {
        bench.store.release(&by, claim.id).await.unwrap();
    }
    assert!(bench.claim(&by, &minted, "eve").await.is_ok());
}

pub(crate) async fn a_lease_that_runs_out_releases_itself(bench: Bench) {
    let by = bench.operator("example.com").await;
    let minted = bench.mint(&by, Draft::default()).await;
    bench.claim(&by, &minted, "bob").await.unwrap();
    bench.advance(MINUTE - 1);
    let soon = TokenRefusal::Busy { retry_after: Duration::from_secs(1) };
    assert_eq!(refusal(bench.claim(&by, &minted, "eve").await), soon.into());
    bench.advance(1);
    assert!(bench.claim(&by, &minted, "eve").await.is_ok());
}

pub(crate) async fn a_late_completion_counts_and_an_over_use_is_shown(bench: Bench) {
    let by = bench.operator("example.com").await;
    let minted = bench.mint(&by, Draft::default()).await;
    let late = bench.claim(&by, &minted, "bob").await.unwrap();
    bench.advance(MINUTE);
    let other = bench.claim(&by, &minted, "eve").await.unwrap();
    let complete = |claim, jid: &str| bench.store.complete(&by, claim, jid.parse().unwrap(), via());
    assert!(!complete(late.id, "bob@example.com").await.unwrap().over_use);
    assert!(complete(other.id, "eve@example.com").await.unwrap().over_use);
    // Saying it again tells the same, and counts nothing.
    assert!(complete(other.id, "eve@example.com").await.unwrap().over_use);
    let (invite, redemptions) = bench.details(&by, minted.invite.id).await;
    assert_eq!(invite.uses, 2);
    assert_eq!(redemptions.iter().filter(|redemption| redemption.over_use).count(), 1);
}

pub(crate) async fn an_admission_outlives_the_expiry_for_an_hour(bench: Bench) {
    let by = bench.operator("example.com").await;
    let draft = Draft { expiry: Expiry::In(Duration::from_mins(1)), max_uses: None, ..Draft::default() };
    let minted = bench.mint(&by, draft).await;
    let token = minted.token.expose();
    bench.advance(MINUTE - 1);
    let admission = bench.invite_service.check(&by, token, None).await.unwrap().admission;
    bench.advance(1);
    let claim =
        |user: &'static str, admission| bench.invite_service.claim(&by, token, Some(name(user)), admission);
    assert_eq!(refusal(claim("bob", None).await), TokenRefusal::Expired.into());
    let first = claim("bob", Some(admission.as_str())).await.unwrap();
    bench.store.release(&by, first.id).await.unwrap();
    bench.advance(60 * MINUTE - 2);
    let last = claim("eve", Some(admission.as_str())).await.unwrap();
    bench.store.release(&by, last.id).await.unwrap();
    bench.advance(1);
    assert_eq!(refusal(claim("eve", Some(admission.as_str())).await), TokenRefusal::Expired.into());
    assert_eq!(refusal(bench.invite_service.check(&by, token, None).await), TokenRefusal::Expired.into());
    let forged = claim("eve", Some("AAAA")).await;
    assert!(matches!(refusal(forged), Refusal::Invalid(_)));
}

pub(crate) async fn an_admission_holds_one_claim_until_it_is_certain_that_nothing_came_of_it(bench: Bench) {
    let by = bench.operator("example.com").await;
    let minted = bench.mint(&by, Draft::default()).await;
    let token = minted.token.expose();
    let first = bench.invite_service.check(&by, token, None).await.unwrap().admission;
    let second = bench.invite_service.check(&by, token, None).await.unwrap().admission;
    let claim = |user: &'static str, admission| {
        bench.invite_service.claim(&by, token, Some(name(user)), Some(admission))
    };
    let mistyped = claim("bbo", first.as_str()).await.unwrap();
    // Repeated, as after a lost answer, it is the same claim.
    assert_eq!(claim("bbo", first.as_str()).await.unwrap(), mistyped);
    // The account of the first name may exist already: nobody knows.
    assert_busy(claim("bob", first.as_str()).await);
    assert_busy(claim("eve", second.as_str()).await);
    let instead = |user, admission, replaces| {
        bench.invite_service.claim_replacing(&by, token, Some(name(user)), Some(admission), replaces)
    };
    assert_busy(instead("bob", first.as_str(), Some(ClaimId::from_bytes([9; 16]))).await);
    let meant = instead("bob", first.as_str(), Some(mistyped.id)).await.unwrap();
    assert_ne!(mistyped.id, meant.id);
    assert_busy(claim("eve", second.as_str()).await);
    let jid = "bob@example.com".parse().unwrap();
    bench.store.complete(&by, meant.id, jid, via()).await.unwrap();
    let (invite, redemptions) = bench.details(&by, minted.invite.id).await;
    assert_eq!((invite.uses, redemptions.len()), (1, 1));
}

pub(crate) async fn a_reset_fits_only_its_account(bench: Bench) {
    let by = bench.operator("example.com").await;
    let draft = Draft { kind: Kind::PasswordReset, username: Some(name("bob")), ..Draft::default() };
    let minted = bench.mint(&by, draft).await;
    assert_eq!(refusal(bench.claim(&by, &minted, "eve").await), UsernameRefusal::NotAllowed.into());
    assert!(bench.claim(&by, &minted, "Bob").await.is_ok());
}

pub(crate) async fn a_contact_invite_is_claimed_without_a_username(bench: Bench) {
    let by = bench.operator("example.com").await;
    let draft = Draft { kind: Kind::Contact, inviter: Some(name("ann")), ..Draft::default() };
    let minted = bench.mint(&by, draft).await;
    assert_eq!(refusal(bench.claim(&by, &minted, "bob").await), UsernameRefusal::NotAllowed.into());
    let claim = bench.invite_service.claim(&by, minted.token.expose(), None, None).await.unwrap();
    let jid = "eve@elsewhere.example".parse().unwrap();
    bench.store.complete(&by, claim.id, jid, via()).await.unwrap();
    let again = bench.invite_service.claim(&by, minted.token.expose(), None, None).await;
    assert_eq!(refusal(again), TokenRefusal::Used.into());
}

pub(crate) async fn a_claim_of_another_host_is_not_found(bench: Bench) {
    let (ours, theirs) = (bench.operator("example.com").await, bench.operator("example.org").await);
    let minted = bench.mint(&ours, Draft::default()).await;
    let claim = bench.claim(&ours, &minted, "bob").await.unwrap();
    assert_eq!(refusal(bench.claim(&theirs, &minted, "bob").await), TokenRefusal::Unknown.into());
    assert_eq!(refusal(bench.store.release(&theirs, claim.id).await), Refusal::NotFound("claim"));
    let nobody = ClaimId::from_bytes([9; 16]);
    assert_eq!(refusal(bench.store.release(&ours, nobody).await), Refusal::NotFound("claim"));
}

pub(crate) async fn the_account_must_be_the_one_that_was_claimed(bench: Bench) {
    let by = bench.operator("example.com").await;
    let minted = bench.mint(&by, Draft::default()).await;
    let claim = bench.claim(&by, &minted, "bob").await.unwrap();
    for jid in ["eve@example.com", "bob@example.org", "example.com"] {
        let wrong = bench.store.complete(&by, claim.id, jid.parse().unwrap(), via()).await;
        assert!(matches!(refusal(wrong), Refusal::Invalid(_)));
    }
    let (invite, redemptions) = bench.details(&by, minted.invite.id).await;
    assert_eq!((invite.uses, redemptions.len()), (0, 0));
}

pub(crate) async fn a_check_names_the_reason(bench: Bench) {
    let by = bench.operator("example.com").await;
    let fresh = bench.mint(&by, Draft::default()).await;
    let used = bench.mint(&by, Draft::default()).await;
    let revoked = bench.mint(&by, Draft::default()).await;
    let short = Draft { expiry: Expiry::In(Duration::from_secs(1)), ..Draft::default() };
    let expired = bench.mint(&by, short).await;
    bench.redeem(&by, &used, "bob").await;
    bench.store.edit_invite(&by, revoked.invite.id, InviteChanges::revoke()).await.unwrap();
    bench.advance(1_000);
    for (minted, expected) in
        [(&used, TokenRefusal::Used), (&revoked, TokenRefusal::Revoked), (&expired, TokenRefusal::Expired)]
    {
        let token = minted.token.expose();
        assert_eq!(refusal(bench.invite_service.check(&by, token, None).await), expected.into());
        assert_eq!(refusal(bench.claim(&by, minted, "zoe").await), expected.into());
    }
    assert!(bench.invite_service.check(&by, fresh.token.expose(), Some(&name("zoe"))).await.is_ok());
    assert_eq!(refusal(bench.invite_service.check(&by, "rubbish", None).await), TokenRefusal::Unknown.into());
}

pub(crate) async fn a_clock_that_goes_back_lets_nobody_in_twice(bench: Bench) {
    let by = bench.operator("example.com").await;
    let minted = bench.mint(&by, Draft::default()).await;
    let claim = bench.claim(&by, &minted, "bob").await.unwrap();
    bench.advance(-60 * MINUTE);
    assert_busy(bench.claim(&by, &minted, "eve").await);
    let jid = "bob@example.com".parse().unwrap();
    assert!(!bench.store.complete(&by, claim.id, jid, via()).await.unwrap().over_use);
    assert_eq!(refusal(bench.claim(&by, &minted, "eve").await), TokenRefusal::Used.into());
    // Minting goes on, and both are found.
    let earlier = bench.mint(&by, Draft::default()).await;
    for token in [&minted.token, &earlier.token] {
        assert!(bench.invite_service.find(token.expose()).await.unwrap().is_some());
    }
    // A clock that leaps ahead ends invites; nothing breaks.
    bench.advance(i64::MAX / 4);
    assert_eq!(refusal(bench.claim(&by, &earlier, "eve").await), TokenRefusal::Expired.into());
    assert!(bench.invite_service.mint(&by, Draft::default()).await.is_ok());
}

pub(crate) async fn a_claim_that_waited_for_long_is_granted_or_may_be_asked_for_again(bench: Bench) {
    let by = bench.operator("example.com").await;
    let minted = bench.mint(&by, Draft::default()).await;
    let named_at = |moment: Timestamp| NewClaim {
        id: ClaimId::lowest(moment),
        token: minted.token.lookup(),
        username: Some(name("bob")),
        admission: None,
        replaces: None,
    };
    let late = bench.store.claim(&by, named_at(START.minus(Duration::from_mins(10)))).await;
    match late {
        Ok(claim) => bench.store.release(&by, claim.id).await.unwrap(),
        Err(StoreError::Unavailable(reason)) => assert!(reason.contains("too long ago"), "{reason}"),
        Err(other) => panic!("{other}"),
    }
    // Nothing of it is left, and a fresh one is counted like any.
    bench.store.claim(&by, named_at(START)).await.unwrap();
    assert_busy(bench.claim(&by, &minted, "eve").await);
}

pub(crate) async fn an_admission_makes_a_bounded_number_of_claims(bench: Bench) {
    let by = bench.operator("example.com").await;
    let minted = bench.mint(&by, Draft::default()).await;
    let token = minted.token.expose();
    let admission = bench.invite_service.check(&by, token, None).await.unwrap().admission;
    let claim = async |number: u32| {
        bench
            .invite_service
            .claim(&by, token, Some(name(&format!("try{number}"))), Some(admission.as_str()))
            .await
    };
    for number in 0..MAX_CLAIMS_PER_GRANT {
        let claim = claim(number).await.unwrap();
        bench.store.release(&by, claim.id).await.unwrap();
    }
    let refused = refusal(claim(MAX_CLAIMS_PER_GRANT).await);
    assert!(matches!(refused, Refusal::Token(TokenRefusal::TooManyAttempts { .. })), "{refused:?}");
    // Who passes a new check goes on.
    let fresh = bench.invite_service.check(&by, token, None).await.unwrap().admission;
    assert!(bench.invite_service.claim(&by, token, Some(name("bob")), Some(&fresh)).await.is_ok());
}

pub(crate) async fn claims_that_come_to_nothing_are_bounded_for_an_invite(bench: Bench) {
    let by = bench.operator("example.com").await;
    let minted = bench.mint(&by, Draft::default()).await;
    let most = max_failed_claims(Some(1));
    for number in 0..most {
        let claim = bench.claim(&by, &minted, &format!("try{number}")).await.unwrap();
        bench.store.release(&by, claim.id).await.unwrap();
    }
    let hour = TokenRefusal::TooManyAttempts { retry_after: FAILED_CLAIMS_WINDOW };
    assert_eq!(refusal(bench.claim(&by, &minted, "bob").await), hour.into());
    bench.advance(60 * MINUTE);
    assert!(bench.claim(&by, &minted, "bob").await.is_ok());
}

pub(crate) async fn a_forbidden_name_is_claimed_by_earlier_invites_alone(bench: Bench) {
    let by = bench.operator("example.com").await;
    let open = bench.mint(&by, Draft::default()).await;
    for text in ["admin", "\u{430}dmin"] {
        let refused = refusal(bench.claim(&by, &open, text).await);
        assert!(matches!(refused, Refusal::Username(UsernameRefusal::Forbidden(_))), "{refused:?}");
        let bound = Draft { username: Some(name(text)), ..Draft::default() };
        assert!(matches!(refusal(bench.invite_service.mint(&by, bound).await), Refusal::Invalid(_)));
        let checked = bench.invite_service.check(&by, open.token.expose(), Some(&name(text))).await;
        assert!(matches!(refusal(checked), Refusal::Username(UsernameRefusal::Forbidden(_))));
        let reset = Draft { kind: Kind::PasswordReset, username: Some(name(text)), ..Draft::default() };
        let reset = bench.mint(&by, reset).await;
        assert!(bench.claim(&by, &reset, text).await.is_ok());
    }
}

pub(crate) async fn a_check_may_be_dated_back_to_a_form(bench: Bench) {
    let by = bench.operator("example.com").await;
    let draft = Draft { expiry: Expiry::In(Duration::from_mins(1)), ..Draft::default() };
    let minted = bench.mint(&by, draft).await;
    let grant = bench.invite_service.form_grant(&minted.invite).unwrap();
    let joined = InviteService::join(&minted.token, &grant);
    bench.advance(30 * MINUTE);
    assert_eq!(
        refusal(bench.invite_service.check(&by, minted.token.expose(), None).await),
        TokenRefusal::Expired.into()
    );
    let checked = bench.invite_service.check(&by, &joined, None).await.unwrap();
    assert_eq!(checked.admission, grant);
    let token = minted.token.expose();
    let claim = bench.invite_service.claim(&by, token, Some(name("bob")), Some(&grant)).await.unwrap();
    bench.store.release(&by, claim.id).await.unwrap();
    // A grant for another invite, and a forged one, are as good as none.
    let other = bench.mint(&by, Draft::default()).await;
    let foreign =
        InviteService::join(&minted.token, &bench.invite_service.form_grant(&other.invite).unwrap());
    for text in [foreign, format!("{token}~AAAA"), format!("{token}~")] {
        assert_eq!(refusal(bench.invite_service.check(&by, &text, None).await), TokenRefusal::Expired.into());
    }
    bench.advance(30 * MINUTE);
    assert_eq!(refusal(bench.invite_service.check(&by, &joined, None).await), TokenRefusal::Expired.into());
}
