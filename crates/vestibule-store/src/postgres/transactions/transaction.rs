//! Transactions.
//!
//! # One writer for each host
//!
//! A transaction that changes rows of a host (its keys, invites, claims, events) first takes the lock of that host and
//! holds it until the commit. It is an advisory lock of PostgreSQL, so it holds over all nodes and ends with its
//! connection. Later statements see all that was committed before. So changes of a host never race, row keys are in
//! commit order, and a reader of the audit log that continues from the last row key misses no event. The price is one
//! commit at a time per host, for which the batcher compensates.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::SemaphorePermit,
    time::{Instant, sleep, timeout, timeout_at},
};
use tokio_postgres::{Row, types::ToSql};
use vestibule_core::{Action, Timestamp};

use super::{
    begin::{begin_rates, begin_statement, read_begin},
    engine::EngineContext,
    lock_queue::{LOCK_WAIT, LockPermit, LockTarget},
};
use crate::{
    postgres::{
        connections::{
            db_clock::monotonic,
            pool::{NOT_ANSWERING, PooledConnection, Purpose, STATEMENT_TIMEOUT},
        },
        error::EngineError,
    },
    sql::{Sql, statements},
};

statements! {
    const BEGIN_READ: Sql = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

    pub(in crate::postgres) const COMMIT: Sql = "COMMIT";

    const ROLLBACK: Sql = "ROLLBACK";
}

/// A transaction in progress.
pub(in crate::postgres) struct Transaction {
    connection: PooledConnection,
    pub(in crate::postgres) engine: Arc<EngineContext>,
    /// The time at which the transaction happens.
    pub(in crate::postgres) now: Timestamp,
    mode: Mode,
    action_counts: Mutex<Vec<(i64, Action, u64)>>,
    /// Released after the connection, so that the next transaction of the host finds one.
    _permit: Option<LockPermit>,
}

/// How a transaction began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Write,
    /// All statements see one snapshot.
    Read,
    /// No transaction: each statement sees its own snapshot.
    Statements,
}

impl Transaction {
    /// Begins to write rows of these hosts, once their locks are free.
    pub(in crate::postgres) async fn write(
        engine: &Arc<EngineContext>,
        hosts: &[i64],
    ) -> Result<Self, EngineError> {
        let permit = match hosts {
            [] => None,
            [host, ..] => Some(engine.lock_queue.of(LockTarget::Host(*host)).await?),
        };
        let opened = Self::locked(engine, hosts).await.inspect_err(|fault| engine.note_failure(fault))?;
        Ok(Self { _permit: permit, ..opened })
    }

    /// Begins to write rates of keys, with a short lock timeout.
    pub(in crate::postgres) async fn write_rates(engine: &Arc<EngineContext>) -> Result<Self, EngineError> {
        let connection = engine.pool.get(Purpose::Change).await?;
        Self::begin(engine, connection, &begin_rates(engine)).await
    }

    /// Begins to write a small row, on the connection that is reserved for it.
    pub(in crate::postgres) async fn probe(engine: &Arc<EngineContext>) -> Result<Self, EngineError> {
        let connection = engine.pool.get(Purpose::Probe).await?;
        Self::begin(engine, connection, &begin_statement(engine, &[], None)).await
    }

    /// Begins to read one snapshot.
    pub(in crate::postgres) async fn read(engine: &Arc<EngineContext>) -> Result<Self, EngineError> {
        let mut connection = engine.pool.get(Purpose::Read).await?;
        connection.set_idle(false);
        let begin = connection.batch_execute(BEGIN_READ.text());
        engine.pool.answer(begin).await?;
        Ok(Self::of(engine, connection, engine.now(), Mode::Read))
    }

    /// Begins to read without a transaction, which saves two round trips.
    pub(in crate::postgres) async fn statements(engine: &Arc<EngineContext>) -> Result<Self, EngineError> {
        let mut connection = engine.pool.get(Purpose::Read).await?;
        connection.set_idle(false);
        Ok(Self::of(engine, connection, engine.now(), Mode::Statements))
    }

    async fn locked(engine: &Arc<EngineContext>, hosts: &[i64]) -> Result<Self, EngineError> {
        let attempts = LockAttempts::new(engine, hosts.iter().copied().map(LockTarget::Host));
        loop {
            let attempt = attempts.next().await?;
            let outcome = match engine.pool.get(Purpose::Change).await {
                Ok(connection) => {
                    Self::begin(engine, connection, &begin_statement(engine, hosts, None)).await
                }
                Err(fault) => Err(fault),
            };
            drop(attempt);
            if let Some(outcome) = attempts.finish(outcome).await {
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
        engine.clock.observe(read_begin(&answer)?.clock, before, monotonic());
        // Read after the wait for the locks, so that times are in commit order.
        Ok(Self::of(engine, connection, engine.now(), Mode::Write))
    }

    fn of(engine: &Arc<EngineContext>, connection: PooledConnection, now: Timestamp, mode: Mode) -> Self {
        Self {
            connection,
            engine: Arc::clone(engine),
            now,
            mode,
            action_counts: Mutex::default(),
            _permit: None,
        }
    }

    /// Runs a statement.
    pub(in crate::postgres) async fn query(
        &self,
        sql: Sql,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, EngineError> {
        let asking = async {
            let statement = self.connection.prepare_cached(sql.text()).await?;
            self.connection.query(&statement, params).await
        };
        self.engine.pool.answer(asking).await
    }

    /// Runs a statement that returns at most one row.
    pub(in crate::postgres) async fn query_opt(
        &self,
        sql: Sql,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Option<Row>, EngineError> {
        Ok(self.query(sql, params).await?.into_iter().next())
    }

    /// Runs a statement; returns the number of changed rows.
    pub(in crate::postgres) async fn execute(
        &self,
        sql: Sql,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<u64, EngineError> {
        let asking = async {
            let statement = self.connection.prepare_cached(sql.text()).await?;
            self.connection.execute(&statement, params).await
        };
        self.engine.pool.answer(asking).await
    }

    /// Counts an action for the observer.
    pub(in crate::postgres) fn count_action(&self, host_number: i64, action: Action) {
        self.action_counts.lock().unwrap_or_else(PoisonError::into_inner).push((host_number, action, 1));
    }

    /// Commits if the outcome is a success, rolls back otherwise.
    pub(in crate::postgres) async fn end<R>(
        mut self,
        outcome: Result<R, EngineError>,
    ) -> Result<R, EngineError> {
        if self.mode == Mode::Statements {
            // After any other error an answer may still arrive.
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
        match timeout(STATEMENT_TIMEOUT, self.connection.batch_execute(COMMIT.text())).await {
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

/// Rolls back. If this fails, the connection is closed, which has the same effect.
async fn roll_back(engine: &EngineContext, connection: &mut PooledConnection) {
    if !connection.is_closed() && engine.pool.answer(connection.batch_execute(ROLLBACK.text())).await.is_ok()
    {
        connection.set_idle(true);
    }
}

/// Attempts to take the locks of hosts or rates, until they are free or [`LOCK_WAIT`] is over. No connection is held
/// between two attempts.
pub(in crate::postgres) struct LockAttempts<'a> {
    engine: &'a EngineContext,
    targets: Vec<LockTarget>,
    deadline: Instant,
}

impl<'a> LockAttempts<'a> {
    pub(in crate::postgres) fn new(
        engine: &'a EngineContext,
        targets: impl IntoIterator<Item = LockTarget>,
    ) -> Self {
        Self { engine, targets: targets.into_iter().collect(), deadline: Instant::now() + LOCK_WAIT }
    }

    /// Waits for the next attempt. The permit is held during the attempt.
    pub(in crate::postgres) async fn next(&self) -> Result<Option<SemaphorePermit<'a>>, EngineError> {
        let permit = timeout_at(self.deadline, self.engine.lock_queue.attempt(&self.targets)).await;
        permit.map_err(|_| EngineError::Busy(LOCK_HELD.to_owned()))
    }

    /// The outcome of an attempt; `None` if another one follows.
    pub(in crate::postgres) async fn finish<R>(
        &self,
        outcome: Result<R, EngineError>,
    ) -> Option<Result<R, EngineError>> {
        let Err(EngineError::LockHeld(reason)) = outcome else {
            if outcome.is_ok() {
                self.engine.lock_queue.note(&self.targets, false);
            }
            return Some(outcome);
        };
        self.engine.lock_queue.note(&self.targets, true);
        if Instant::now() + RETRY_INTERVAL > self.deadline {
            return Some(Err(EngineError::Busy(format!("{LOCK_HELD}: {reason}"))));
        }
        sleep(RETRY_INTERVAL).await;
        None
    }
}

/// Pause between two attempts.
const RETRY_INTERVAL: Duration = Duration::from_millis(100);

const LOCK_HELD: &str = "another change holds the lock of this host or key";

/// Reports actions to the observer, after the commit.
pub(in crate::postgres) fn notify_observer(engine: &EngineContext, action_counts: Vec<(i64, Action, u64)>) {
    let mut sums: Vec<(i64, Action, u64)> = Vec::new();
    for (host, action, count) in action_counts {
        match sums.iter_mut().find(|(counted, what, _)| (*counted, *what) == (host, action)) {
            Some((_, _, sum)) => *sum += count,
            None => sums.push((host, action, count)),
        }
    }
    for (number, action, count) in sums {
        if let Some(host) = engine.key_cache.host(number) {
            engine.options.observer.happened(&host, action, count);
        }
    }
}
