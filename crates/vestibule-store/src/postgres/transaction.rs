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
    db_clock::{MAX_SKEW, database_clock, monotonic},
    engine_context::EngineContext,
    engine_error::EngineError,
    lock_queue::{LOCK_WAIT, LockPermit, Subject},
    pool::{NOT_ANSWERING, PooledConnection, Purpose, STATEMENT_TIMEOUT},
};

/// The space of our locks within a database: "Vest" in ASCII.
pub(super) const LOCK_SPACE: i32 = 0x5665_7374;

/// Where the numbers of hosts, which begin at 1, leave room for other locks.
pub(super) const LOCK_MIGRATE: i32 = 0;
pub(super) const LOCK_PURGE: i32 = -1;
pub(super) const LOCK_COPY: i32 = -2;

/// Statements that are sent together with the begin of their transaction take nothing without this: where the
/// begin or a lock fails, they would otherwise run on their own, and without it.
macro_rules! locked {
    () => {
        "current_setting('vestibule.locked', true) = 'yes'"
    };
}
pub(super) use locked;

/// A transaction under way.
pub(super) struct Transaction {
    connection: PooledConnection,
    pub(super) engine: Arc<EngineContext>,
    /// The moment at which this transaction happens.
    pub(super) now: Timestamp,
    mode: Mode,
    action_counts: Mutex<Vec<(i64, Action, u64)>>,
    /// Given back after the connection, so that the next of the same host finds one.
    _turn: Option<LockPermit>,
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
pub(super) fn begin(engine: &EngineContext, hosts: &[i64], now: Option<Timestamp>) -> String {
    begin_by(engine, if hosts.is_empty() { "" } else { BATCH_LOCK_TIMEOUT }, hosts, now)
}

fn begin_by(engine: &EngineContext, patience: &str, hosts: &[i64], now: Option<Timestamp>) -> String {
    let mut hosts = hosts.to_vec();
    // In order, so that no two transactions wait for each other.
    hosts.sort_unstable();
    hosts.dedup();
    let mut text = format!(
        "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL synchronous_commit = '{}'; {patience}",
        engine.durability
    );
    for host in hosts {
        // Writing to a String cannot fail.
        let _ = write!(text, "SELECT pg_advisory_xact_lock({LOCK_SPACE}, {host}); ");
    }
    let now = now.filter(|_| engine.clock.is_shared());
    let locked = match now {
        Some(now) => {
            format!("CASE WHEN abs({} - {}) < {MAX_SKEW} THEN 'yes' END", database_clock!(), now.as_millis())
        }
        None => "'yes'".to_owned(),
    };
    let _ = write!(text, "SELECT set_config('vestibule.locked', {locked}, true), {}", database_clock!());
    text
}

/// What the begin of a transaction has answered.
pub(super) struct BeginOutcome {
    /// The database's clock and the moment that was asked for are the same.
    pub(super) in_time: bool,
    /// What the database's clock said.
    pub(super) clock: i64,
}

/// Reads the answer to [`begin`].
pub(super) fn begun(answer: &[SimpleQueryMessage]) -> Result<BeginOutcome, EngineError> {
    let rows = answer.iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) if row.len() == 2 => Some(row),
        _ => None,
    });
    let clock = |row: &SimpleQueryRow| row.get(1).and_then(|text| text.parse().ok());
    let last = rows
        .last()
        .and_then(|row| Some(BeginOutcome { in_time: row.get(0) == Some("yes"), clock: clock(row)? }));
    last.ok_or_else(|| EngineError::Corrupt("the begin of a transaction has no answer".to_owned()))
}

impl Transaction {
    /// Begins to change rows of these hosts, once nobody else does.
    pub(super) async fn write(engine: &Arc<EngineContext>, hosts: &[i64]) -> Result<Self, EngineError> {
        let permit = match hosts {
            [] => None,
            [host, ..] => Some(engine.lock_queue.of(Subject::Host(*host)).await?),
        };
        let opened = Self::locked(engine, hosts).await.inspect_err(|fault| engine.note_failure(fault))?;
        Ok(Self { _turn: permit, ..opened })
    }

    /// One attempt to change rates of keys, which waits for their locks as patiently as for that of a host.
    pub(super) async fn write_rates(engine: &Arc<EngineContext>) -> Result<Self, EngineError> {
        let connection = engine.pool.get(Purpose::Change).await?;
        Self::begin(engine, connection, &begin_by(engine, BATCH_LOCK_TIMEOUT, &[], None)).await
    }

    /// Begins to write something small, whatever else is under way.
    pub(super) async fn probe(engine: &Arc<EngineContext>) -> Result<Self, EngineError> {
        let connection = engine.pool.get(Purpose::Probe).await?;
        Self::begin(engine, connection, &begin(engine, &[], None)).await
    }

    /// Begins to read, all at one moment.
    pub(super) async fn read(engine: &Arc<EngineContext>) -> Result<Self, EngineError> {
        let mut connection = engine.pool.get(Purpose::Read).await?;
        connection.set_idle(false);
        let begin = connection.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        engine.pool.answer(begin).await?;
        Ok(Self::of(engine, connection, engine.now(), Mode::Read))
    }

    /// Begins to read, each statement at a moment of its own. That takes two round trips less.
    pub(super) async fn statements(engine: &Arc<EngineContext>) -> Result<Self, EngineError> {
        let mut connection = engine.pool.get(Purpose::Read).await?;
        connection.set_idle(false);
        Ok(Self::of(engine, connection, engine.now(), Mode::Peek))
    }

    async fn locked(engine: &Arc<EngineContext>, hosts: &[i64]) -> Result<Self, EngineError> {
        let attempts = LockAttempts::new(engine, hosts.iter().copied().map(Subject::Host));
        loop {
            let attempt = attempts.next().await?;
            let outcome = match engine.pool.get(Purpose::Change).await {
                Ok(connection) => Self::begin(engine, connection, &begin(engine, hosts, None)).await,
                Err(fault) => Err(fault),
            };
            drop(attempt);
            if let Some(outcome) = attempts.authorize(outcome).await {
                return outcome;
            }
        }
    }

    async fn begin(
        engine: &Arc<EngineContext>,
        mut connection: PooledConnection,
        begin: &str,
    ) -> Result<Self, EngineError> {
        connection.set_idle(false);
        let before = monotonic();
        let answer = match engine.pool.answer(connection.simple_query(begin)).await {
            Ok(answer) => answer,
            Err(fault) => {
                roll_back(engine, &mut connection).await;
                return Err(fault);
            }
        };
        engine.clock.observe(begun(&answer)?.clock, before, monotonic());
        // After the wait for the locks: what happens now happens after what they waited for.
        Ok(Self::of(engine, connection, engine.now(), Mode::Write))
    }

    fn of(engine: &Arc<EngineContext>, connection: PooledConnection, now: Timestamp, mode: Mode) -> Self {
        Self {
            connection,
            engine: Arc::clone(engine),
            now,
            mode,
            action_counts: Mutex::default(),
            _turn: None,
        }
    }

    /// Runs a statement.
    pub(super) async fn query(
        &self,
        sql: &'static str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, EngineError> {
        let asking = async {
            let statement = self.connection.prepare_cached(sql).await?;
            self.connection.query(&statement, params).await
        };
        self.engine.pool.answer(asking).await
    }

    /// Runs a statement that finds one row at the most.
    pub(super) async fn query_opt(
        &self,
        sql: &'static str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Option<Row>, EngineError> {
        Ok(self.query(sql, params).await?.into_iter().next())
    }

    /// Runs a statement; the answer is how many rows it changed.
    pub(super) async fn execute(
        &self,
        sql: &'static str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<u64, EngineError> {
        let asking = async {
            let statement = self.connection.prepare_cached(sql).await?;
            self.connection.execute(&statement, params).await
        };
        self.engine.pool.answer(asking).await
    }

    /// Counts an action, for the observer.
    pub(super) fn action_counts(&self, host_number: i64, action: Action) {
        self.action_counts.lock().unwrap_or_else(PoisonError::into_inner).push((host_number, action, 1));
    }

    /// Ends the transaction: commits if the outcome is good, takes everything back otherwise.
    pub(super) async fn end<R>(mut self, outcome: Result<R, EngineError>) -> Result<R, EngineError> {
        if self.mode == Mode::Peek {
            // After anything else an answer may still be on its way.
            self.connection
                .set_idle(matches!(outcome, Ok(_) | Err(EngineError::Refused(_) | EngineError::Corrupt(_))));
            return outcome;
        }
        let outcome = match outcome {
            Ok(result) => self.commit().await.map(|()| result),
            Err(fault) => {
                roll_back(&self.engine, &mut self.connection).await;
                Err(fault)
            }
        };
        if self.mode == Mode::Write {
            self.engine.note(&outcome);
        }
        outcome
    }

    async fn commit(&mut self) -> Result<(), EngineError> {
        match timeout(STATEMENT_TIMEOUT, self.connection.batch_execute("COMMIT")).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) if self.mode == Mode::Write => return Err(EngineError::of_commit(error)),
            Ok(Err(error)) => return Err(error.into()),
            Err(_) => {
                self.engine.pool.check_health().await;
                let reason = NOT_ANSWERING.to_owned();
                let lost = self.mode == Mode::Write;
                return Err(if lost {
                    EngineError::Unknown(reason)
                } else {
                    EngineError::Unavailable(reason)
                });
            }
        }
        self.connection.set_idle(true);
        let action_counts =
            std::mem::take(self.action_counts.get_mut().unwrap_or_else(PoisonError::into_inner));
        notify_observer(&self.engine, action_counts);
        Ok(())
    }
}

/// Takes everything back. Where that fails, the connection is closed, which does the same.
async fn roll_back(engine: &EngineContext, connection: &mut PooledConnection) {
    if !connection.is_closed() && engine.pool.answer(connection.batch_execute("ROLLBACK")).await.is_ok() {
        connection.set_idle(true);
    }
}

/// LockAttempts at something that needs the locks of some hosts or rates, until they are free or [`LOCK_WAIT`] is over. Between
/// two attempts no connection is held.
pub(super) struct LockAttempts<'a> {
    engine: &'a EngineContext,
    subjects: Vec<Subject>,
    deadline: Instant,
}

impl<'a> LockAttempts<'a> {
    pub(super) fn new(engine: &'a EngineContext, subjects: impl IntoIterator<Item = Subject>) -> Self {
        Self { engine, subjects: subjects.into_iter().collect(), deadline: Instant::now() + LOCK_WAIT }
    }

    /// Waits for the next attempt; what it answers is held during the attempt.
    pub(super) async fn next(&self) -> Result<Option<SemaphorePermit<'a>>, EngineError> {
        let permit = timeout_at(self.deadline, self.engine.lock_queue.attempt(&self.subjects)).await;
        permit.map_err(|_| EngineError::Busy(LOCK_HELD.to_owned()))
    }

    /// What an attempt has come to: `None` where another one is to follow.
    pub(super) async fn authorize<R>(
        &self,
        outcome: Result<R, EngineError>,
    ) -> Option<Result<R, EngineError>> {
        let Err(EngineError::LockHeld(reason)) = outcome else {
            if outcome.is_ok() {
                self.engine.lock_queue.note(&self.subjects, false);
            }
            return Some(outcome);
        };
        self.engine.lock_queue.note(&self.subjects, true);
        if Instant::now() + AGAIN > self.deadline {
            return Some(Err(EngineError::Busy(format!("{LOCK_HELD}: {reason}"))));
        }
        sleep(AGAIN).await;
        None
    }
}

/// How long one attempt waits for the lock of a host or a rate, and for whatever else is locked.
const BATCH_LOCK_TIMEOUT: &str = "SET LOCAL lock_timeout = '250ms'; ";

/// Between two attempts.
const AGAIN: Duration = Duration::from_millis(100);

const LOCK_HELD: &str = "another change of this host or key takes long";

/// Tells the observer what has happened. To be called once it is on disk.
pub(super) fn notify_observer(engine: &EngineContext, action_counts: Vec<(i64, Action, u64)>) {
    let mut sums: Vec<(i64, Action, u64)> = Vec::new();
    for (host, action, count) in action_counts {
        match sums.iter_mut().find(|(cached, what, _)| (*cached, *what) == (host, action)) {
            Some((_, _, sum)) => *sum += count,
            None => sums.push((host, action, count)),
        }
    }
    for (number, action, count) in sums {
        if let Some(host) = engine.cached.host(number) {
            engine.options.observer.happened(&host, action, count);
        }
    }
}
