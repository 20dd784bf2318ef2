//! What a piece of work sees: the connection inside a transaction, and the present moment.

use std::{
    cell::RefCell,
    collections::HashMap,
    ops::Range,
    rc::Rc,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::{CachedStatement, Connection, OptionalExtension};
use vestibule_core::{Action, Host, KeyId, Timestamp};

use super::{caller::CachedKey, job::EngineError};
use crate::{
    Options, health::Health, key_uses::KeyUses, rate_limiter::RateLimiter, skipped_rows::SkippedRows,
};

/// What all lanes share.
#[derive(Clone)]
pub(super) struct EngineContext {
    pub(super) options: Options,
    pub(super) rate_limiter: Arc<RateLimiter>,
    pub(super) key_uses: Arc<KeyUses>,
    /// Whether changes can be saved.
    pub(super) health: Arc<Health>,
    skipped_rows: Arc<SkippedRows>,
    /// Hosts by number. TableIo of hosts never change or go away, so this is never stale.
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

/// A transaction under way.
pub(super) struct Transaction<'a> {
    connection: &'a Connection,
    /// The moment at which this transaction happens.
    pub(super) now: Timestamp,
    pub(super) engine: &'a EngineContext,
    cache: TransactionCache,
    action_counts: RefCell<ActionCounts>,
}

/// How often what has happened in a transaction, by the number of the host.
pub(super) type ActionCounts = Vec<(i64, Action, u64)>;

/// Tables whose rows have a place.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Table {
    Invites,
    Events,
}

impl Table {
    const fn last_row_key(self) -> &'static str {
        match self {
            Self::Invites => {
                "SELECT place FROM invites WHERE place >= ?1 AND place < ?2 ORDER BY place DESC LIMIT 1"
            }
            Self::Events => {
                "SELECT place FROM events WHERE place >= ?1 AND place < ?2 ORDER BY place DESC LIMIT 1"
            }
        }
    }
}

/// Places of one host, in a table of places.
const PLACES: i64 = 1 << 40;

/// The places of a host.
pub(super) const fn row_keys_of(host_number: i64) -> Range<i64> {
    host_number * PLACES..(host_number + 1) * PLACES
}

/// What was read in this transaction and cannot change in it but by its own work, which says so.
#[derive(Default)]
struct TransactionCache {
    keys: RefCell<HashMap<KeyId, Rc<CachedKey>>>,
    /// The last place that is taken, by table and host.
    last_row_keys: RefCell<HashMap<(Table, i64), i64>>,
}

impl<'a> Transaction<'a> {
    pub(super) fn new(connection: &'a Connection, engine: &'a EngineContext) -> Self {
        Self {
            connection,
            now: engine.options.clock.now(),
            engine,
            cache: TransactionCache::default(),
            action_counts: RefCell::default(),
        }
    }

    /// Counts an action.
    pub(super) fn action_counts(&self, host_number: i64, action: Action) {
        let mut action_counts = self.action_counts.borrow_mut();
        match action_counts.iter_mut().find(|(host, cached, _)| (*host, *cached) == (host_number, action)) {
            Some((_, _, count)) => *count += 1,
            None => action_counts.push((host_number, action, 1)),
        }
    }

    /// Tells the observer what has happened. To be called once it is on disk.
    pub(super) fn notify_observer(&self) {
        for (host_number, action, count) in self.action_counts.take() {
            if let Ok(host) = self.host(host_number) {
                self.engine.options.observer.happened(&host, action, count);
            }
        }
    }

    /// What was read from a row; `None` where this version cannot read it, which is counted and logged.
    pub(super) fn readable<T>(&self, read: Result<T, EngineError>) -> Result<Option<T>, EngineError> {
        match read {
            Err(EngineError::Corrupt(what)) => {
                self.engine.skipped_rows.note(&*self.engine.options.observer, &what);
                Ok(None)
            }
            read => read.map(Some),
        }
    }

    /// A prepared statement, kept for the next time.
    pub(super) fn statement(&self, sql: &str) -> rusqlite::Result<CachedStatement<'a>> {
        self.connection.prepare_cached(sql)
    }

    /// The key with this id, read once in a transaction by `read`.
    pub(super) fn key(
        &self,
        id: &KeyId,
        read: impl FnOnce() -> Result<Option<CachedKey>, EngineError>,
    ) -> Result<Option<Rc<CachedKey>>, EngineError> {
        if let Some(cached) = self.cache.keys.borrow().get(id) {
            return Ok(Some(Rc::clone(cached)));
        }
        let Some(cached) = read()?.map(Rc::new) else { return Ok(None) };
        self.cache.keys.borrow_mut().insert(id.clone(), Rc::clone(&cached));
        Ok(Some(cached))
    }

    /// Forgets what was read of a key, because this transaction changes it.
    pub(super) fn forget_key(&self, id: &KeyId) {
        self.cache.keys.borrow_mut().remove(id);
    }

    /// The next free place of a host. The transaction holds the write lock, so nobody else takes places
    /// meanwhile.
    pub(super) fn next_row_key(&self, table: Table, host_number: i64) -> rusqlite::Result<i64> {
        self.next_row_keys(table, host_number, 1)
    }

    /// The first of so many free places that follow each other.
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
        let name: Option<String> = self
            .statement("SELECT name FROM hosts WHERE id = ?1")?
            .query_row([number], |row| row.get(0))
            .optional()?;
        let name = name.ok_or_else(|| EngineError::Corrupt(format!("host number {number}")))?;
        let host =
            Host::parse(&name).map_err(|error| EngineError::Corrupt(format!("host {name}: {error}")))?;
        hosts.insert(number, host.clone());
        Ok(host)
    }

    /// The number of a host, if it is known.
    pub(super) fn host_number(&self, host: &Host) -> rusqlite::Result<Option<i64>> {
        self.statement("SELECT id FROM hosts WHERE name = ?1")?
            .query_row([host.as_str()], |row| row.get(0))
            .optional()
    }
}
