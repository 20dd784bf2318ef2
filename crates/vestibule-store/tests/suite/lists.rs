use std::{collections::HashSet, time::Duration};

use vestibule_core::{Draft, Expiry, InviteChanges, InviteFilter, InviteQuery, Kind, Source, State};

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
        let filter = InviteFilter { state, kind, ..InviteFilter::default() };
        let query = InviteQuery { filter, limit: 10, before: None };
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

pub(crate) async fn lists_filter_by_what_an_invite_says(test: TestStore) {
    let by = test.operator("example.com").await;
    let other = test.operator("example.org").await;
    let draft = |note: &str, group: &str| Draft {
        note: Some(note.to_owned()),
        groups: vec![group.to_owned(), "all".to_owned()],
        ..Draft::default()
    };
    let class = test.mint(&by, draft("Class 7b", "7b")).await.invite.id;
    let choir = test.mint(&by, draft("choir", "7b-choir")).await.invite.id;
    let plain = test.mint(&by, Draft::default()).await.invite.id;
    let bound = Draft { username: Some(name("bob")), ..Draft::default() };
    let bound = test.mint(&by, bound).await.invite.id;
    let reset = Draft { kind: Kind::PasswordReset, username: Some(name("bob")), ..Draft::default() };
    let reset = test.mint(&by, reset).await.invite.id;
    let contact = Draft { kind: Kind::Contact, inviter: Some(name("ann")), ..Draft::default() };
    let first = test.mint(&by, contact.clone()).await.invite.id;
    test.store.edit_invite(&by, first, InviteChanges::revoke()).await.unwrap();
    let second = test.mint(&by, contact.clone()).await.invite.id;
    for draft in [draft("Class 7b", "7b"), contact] {
        test.mint(&other, draft).await;
    }
    let everything = InviteFilter::default;
    let source = Source::cli().as_str().to_owned();
    for (filter, expected) in [
        (InviteFilter { group: Some("7b".to_owned()), ..everything() }, &[class][..]),
        (InviteFilter { group: Some("all".to_owned()), ..everything() }, &[choir, class]),
        (InviteFilter { group: Some("7".to_owned()), ..everything() }, &[]),
        (InviteFilter { note: Some("cLASS".to_owned()), ..everything() }, &[class]),
        (InviteFilter { note: Some("c".to_owned()), ..everything() }, &[choir, class]),
        (InviteFilter { username: Some(name("bob")), ..everything() }, &[reset, bound]),
        (InviteFilter { inviter: Some(name("ann")), ..everything() }, &[second, first]),
        (InviteFilter { inviter: Some(name("ann")), state: Some(State::Revoked), ..everything() }, &[first]),
        (InviteFilter { inviter: Some(name("bob")), ..everything() }, &[]),
        (InviteFilter { username: Some(name("bob")), inviter: Some(name("ann")), ..everything() }, &[]),
        (InviteFilter { source: Some("api/token/x".to_owned()), ..everything() }, &[]),
        (
            InviteFilter { source: Some(source), ..everything() },
            &[second, first, reset, bound, plain, choir, class],
        ),
    ] {
        // One at a time: the cursor keeps the filter.
        let (mut found, mut before) = (Vec::new(), None);
        loop {
            let query = InviteQuery { filter: filter.clone(), limit: 1, before };
            let page = test.store.invites(&by, query).await.unwrap();
            found.extend(page.items.iter().map(|invite| invite.id));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(found, expected, "{filter:?}");
    }
}
