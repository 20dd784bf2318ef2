use std::time::Duration;

use vestibule_core::{Draft, Expiry, InviteChanges, InviteFilter, InviteQuery, State};

use super::test_store::TestStore;

pub(crate) async fn counts_pending_invites_per_host(test: TestStore) {
    let by = test.operator("example.com").await;
    let other = test.operator("example.org").await;
    let many = Draft { max_uses: None, ..Draft::default() };
    let short = Draft { expiry: Expiry::In(Duration::from_secs(1)), ..Draft::default() };
    test.invite_service.mint_batch(&by, many, 7, None).await.unwrap();
    test.mint(&by, short).await;
    let used = test.mint(&by, Draft::default()).await;
    test.redeem(&by, &used, "ann").await;
    let revoked = test.mint(&by, Draft::default()).await;
    test.store.edit_invite(&by, revoked.invite.id, InviteChanges::revoke()).await.unwrap();
    test.mint(&other, Draft::default()).await;
    test.advance(1_000);
    let count_pending = test.store.count_pending(None).await.unwrap();
    assert_eq!(count_pending.next, None);
    for (host, count) in &count_pending.pending {
        let by = test.operator(host.as_str()).await;
        let query = InviteQuery {
            filter: InviteFilter { state: Some(State::Pending), ..InviteFilter::default() },
            limit: 100,
            before: None,
        };
        let listed = test.store.invites(&by, query).await.unwrap().items.len();
        assert_eq!(u64::try_from(listed), Ok(*count), "{host}");
    }
    let total: u64 = count_pending.pending.iter().map(|(_, count)| count).sum();
    assert_eq!(total, 8);
    // Each step reads a bounded number of invites, all steps together read all of them.
    test.invite_service.mint_batch(&by, Draft::default(), 10_000, None).await.unwrap();
    test.invite_service.mint_batch(&by, Draft::default(), 10_000, None).await.unwrap();
    let (mut from, mut total, mut steps) = (None, 0, 0);
    loop {
        let step = test.store.count_pending(from).await.unwrap();
        total += step.pending.iter().map(|(_, count)| count).sum::<u64>();
        steps += 1;
        from = step.next;
        if from.is_none() {
            break;
        }
    }
    assert_eq!((total, steps), (20_008, 2));
}
