use std::time::Duration;

use vestibule_core::{Claim, ClaimId, Draft, MintedInvite, OpenClaims, Principal, Retention, Timestamp, Via};

use super::test_store::{START, TestStore, name, via};

const WEEK: i64 = 7 * 24 * 3_600_000;

async fn claim_to_create(test: &TestStore, by: &Principal, minted: &MintedInvite, username: &str) -> Claim {
    let grant = test.invite_service.form_grant(&minted.invite).unwrap();
    let token = minted.token.expose();
    let via = Via::parse("web").unwrap();
    test.invite_service.claim_to_create(by, token, name(username), &grant, via).await.unwrap().unwrap()
}

async fn open(test: &TestStore, by: &Principal, which: OpenClaims) -> Vec<ClaimId> {
    test.store.open_claims(by, which).await.unwrap().iter().map(|claim| claim.id).collect()
}

pub(crate) async fn a_claim_of_this_service_is_open_until_its_outcome_is_known(test: TestStore) {
    let by = test.operator("example.com").await;
    let other_host = test.operator("example.org").await;
    let many = Draft { max_uses: None, ..Draft::default() };
    let (minted, other) = (test.mint(&by, many.clone()).await, test.mint(&by, many).await);
    let since = OpenClaims::Since(ClaimId::lowest(START));
    // Somebody else creates this account.
    test.claim(&by, &minted, "bob").await.unwrap();
    assert_eq!(open(&test, &by, since).await, []);
    let first = claim_to_create(&test, &by, &minted, "eve").await;
    test.advance(1);
    let second = claim_to_create(&test, &by, &other, "ann").await;
    assert_eq!(open(&test, &by, since).await, [first.id, second.id]);
    assert_eq!(open(&test, &by, OpenClaims::Since(second.id)).await, [second.id]);
    assert_eq!(open(&test, &by, OpenClaims::Of(minted.invite.id)).await, [first.id]);
    assert_eq!(open(&test, &other_host, since).await, []);
    let listed = test.store.open_claims(&by, OpenClaims::Of(other.invite.id)).await.unwrap();
    assert_eq!((listed[0].username.as_str(), listed[0].via.as_str()), ("ann", "web"));
    assert!(listed[0].grant.is_some());
    assert_eq!((listed[0].invite, listed[0].lease_until), (other.invite.id, second.expires_at));
    // The end of the lease decides nothing.
    test.advance(WEEK);
    assert_eq!(open(&test, &by, since).await, [first.id, second.id]);
    test.store.complete(&by, first.id, "eve@example.com".parse().unwrap(), via()).await.unwrap();
    test.store.release(&by, second.id).await.unwrap();
    assert_eq!(open(&test, &by, since).await, []);
    assert_eq!(open(&test, &by, OpenClaims::Of(other.invite.id)).await, []);
}

pub(crate) async fn open_claims_are_not_purged(test: TestStore) {
    let by = test.operator("example.com").await;
    let minted = test.mint(&by, Draft { max_uses: None, ..Draft::default() }).await;
    let open_claim = claim_to_create(&test, &by, &minted, "eve").await;
    let failed = test.claim(&by, &minted, "bob").await.unwrap();
    test.store.release(&by, failed.id).await.unwrap();
    let keep = Retention {
        invites_over_before: Timestamp::from_millis(0),
        events_before: Timestamp::from_millis(0),
        failed_claims_before: START.plus(Duration::from_hours(1)),
        members_before: None,
    };
    test.purge_all(keep).await;
    assert_eq!(open(&test, &by, OpenClaims::Of(minted.invite.id)).await, [open_claim.id]);
    assert!(test.store.release(&by, failed.id).await.is_err(), "the failed claim is gone");
}
