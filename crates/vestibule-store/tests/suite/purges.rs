use std::time::Duration;

use vestibule_core::{
    Action, Draft, EventQuery, Expiry, InviteChanges, InviteQuery, Refusal, Retention, Timestamp,
};

use super::{
    invites::shared_by_many,
    test_store::{START, TestStore, refusal},
};

const DAY: i64 = 24 * 3_600_000;

/// A retention that removes only invites.
fn over_before(moment: Timestamp) -> Retention {
    let never = Timestamp::from_millis(0);
    Retention {
        invites_over_before: moment,
        events_before: never,
        failed_claims_before: never,
        members_before: None,
    }
}

pub(crate) async fn purge_removes_only_invites_past_retention(test: TestStore) {
    let by = test.operator("example.com").await;
    let long =
        Draft { expiry: Expiry::In(Duration::from_hours(1000)), max_uses: Some(2), ..Draft::default() };
    let kept = test.mint(&by, long.clone()).await;
    test.redeem(&by, &kept, "ann").await;
    let used = test.mint(&by, Draft { max_uses: Some(1), ..long.clone() }).await;
    test.redeem(&by, &used, "bob").await;
    let revoked = test.mint(&by, long).await;
    test.store.edit_invite(&by, revoked.invite.id, InviteChanges::revoke()).await.unwrap();
    let expired =
        test.mint(&by, Draft { expiry: Expiry::In(Duration::from_secs(1)), ..Draft::default() }).await;
    test.advance(1_000);
    let now = test.invite_service.now();
    // A create request can still be repeated.
    let step = test.store.purge(over_before(now.plus(Duration::from_hours(1))), None).await.unwrap();
    assert_eq!((step.removed, step.next), (0, None));
    test.advance(DAY + 1);
    // No invite ended more than a second ago.
    let step = test.store.purge(over_before(now.minus(Duration::from_secs(2))), None).await.unwrap();
    assert_eq!((step.removed, step.next), (0, None));
    let step = test.store.purge(over_before(now.plus(Duration::from_millis(1))), None).await.unwrap();
    assert_eq!((step.removed, step.next), (3, None));
    let page = test.store.invites(&by, InviteQuery { limit: 10, ..InviteQuery::default() }).await.unwrap();
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.items[0].id, kept.invite.id);
    assert!(test.invite_service.find(expired.token.expose()).await.unwrap().is_none());
    let events = test.store.events(&by, EventQuery { after: 0, limit: 100 }).await.unwrap().items;
    assert_eq!(events.iter().filter(|event| event.action == Action::InvitePurged).count(), 3);
}

pub(crate) async fn purge_steps_reach_the_end(test: TestStore) {
    let by = test.operator("example.com").await;
    let short = Draft { expiry: Expiry::In(Duration::from_secs(1)), ..Draft::default() };
    test.invite_service.mint_batch(&by, short, 1_200, None).await.unwrap();
    test.advance(DAY + 5_000);
    test.mint(&by, Draft::default()).await;
    let (removed, steps) = test.purge_all(over_before(test.invite_service.now())).await;
    assert_eq!(removed, 1_200);
    assert!(steps > 1, "the number of one step is bounded");
}

pub(crate) async fn the_last_invite_of_a_batch_keeps_the_shared_fields(test: TestStore) {
    let by = test.operator("example.com").await;
    let short = Draft { expiry: Expiry::In(Duration::from_secs(1)), ..shared_by_many() };
    let batch = test.invite_service.mint_batch(&by, short, 600, None).await.unwrap();
    let kept = &batch[300];
    let longer =
        InviteChanges { expires_at: Some(START.plus(Duration::from_hours(100))), ..InviteChanges::default() };
    let extended = test.store.edit_invite(&by, kept.invite.id, longer).await.unwrap();
    assert_eq!((&extended.groups, &extended.data), (&kept.invite.groups, &kept.invite.data));
    test.advance(DAY + 5_000);
    test.purge_all(over_before(test.invite_service.now())).await;
    let found = test.invite_service.find(kept.token.expose()).await.unwrap().unwrap();
    assert_eq!(found.0, extended);
    let page = test.store.invites(&by, InviteQuery { limit: 10, ..InviteQuery::default() }).await.unwrap();
    assert_eq!(page.items, [extended]);
}

pub(crate) async fn purge_removes_old_events_and_failed_claims(test: TestStore) {
    let by = test.operator("example.com").await;
    let open = test.mint(&by, Draft { max_uses: None, ..Draft::default() }).await;
    test.redeem(&by, &open, "ann").await;
    let nothing = test.claim(&by, &open, "bob").await.unwrap();
    test.store.release(&by, nothing.id).await.unwrap();
    test.advance(DAY);
    let young = test.claim(&by, &open, "eve").await.unwrap();
    test.store.release(&by, young.id).await.unwrap();
    let before = test.invite_service.now().minus(Duration::from_hours(1));
    let keep = Retention {
        invites_over_before: Timestamp::from_millis(0),
        events_before: before,
        failed_claims_before: before,
        members_before: None,
    };
    test.store.purge(keep, None).await.unwrap();
    // A second release shows whether the claim exists.
    assert_eq!(refusal(test.store.release(&by, nothing.id).await), Refusal::NotFound("claim"));
    test.store.release(&by, young.id).await.unwrap();
    assert_eq!(test.details(&by, open.invite.id).await.1.len(), 1, "redemptions stay");
    let events = test.store.events(&by, EventQuery { after: 0, limit: 100 }).await.unwrap().items;
    assert_eq!(
        events.iter().map(|event| event.action).collect::<Vec<_>>(),
        [Action::InviteClaimed, Action::InviteReleased]
    );
    // The newest event is kept at any age, so that the numbers continue.
    let last = events[1].seq;
    let all = Retention { events_before: test.invite_service.now().plus(Duration::from_hours(1)), ..keep };
    test.store.purge(all, None).await.unwrap();
    test.mint(&by, Draft::default()).await;
    let events = test.store.events(&by, EventQuery { after: last, limit: 100 }).await.unwrap().items;
    assert_eq!(events.first().map(|event| event.seq), Some(last + 1));
}
