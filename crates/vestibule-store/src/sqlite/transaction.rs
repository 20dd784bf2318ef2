//! A transaction: the connection, the time, and a cache.

use std::{
    cell::RefCell,
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::{Connection, OptionalExtension};
use vestibule_core::{Action, Host, KeyId, Timestamp};

use super::{
    error::EngineError,
    used_statements::{UsedStatement, UsedStatements},
};
use crate::{
    caller::CachedKey,
    health::Health,
    key_uses::KeyUses,
    options::Options,
    rate_limiter::RateLimiter,
    row_key::row_keys_of,
    skipped_rows::SkippedRows,
    sql::{Sql, statements},
};

statements! {
    const LAST_INVITE: Sql = "SELECT place FROM invites WHERE place >= ?1 AND place < ?2 ORDER BY place DESC LIMIT 1";

    const LAST_EVENT: Sql = "SELECT place FROM events WHERE place >= ?1 AND place < ?2 ORDER BY place DESC LIMIT 1";

    const HOST: Sql = "SELECT name FROM hosts WHERE id = ?1";

    const HOST_NUMBER: Sql = "SELECT id FROM hosts WHERE name = ?1 AND removed_at IS NULL";
}

/// The state that all threads of the engine share.
#[derive(Clone)]
pub(super) struct EngineContext {
    pub(super) options: Options,
    pub(super) rate_limiter: Arc<RateLimiter>,
    pub(super) key_uses: Arc<KeyUses>,
    /// Whether changes can be saved.
    pub(super) health: Arc<Health>,
    skipped_rows: Arc<SkippedRows>,
    /// Hosts by number. Names of hosts never change, so this is never stale.
    hosts: Arc<Mutex<HashMap<i64, Host>>>,
}

impl EngineContext {
    pub(super) fn new(options: Options) -> Self {
        Self {
            options,
            rate_limiter: Arc::default(),
            key_uses: Arc::default(),
            health: Arc::default(),
            skipped_rows: Arc::default(),
            hosts: Arc::default(),
        }
    }
}

/// A transaction in progress.
pub(super) struct Transaction<'a> {
    connection: &'a Connection,
    /// The time at which the transaction happens.
    pub(super) now: Timestamp,
    pub(super) engine: &'a EngineContext,
    statements: UsedStatements<'a>,
    cache: TransactionCache,
    action_counts: RefCell<ActionCounts>,
}

/// Numbers of actions in a transaction, by host number.
type ActionCounts = Vec<(i64, Action, u64)>;

/// Tables with row keys.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Table {
    Invites,
    Events,
}

impl Table {
    const fn last_row_key(self) -> Sql {
        match self {
            Self::Invites => LAST_INVITE,
            Self::Events => LAST_EVENT,
        }
    }
}

/// Values read in the transaction. Only its own writes invalidate them.
#[derive(Default)]
struct TransactionCache {
    keys: RefCell<HashMap<KeyId, Arc<CachedKey>>>,
    /// The highest row key, by table and host.
    last_row_keys: RefCell<HashMap<(Table, i64), i64>>,
}

impl<'a> Transaction<'a> {
    pub(super) fn new(connection: &'a Connection, engine: &'a EngineContext) -> Self {
        Self {
            connection,
            now: engine.options.clock.now(),
            engine,
            statements: UsedStatements::default(),
            cache: TransactionCache::default(),
            action_counts: RefCell::default(),
        }
    }

    /// Counts an action.
    pub(super) fn count_action(&self, host_number: i64, action: Action) {
        let mut action_counts = self.action_counts.borrow_mut();
        match action_counts.iter_mut().find(|(host, counted, _)| (*host, *counted) == (host_number, action)) {
            Some((_, _, count)) => *count += 1,
            None => action_counts.push((host_number, action, 1)),
        }
    }

    /// Reports the actions to the observer, after the commit.
    pub(super) fn notify_observer(&self) {
        for (host_number, action, count) in self.action_counts.take() {
            if let Ok(host) = self.host(host_number) {
                self.engine.options.observer.happened(&host, action, count);
            }
        }
    }

    /// Returns `None` for a row that this version cannot read, which is counted and logged.
    pub(super) fn readable<T>(&self, read: Result<T, EngineError>) -> Result<Option<T>, EngineError> {
        match read {
            Err(EngineError::Corrupt(what)) => {
                self.engine.skipped_rows.note(&*self.engine.options.observer, &what);
                Ok(None)
            }
            read => read.map(Some),
        }
    }

    /// A prepared statement.
    pub(super) fn statement(&self, sql: Sql) -> rusqlite::Result<UsedStatement<'_, 'a>> {
        self.statements.take(sql, self.connection)
    }

    /// The key with this id, read once per transaction by `read`.
    pub(super) fn key(
        &self,
        id: &KeyId,
        read: impl FnOnce() -> Result<Option<CachedKey>, EngineError>,
    ) -> Result<Option<Arc<CachedKey>>, EngineError> {
        if let Some(cached) = self.cache.keys.borrow().get(id) {
            return Ok(Some(Arc::clone(cached)));
        }
        let Some(cached) = read()?.map(Arc::new) else { return Ok(None) };
        self.cache.keys.borrow_mut().insert(id.clone(), Arc::clone(&cached));
        Ok(Some(cached))
    }

    /// Invalidates a key that this transaction changes.
    pub(super) fn forget_key(&self, id: &KeyId) {
        self.cache.keys.borrow_mut().remove(id);
    }

    /// The next free row key of a host. The transaction has the write lock, so it stays free.
    pub(super) fn next_row_key(&self, table: Table, host_number: i64) -> rusqlite::Result<i64> {
        self.next_row_keys(table, host_number, 1)
    }

    /// The first of `count` consecutive free row keys.
    pub(super) fn next_row_keys(
        &self,
        table: Table,
        host_number: i64,
        count: usize,
    ) -> rusqlite::Result<i64> {
        let mut last = self.cache.last_row_keys.borrow_mut();
        let next = if let Some(row_key) = last.get(&(table, host_number)) {
            row_key + 1
        } else {
            let row_keys = row_keys_of(host_number);
            let found: Option<i64> = self
                .statement(table.last_row_key())?
                .query_row((row_keys.start, row_keys.end), |row| row.get(0))
                .optional()?;
            found.unwrap_or(row_keys.start) + 1
        };
        let more = i64::try_from(count).unwrap_or(i64::MAX).saturating_sub(1);
        last.insert((table, host_number), next.saturating_add(more));
        Ok(next)
    }

    /// The host with this number.
    pub(super) fn host(&self, number: i64) -> Result<Host, EngineError> {
        let mut hosts = self.engine.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(host) = hosts.get(&number) {
            return Ok(host.clone());
        }
        let name: Option<String> = self.statement(HOST)?.query_row([number], |row| row.get(0)).optional()?;
        let name = name.ok_or_else(|| EngineError::Corrupt(format!("host number {number}")))?;
        let host =
            Host::parse(&name).map_err(|error| EngineError::Corrupt(format!("host {name}: {error}")))?;
        hosts.insert(number, host.clone());
        Ok(host)
    }

    /// The number of a host, if it is known.
    pub(super) fn host_number(&self, host: &Host) -> rusqlite::Result<Option<i64>> {
        self.statement(HOST_NUMBER)?.query_row([host.as_str()], |row| row.get(0)).optional()
    }
}
