use std::sync::Arc;

use vestibule_core::{
    Draft, IdempotencyKey, Invite, InviteChanges, InviteQuery, MintedInvite, NewKey, Refusal, StoreError,
    Username, UsernameRefusal,
};

use super::test_store::TestStore;

const DAY: i64 = 24 * 3_600_000;

fn idempotency_key(key: &str, asked: &str) -> IdempotencyKey {
    IdempotencyKey::new(key, asked.as_bytes()).unwrap()
}

fn answers(minted: Vec<MintedInvite>) -> Vec<(Invite, String)> {
    minted.into_iter().map(|minted| (minted.invite, minted.token.expose().to_owned())).collect()
}

async fn count(test: &TestStore, by: &vestibule_core::Principal) -> usize {
    let query = InviteQuery { limit: 1_000, ..InviteQuery::default() };
    test.store.invites(by, query).await.unwrap().items.len()
}

pub(crate) async fn a_repeated_request_returns_the_first_answer(test: TestStore) {
    let by = test.operator("example.com").await;
    let draft = Draft { note: Some("first".to_owned()), ..Draft::default() };
    let mint = || test.invite_service.mint_batch(&by, draft.clone(), 3, Some(idempotency_key("k", "3")));
    let first = answers(mint().await.unwrap());
    // Later changes of the invites do not change the stored answer.
    test.advance(DAY - 1);
    test.store.edit_invite(&by, first[1].0.id, InviteChanges::revoke()).await.unwrap();
    assert_eq!(answers(mint().await.unwrap()), first);
    assert_eq!(count(&test, &by).await, 3);
    // The key has expired: a new request.
    test.advance(1);
    assert_ne!(answers(mint().await.unwrap())[0].0.id, first[0].0.id);
    assert_eq!(count(&test, &by).await, 6);
}

pub(crate) async fn a_different_request_under_the_same_key_is_refused(test: TestStore) {
    let by = test.operator("example.com").await;
    test.invite_service.mint_batch(&by, Draft::default(), 1, Some(idempotency_key("k", "a"))).await.unwrap();
    let refused =
        test.invite_service.mint_batch(&by, Draft::default(), 1, Some(idempotency_key("k", "b"))).await;
    assert!(matches!(refused, Err(StoreError::Refused(Refusal::IdempotencyMismatch))), "{refused:?}");
    assert_eq!(count(&test, &by).await, 1);
    // Another sender can use the same key.
    let key = test.key(&by, "invites:create").await;
    test.invite_service.mint_batch(&key, Draft::default(), 1, Some(idempotency_key("k", "b"))).await.unwrap();
    assert_eq!(count(&test, &by).await, 2);
}

pub(crate) async fn concurrent_repeats_create_once(test: TestStore) {
    let by = test.operator("example.com").await;
    let test = Arc::new(test);
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let (test, by) = (Arc::clone(&test), by.clone());
            tokio::spawn(async move {
                answers(
                    test.invite_service
                        .mint_batch(&by, Draft::default(), 5, Some(idempotency_key("k", "5")))
                        .await
                        .unwrap(),
                )
            })
        })
        .collect();
    let mut seen = Vec::new();
    for task in tasks {
        seen.push(task.await.unwrap());
    }
    assert!(seen.iter().all(|answer| *answer == seen[0]));
    assert_eq!(count(&test, &by).await, 5);
}

pub(crate) async fn a_refused_request_is_not_remembered(test: TestStore) {
    let by = test.operator("example.com").await;
    let bound = Draft { username: Some(Username::parse("bob").unwrap()), ..Draft::default() };
    let holder = test.mint(&by, bound.clone()).await;
    let mint = || test.invite_service.mint_batch(&by, bound.clone(), 1, Some(idempotency_key("k", "bob")));
    let refused = mint().await;
    assert!(
        matches!(refused, Err(StoreError::Refused(Refusal::Username(UsernameRefusal::Reserved)))),
        "{refused:?}"
    );
    test.store.edit_invite(&by, holder.invite.id, InviteChanges::revoke()).await.unwrap();
    let minted = answers(mint().await.unwrap());
    assert_eq!(answers(mint().await.unwrap()), minted, "the name is reserved for this invite");
}

pub(crate) async fn a_repeat_counts_as_one_call(test: TestStore) {
    let by = test.operator("example.com").await;
    let rate = Some("4/d".parse().unwrap());
    let key = test.key_with(&by, NewKey { rate, ..NewKey::default() }).await;
    let mint = || test.invite_service.mint_batch(&key, Draft::default(), 3, Some(idempotency_key("k", "3")));
    mint().await.unwrap();
    mint().await.unwrap();
    let refused = mint().await;
    assert!(matches!(refused, Err(StoreError::Refused(Refusal::RateLimited { .. }))), "{refused:?}");
}
