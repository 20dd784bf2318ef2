//! A transaction under way.
//!
//! # One writer for each host
//!
//! Whatever changes the rows of a host (its keys, invites, claims, events) first takes the lock of that host
//! and holds it until the change is on disk. It is an advisory lock of PostgreSQL, so it holds over all nodes
//! and goes away with its connection. The statements after it see all that was committed before. So no two
//! changes of a host race, places are given in the order of commits, and a reader of the audit log who goes
//! on from the last place never misses an event that came late. The price, one commit at a time for each
//! host, is paid by putting much work into one commit (see `lane.rs`).

use std::{
    fmt::Write,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::SemaphorePermit,
    time::{Instant, sleep, timeout, timeout_at},
};
use tokio_postgres::{Row, SimpleQueryMessage, SimpleQueryRow, types::ToSql};
use vestibule_core::{Action, Timestamp};

use super::{
    fault::Fault,
    moment::{NEAR, database_clock, steady},
    pool::{LIMIT, Link, Purpose, SILENT},
    shared::Shared,
    turns::{Subject, TURN, Turn},
};

/// The space of our locks within a database: "Vest" in ASCII.
pub(super) const LOCKS: i32 = 0x5665_7374;

/// Where the numbers of hosts, which begin at 1, leave room for other locks.
pub(super) const LOCK_MIGRATE: i32 = 0;
pub(super) const LOCK_SWEEP: i32 = -1;
pub(super) const LOCK_MOVE: i32 = -2;

/// Statements that are sent together with the begin of their transaction take nothing without this: where the
/// begin or a lock fails, they would otherwise run on their own, and without it.
macro_rules! locked {
    () => {
        "current_setting('vestibule.locked', true) = 'yes'"
    };
}
pub(super) use locked;

/// A transaction under way.
pub(super) struct Session {
    link: Link,
    pub(super) shared: Arc<Shared>,
    /// The moment at which this transaction happens.
    pub(super) now: Timestamp,
    mode: Mode,
    tally: Mutex<Vec<(i64, Action, u64)>>,
    /// Given back after the connection, so that the next of the same host finds one.
    _turn: Option<Turn>,
}

/// What a session is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Write,
    /// All at one moment.
    Read,
    /// Each statement at a moment of its own.
    Peek,
}

/// The begin of a transaction that writes, with the locks of these hosts. `now`: the moment at which it is to
/// happen, where the database's clock must agree; else nothing is changed.
pub(super) fn begin(shared: &Shared, hosts: &[i64], now: Option<Timestamp>) -> String {
    begin_by(shared, if hosts.is_empty() { "" } else { PATIENTLY }, hosts, now)
}

fn begin_by(shared: &Shared, patience: &str, hosts: &[i64], now: Option<Timestamp>) -> String {
    let mut hosts = hosts.to_vec();
    // In order, so that no two transactions wait for each other.
    hosts.sort_unstable();
    hosts.dedup();
    let mut text = format!(
        "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL synchronous_commit = '{}'; {patience}",
        shared.durability
    );
    for host in hosts {
        // Writing to a String cannot fail.
        let _ = write!(text, "SELECT pg_advisory_xact_lock({LOCKS}, {host}); ");
    }
    let now = now.filter(|_| shared.moment.is_shared());
    let locked = match now {
        Some(now) => {
            format!("CASE WHEN abs({} - {}) < {NEAR} THEN 'yes' END", database_clock!(), now.as_millis())
        }
        None => "'yes'".to_owned(),
    };
    let _ = write!(text, "SELECT set_config('vestibule.locked', {locked}, true), {}", database_clock!());
    text
}

/// What the begin of a transaction has answered.
pub(super) struct Begun {
    /// The database's clock and the moment that was asked for are the same.
    pub(super) in_time: bool,
    /// What the database's clock said.
    pub(super) clock: i64,
}

/// Reads the answer to [`begin`].
pub(super) fn begun(answer: &[SimpleQueryMessage]) -> Result<Begun, Fault> {
    let rows = answer.iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) if row.len() == 2 => Some(row),
        _ => None,
    });
    let clock = |row: &SimpleQueryRow| row.get(1).and_then(|text| text.parse().ok());
    let last =
        rows.last().and_then(|row| Some(Begun { in_time: row.get(0) == Some("yes"), clock: clock(row)? }));
    last.ok_or_else(|| Fault::Corrupt("the begin of a transaction has no answer".to_owned()))
}

impl Session {
    /// Begins to change rows of these hosts, once nobody else does.
    pub(super) async fn write(shared: &Arc<Shared>, hosts: &[i64]) -> Result<Self, Fault> {
        let turn = match hosts {
            [] => None,
            [host, ..] => Some(shared.turns.of(Subject::Host(*host)).await?),
        };
        let opened = Self::locked(shared, hosts).await.inspect_err(|fault| shared.note_failure(fault))?;
        Ok(Self { _turn: turn, ..opened })
    }

    /// One attempt to change rates of keys, which waits for their locks as patiently as for that of a host.
    pub(super) async fn write_rates(shared: &Arc<Shared>) -> Result<Self, Fault> {
        let link = shared.pool.get(Purpose::Change).await?;
        Self::begin(shared, link, &begin_by(shared, PATIENTLY, &[], None)).await
    }

    /// Begins to write something small, whatever else is under way.
    pub(super) async fn probe(shared: &Arc<Shared>) -> Result<Self, Fault> {
        let link = shared.pool.get(Purpose::Probe).await?;
        Self::begin(shared, link, &begin(shared, &[], None)).await
    }

    /// Begins to read, all at one moment.
    pub(super) async fn read(shared: &Arc<Shared>) -> Result<Self, Fault> {
        let mut link = shared.pool.get(Purpose::Read).await?;
        link.set_resting(false);
        let begin = link.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        shared.pool.answer(begin).await?;
        Ok(Self::of(shared, link, shared.now(), Mode::Read))
    }

    /// Begins to read, each statement at a moment of its own. That takes two round trips less.
    pub(super) async fn peek(shared: &Arc<Shared>) -> Result<Self, Fault> {
        let mut link = shared.pool.get(Purpose::Read).await?;
        link.set_resting(false);
        Ok(Self::of(shared, link, shared.now(), Mode::Peek))
    }

    async fn locked(shared: &Arc<Shared>, hosts: &[i64]) -> Result<Self, Fault> {
        let attempts = Attempts::new(shared, hosts.iter().copied().map(Subject::Host));
        loop {
            let attempt = attempts.next().await?;
            let outcome = match shared.pool.get(Purpose::Change).await {
                Ok(link) => Self::begin(shared, link, &begin(shared, hosts, None)).await,
                Err(fault) => Err(fault),
            };
            drop(attempt);
            if let Some(outcome) = attempts.judge(outcome).await {
                return outcome;
            }
        }
    }

    async fn begin(shared: &Arc<Shared>, mut link: Link, begin: &str) -> Result<Self, Fault> {
        link.set_resting(false);
        let before = steady();
        let answer = match shared.pool.answer(link.simple_query(begin)).await {
            Ok(answer) => answer,
            Err(fault) => {
                roll_back(shared, &mut link).await;
                return Err(fault);
            }
        };
        shared.moment.observe(begun(&answer)?.clock, before, steady());
        // After the wait for the locks: what happens now happens after what they waited for.
        Ok(Self::of(shared, link, shared.now(), Mode::Write))
    }

    fn of(shared: &Arc<Shared>, link: Link, now: Timestamp, mode: Mode) -> Self {
        Self { link, shared: Arc::clone(shared), now, mode, tally: Mutex::default(), _turn: None }
    }

    /// Runs a statement.
    pub(super) async fn query(
        &self,
        sql: &'static str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Fault> {
        let asking = async {
            let statement = self.link.prepare_cached(sql).await?;
            self.link.query(&statement, params).await
        };
        self.shared.pool.answer(asking).await
    }

    /// Runs a statement that finds one row at the most.
    pub(super) async fn query_opt(
        &self,
        sql: &'static str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Option<Row>, Fault> {
        Ok(self.query(sql, params).await?.into_iter().next())
    }

    /// Runs a statement; the answer is how many rows it changed.
    pub(super) async fn execute(
        &self,
        sql: &'static str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<u64, Fault> {
        let asking = async {
            let statement = self.link.prepare_cached(sql).await?;
            self.link.execute(&statement, params).await
        };
        self.shared.pool.answer(asking).await
    }

    /// Counts an action, for the observer.
    pub(super) fn tally(&self, host_number: i64, action: Action) {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).push((host_number, action, 1));
    }

    /// Ends the transaction: commits if the outcome is good, takes everything back otherwise.
    pub(super) async fn end<R>(mut self, outcome: Result<R, Fault>) -> Result<R, Fault> {
        if self.mode == Mode::Peek {
            // After anything else an answer may still be on its way.
            self.link.set_resting(matches!(outcome, Ok(_) | Err(Fault::Refused(_) | Fault::Corrupt(_))));
            return outcome;
        }
        let outcome = match outcome {
            Ok(result) => self.commit().await.map(|()| result),
            Err(fault) => {
                roll_back(&self.shared, &mut self.link).await;
                Err(fault)
            }
        };
        if self.mode == Mode::Write {
            self.shared.note(&outcome);
        }
        outcome
    }

    async fn commit(&mut self) -> Result<(), Fault> {
        match timeout(LIMIT, self.link.batch_execute("COMMIT")).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) if self.mode == Mode::Write => return Err(Fault::of_commit(error)),
            Ok(Err(error)) => return Err(error.into()),
            Err(_) => {
                self.shared.pool.examine().await;
                let reason = SILENT.to_owned();
                let lost = self.mode == Mode::Write;
                return Err(if lost { Fault::Unknown(reason) } else { Fault::Outage(reason) });
            }
        }
        self.link.set_resting(true);
        let tally = std::mem::take(self.tally.get_mut().unwrap_or_else(PoisonError::into_inner));
        publish(&self.shared, tally);
        Ok(())
    }
}

/// Takes everything back. Where that fails, the connection is closed, which does the same.
async fn roll_back(shared: &Shared, link: &mut Link) {
    if !link.is_closed() && shared.pool.answer(link.batch_execute("ROLLBACK")).await.is_ok() {
        link.set_resting(true);
    }
}

/// Attempts at something that needs the locks of some hosts or rates, until they are free or [`TURN`] is over. Between
/// two attempts no connection is held.
pub(super) struct Attempts<'a> {
    shared: &'a Shared,
    subjects: Vec<Subject>,
    deadline: Instant,
}

impl<'a> Attempts<'a> {
    pub(super) fn new(shared: &'a Shared, subjects: impl IntoIterator<Item = Subject>) -> Self {
        Self { shared, subjects: subjects.into_iter().collect(), deadline: Instant::now() + TURN }
    }

    /// Waits for the next attempt; what it answers is held during the attempt.
    pub(super) async fn next(&self) -> Result<Option<SemaphorePermit<'a>>, Fault> {
        let turn = timeout_at(self.deadline, self.shared.turns.attempt(&self.subjects)).await;
        turn.map_err(|_| Fault::Busy(HELD.to_owned()))
    }

    /// What an attempt has come to: `None` where another one is to follow.
    pub(super) async fn judge<R>(&self, outcome: Result<R, Fault>) -> Option<Result<R, Fault>> {
        let Err(Fault::Held(reason)) = outcome else {
            if outcome.is_ok() {
                self.shared.turns.note(&self.subjects, false);
            }
            return Some(outcome);
        };
        self.shared.turns.note(&self.subjects, true);
        if Instant::now() + AGAIN > self.deadline {
            return Some(Err(Fault::Busy(format!("{HELD}: {reason}"))));
        }
        sleep(AGAIN).await;
        None
    }
}

/// How long one attempt waits for the lock of a host or a rate, and for whatever else is locked.
const PATIENTLY: &str = "SET LOCAL lock_timeout = '250ms'; ";

/// Between two attempts.
const AGAIN: Duration = Duration::from_millis(100);

const HELD: &str = "another change of this host or key takes long";

/// Tells the observer what has happened. To be called once it is on disk.
pub(super) fn publish(shared: &Shared, tally: Vec<(i64, Action, u64)>) {
    let mut sums: Vec<(i64, Action, u64)> = Vec::new();
    for (host, action, count) in tally {
        match sums.iter_mut().find(|(known, what, _)| (*known, *what) == (host, action)) {
            Some((_, _, sum)) => *sum += count,
            None => sums.push((host, action, count)),
        }
    }
    for (number, action, count) in sums {
        if let Some(host) = shared.known.host(number) {
            shared.options.observer.happened(&host, action, count);
        }
    }
}
