//! Random histories on the store and on a simple model that uses the same rules.

mod reference;

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use vestibule_core::{
    AccountChange, BareJid, Draft, Expiry, Invite, InviteChanges, InviterName, Kind, LEASE, Message,
    Principal, Refusal, StoreError, Timestamp, UsernameRefusal,
    rules::{self, CheckFacts},
};

use self::reference::{AdmissionModel, ClaimModel, InviteModel, Model, Outcome, user};
use super::test_store::{TestStore, name, via};

const HOSTS: [&str; 2] = ["example.com", "example.org"];

/// One step of a history. Numbers select among the existing invites, claims and hosts.
#[derive(Clone, Debug)]
#[expect(clippy::option_option, reason = "there are three cases: not edited, without limit, a number")]
enum Step {
    Create {
        host: usize,
        kind: usize,
        username: Option<u8>,
        inviter: u8,
        uses: Option<u32>,
        minutes: i64,
    },
    Check {
        invite: usize,
        username: Option<u8>,
    },
    Claim {
        invite: usize,
        username: Option<u8>,
        admission: Option<usize>,
        replaces: Option<usize>,
    },
    Complete {
        claim: usize,
        stranger: bool,
    },
    Release {
        claim: usize,
    },
    Edit {
        invite: usize,
        minutes: Option<i64>,
        uses: Option<Option<u32>>,
        revoked: Option<bool>,
        /// Whether the invite says something to the invited person.
        speaks: Option<bool>,
    },
    RequestRenewal {
        invite: usize,
    },
    Account {
        host: usize,
        username: u8,
        change: usize,
    },
    Wait {
        seconds: i64,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let some = || 0_usize..64;
    let maybe = prop::option::of::<std::ops::Range<usize>>;
    let username = || prop::option::weighted(0.8, 0_u8..4);
    let uses = || prop::option::weighted(0.8, 1_u32..4);
    prop_oneof![
        3 => (0_usize..2, 0_usize..6, prop::option::weighted(0.3, 0_u8..4), 0_u8..4, uses(), 1_i64..10).prop_map(
            |(host, kind, username, inviter, uses, minutes)| Step::Create {
                host, kind, username, inviter, uses, minutes,
            }
        ),
        2 => (some(), username()).prop_map(|(invite, username)| Step::Check { invite, username }),
        7 => (some(), username(), maybe(some()), prop::option::weighted(0.2, some())).prop_map(
            |(invite, username, admission, replaces)| Step::Claim { invite, username, admission, replaces }
        ),
        3 => (some(), prop::bool::weighted(0.2))
            .prop_map(|(claim, stranger)| Step::Complete { claim, stranger }),
        2 => some().prop_map(|claim| Step::Release { claim }),
        2 => (some(), prop::option::of(-2_i64..10), prop::option::of(uses()), prop::option::of(any::<bool>()),
              prop::option::weighted(0.3, any::<bool>())).prop_map(
            |(invite, minutes, uses, revoked, speaks)| Step::Edit { invite, minutes, uses, revoked, speaks }
        ),
        1 => some().prop_map(|invite| Step::RequestRenewal { invite }),
        1 => (0_usize..2, 0_u8..4, 0..AccountChange::ALL.len())
            .prop_map(|(host, username, change)| Step::Account { host, username, change }),
        2 => (1_i64..90).prop_map(|seconds| Step::Wait { seconds }),
    ]
}

fn same<T, M>(what: &Step, store: Result<T, StoreError>, model: Result<M, Refusal>) -> Option<(T, M)> {
    match (store, model) {
        (Ok(done), Ok(expected)) => Some((done, expected)),
        (Err(StoreError::Refused(store)), Err(model)) => {
            assert_eq!(store, model, "{what:?}");
            None
        }
        (store, model) => panic!("{what:?}: store {:?}, model {:?}", store.map(drop), model.map(drop)),
    }
}

/// The store and the model side by side.
struct Play<'a> {
    test: &'a TestStore,
    by: [Principal; 2],
    model: Model,
}

impl Play<'_> {
    fn by_of(&self, invite: usize) -> &Principal {
        &self.by[self.model.invites[invite].host]
    }

    async fn step(&mut self, step: &Step) {
        let (invites, claims) = (self.model.invites.len(), self.model.claims.len());
        match *step {
            Step::Wait { seconds } => self.test.advance(seconds * 1000),
            Step::Create { .. } => self.create(step).await,
            Step::Check { invite, username } if invites > 0 => {
                self.check(step, invite % invites, username).await;
            }
            Step::Claim { invite, .. } if invites > 0 => self.claim(step, invite % invites).await,
            Step::Complete { claim, stranger } if claims > 0 => {
                self.complete(step, claim % claims, stranger).await;
            }
            Step::Release { claim } if claims > 0 => self.release(step, claim % claims).await,
            Step::Edit { invite, minutes, uses, revoked, speaks } if invites > 0 => {
                let invite = invite % invites;
                let now = self.test.invite_service.now();
                let moment = |minutes: i64| Timestamp::from_millis(now.as_millis() + minutes * 60_000);
                let edit = InviteChanges {
                    expires_at: minutes.map(moment),
                    max_uses: uses,
                    revoked,
                    message: speaks.map(|speaks| Message::parse("Hello").unwrap().filter(|_| speaks)),
                    inviter_name: speaks.map(|speaks| InviterName::parse("Ann").unwrap().filter(|_| speaks)),
                    ..InviteChanges::default()
                };
                let expected = self.model.edit(invite, &edit, now);
                let id = self.model.invites[invite].now.id;
                let done = self.test.store.edit_invite(self.by_of(invite), id, edit).await;
                if let Some((after, ())) = same(step, done, expected) {
                    assert_eq!(after, self.model.invites[invite].now, "{step:?}");
                }
            }
            Step::RequestRenewal { invite } if invites > 0 => {
                self.request_renewal(step, invite % invites).await;
            }
            Step::Account { host, username, change } => {
                let (account, change) = (name(&user(username)), AccountChange::ALL[change]);
                let now = self.test.invite_service.now();
                let mut expected = self.model.end_resets(host, &account, now);
                if change.revokes_created_invites() {
                    let is_made = |invite: &Invite| invite.inviter.as_ref() == Some(&account);
                    expected += self.model.revoke(host, now, is_made);
                }
                if matches!(change, AccountChange::Deleted | AccountChange::Absent) {
                    self.model.accounts.remove(&(host, username));
                }
                let revoked =
                    self.test.store.account_changed(&self.by[host], &account, change).await.unwrap();
                assert_eq!(revoked, expected, "{step:?}");
            }
            _ => {}
        }
    }

    async fn request_renewal(&mut self, step: &Step, invite: usize) {
        let now = self.test.invite_service.now();
        let model = &mut self.model.invites[invite];
        let is_possible = rules::renewal(&model.now, now) == Some(rules::Renewal::Possible);
        if is_possible {
            model.now.renewal_requested_at = Some(now);
        }
        let recorded = self.test.store.request_renewal(model.minted.token.lookup_key()).await.unwrap();
        assert_eq!(recorded, is_possible, "{step:?}");
    }

    async fn create(&mut self, step: &Step) {
        let Step::Create { host, kind, username, inviter, uses, minutes } = *step else { return };
        let kind =
            [Kind::Account, Kind::Account, Kind::AccountAndContact, Kind::Contact, Kind::PasswordReset]
                [kind.min(4)];
        let now = self.test.invite_service.now();
        let expiry = Expiry::At(Timestamp::from_millis(now.as_millis() + minutes * 60_000));
        let draft = Draft {
            kind,
            username: username.map(|number| name(&user(number))),
            inviter: kind.makes_contact().then(|| name(&user(inviter))),
            max_uses: if username.is_some() { Some(1) } else { uses },
            expiry,
            ..Draft::default()
        };
        let holder =
            username.filter(|_| kind.makes_account()).and_then(|name| self.model.holder(host, name, now));
        let expected = match (draft.validate(), holder) {
            (Err(refusal), _) => Err(refusal),
            (Ok(()), Some(_)) => Err(UsernameRefusal::Reserved.into()),
            (Ok(()), None) => Ok(()),
        };
        let minted = self.test.invite_service.mint(&self.by[host], draft).await;
        let Some((minted, ())) = same(step, minted, expected) else { return };
        if let (Kind::PasswordReset, Some(account)) = (kind, &minted.invite.username) {
            self.model.end_resets(host, account, now);
        }
        let (now, failed) = (minted.invite.clone(), (0, Timestamp::from_millis(0)));
        self.model.invites.push(InviteModel { host, minted, now, failed });
    }

    async fn check(&mut self, step: &Step, invite: usize, username: Option<u8>) {
        let now = self.test.invite_service.now();
        let wanted = username.map(|number| name(&user(number)));
        let expected = rules::check(&CheckFacts {
            invite: &self.model.invites[invite].now,
            username: wanted.as_ref(),
            admitted_at: None,
            reserved_for: self.model.reserved_for(invite, username, now),
            forbidden: None,
            now,
        });
        let token = self.model.invites[invite].minted.token.expose();
        let checked = self.test.invite_service.check(self.by_of(invite), token, wanted.as_ref()).await;
        if let Some((checked, ())) = same(step, checked, expected) {
            self.model.admissions.push(AdmissionModel { invite, text: checked.admission, at: now });
        }
    }

    async fn claim(&mut self, step: &Step, invite: usize) {
        let Step::Claim { username, admission, replaces, .. } = *step else { return };
        let now = self.test.invite_service.now();
        let count = self.model.claims.len();
        let replaces = replaces.filter(|_| count > 0).map(|index| index % count);
        let own: Vec<usize> = (0..self.model.admissions.len())
            .filter(|index| self.model.admissions[*index].invite == invite)
            .collect();
        let admission = admission.filter(|_| !own.is_empty()).map(|index| own[index % own.len()]);
        let expected = self.model.claim((invite, username, admission, replaces), now);
        let claim = self
            .test
            .invite_service
            .claim_replacing(
                self.by_of(invite),
                self.model.invites[invite].minted.token.expose(),
                username.map(|number| name(&user(number))),
                admission.map(|index| self.model.admissions[index].text.as_str()),
                replaces.map(|index| self.model.claims[index].id),
            )
            .await;
        let Some((claim, repeated)) = same(step, claim, expected) else { return };
        if let Some(repeated) = repeated {
            assert_eq!(claim.id, repeated, "{step:?}");
            return;
        }
        if let Some(old) = replaces.map(|index| &mut self.model.claims[index])
            && old.invite == invite
            && old.outcome == Outcome::Open
        {
            old.outcome = Outcome::Ended;
            self.model.count_failed(invite, now);
        }
        let (id, lease_until, outcome) = (claim.id, now.plus(LEASE), Outcome::Open);
        self.model.claims.push(ClaimModel { id, invite, username, admission, lease_until, outcome });
    }

    async fn complete(&mut self, step: &Step, index: usize, stranger: bool) {
        let (invite, username) = (self.model.claims[index].invite, self.model.claims[index].username);
        let host = self.model.invites[invite].host;
        let local = if stranger { "stranger".to_owned() } else { username.map_or("friend".to_owned(), user) };
        let jid: BareJid = format!("{local}@{}", HOSTS[host]).parse().unwrap();
        let now = &self.model.invites[invite].now;
        let exceeds = rules::exceeds(now.uses, now.max_uses);
        let expected = match &self.model.claims[index].outcome {
            Outcome::Completed { jid: first, .. } if *first != jid => Err(Refusal::ClaimCompleted),
            Outcome::Completed { over_use, .. } => Ok(*over_use),
            _ if stranger && username.is_some() => Err(Refusal::field("jid", "must be the claimed account")),
            _ => Ok(exceeds),
        };
        let claim = self.model.claims[index].id;
        let done = self.test.store.complete(self.by_of(invite), claim, jid.clone(), via()).await;
        let Some((done, over_use)) = same(step, done, expected) else { return };
        assert_eq!(done.over_use, over_use, "{step:?}");
        if !matches!(self.model.claims[index].outcome, Outcome::Completed { .. }) {
            self.model.claims[index].outcome = Outcome::Completed { jid, over_use };
            let invite = &mut self.model.invites[invite].now;
            invite.uses += 1;
            invite.used_at = Some(self.test.invite_service.now());
            self.model.accounts.extend(username.map(|number| (host, number)));
        }
    }

    async fn release(&mut self, step: &Step, index: usize) {
        let invite = self.model.claims[index].invite;
        let is_completed = matches!(self.model.claims[index].outcome, Outcome::Completed { .. });
        let expected = if is_completed { Err(Refusal::ClaimCompleted) } else { Ok(()) };
        let claim = self.model.claims[index].id;
        same(step, self.test.store.release(self.by_of(invite), claim).await, expected);
        if self.model.claims[index].outcome == Outcome::Open {
            self.model.claims[index].outcome = Outcome::Ended;
            self.model.count_failed(invite, self.test.invite_service.now());
        }
    }

    /// Asserts that all visible data equals the model.
    async fn compare(&self) {
        for (index, invite) in self.model.invites.iter().enumerate() {
            let (stored, redemptions) = self.test.details(self.by_of(index), invite.now.id).await;
            assert_eq!(stored, invite.now);
            assert_eq!(redemptions.len(), usize::try_from(invite.now.uses).unwrap());
        }
        for (host, by) in self.by.iter().enumerate() {
            let Principal::Operator { host: domain, .. } = by else { continue };
            for username in 0..4 {
                let wanted = name(&user(username));
                let known = self.test.store.account_known(domain, &wanted).await.unwrap();
                assert_eq!(known, self.model.accounts.contains(&(host, username)));
                let holder = self.model.holder(host, username, self.test.invite_service.now());
                let holder = holder.map(|index| self.model.invites[index].now.id);
                assert_eq!(self.test.store.reservation(by, &wanted).await.unwrap(), holder);
            }
        }
    }

    /// Revokes all invites, so that they do not affect the next history.
    async fn clear(self) {
        for (index, invite) in self.model.invites.iter().enumerate() {
            self.test
                .store
                .edit_invite(self.by_of(index), invite.now.id, InviteChanges::revoke())
                .await
                .unwrap();
        }
        for by in &self.by {
            for username in 0..4 {
                let account = name(&user(username));
                self.test.store.account_changed(by, &account, AccountChange::Deleted).await.unwrap();
            }
        }
    }
}

pub(crate) async fn the_store_and_the_rules_agree(test: TestStore) {
    let by = [test.operator(HOSTS[0]).await, test.operator(HOSTS[1]).await];
    let mut runner = TestRunner::deterministic();
    let histories = prop::collection::vec(step(), 80);
    for _ in 0..30 {
        let history = histories.new_tree(&mut runner).unwrap().current();
        let mut play = Play { test: &test, by: by.clone(), model: Model::default() };
        for step in &history {
            play.step(step).await;
        }
        play.compare().await;
        play.clear().await;
    }
}
