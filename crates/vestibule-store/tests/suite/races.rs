use std::{future::Future, sync::Arc};

use vestibule_core::{Action, Draft, EventQuery, InviteQuery, Refusal, TokenRefusal, UsernameRefusal, rules};

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
                        let why = refusal(refused);
                        let is_taken =
                            matches!(why, Refusal::Token(TokenRefusal::Used | TokenRefusal::Busy { .. }));
                        assert!(is_taken, "{why:?}");
                        None
                    }
                }
            }
        })
        .await;
        assert_eq!(won, usize::try_from(max_uses).unwrap());
        let (invite, redemptions) = bench.details(&by, minted.invite.id).await;
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
                match bench.invite_service.mint(&by, bound_to(&format!("name{round}"))).await {
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
                assert!(bench.invite_service.find(minted.token.expose()).await.unwrap().is_some());
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

/// Everybody's use has been given to somebody else meanwhile: all of them have an account now.
pub(crate) async fn completions_at_once_are_each_counted(bench: Bench) {
    let bench = Arc::new(bench);
    let by = bench.operator("example.com").await;
    let uses = u32::try_from(RIVALS).unwrap() / 2;
    let shared = bench.mint(&by, Draft { max_uses: Some(uses), ..Draft::default() }).await;
    let mut claims = Vec::new();
    for index in 0..RIVALS {
        if index == RIVALS / 2 {
            bench.advance(60_000);
        }
        claims.push(bench.claim(&by, &shared, &format!("rival{index}")).await.unwrap().id);
    }
    let over = race(|index| {
        let (bench, by, claim) = (Arc::clone(&bench), by.clone(), claims[index]);
        async move {
            let (own, guest) = (bench.mint(&by, Draft::default()).await, format!("own{index}"));
            let jid: vestibule_core::BareJid = format!("rival{index}@example.com").parse().unwrap();
            // Said twice at the same time, it counts once, and both hear the same.
            let complete = || bench.store.complete(&by, claim, jid.clone(), via());
            let (first, second, ()) = tokio::join!(complete(), complete(), bench.redeem(&by, &own, &guest));
            assert_eq!(first.as_ref().unwrap(), second.as_ref().unwrap());
            first.unwrap().over_use.then_some(())
        }
    })
    .await;
    assert_eq!(over, RIVALS / 2);
    let (invite, redemptions) = bench.details(&by, shared.invite.id).await;
    assert_eq!((invite.uses, redemptions.len()), (u32::try_from(RIVALS).unwrap(), RIVALS));
    assert_eq!(redemptions.iter().filter(|redemption| redemption.over_use).count(), over);
    let events = bench.store.events(&by, EventQuery { after: 0, limit: 1000 }).await.unwrap().items;
    let count = |action| events.iter().filter(|event| event.action == action).count();
    assert_eq!((count(Action::InviteRedeemed), count(Action::InviteOverused)), (2 * RIVALS, over));
    let in_a_row = |(index, seq)| seq == i64::try_from(index).unwrap() + 1;
    assert!(events.iter().map(|event| event.seq).enumerate().all(in_a_row));
}

/// People who were let in by one check try several names and invites, all at the same time.
pub(crate) async fn an_admission_holds_one_use_whatever_happens_at_once(bench: Bench) {
    let bench = Arc::new(bench);
    let by = bench.operator("example.com").await;
    let invite = Arc::new(bench.mint(&by, Draft { max_uses: Some(2), ..Draft::default() }).await);
    let check = || bench.invite_service.check(&by, invite.token.expose(), None);
    let admissions = [check().await.unwrap().admission, check().await.unwrap().admission];
    let mut held = 0;
    for round in 0..ROUNDS {
        let won = race(|index| {
            let (bench, by, invite) = (Arc::clone(&bench), by.clone(), Arc::clone(&invite));
            let admission = admissions[index % 2].clone();
            async move {
                let user = Some(name(&format!("name{round}x{index}")));
                let claim =
                    bench.invite_service.claim(&by, invite.token.expose(), user, Some(&admission)).await;
                match claim {
                    // Who let go makes room for the next name of the same admission.
                    Ok(claim) if index % 3 == 0 => {
                        bench.store.release(&by, claim.id).await.unwrap();
                        None
                    }
                    Ok(_) => Some(()),
                    refused => {
                        let why = refusal(refused);
                        let may_wait =
                            TokenRefusal::TooManyAttempts { retry_after: rules::PREAUTH_GRANT_LIFETIME };
                        let is_held = matches!(why, Refusal::Token(TokenRefusal::Busy { .. }));
                        assert!(is_held || why == may_wait.into(), "{why:?}");
                        None
                    }
                }
            }
        })
        .await;
        held += won;
        assert!(held <= 2, "one claim for each admission");
    }
    // What is free goes to others, and no more.
    let mut free = 0;
    while let Ok(claim) = bench.claim(&by, &invite, &format!("other{free}")).await {
        let jid = format!("other{free}@example.com").parse().unwrap();
        assert!(!bench.store.complete(&by, claim.id, jid, via()).await.unwrap().over_use);
        free += 1;
    }
    assert!(free <= 2);
    // IdempotencyKey all leases have run out, the rest is free as well.
    bench.advance(60_000);
    for index in free..2 {
        bench.redeem(&by, &invite, &format!("late{index}")).await;
    }
    assert_eq!(refusal(bench.claim(&by, &invite, "more").await), TokenRefusal::Used.into());
}
