use std::{collections::HashSet, time::Duration};

use vestibule_core::{Draft, Expiry, InviteChanges, InviteQuery, Kind, State};

use super::test_store::{TestStore, name};

pub(crate) async fn pages_list_each_invite_once_during_creates(test: TestStore) {
    let by = test.operator("example.com").await;
    let other = test.operator("example.org").await;
    let mut expected = HashSet::new();
    for _ in 0..25 {
        test.advance(1);
        expected.insert(test.mint(&by, Draft::default()).await.invite.id);
        test.mint(&other, Draft::default()).await;
    }
    let (mut before, mut seen) = (None, Vec::new());
    loop {
        let query = InviteQuery { before, limit: 7, ..InviteQuery::default() };
        let page = test.store.invites(&by, query).await.unwrap();
        assert!(page.items.len() <= 7);
        seen.extend(page.items.iter().map(|invite| invite.id));
        // Newer invites are added at the other end.
        test.advance(1);
        test.mint(&by, Draft::default()).await;
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert!(seen.is_sorted_by(|one, next| one > next));
    assert_eq!(seen.into_iter().collect::<HashSet<_>>(), expected);
}

pub(crate) async fn lists_filter_by_state_and_kind(test: TestStore) {
    let by = test.operator("example.com").await;
    let pending = test.mint(&by, Draft { max_uses: Some(2), ..Draft::default() }).await;
    let used = test.mint(&by, Draft::default()).await;
    let revoked = test.mint(&by, Draft::default()).await;
    let contact = Draft { kind: Kind::Contact, inviter: Some(name("ann")), ..Draft::default() };
    let short = Draft { expiry: Expiry::In(Duration::from_secs(1)), ..contact };
    let expired = test.mint(&by, short).await;
    test.redeem(&by, &pending, "bob").await;
    test.redeem(&by, &used, "eve").await;
    test.store.edit_invite(&by, revoked.invite.id, InviteChanges::revoke()).await.unwrap();
    test.advance(1_000);
    let only = |state, kind| {
        let query = InviteQuery { state, kind, limit: 10, before: None };
        let page = test.store.invites(&by, query);
        async { page.await.unwrap().items.into_iter().map(|invite| invite.id).collect::<Vec<_>>() }
    };
    assert_eq!(only(Some(State::Pending), None).await, [pending.invite.id]);
    assert_eq!(only(Some(State::Used), None).await, [used.invite.id]);
    assert_eq!(only(Some(State::Revoked), None).await, [revoked.invite.id]);
    assert_eq!(only(Some(State::Expired), None).await, [expired.invite.id]);
    assert_eq!(only(None, Some(Kind::Contact)).await, [expired.invite.id]);
    assert_eq!(only(None, None).await.len(), 4);
}
