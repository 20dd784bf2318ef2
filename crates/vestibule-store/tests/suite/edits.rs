use std::time::Duration;

use vestibule_core::{
    Action, Draft, EventQuery, InviteChanges, InviteQuery, InviterName, Kind, LanguageTag, Message, Refusal,
    State, TokenRefusal, rules,
};

use super::{
    invites::shared_by_many,
    test_store::{START, TestStore, bound_to, refusal},
};

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

pub(crate) async fn what_is_said_to_the_invited_can_be_edited(test: TestStore) {
    let by = test.operator("example.com").await;
    let minted = test.mint(&by, Draft::default()).await;
    let id = minted.invite.id;
    let edits = [
        InviteChanges { message: Some(Message::parse("Hello").unwrap()), ..InviteChanges::default() },
        InviteChanges { language: Some(LanguageTag::parse("de").unwrap()), ..InviteChanges::default() },
        InviteChanges { message: Some(None), ..InviteChanges::default() },
        InviteChanges { inviter_name: Some(InviterName::parse("Ann").unwrap()), ..InviteChanges::default() },
        InviteChanges { inviter_name: Some(None), language: Some(None), ..InviteChanges::default() },
    ];
    let mut expected = minted.invite;
    for edit in edits {
        expected = rules::edit(expected, &edit, START).unwrap();
        for _ in 0..2 {
            assert_eq!(test.store.edit_invite(&by, id, edit.clone()).await.unwrap(), expected);
        }
        assert_eq!(test.details(&by, id).await.0, expected);
    }
    let events = test.store.events(&by, EventQuery { after: 0, limit: 100 }).await.unwrap().items;
    let edited: Vec<_> = events.iter().filter(|event| event.action == Action::InviteEdited).collect();
    assert_eq!(edited.len(), 5, "a repeat writes no event");
    assert!(edited.iter().all(|event| event.detail.is_none()));

    let reset = test.mint(&by, Draft { kind: Kind::PasswordReset, ..bound_to("bob") }).await;
    let name =
        InviteChanges { inviter_name: Some(InviterName::parse("Ann").unwrap()), ..InviteChanges::default() };
    let refused = refusal(test.store.edit_invite(&by, reset.invite.id, name).await);
    assert!(matches!(&refused, Refusal::Invalid(errors) if errors[0].field == "inviter_name"), "{refused:?}");
}

pub(crate) async fn an_edit_of_one_invite_of_a_batch_leaves_the_others(test: TestStore) {
    let by = test.operator("example.com").await;
    // Large enough to be written in slices.
    let minted = test.invite_service.mint_batch(&by, shared_by_many(), 600, None).await.unwrap();
    let ids: Vec<_> = minted.iter().map(|one| one.invite.id).collect();
    let message = Message::parse("You come later").unwrap();
    let edit = InviteChanges { message: Some(message.clone()), ..InviteChanges::default() };
    test.store.edit_invite(&by, ids[1], edit).await.unwrap();
    let nothing = InviteChanges { message: Some(None), inviter_name: Some(None), ..InviteChanges::default() };
    test.store.edit_invite(&by, ids[2], nothing.clone()).await.unwrap();
    test.store.edit_invite(&by, ids[3], InviteChanges::revoke()).await.unwrap();
    let note = InviteChanges { note: Some(Some("n".to_owned())), ..InviteChanges::default() };
    test.store.edit_invite(&by, ids[2], note).await.unwrap();

    let query = InviteQuery { limit: 1_000, ..InviteQuery::default() };
    let mut listed = test.store.invites(&by, query).await.unwrap().items;
    listed.reverse();
    let shared = shared_by_many();
    for (number, invite) in listed.iter().enumerate() {
        assert_eq!(invite.id, ids[number]);
        let expected = match number {
            1 => (&message, &shared.inviter_name),
            2 => (&None, &None),
            _ => (&shared.message, &shared.inviter_name),
        };
        assert_eq!((&invite.message, &invite.inviter_name), expected, "{number}");
        assert_eq!((&invite.groups, &invite.data), (&shared.groups, &shared.data), "{number}");
    }
    let restored = InviteChanges { message: Some(shared.message.clone()), ..InviteChanges::default() };
    let again = test.store.edit_invite(&by, ids[2], restored).await.unwrap();
    assert_eq!(test.details(&by, ids[2]).await.0, again);
    assert_eq!((again.message, again.inviter_name), (shared.message, None));
}
