use std::time::Duration;

use vestibule_core::{Draft, EventQuery, InviteChanges, Refusal, State, TokenRefusal, rules};

use super::test_store::{START, TestStore, refusal};

pub(crate) async fn revoking_twice_and_restoring_works(test: TestStore) {
    let by = test.operator("example.com").await;
    let minted = test.mint(&by, Draft::default()).await;
    let id = minted.invite.id;
    let revoked = test.store.edit_invite(&by, id, InviteChanges::revoke()).await.unwrap();
    test.advance(5);
    let again = test.store.edit_invite(&by, id, InviteChanges::revoke()).await.unwrap();
    assert_eq!(again.revoked_at, revoked.revoked_at);
    assert_eq!(refusal(test.claim(&by, &minted, "bob").await), TokenRefusal::Revoked.into());
    let restore = InviteChanges { revoked: Some(false), ..InviteChanges::default() };
    test.store.edit_invite(&by, id, restore).await.unwrap();
    assert!(test.claim(&by, &minted, "bob").await.is_ok());
}

pub(crate) async fn a_new_expiry_and_max_uses_apply_at_once(test: TestStore) {
    let by = test.operator("example.com").await;
    let minted = test.mint(&by, Draft::default()).await;
    test.redeem(&by, &minted, "bob").await;
    let edit = InviteChanges {
        max_uses: Some(Some(2)),
        expires_at: Some(START.plus(Duration::from_secs(10))),
        note: Some(Some("two of them".to_owned())),
        ..InviteChanges::default()
    };
    let edited = test.store.edit_invite(&by, minted.invite.id, edit).await.unwrap();
    assert_eq!(rules::state(&edited, START), State::Pending);
    assert_eq!(edited.note.as_deref(), Some("two of them"));
    test.redeem(&by, &minted, "eve").await;
    test.advance(10_000);
    let past = InviteChanges { expires_at: Some(START), ..InviteChanges::default() };
    assert!(matches!(
        refusal(test.store.edit_invite(&by, minted.invite.id, past).await),
        Refusal::Invalid(_)
    ));
}

pub(crate) async fn an_edit_without_changes_writes_no_event(test: TestStore) {
    let by = test.operator("example.com").await;
    let minted = test.mint(&by, Draft::default()).await;
    test.store.edit_invite(&by, minted.invite.id, InviteChanges::default()).await.unwrap();
    let events = test.store.events(&by, EventQuery { after: 0, limit: 10 }).await.unwrap().items;
    assert_eq!(events.len(), 1);
}
