//! Random histories, on the store and on a plain model that asks the rules.

use std::collections::HashMap;

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use vestibule_core::{
    Authority, Claim, ClaimId, Draft, Edit, Invite, LEASE, Minted, Refusal, StoreError, Timestamp,
    rules::{self, ClaimFacts},
};

use super::bench::{Bench, name, via};

/// One step of a history. Numbers choose among what there is.
#[derive(Clone, Debug)]
enum Step {
    Mint { bound: Option<u8>, uses: Option<u32>, minutes: i64 },
    Claim { invite: usize, username: u8 },
    Complete { claim: usize },
    Release { claim: usize },
    Revoke { invite: usize, revoked: bool },
    Wait { seconds: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    let some = 0_usize..64;
    prop_oneof![
        2 => (prop::option::of(0_u8..3), prop::option::weighted(0.8, 1_u32..4), 1_i64..10)
            .prop_map(|(bound, uses, minutes)| Step::Mint { bound, uses, minutes }),
        6 => (some.clone(), 0_u8..4).prop_map(|(invite, username)| Step::Claim { invite, username }),
        3 => some.clone().prop_map(|claim| Step::Complete { claim }),
        2 => some.clone().prop_map(|claim| Step::Release { claim }),
        1 => (some, any::<bool>()).prop_map(|(invite, revoked)| Step::Revoke { invite, revoked }),
        2 => (1_i64..90).prop_map(|seconds| Step::Wait { seconds }),
    ]
}

/// What the model knows of a claim.
struct Known {
    id: ClaimId,
    invite: usize,
    username: u8,
    lease_until: Timestamp,
    ended: bool,
    completed: bool,
}

#[derive(Default)]
struct Model {
    minted: Vec<Minted>,
    invites: Vec<Invite>,
    claims: Vec<Known>,
}

impl Model {
    fn holder(&self, username: u8, now: Timestamp) -> Option<usize> {
        let wanted = name(&user(username));
        self.invites.iter().position(|invite| {
            invite.username.as_ref() == Some(&wanted)
                && rules::state(invite, now) == vestibule_core::State::Pending
        })
    }

    fn claim(&self, invite: usize, username: u8, now: Timestamp) -> Result<(), Refusal> {
        let live = self
            .claims
            .iter()
            .filter(|claim| claim.invite == invite && !claim.ended && claim.lease_until > now);
        rules::claim(&ClaimFacts {
            invite: &self.invites[invite],
            username: Some(&name(&user(username))),
            other_live_claims: u32::try_from(live.count()).unwrap(),
            admitted_at: None,
            reserved_for: self.holder(username, now).map(|holder| self.invites[holder].id),
            now,
        })
    }
}

fn user(number: u8) -> String {
    format!("user{number}")
}

fn same<T>(what: &Step, store: Result<T, StoreError>, model: Result<(), Refusal>) -> Option<T> {
    match (store, model) {
        (Ok(done), Ok(())) => Some(done),
        (Err(StoreError::Refused(store)), Err(model)) => {
            assert_eq!(store, model, "{what:?}");
            None
        }
        (store, model) => panic!("{what:?}: store {:?}, model {model:?}", store.map(drop)),
    }
}

async fn play(bench: &Bench, by: &Authority, step: &Step, model: &mut Model) {
    let now = bench.desk.now();
    match *step {
        Step::Wait { seconds } => bench.advance(seconds * 1000),
        Step::Mint { bound, uses, minutes } => {
            let draft = Draft {
                username: bound.map(|number| name(&user(number))),
                max_uses: if bound.is_some() { Some(1) } else { uses },
                expiry: vestibule_core::Expiry::At(Timestamp::from_millis(
                    now.as_millis() + minutes * 60_000,
                )),
                ..Draft::default()
            };
            let held = bound.and_then(|number| model.holder(number, now));
            let expected = held.map_or(Ok(()), |_| Err(vestibule_core::UsernameRefusal::Reserved.into()));
            if let Some(minted) = same(step, bench.desk.mint(by, draft).await, expected) {
                model.invites.push(minted.invite.clone());
                model.minted.push(minted);
            }
        }
        Step::Claim { invite, username } if !model.invites.is_empty() => {
            let invite = invite % model.invites.len();
            let expected = model.claim(invite, username, now);
            let claim = bench.claim(by, &model.minted[invite], &user(username)).await;
            if let Some(Claim { id, .. }) = same(step, claim, expected) {
                let lease_until = now.plus(LEASE);
                model.claims.push(Known {
                    id,
                    invite,
                    username,
                    lease_until,
                    ended: false,
                    completed: false,
                });
            }
        }
        Step::Complete { claim } if !model.claims.is_empty() => {
            let index = claim % model.claims.len();
            let claim = &mut model.claims[index];
            let jid = format!("{}@example.com", user(claim.username)).parse().unwrap();
            let done = bench.store.complete(by, claim.id, jid, via()).await.unwrap();
            if !claim.completed {
                let invite = &mut model.invites[claim.invite];
                assert_eq!(done.over_use, rules::exceeds(invite.uses, invite.max_uses));
                invite.uses += 1;
                (claim.ended, claim.completed) = (true, true);
            }
        }
        Step::Release { claim } if !model.claims.is_empty() => {
            let index = claim % model.claims.len();
            let claim = &mut model.claims[index];
            let expected = if claim.completed { Err(Refusal::ClaimCompleted) } else { Ok(()) };
            same(step, bench.store.release(by, claim.id).await, expected);
            claim.ended = true;
        }
        Step::Revoke { invite, revoked } if !model.invites.is_empty() => {
            let index = invite % model.invites.len();
            let edit = Edit { revoked: Some(revoked), ..Edit::default() };
            if let Ok(after) = bench.store.edit_invite(by, model.invites[index].id, edit).await {
                model.invites[index].revoked_at = after.revoked_at;
            } else {
                assert!(!revoked, "only restoring may be refused");
            }
        }
        _ => {}
    }
}

pub(crate) async fn the_store_and_the_rules_agree(bench: Bench) {
    let by = bench.operator("example.com").await;
    let mut runner = TestRunner::deterministic();
    let histories = prop::collection::vec(step(), 60);
    for _ in 0..25 {
        let history = histories.new_tree(&mut runner).unwrap().current();
        let mut model = Model::default();
        for step in &history {
            play(&bench, &by, step, &mut model).await;
        }
        let counts: HashMap<_, _> = model.invites.iter().map(|invite| (invite.id, invite.uses)).collect();
        for (id, uses) in counts {
            let (invite, redemptions) = bench.store.invite(&by, id).await.unwrap().unwrap();
            assert_eq!((invite.uses, redemptions.len()), (uses, usize::try_from(uses).unwrap()));
        }
        // What is left must not meet the next history.
        for invite in &model.invites {
            bench.store.edit_invite(&by, invite.id, Edit::revoke()).await.unwrap();
        }
    }
}
