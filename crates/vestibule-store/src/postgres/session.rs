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
};

use tokio_postgres::{Row, types::ToSql};
use vestibule_core::{Action, Timestamp};

use super::{fault::Fault, pool::Link, shared::Shared};

/// The space of our locks within a database: "Vest" in ASCII.
pub(super) const LOCKS: i32 = 0x5665_7374;

/// Where the numbers of hosts, which begin at 1, leave room for other locks.
pub(super) const LOCK_MIGRATE: i32 = 0;
pub(super) const LOCK_SWEEP: i32 = -1;

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
    tally: Mutex<Vec<(i64, Action, u64)>>,
}

/// The begin of a transaction that writes, with the locks of these hosts.
pub(super) fn begin(shared: &Shared, hosts: &[i64]) -> String {
    let mut hosts = hosts.to_vec();
    // In order, so that no two transactions wait for each other.
    hosts.sort_unstable();
    hosts.dedup();
    let mut text = format!(
        "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL synchronous_commit = '{}'; ",
        shared.durability
    );
    for host in hosts {
        // Writing to a String cannot fail.
        let _ = write!(text, "SELECT pg_advisory_xact_lock({LOCKS}, {host}); ");
    }
    text.push_str("SET LOCAL vestibule.locked = 'yes'");
    text
}

impl Session {
    /// Begins to change rows of these hosts, once nobody else does.
    pub(super) async fn write(shared: &Arc<Shared>, hosts: &[i64]) -> Result<Self, Fault> {
        Self::open(shared, &begin(shared, hosts)).await
    }

    /// Begins to read, all at one moment.
    pub(super) async fn read(shared: &Arc<Shared>) -> Result<Self, Fault> {
        Self::open(shared, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await
    }

    async fn open(shared: &Arc<Shared>, begin: &str) -> Result<Self, Fault> {
        let mut link = shared.pool.get().await?;
        link.set_resting(false);
        link.batch_execute(begin).await?;
        // After the wait for the locks: what happens now happens after what they waited for.
        let now = shared.now();
        Ok(Self { link, shared: Arc::clone(shared), now, tally: Mutex::default() })
    }

    /// Runs a statement.
    pub(super) async fn query(
        &self,
        sql: &'static str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Fault> {
        let statement = self.link.prepare_cached(sql).await?;
        Ok(self.link.query(&statement, params).await?)
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
        let statement = self.link.prepare_cached(sql).await?;
        Ok(self.link.execute(&statement, params).await?)
    }

    /// Counts an action, for the observer.
    pub(super) fn tally(&self, host_number: i64, action: Action) {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).push((host_number, action, 1));
    }

    /// Ends the transaction: commits if the outcome is good, takes everything back otherwise.
    pub(super) async fn end<R>(mut self, outcome: Result<R, Fault>) -> Result<R, Fault> {
        match outcome {
            Ok(result) => {
                self.link.batch_execute("COMMIT").await?;
                self.link.set_resting(true);
                let tally = std::mem::take(self.tally.get_mut().unwrap_or_else(PoisonError::into_inner));
                publish(&self.shared, tally);
                Ok(result)
            }
            Err(fault) => {
                // Where that fails, the connection is closed, which takes everything back as well.
                if self.link.batch_execute("ROLLBACK").await.is_ok() {
                    self.link.set_resting(true);
                }
                Err(fault)
            }
        }
    }
}

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
