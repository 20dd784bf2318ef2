use std::time::Duration;

use vestibule_core::{Draft, EventQuery, InviteChanges, Refusal, State, TokenRefusal, rules};

use super::bench::{Bench, START, refusal};

pub(crate) async fn revoking_twice_and_restoring_works(bench: Bench) {
    let by = bench.operator("example.com").await;
    let minted = bench.mint(&by, Draft::default()).await;
    let id = minted.invite.id;
    let revoked = bench.store.edit_invite(&by, id, InviteChanges::revoke()).await.unwrap();
    bench.advance(5);
    let again = bench.store.edit_invite(&by, id, InviteChanges::revoke()).await.unwrap();
    assert_eq!(again.revoked_at, revoked.revoked_at);
    assert_eq!(refusal(bench.claim(&by, &minted, "bob").await), TokenRefusal::Revoked.into());
    let restore = InviteChanges { revoked: Some(false), ..InviteChanges::default() };
    bench.store.edit_invite(&by, id, restore).await.unwrap();
    assert!(bench.claim(&by, &minted, "bob").await.is_ok());
}

pub(crate) async fn a_new_expiry_and_new_uses_count_at_once(bench: Bench) {
    let by = bench.operator("example.com").await;
    let minted = bench.mint(&by, Draft::default()).await;
    bench.redeem(&by, &minted, "bob").await;
    let edit = InviteChanges {
        max_uses: Some(Some(2)),
        expires_at: Some(START.plus(Duration::from_secs(10))),
        note: Some(Some("two of them".to_owned())),
        ..InviteChanges::default()
    };
    let edited = bench.store.edit_invite(&by, minted.invite.id, edit).await.unwrap();
    assert_eq!(rules::state(&edited, START), State::Pending);
    assert_eq!(edited.note.as_deref(), Some("two of them"));
    bench.redeem(&by, &minted, "eve").await;
    bench.advance(10_000);
    let past = InviteChanges { expires_at: Some(START), ..InviteChanges::default() };
    assert!(matches!(
        refusal(bench.store.edit_invite(&by, minted.invite.id, past).await),
        Refusal::Invalid(_)
    ));
}

pub(crate) async fn nothing_changed_writes_no_event(bench: Bench) {
    let by = bench.operator("example.com").await;
    let minted = bench.mint(&by, Draft::default()).await;
    bench.store.edit_invite(&by, minted.invite.id, InviteChanges::default()).await.unwrap();
    let events = bench.store.events(&by, EventQuery { after: 0, limit: 10 }).await.unwrap().items;
    assert_eq!(events.len(), 1);
}
