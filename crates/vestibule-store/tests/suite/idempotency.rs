use std::sync::Arc;

use vestibule_core::{
    Draft, IdempotencyKey, Invite, InviteChanges, InviteQuery, MintedInvite, NewKey, Refusal, StoreError,
    Username, UsernameRefusal,
};

use super::bench::Bench;

const DAY: i64 = 24 * 3_600_000;

fn idempotency_key(key: &str, asked: &str) -> IdempotencyKey {
    IdempotencyKey::new(key, asked.as_bytes()).unwrap()
}

fn answers(minted: Vec<MintedInvite>) -> Vec<(Invite, String)> {
    minted.into_iter().map(|minted| (minted.invite, minted.token.expose().to_owned())).collect()
}

async fn count(bench: &Bench, by: &vestibule_core::Principal) -> usize {
    let query = InviteQuery { limit: 1_000, ..InviteQuery::default() };
    bench.store.invites(by, query).await.unwrap().items.len()
}

pub(crate) async fn a_repeated_request_gets_the_first_answer(bench: Bench) {
    let by = bench.operator("example.com").await;
    let draft = Draft { note: Some("first".to_owned()), ..Draft::default() };
    let mint = || bench.invite_service.mint_batch(&by, draft.clone(), 3, Some(idempotency_key("k", "3")));
    let first = answers(mint().await.unwrap());
    // What became of the invites meanwhile does not change what was answered.
    bench.advance(DAY - 1);
    bench.store.edit_invite(&by, first[1].0.id, InviteChanges::revoke()).await.unwrap();
    assert_eq!(answers(mint().await.unwrap()), first);
    assert_eq!(count(&bench, &by).await, 3);
    // The time is over: a new request.
    bench.advance(1);
    assert_ne!(answers(mint().await.unwrap())[0].0.id, first[0].0.id);
    assert_eq!(count(&bench, &by).await, 6);
}

pub(crate) async fn another_request_under_the_same_key_is_refused(bench: Bench) {
    let by = bench.operator("example.com").await;
    bench.invite_service.mint_batch(&by, Draft::default(), 1, Some(idempotency_key("k", "a"))).await.unwrap();
    let refused =
        bench.invite_service.mint_batch(&by, Draft::default(), 1, Some(idempotency_key("k", "b"))).await;
    assert!(matches!(refused, Err(StoreError::Refused(Refusal::IdempotencyMismatch))), "{refused:?}");
    assert_eq!(count(&bench, &by).await, 1);
    // Another sender may draw the same key.
    let key = bench.key(&by, "invites:create").await;
    bench
        .invite_service
        .mint_batch(&key, Draft::default(), 1, Some(idempotency_key("k", "b")))
        .await
        .unwrap();
    assert_eq!(count(&bench, &by).await, 2);
}

pub(crate) async fn concurrent_repeats_mint_once(bench: Bench) {
    let by = bench.operator("example.com").await;
    let bench = Arc::new(bench);
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let (bench, by) = (Arc::clone(&bench), by.clone());
            tokio::spawn(async move {
                answers(
                    bench
                        .invite_service
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
    assert_eq!(count(&bench, &by).await, 5);
}

pub(crate) async fn a_refused_request_is_not_remembered(bench: Bench) {
    let by = bench.operator("example.com").await;
    let bound = Draft { username: Some(Username::parse("bob").unwrap()), ..Draft::default() };
    let holder = bench.mint(&by, bound.clone()).await;
    let mint = || bench.invite_service.mint_batch(&by, bound.clone(), 1, Some(idempotency_key("k", "bob")));
    let refused = mint().await;
    assert!(
        matches!(refused, Err(StoreError::Refused(Refusal::Username(UsernameRefusal::Reserved)))),
        "{refused:?}"
    );
    bench.store.edit_invite(&by, holder.invite.id, InviteChanges::revoke()).await.unwrap();
    let minted = answers(mint().await.unwrap());
    assert_eq!(answers(mint().await.unwrap()), minted, "the name is held by the very invite");
}

pub(crate) async fn a_repeat_counts_as_one_call(bench: Bench) {
    let by = bench.operator("example.com").await;
    let rate = Some("4/d".parse().unwrap());
    let key = bench.key_with(&by, NewKey { rate, ..NewKey::default() }).await;
    let mint = || bench.invite_service.mint_batch(&key, Draft::default(), 3, Some(idempotency_key("k", "3")));
    mint().await.unwrap();
    mint().await.unwrap();
    let refused = mint().await;
    assert!(matches!(refused, Err(StoreError::Refused(Refusal::RateLimited { .. }))), "{refused:?}");
}
