use std::{future::Future, sync::Arc};

use vestibule_core::{Action, Draft, EventQuery, InviteQuery, Refusal, TokenRefusal, UsernameRefusal, rules};

use super::test_store::{TestStore, bound_to, name, refusal, via};

const ROUNDS: usize = 40;
const RIVALS: usize = 16;

/// Runs `contender` in [`RIVALS`] concurrent tasks and counts the successes.
async fn race<F, T>(contender: impl Fn(usize) -> F) -> usize
where
    F: Future<Output = Option<T>> + Send + 'static,
    T: Send + 'static,
{
    let tasks: Vec<_> = (0..RIVALS).map(|index| tokio::spawn(contender(index))).collect();
    let mut won = 0;
    for task in tasks {
        won += usize::from(task.await.unwrap().is_some());
    }
    won
}

async fn claim_race(test: TestStore, max_uses: u32) {
    let test = Arc::new(test);
    let by = test.operator("example.com").await;
    for _ in 0..ROUNDS {
        let draft = Draft { max_uses: Some(max_uses), ..Draft::default() };
        let minted = Arc::new(test.mint(&by, draft).await);
        let won = race(|index| {
            let (test, by, minted) = (Arc::clone(&test), by.clone(), Arc::clone(&minted));
            async move {
                let username = format!("contender{index}");
                match test.claim(&by, &minted, &username).await {
                    Ok(claim) => {
                        let jid = format!("{username}@example.com").parse().unwrap();
                        let done = test.store.complete(&by, claim.id, jid, via()).await.unwrap();
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
        let (invite, redemptions) = test.details(&by, minted.invite.id).await;
        assert_eq!((invite.uses, redemptions.len()), (max_uses, won));
    }
}

pub(crate) async fn one_of_many_contenders_takes_a_single_use(test: TestStore) {
    claim_race(test, 1).await;
}

pub(crate) async fn three_of_many_contenders_take_three_uses(test: TestStore) {
    claim_race(test, 3).await;
}

pub(crate) async fn one_of_many_contenders_reserves_a_name(test: TestStore) {
    let test = Arc::new(test);
    let by = test.operator("example.com").await;
    for round in 0..ROUNDS {
        let won = race(|_| {
            let (test, by) = (Arc::clone(&test), by.clone());
            async move {
                match test.invite_service.mint(&by, bound_to(&format!("name{round}"))).await {
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
        assert!(test.store.reservation(&by, &name(&format!("name{round}"))).await.unwrap().is_some());
    }
}

pub(crate) async fn concurrent_creates_are_all_stored(test: TestStore) {
    let test = Arc::new(test);
    let by = test.operator("example.com").await;
    let won = race(|_| {
        let (test, by) = (Arc::clone(&test), by.clone());
        async move {
            for _ in 0..50 {
                let minted = test.mint(&by, Draft::default()).await;
                assert!(test.invite_service.find(minted.token.expose()).await.unwrap().is_some());
            }
            Some(())
        }
    })
    .await;
    assert_eq!(won, RIVALS);
    let page = test.store.invites(&by, InviteQuery { limit: 2_000, ..InviteQuery::default() }).await.unwrap();
    assert_eq!(page.items.len(), RIVALS * 50);
}

/// All leases expired and the uses were granted again: every claim still completes.
pub(crate) async fn concurrent_completions_are_each_counted(test: TestStore) {
    let test = Arc::new(test);
    let by = test.operator("example.com").await;
    let uses = u32::try_from(RIVALS).unwrap() / 2;
    let shared = test.mint(&by, Draft { max_uses: Some(uses), ..Draft::default() }).await;
    let mut claims = Vec::new();
    for index in 0..RIVALS {
        if index == RIVALS / 2 {
            test.advance(60_000);
        }
        claims.push(test.claim(&by, &shared, &format!("contender{index}")).await.unwrap().id);
    }
    let over = race(|index| {
        let (test, by, claim) = (Arc::clone(&test), by.clone(), claims[index]);
        async move {
            let (own, guest) = (test.mint(&by, Draft::default()).await, format!("own{index}"));
            let jid: vestibule_core::BareJid = format!("contender{index}@example.com").parse().unwrap();
            // Two concurrent completions count once and have the same answer.
            let complete = || test.store.complete(&by, claim, jid.clone(), via());
            let (first, second, ()) = tokio::join!(complete(), complete(), test.redeem(&by, &own, &guest));
            assert_eq!(first.as_ref().unwrap(), second.as_ref().unwrap());
            first.unwrap().over_use.then_some(())
        }
    })
    .await;
    assert_eq!(over, RIVALS / 2);
    let (invite, redemptions) = test.details(&by, shared.invite.id).await;
    assert_eq!((invite.uses, redemptions.len()), (u32::try_from(RIVALS).unwrap(), RIVALS));
    assert_eq!(redemptions.iter().filter(|redemption| redemption.over_use).count(), over);
    let events = test.store.events(&by, EventQuery { after: 0, limit: 1000 }).await.unwrap().items;
    let count = |action| events.iter().filter(|event| event.action == action).count();
    assert_eq!((count(Action::InviteRedeemed), count(Action::InviteOverused)), (2 * RIVALS, over));
    let in_a_row = |(index, seq)| seq == i64::try_from(index).unwrap() + 1;
    assert!(events.iter().map(|event| event.seq).enumerate().all(in_a_row));
}

/// Concurrent claims of several names with the grants of two checks.
pub(crate) async fn a_preauth_grant_holds_one_use_under_concurrency(test: TestStore) {
    let test = Arc::new(test);
    let by = test.operator("example.com").await;
    let invite = Arc::new(test.mint(&by, Draft { max_uses: Some(2), ..Draft::default() }).await);
    let check = || test.invite_service.check(&by, invite.token.expose(), None);
    let admissions = [check().await.unwrap().admission, check().await.unwrap().admission];
    let mut held = 0;
    for round in 0..ROUNDS {
        let won = race(|index| {
            let (test, by, invite) = (Arc::clone(&test), by.clone(), Arc::clone(&invite));
            let admission = admissions[index % 2].clone();
            async move {
                let user = Some(name(&format!("name{round}x{index}")));
                let claim =
                    test.invite_service.claim(&by, invite.token.expose(), user, Some(&admission)).await;
                match claim {
                    // A released claim permits the next name of the same admission.
                    Ok(claim) if index % 3 == 0 => {
                        test.store.release(&by, claim.id).await.unwrap();
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
    // Others get exactly the free uses.
    let mut free = 0;
    while let Ok(claim) = test.claim(&by, &invite, &format!("other{free}")).await {
        let jid = format!("other{free}@example.com").parse().unwrap();
        assert!(!test.store.complete(&by, claim.id, jid, via()).await.unwrap().over_use);
        free += 1;
    }
    assert!(free <= 2);
    // After all leases have expired, the remaining uses are free as well.
    test.advance(60_000);
    for index in free..2 {
        test.redeem(&by, &invite, &format!("late{index}")).await;
    }
    assert_eq!(refusal(test.claim(&by, &invite, "more").await), TokenRefusal::Used.into());
}
