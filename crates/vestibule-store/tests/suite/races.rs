use std::{future::Future, sync::Arc};

use vestibule_core::{Draft, InviteQuery, TokenRefusal, UsernameRefusal};

use super::bench::{Bench, bound_to, name, refusal, via};

const ROUNDS: usize = 40;
const RIVALS: usize = 16;

/// Runs `rival` as many tasks at once and counts the successes.
async fn race<F, T>(rival: impl Fn(usize) -> F) -> usize
where
    F: Future<Output = Option<T>> + Send + 'static,
    T: Send + 'static,
{
    let tasks: Vec<_> = (0..RIVALS).map(|index| tokio::spawn(rival(index))).collect();
    let mut won = 0;
    for task in tasks {
        won += usize::from(task.await.unwrap().is_some());
    }
    won
}

async fn claim_race(bench: Bench, max_uses: u32) {
    let bench = Arc::new(bench);
    let by = bench.operator("example.com").await;
    for _ in 0..ROUNDS {
        let draft = Draft { max_uses: Some(max_uses), ..Draft::default() };
        let minted = Arc::new(bench.mint(&by, draft).await);
        let won = race(|index| {
            let (bench, by, minted) = (Arc::clone(&bench), by.clone(), Arc::clone(&minted));
            async move {
                let username = format!("rival{index}");
                match bench.claim(&by, &minted, &username).await {
                    Ok(claim) => {
                        let jid = format!("{username}@example.com").parse().unwrap();
                        let done = bench.store.complete(&by, claim.id, jid, via()).await.unwrap();
                        assert!(!done.over_use);
                        Some(claim)
                    }
                    refused => {
                        assert_eq!(refusal(refused), TokenRefusal::Used.into());
                        None
                    }
                }
            }
        })
        .await;
        assert_eq!(won, usize::try_from(max_uses).unwrap());
        let (invite, redemptions) = bench.store.invite(&by, minted.invite.id).await.unwrap().unwrap();
        assert_eq!((invite.uses, redemptions.len()), (max_uses, won));
    }
}

pub(crate) async fn one_use_is_taken_by_one_of_many(bench: Bench) {
    claim_race(bench, 1).await;
}

pub(crate) async fn three_uses_are_taken_by_three_of_many(bench: Bench) {
    claim_race(bench, 3).await;
}

pub(crate) async fn one_name_is_bound_by_one_of_many(bench: Bench) {
    let bench = Arc::new(bench);
    let by = bench.operator("example.com").await;
    for round in 0..ROUNDS {
        let won = race(|_| {
            let (bench, by) = (Arc::clone(&bench), by.clone());
            async move {
                match bench.desk.mint(&by, bound_to(&format!("name{round}"))).await {
                    Ok(minted) => Some(minted),
                    refused => {
                        assert_eq!(refusal(refused), UsernameRefusal::Reserved.into());
                        None
                    }
                }
            }
        })
        .await;
        assert_eq!(won, 1);
        assert!(bench.store.reservation(&by, &name(&format!("name{round}"))).await.unwrap().is_some());
    }
}

pub(crate) async fn mints_from_many_tasks_are_all_kept(bench: Bench) {
    let bench = Arc::new(bench);
    let by = bench.operator("example.com").await;
    let won = race(|_| {
        let (bench, by) = (Arc::clone(&bench), by.clone());
        async move {
            for _ in 0..50 {
                let minted = bench.mint(&by, Draft::default()).await;
                assert!(bench.desk.find(minted.token.expose()).await.unwrap().is_some());
            }
            Some(())
        }
    })
    .await;
    assert_eq!(won, RIVALS);
    let page =
        bench.store.invites(&by, InviteQuery { limit: 2_000, ..InviteQuery::default() }).await.unwrap();
    assert_eq!(page.items.len(), RIVALS * 50);
}
