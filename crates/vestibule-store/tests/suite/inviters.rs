use std::{collections::HashMap, sync::Arc, time::Duration};

use vestibule_core::{
    Draft, Expiry, Host, HostPolicy, INVITER_MONTH, IdempotencyKey, InviteChanges, InviteQuery, InviterLimit,
    InviterLimitChanges, InviterLimitPolicy, InviterLimitReached, InviterLimits, Kind, MintedInvite,
    Principal, Refusal, StoreError,
};

use super::test_store::{TestStore, name, refusal};

const WEEK: Duration = Duration::from_hours(7 * 24);

/// Sets the limits of `example.com`.
pub(crate) fn limit(test: &TestStore, inviter_limits: InviterLimitPolicy) {
    let host = Host::parse("example.com").unwrap();
    test.policies.replace([(host, HostPolicy { inviter_limits, ..HostPolicy::default() })]);
}

pub(crate) fn limits(host: InviterLimits) -> InviterLimitPolicy {
    InviterLimitPolicy { host, ..InviterLimitPolicy::default() }
}

pub(crate) fn of(inviter: &str) -> Draft {
    Draft { kind: Kind::AccountAndContact, inviter: Some(name(inviter)), ..Draft::default() }
}

fn reached<T: std::fmt::Debug>(answer: Result<T, StoreError>) -> InviterLimitReached {
    match refusal(answer) {
        Refusal::InviterLimit(reached) => *reached,
        other => panic!("expected a limit, not {other:?}"),
    }
}

async fn revoke(test: &TestStore, by: &Principal, minted: &MintedInvite) {
    test.store.edit_invite(by, minted.invite.id, InviteChanges::revoke()).await.unwrap();
}

/// Every way to create an invite of a member obeys the limit.
async fn every_create(test: &TestStore, by: &Principal, draft: &Draft) -> Vec<InviterLimitReached> {
    let key = |text: &str| {
        Some(IdempotencyKey::new(text, draft.inviter.clone().unwrap().as_str().as_bytes()).unwrap())
    };
    let service = &test.invite_service;
    vec![
        reached(service.mint(by, draft.clone()).await),
        reached(service.mint_batch(by, draft.clone(), 1, key("once")).await),
        reached(service.mint_batch(by, draft.clone(), 2, None).await),
    ]
}

pub(crate) async fn pending_invites_of_a_member_are_limited(test: TestStore) {
    let operator = test.operator("example.com").await;
    let bridge = test.key(&operator, "bridge").await;
    let elsewhere = test.operator("example.org").await;
    let elsewhere = test.key(&elsewhere, "bridge").await;
    limit(&test, limits(InviterLimits { live: Some(2), ..Default::default() }));
    let first = test.mint(&bridge, Draft { expiry: Expiry::In(WEEK / 2), ..of("ann") }).await;
    let second = test.mint(&bridge, of("ann")).await;
    let expected = InviterLimitReached {
        inviter: name("ann"),
        limit: InviterLimit::Live,
        maximum: 2,
        used: 2,
        available_at: Some(first.invite.expires_at),
    };
    let all = every_create(&test, &bridge, &of("ann")).await;
    assert_eq!(all[..2], [expected.clone(), expected.clone()]);
    assert_eq!(all[2].available_at, Some(second.invite.expires_at), "two at once");
    // Others have limits of their own, and an operator has none.
    test.mint(&bridge, of("bob")).await;
    test.mint(&elsewhere, of("ann")).await;
    test.mint(&bridge, Draft::default()).await;
    test.mint(&operator, of("ann")).await;
    assert_eq!(reached(test.invite_service.mint(&bridge, of("ann")).await), expected);

    // A revoked, a used and an expired invite each give their place back.
    revoke(&test, &operator, &second).await;
    let third = test.mint(&bridge, of("ann")).await;
    assert_eq!(reached(test.invite_service.mint(&bridge, of("ann")).await), expected);
    test.redeem(&bridge, &third, "dan").await;
    let fourth = test.mint(&bridge, of("ann")).await;
    assert_eq!(reached(test.invite_service.mint(&bridge, of("ann")).await), expected);
    test.advance(i64::try_from((WEEK / 2).as_millis()).unwrap());
    test.mint(&bridge, of("ann")).await;
    let until = reached(test.invite_service.mint(&bridge, of("ann")).await).available_at;
    assert_eq!(until, Some(fourth.invite.expires_at));
    // A lowered limit counts what exists.
    limit(&test, limits(InviterLimits { live: Some(0), ..Default::default() }));
    let expected = InviterLimitReached { maximum: 0, available_at: None, ..expected };
    assert_eq!(reached(test.invite_service.mint(&bridge, of("ann")).await), expected);
}

pub(crate) async fn invites_of_a_member_in_a_month_are_limited(test: TestStore) {
    let operator = test.operator("example.com").await;
    let bridge = test.key(&operator, "bridge").await;
    limit(&test, limits(InviterLimits { per_month: Some(2), ..Default::default() }));
    let first = test.mint(&bridge, of("ann")).await;
    test.redeem(&bridge, &first, "dan").await;
    test.advance(1_000);
    let second = test.mint(&bridge, of("ann")).await;
    let full = async || reached(test.invite_service.mint(&bridge, of("ann")).await);
    let month = |minted: &MintedInvite| Some(minted.invite.created_at.plus(INVITER_MONTH));
    for reached in &every_create(&test, &bridge, &of("ann")).await[..2] {
        assert_eq!((reached.limit, reached.maximum, reached.used), (InviterLimit::PerMonth, 2, 2));
        assert_eq!(reached.available_at, Some(second.invite.expires_at), "if nobody uses it");
    }
    // A use counts for the month, a revocation gives it back, also after a use.
    revoke(&test, &operator, &second).await;
    let third = test.mint(&bridge, of("ann")).await;
    test.redeem(&bridge, &third, "eve").await;
    assert_eq!(full().await.available_at, month(&first));
    revoke(&test, &operator, &third).await;
    assert_eq!(full().await.available_at, month(&first));
    // After thirty days.
    test.advance(i64::try_from(INVITER_MONTH.as_millis()).unwrap() - 1_001);
    assert_eq!(full().await.used, 2);
    test.advance(1);
    test.mint(&bridge, of("ann")).await;
    // Making and revoking has an end: eight in a month, of which two exist.
    let mut made = 0;
    let reached = loop {
        match test.invite_service.mint(&bridge, of("bob")).await {
            Ok(minted) => revoke(&test, &operator, &minted).await,
            answer => break reached(answer),
        }
        made += 1;
    };
    assert_eq!((made, reached.maximum, reached.used), (8, 8, 8));
}

pub(crate) async fn uses_and_lifetime_of_a_members_invite_are_limited(test: TestStore) {
    let operator = test.operator("example.com").await;
    let bridge = test.key(&operator, "bridge").await;
    let day = Duration::from_hours(24);
    limit(&test, limits(InviterLimits { max_uses: Some(3), max_life: Some(day), ..Default::default() }));
    let with_uses = |max_uses| Draft { max_uses, ..of("ann") };
    for max_uses in [Some(4), None] {
        for reached in every_create(&test, &bridge, &with_uses(max_uses)).await {
            assert_eq!(
                (reached.limit, reached.maximum, reached.available_at),
                (InviterLimit::MaxUses, 3, None)
            );
        }
        test.mint(&operator, with_uses(max_uses)).await;
    }
    let life = |minted: &MintedInvite| minted.invite.expires_at.since(minted.invite.created_at);
    let minted = test.mint(&bridge, with_uses(Some(3))).await;
    assert_eq!((life(&minted), minted.invite.max_uses), (day, Some(3)), "the default is a week");
    assert_eq!(life(&test.mint(&bridge, Draft { expiry: Expiry::In(WEEK), ..of("ann") }).await), day);
    assert_eq!(life(&test.mint(&bridge, Draft { expiry: Expiry::In(day / 2), ..of("ann") }).await), day / 2);
    assert_eq!(life(&test.mint(&operator, of("ann")).await), WEEK);
    let stored = test.details(&bridge, minted.invite.id).await.0;
    assert_eq!(stored.expires_at, minted.invite.expires_at);
}

pub(crate) async fn members_and_roles_have_exceptions(test: TestStore) {
    let operator = test.operator("example.com").await;
    let bridge = test.key(&operator, "bridge").await;
    let app = test.key(&operator, "invites:contact").await;
    let live = |live| InviterLimitChanges { live: Some(live), ..Default::default() };
    limit(
        &test,
        InviterLimitPolicy {
            host: InviterLimits { live: Some(0), ..Default::default() },
            roles: HashMap::from([("teacher".to_owned(), live(Some(1)))]),
            members: HashMap::from([(name("bot"), live(None))]),
        },
    );
    let with_role = |role: &str| Draft { inviter_roles: vec![role.to_owned()], ..of("ann") };
    assert_eq!(reached(test.invite_service.mint(&bridge, with_role("pupil")).await).maximum, 0);
    test.mint(&bridge, with_role("teacher")).await;
    assert_eq!(reached(test.invite_service.mint(&bridge, with_role("teacher")).await).maximum, 1);
    for _ in 0..3 {
        test.mint(&app, of("bot")).await;
    }
    // Only an XMPP server says which roles a member has.
    let claimed = test.invite_service.mint(&app, with_role("teacher")).await;
    assert_eq!(refusal(claimed), Refusal::Forbidden(vestibule_core::Scope::Redeem));
}

pub(crate) async fn concurrent_creates_keep_the_limit(test: TestStore) {
    let operator = test.operator("example.com").await;
    let bridge = test.key(&operator, "bridge").await;
    limit(&test, limits(InviterLimits { live: Some(3), per_month: Some(100), ..Default::default() }));
    let test = Arc::new(test);
    let create = |number: usize| {
        let (test, bridge) = (Arc::clone(&test), bridge.clone());
        let key = format!("create-{number}");
        let key = number.is_multiple_of(2).then(|| IdempotencyKey::new(&key, b"ann").unwrap());
        tokio::spawn(async move { test.invite_service.mint_batch(&bridge, of("ann"), 1, key).await })
    };
    let mut created = 0;
    for task in (0..24).map(create).collect::<Vec<_>>() {
        match task.await.unwrap() {
            Ok(_) => created += 1,
            answer => assert_eq!(reached(answer).limit, InviterLimit::Live),
        }
    }
    assert_eq!(created, 3);
}

pub(crate) async fn a_large_batch_keeps_the_limit(test: TestStore) {
    let operator = test.operator("example.com").await;
    let bridge = test.key(&operator, "bridge").await;
    let batch = async |count| test.invite_service.mint_batch(&bridge, of("ann"), count, None).await;
    limit(&test, limits(InviterLimits { live: Some(700), per_month: Some(700), ..Default::default() }));
    assert_eq!(reached(batch(701).await).available_at, None);
    let query = || InviteQuery { limit: 1, ..InviteQuery::default() };
    assert!(test.store.invites(&operator, query()).await.unwrap().items.is_empty());
    batch(699).await.unwrap();
    test.mint(&bridge, of("ann")).await;
    assert_eq!(reached(batch(600).await).used, 700);
    assert_eq!(reached(test.invite_service.mint(&bridge, of("ann")).await).used, 700);
}
