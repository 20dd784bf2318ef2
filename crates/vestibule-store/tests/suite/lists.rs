use std::{collections::HashSet, time::Duration};

use vestibule_core::{Draft, Expiry, InviteChanges, InviteQuery, Kind, State};

use super::bench::{Bench, name};

pub(crate) async fn pages_hold_each_invite_once_while_others_mint(bench: Bench) {
    let by = bench.operator("example.com").await;
    let other = bench.operator("example.org").await;
    let mut expected = HashSet::new();
    for _ in 0..25 {
        bench.advance(1);
        expected.insert(bench.mint(&by, Draft::default()).await.invite.id);
        bench.mint(&other, Draft::default()).await;
    }
    let (mut before, mut seen) = (None, Vec::new());
    loop {
        let query = InviteQuery { before, limit: 7, ..InviteQuery::default() };
        let page = bench.store.invites(&by, query).await.unwrap();
        assert!(page.items.len() <= 7);
        seen.extend(page.items.iter().map(|invite| invite.id));
        // Newer invites come in at the other end.
        bench.advance(1);
        bench.mint(&by, Draft::default()).await;
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert!(seen.is_sorted_by(|one, next| one > next));
    assert_eq!(seen.into_iter().collect::<HashSet<_>>(), expected);
}

pub(crate) async fn filters_choose_by_state_and_kind(bench: Bench) {
    let by = bench.operator("example.com").await;
    let pending = bench.mint(&by, Draft { max_uses: Some(2), ..Draft::default() }).await;
    let used = bench.mint(&by, Draft::default()).await;
    let revoked = bench.mint(&by, Draft::default()).await;
    let contact = Draft { kind: Kind::Contact, inviter: Some(name("ann")), ..Draft::default() };
    let short = Draft { expiry: Expiry::In(Duration::from_secs(1)), ..contact };
    let expired = bench.mint(&by, short).await;
    bench.redeem(&by, &pending, "bob").await;
    bench.redeem(&by, &used, "eve").await;
    bench.store.edit_invite(&by, revoked.invite.id, InviteChanges::revoke()).await.unwrap();
    bench.advance(1_000);
    let only = |state, kind| {
        let query = InviteQuery { state, kind, limit: 10, before: None };
        let page = bench.store.invites(&by, query);
        async { page.await.unwrap().items.into_iter().map(|invite| invite.id).collect::<Vec<_>>() }
    };
    assert_eq!(only(Some(State::Pending), None).await, [pending.invite.id]);
    assert_eq!(only(Some(State::Used), None).await, [used.invite.id]);
    assert_eq!(only(Some(State::Revoked), None).await, [revoked.invite.id]);
    assert_eq!(only(Some(State::Expired), None).await, [expired.invite.id]);
    assert_eq!(only(None, Some(Kind::Contact)).await, [expired.invite.id]);
    assert_eq!(only(None, None).await.len(), 4);
}
