use std::time::Duration;

use vestibule_core::{
    Action, Draft, EventQuery, Expiry, InviteChanges, InviteQuery, Refusal, Retention, Timestamp,
};

use super::{
    bench::{Bench, START, refusal},
    invites::shared_by_many,
};

const DAY: i64 = 24 * 3_600_000;

/// Removes invites alone.
fn over_before(moment: Timestamp) -> Retention {
    let never = Timestamp::from_millis(0);
    Retention { invites_over_before: moment, events_before: never, failed_claims_before: never }
}

pub(crate) async fn only_what_has_long_been_over_is_removed(bench: Bench) {
    let by = bench.operator("example.com").await;
    let long =
        Draft { expiry: Expiry::In(Duration::from_hours(1000)), max_uses: Some(2), ..Draft::default() };
    let kept = bench.mint(&by, long.clone()).await;
    bench.redeem(&by, &kept, "ann").await;
    let used = bench.mint(&by, Draft { max_uses: Some(1), ..long.clone() }).await;
    bench.redeem(&by, &used, "bob").await;
    let revoked = bench.mint(&by, long).await;
    bench.store.edit_invite(&by, revoked.invite.id, InviteChanges::revoke()).await.unwrap();
    let expired =
        bench.mint(&by, Draft { expiry: Expiry::In(Duration::from_secs(1)), ..Draft::default() }).await;
    bench.advance(1_000);
    let now = bench.invite_service.now();
    // Who minted them may still ask for them again.
    let step = bench.store.purge(over_before(now.plus(Duration::from_hours(1))), None).await.unwrap();
    assert_eq!((step.removed, step.next), (0, None));
    bench.advance(DAY + 1);
    // Nothing had been over for longer than a second.
    let step = bench.store.purge(over_before(now.minus(Duration::from_secs(2))), None).await.unwrap();
    assert_eq!((step.removed, step.next), (0, None));
    let step = bench.store.purge(over_before(now.plus(Duration::from_millis(1))), None).await.unwrap();
    assert_eq!((step.removed, step.next), (3, None));
    let page = bench.store.invites(&by, InviteQuery { limit: 10, ..InviteQuery::default() }).await.unwrap();
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.items[0].id, kept.invite.id);
    assert!(bench.invite_service.find(expired.token.expose()).await.unwrap().is_none());
    let events = bench.store.events(&by, EventQuery { after: 0, limit: 100 }).await.unwrap().items;
    assert_eq!(events.iter().filter(|event| event.action == Action::InvitePurged).count(), 3);
}

pub(crate) async fn steps_reach_the_end(bench: Bench) {
    let by = bench.operator("example.com").await;
    let short = Draft { expiry: Expiry::In(Duration::from_secs(1)), ..Draft::default() };
    bench.invite_service.mint_batch(&by, short, 1_200, None).await.unwrap();
    bench.advance(DAY + 5_000);
    bench.mint(&by, Draft::default()).await;
    let (removed, steps) = bench.purge_all(over_before(bench.invite_service.now())).await;
    assert_eq!(removed, 1_200);
    assert!(steps > 1, "one step removes a bounded number");
}

pub(crate) async fn the_last_of_a_batch_keeps_what_all_had(bench: Bench) {
    let by = bench.operator("example.com").await;
    let short = Draft { expiry: Expiry::In(Duration::from_secs(1)), ..shared_by_many() };
    let batch = bench.invite_service.mint_batch(&by, short, 600, None).await.unwrap();
    let kept = &batch[300];
    let longer =
        InviteChanges { expires_at: Some(START.plus(Duration::from_hours(100))), ..InviteChanges::default() };
    let extended = bench.store.edit_invite(&by, kept.invite.id, longer).await.unwrap();
    assert_eq!((&extended.groups, &extended.data), (&kept.invite.groups, &kept.invite.data));
    bench.advance(DAY + 5_000);
    bench.purge_all(over_before(bench.invite_service.now())).await;
    let found = bench.invite_service.find(kept.token.expose()).await.unwrap().unwrap();
    assert_eq!(found.0, extended);
    let page = bench.store.invites(&by, InviteQuery { limit: 10, ..InviteQuery::default() }).await.unwrap();
    assert_eq!(page.items, [extended]);
}

pub(crate) async fn old_events_and_claims_that_came_to_nothing_go(bench: Bench) {
    let by = bench.operator("example.com").await;
    let open = bench.mint(&by, Draft { max_uses: None, ..Draft::default() }).await;
    bench.redeem(&by, &open, "ann").await;
    let nothing = bench.claim(&by, &open, "bob").await.unwrap();
    bench.store.release(&by, nothing.id).await.unwrap();
    bench.advance(DAY);
    let young = bench.claim(&by, &open, "eve").await.unwrap();
    bench.store.release(&by, young.id).await.unwrap();
    let before = bench.invite_service.now().minus(Duration::from_hours(1));
    let keep = Retention {
        invites_over_before: Timestamp::from_millis(0),
        events_before: before,
        failed_claims_before: before,
    };
    bench.store.purge(keep, None).await.unwrap();
    // Releasing again tells whether the claim is there.
    assert_eq!(refusal(bench.store.release(&by, nothing.id).await), Refusal::NotFound("claim"));
    bench.store.release(&by, young.id).await.unwrap();
    assert_eq!(bench.details(&by, open.invite.id).await.1.len(), 1, "redemptions stay");
    let events = bench.store.events(&by, EventQuery { after: 0, limit: 100 }).await.unwrap().items;
    assert_eq!(
        events.iter().map(|event| event.action).collect::<Vec<_>>(),
        [Action::InviteClaimed, Action::InviteReleased]
    );
    // The newest one stays whatever its age, so that the log goes on where it was.
    let last = events[1].seq;
    let all = Retention { events_before: bench.invite_service.now().plus(Duration::from_hours(1)), ..keep };
    bench.store.purge(all, None).await.unwrap();
    bench.mint(&by, Draft::default()).await;
    let events = bench.store.events(&by, EventQuery { after: last, limit: 100 }).await.unwrap().items;
    assert_eq!(events.first().map(|event| event.seq), Some(last + 1));
}
