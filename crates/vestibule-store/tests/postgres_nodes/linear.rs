//! Clients on three nodes create, claim, complete, release, revoke and read invites while the database is killed,
//! hangs and cuts connections. Their answers must be linearizable.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use private_postgres::Server;
use tokio::time::sleep;
use vestibule_core::{
    ClaimId, Draft, InviteChanges, LEASE, MintedInvite, Principal, Refusal, StoreError, TokenRefusal,
};

use super::checker::{Call, Model, is_linearizable};
use crate::suite::test_store::{START, TestClock, TestStore, via};

const NODES: u64 = 3;
const CLIENTS: u64 = 6;
const ROUNDS: u64 = 40;
/// The number of operations of each client in a round.
const OPS: u64 = 10;
/// The `max_uses` of the invites of a round.
const USES: [Option<u32>; 4] = [Some(1), Some(2), Some(3), None];

/// The model of one invite. No lease expires because the clock stands still.
struct Rules;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct State {
    max: Option<u32>,
    uses: u32,
    revoked: bool,
    open: BTreeSet<ClaimId>,
    completed: BTreeMap<ClaimId, bool>,
}

#[derive(Clone, Debug)]
enum Op {
    /// With the ID of the claim, if the answer is known.
    Claim(Option<ClaimId>),
    Complete(ClaimId),
    Release(ClaimId),
    Revoke(bool),
    Look,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Answer {
    Granted,
    Refused(Refusal),
    Completed { over_use: bool },
    Done,
    Seen { uses: u32, revoked: bool },
}

impl Model for Rules {
    type State = State;
    type Op = Op;
    type Answer = Answer;

    fn step(state: &State, op: &Op) -> (State, Answer) {
        let mut after = state.clone();
        let answer = match op {
            Op::Claim(_) if state.revoked => Answer::Refused(TokenRefusal::Revoked.into()),
            Op::Claim(id) => {
                let taken = state.uses + u32::try_from(state.open.len()).unwrap();
                if state.max.is_some_and(|max| state.uses >= max) {
                    Answer::Refused(TokenRefusal::Used.into())
                } else if state.max.is_some_and(|max| taken >= max) {
                    Answer::Refused(TokenRefusal::Busy { retry_after: LEASE }.into())
                } else {
                    after.open.insert(id.unwrap_or(ClaimId::from_bytes([0; 16])));
                    Answer::Granted
                }
            }
            Op::Complete(id) => {
                let over_use = if let Some(over_use) = state.completed.get(id) {
                    *over_use
                } else {
                    let over_use = state.max.is_some_and(|max| state.uses >= max);
                    after.uses += 1;
                    after.open.remove(id);
                    after.completed.insert(*id, over_use);
                    over_use
                };
                Answer::Completed { over_use }
            }
            Op::Release(id) if state.completed.contains_key(id) => Answer::Refused(Refusal::ClaimCompleted),
            Op::Release(id) => {
                after.open.remove(id);
                Answer::Done
            }
            Op::Revoke(revoked) => {
                after.revoked = *revoked;
                Answer::Done
            }
            Op::Look => Answer::Seen { uses: state.uses, revoked: state.revoked },
        };
        (after, answer)
    }
}

/// A client on a node that chooses its operations at random.
struct Client {
    test: Arc<TestStore>,
    by: Principal,
    drawn: u64,
    number: u64,
    /// Its claims and the indexes of their invites.
    claims: Vec<(usize, ClaimId)>,
}

type Histories = Arc<Vec<Mutex<Vec<Call<Rules>>>>>;

impl Client {
    fn draw(&mut self, below: usize) -> usize {
        self.drawn ^= self.drawn << 13;
        self.drawn ^= self.drawn >> 7;
        self.drawn ^= self.drawn << 17;
        usize::try_from(self.drawn % u64::try_from(below).unwrap()).unwrap()
    }

    async fn act(&mut self, invites: &[MintedInvite], histories: &Histories, clock: &AtomicU64) {
        let mut index = self.draw(invites.len());
        let mut op = match self.draw(10) {
            0 => Op::Revoke(true),
            1 | 2 => Op::Revoke(false),
            3 => Op::Look,
            4..=6 if !self.claims.is_empty() => {
                let claim = self.draw(self.claims.len());
                index = self.claims[claim].0;
                let id = self.claims[claim].1;
                if self.draw(3) == 0 { Op::Release(id) } else { Op::Complete(id) }
            }
            _ => Op::Claim(None),
        };
        let called = clock.fetch_add(1, Ordering::SeqCst);
        let Some(outcome) = self.ask(&invites[index], &mut op).await else {
            // Nothing was changed: not part of the history.
            sleep(Duration::from_millis(40)).await;
            return;
        };
        let at = clock.fetch_add(1, Ordering::SeqCst);
        if let Op::Claim(Some(id)) = op {
            self.claims.push((index, id));
        }
        let away = outcome.is_none();
        let returned = outcome.map(|answer| (at, answer));
        histories[index].lock().unwrap().push(Call { op, called, returned });
        if away {
            sleep(Duration::from_millis(40)).await;
        }
    }

    /// Returns the answer, `Some(None)` if the outcome is unknown, or `None` if the operation had no effect.
    async fn ask(&self, minted: &MintedInvite, op: &mut Op) -> Option<Option<Answer>> {
        let (store, id) = (&self.test.store, minted.invite.id);
        let username = format!("user{}", self.number);
        let outcome = match op {
            Op::Claim(claim) => self.test.claim(&self.by, minted, &username).await.map(|granted| {
                *claim = Some(granted.id);
                Answer::Granted
            }),
            Op::Complete(claim) => {
                let jid = format!("{username}@example.com").parse().unwrap();
                let done = store.complete(&self.by, *claim, jid, via()).await;
                done.map(|done| Answer::Completed { over_use: done.over_use })
            }
            Op::Release(claim) => store.release(&self.by, *claim).await.map(|()| Answer::Done),
            Op::Revoke(revoked) => {
                let edit = InviteChanges { revoked: Some(*revoked), ..InviteChanges::default() };
                store.edit_invite(&self.by, id, edit).await.map(|_| Answer::Done)
            }
            Op::Look => store.invite(&self.by, id).await.map(|found| {
                let invite = found.unwrap().invite;
                Answer::Seen { uses: invite.uses, revoked: invite.revoked_at.is_some() }
            }),
        };
        match outcome {
            Ok(answer) => Some(Some(answer)),
            Err(StoreError::Refused(refusal)) => Some(Some(Answer::Refused(refusal))),
            Err(StoreError::Busy(_) | StoreError::Unavailable(_)) => None,
            Err(StoreError::Unknown(_)) => Some(None),
            Err(error) => panic!("{error}"),
        }
    }
}

/// Causes one fault after the other until `stop`. Returns the number of faults of each kind.
async fn disturb(mut server: Server, stop: Arc<AtomicBool>) -> (Server, [u32; 3]) {
    let mut counts = [0; 3];
    for fault in 0.. {
        sleep(Duration::from_millis(150)).await;
        if stop.load(Ordering::SeqCst) {
            break;
        }
        let kind = [0, 1, 0, 1, 2][fault % 5];
        counts[kind] += 1;
        match kind {
            0 => {
                let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                           WHERE application_name = 'vestibule'";
                // A starting server refuses connections.
                let _ = server.sql("postgres", cut);
            }
            1 => {
                server.freeze();
                sleep(Duration::from_millis(100)).await;
                server.thaw();
            }
            _ => {
                server.kill();
                server.resume_service().unwrap();
            }
        }
    }
    (server, counts)
}

async fn mint(test: &TestStore, by: &Principal, max_uses: Option<u32>) -> MintedInvite {
    loop {
        match test.invite_service.mint(by, Draft { max_uses, ..Draft::default() }).await {
            Ok(minted) => return minted,
            Err(StoreError::Busy(_) | StoreError::Unavailable(_) | StoreError::Unknown(_)) => {
                sleep(Duration::from_millis(20)).await;
            }
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 6)]
async fn answers_during_faults_are_linearizable() {
    let server = Server::start(&[]).unwrap();
    let database = server.create_database("invites").unwrap().parse().unwrap();
    let clock = Arc::new(TestClock(AtomicI64::new(START.as_millis())));
    let mut nodes = Vec::new();
    for number in 0..NODES {
        nodes.push(Arc::new(TestStore::node(&database, &clock, false, number).await));
    }
    let by = nodes[0].operator("example.com").await;
    let stop = Arc::new(AtomicBool::new(false));
    let faults = tokio::spawn(disturb(server, Arc::clone(&stop)));
    let moments = Arc::new(AtomicU64::new(0));
    let (mut calls, mut unknown) = (0, 0);
    for round in 0..ROUNDS {
        let mut invites = Vec::new();
        for uses in USES {
            invites.push(mint(&nodes[0], &by, uses).await);
        }
        let invites = Arc::new(invites);
        let histories: Histories = Arc::new(USES.iter().map(|_| Mutex::default()).collect());
        let clients = (0..CLIENTS).map(|number| {
            let mut client = Client {
                test: Arc::clone(&nodes[usize::try_from(number % NODES).unwrap()]),
                by: by.clone(),
                drawn: 1 + round * CLIENTS + number,
                number,
                claims: Vec::new(),
            };
            let (invites, histories) = (Arc::clone(&invites), Arc::clone(&histories));
            let moments = Arc::clone(&moments);
            tokio::spawn(async move {
                for _ in 0..OPS {
                    client.act(&invites, &histories, &moments).await;
                }
            })
        });
        for client in clients.collect::<Vec<_>>() {
            client.await.unwrap();
        }
        for (max, history) in USES.into_iter().zip(histories.iter()) {
            let history = history.lock().unwrap();
            calls += history.len();
            unknown += history.iter().filter(|call| call.returned.is_none()).count();
            let begin =
                State { max, uses: 0, revoked: false, open: BTreeSet::new(), completed: BTreeMap::new() };
            assert!(is_linearizable(begin, &history), "round {round}: {}", describe(&history));
        }
    }
    stop.store(true, Ordering::SeqCst);
    let (_server, [cut, halted, killed]) = faults.await.unwrap();
    eprintln!(
        "linearizable: {calls} operations of {CLIENTS} clients on {NODES} nodes, {unknown} of them with an \
         unknown outcome; connections cut {cut} times, database halted {halted} times, killed {killed} times"
    );
    assert!(
        unknown < calls / 2 && calls > 100 && cut + halted + killed > 3,
        "faults happened, and work was done"
    );
}

fn describe(history: &[Call<Rules>]) -> String {
    history.iter().fold(String::new(), |text, call| {
        format!("{text}\n{} {:?} {:?}", call.called, call.op, call.returned)
    })
}
