use std::time::Duration;

use serde_json::{Map, json};
use vestibule_core::{
    CheckRequest, Draft, EventQuery, Expiry, IdempotencyKey, InviteQuery, InviterName, Kind, LanguageTag,
    Message, MintedInvite, Principal, Token, TokenLookup, UsernameRefusal,
};

use super::test_store::{START, TestStore, bound_to, name, refusal};

pub(crate) async fn a_created_invite_is_found_by_token_and_by_id(test: TestStore) {
    let by = test.operator("example.com").await;
    let minted = test.mint(&by, Draft::default()).await;
    let (found, token) = test.invite_service.find(minted.token.expose()).await.unwrap().unwrap();
    assert_eq!((&found, &token), (&minted.invite, &minted.token));
    let (shown, redemptions) = test.details(&by, minted.invite.id).await;
    assert_eq!(shown, minted.invite);
    assert!(redemptions.is_empty());
    assert_eq!(test.invite_service.unseal_token(&shown).unwrap(), minted.token);
    assert!(test.invite_service.find("0000000aaaaaaaaaaaaaaaaaaaaa").await.unwrap().is_none());
}

pub(crate) async fn every_field_is_stored(test: TestStore) {
    let by = test.operator("example.com").await;
    let draft = Draft {
        kind: Kind::AccountAndContact,
        username: Some(name("bob")),
        inviter_roles: Vec::new(),
        inviter: Some(name("ann")),
        groups: vec!["Class 7b".to_owned(), "Schach ♟".to_owned()],
        roles: vec!["prosody:member".to_owned()],
        max_uses: Some(1),
        expiry: Expiry::In(Duration::from_hours(1)),
        note: Some("for Bob's \"phone\"\n".to_owned()),
        data: Some(Map::from_iter([("a".to_owned(), json!({ "b": [1, null, "ü"] }))])),
        message: Message::parse("Willkommen, \"Bob\"! 👩\u{200d}🍳 \\ שלום").unwrap(),
        inviter_name: InviterName::parse("Änne {Müller}").unwrap(),
        language: LanguageTag::parse("pt-BR").unwrap(),
    };
    let minted = test.mint(&by, draft.clone()).await;
    let invite = test.invite_service.find(minted.token.expose()).await.unwrap().unwrap().0;
    assert_eq!(invite, minted.invite);
    assert_eq!((invite.kind, invite.username, invite.inviter), (draft.kind, draft.username, draft.inviter));
    assert_eq!(
        (invite.groups, invite.roles, invite.note, invite.data),
        (draft.groups, draft.roles, draft.note, draft.data)
    );
    assert_eq!(
        (invite.message, invite.inviter_name, invite.language),
        (draft.message, draft.inviter_name, draft.language)
    );
    assert_eq!((invite.created_at, invite.expires_at), (START, START.plus(Duration::from_hours(1))));
}

pub(crate) async fn a_batch_is_created_whole_or_not_at_all(test: TestStore) {
    let by = test.operator("example.com").await;
    let batch = test.invite_service.mint_batch(&by, Draft::default(), 250, None).await.unwrap();
    let ids: std::collections::HashSet<_> = batch.iter().map(|minted| minted.invite.id).collect();
    assert_eq!(ids.len(), 250);
    for minted in &batch {
        assert_eq!(minted.token.lookup_key().id, minted.invite.id);
    }
    // The second one is refused after the first was written.
    let first = vestibule_core::NewInvite {
        id: ids_after(&batch[0].token, 1).id,
        hash: batch[0].token.lookup_key().hash,
        sealed_token: Vec::new(),
        draft: bound_to("bob"),
    };
    let second = vestibule_core::NewInvite { id: ids_after(&batch[0].token, 2).id, ..first.clone() };
    let refused = test.store.insert_invites(&by, vec![first, second], None).await;
    assert_eq!(refusal(refused), UsernameRefusal::Reserved.into());
    assert_eq!(test.store.reservation(&by, &name("bob")).await.unwrap(), None);
    let page = test.store.invites(&by, InviteQuery { limit: 1_000, ..InviteQuery::default() }).await.unwrap();
    assert_eq!(page.items.len(), 250);
}

/// A lookup of the token with wrong IDs.
fn ids_after(token: &Token, step: u8) -> TokenLookup {
    let mut lookup = token.lookup_key();
    let mut bytes = lookup.id.to_bytes();
    bytes[15] = bytes[15].wrapping_add(step);
    lookup.id = vestibule_core::InviteId::from_bytes(bytes);
    lookup
}

pub(crate) async fn a_token_with_the_right_id_and_a_wrong_hash_is_unknown(test: TestStore) {
    let by = test.operator("example.com").await;
    let (one, other) = (test.mint(&by, Draft::default()).await, test.mint(&by, Draft::default()).await);
    let mixed = TokenLookup { id: one.token.lookup_key().id, hash: other.token.lookup_key().hash };
    assert!(test.store.invite_by_token(mixed).await.unwrap().is_none());
    assert!(
        test.store
            .check(&by, CheckRequest { token: mixed, username: None, admitted_at: None })
            .await
            .is_err()
    );
}

pub(crate) async fn the_host_policy_sets_the_default_expiry(test: TestStore) {
    let by = test.operator("example.com").await;
    let minted = test.mint(&by, Draft::default()).await;
    assert_eq!(minted.invite.expires_at, START.plus(Duration::from_hours(7 * 24)));
    let past = Draft { expiry: Expiry::At(START), ..Draft::default() };
    assert!(test.invite_service.mint(&by, past).await.is_err());
}

/// A draft with fields that the invites of a batch share.
pub(crate) fn shared_by_many() -> Draft {
    let data = serde_json::json!({ "class": "7b" }).as_object().cloned();
    let message = Message::parse("Welcome to class 7b!").unwrap();
    let inviter_name = InviterName::parse("Ms. Capulet").unwrap();
    Draft { groups: vec!["Class 7b".to_owned()], data, message, inviter_name, ..Draft::default() }
}

pub(crate) async fn a_large_batch_is_visible_whole_or_not_at_all(test: TestStore) {
    const COUNT: usize = 1_500;
    let test = std::sync::Arc::new(test);
    let by = test.operator("example.com").await;
    let all = async || {
        let query = InviteQuery { limit: 5_000, ..InviteQuery::default() };
        test.store.invites(&by, query).await.unwrap().items
    };
    let draft = Draft { note: Some("class 7b".to_owned()), ..shared_by_many() };
    let idempotency_key = IdempotencyKey::new("k", b"class").unwrap();
    let (maker, asker, wanted, request) = (test.clone(), by.clone(), draft.clone(), idempotency_key);
    let minting =
        tokio::spawn(
            async move { maker.invite_service.mint_batch(&asker, wanted, COUNT, Some(request)).await },
        );
    let mut others = 0;
    while !minting.is_finished() {
        // Other requests work meanwhile, and their invites are visible.
        test.mint(&by, Draft::default()).await;
        others += 1;
        let seen = all().await.len();
        assert!(seen == others || seen == others + COUNT, "{seen} of {COUNT} and {others}");
    }
    let minted = minting.await.unwrap().unwrap();
    let of_batch: Vec<_> = all().await.into_iter().filter(|invite| invite.note == draft.note).collect();
    assert_eq!(of_batch.len(), COUNT);
    for (one, stored) in minted.iter().rev().zip(&of_batch) {
        assert_eq!(&one.invite, stored);
        assert!(test.invite_service.find(one.token.expose()).await.unwrap().is_some());
    }
    let events = test.store.events(&by, EventQuery { after: 0, limit: 10_000 }).await.unwrap().items;
    assert_eq!(events.len(), COUNT + others);
    // A repeat of the request creates nothing and has the same answer.
    let again =
        test.invite_service.mint_batch(&by, draft.clone(), COUNT, Some(idempotency_key)).await.unwrap();
    let ids = |batch: &[MintedInvite]| -> Vec<_> {
        batch.iter().map(|one| (one.invite.id, one.token.expose().to_owned())).collect()
    };
    assert_eq!(ids(&again), ids(&minted));
    assert_eq!(all().await.len(), COUNT + others);
    // Deleting the key ends a batch, and no invite of it remains.
    let key = test.key(&by, "invites:create").await;
    let Principal::Key(presented) = &key else { panic!("a key") };
    let (maker, asker, id) = (test.clone(), key.clone(), presented.id.clone());
    let draft = Draft { groups: Vec::new(), ..draft };
    let minting =
        tokio::spawn(async move { maker.invite_service.mint_batch(&asker, draft, COUNT, None).await });
    test.store.delete_key(&by, &id).await.unwrap();
    let made = if minting.await.unwrap().is_ok() { COUNT } else { 0 };
    assert_eq!(all().await.len(), COUNT + others + made);
}
