//! What a piece of work sees: the connection inside a transaction, and the present moment.

use std::{
    cell::RefCell,
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::{CachedStatement, Connection, OptionalExtension};
use vestibule_core::{Host, KeyId, KeyRecord, Timestamp};

use super::lane::Fault;
use crate::{Options, limiter::Limiter};

/// What all lanes share.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) options: Options,
    pub(super) limiter: Arc<Limiter>,
    /// Hosts by number. Rows of hosts never change or go away, so this is never stale.
    hosts: Arc<Mutex<HashMap<i64, Host>>>,
}

impl Shared {
    pub(super) fn new(options: Options) -> Self {
        Self { options, limiter: Arc::default(), hosts: Arc::default() }
    }
}

/// A transaction under way.
pub(super) struct Session<'a> {
    connection: &'a Connection,
    /// The moment at which this transaction happens.
    pub(super) now: Timestamp,
    pub(super) shared: &'a Shared,
    memo: Memo,
}

/// What was read in this transaction and cannot change in it but by its own work, which says so.
#[derive(Default)]
struct Memo {
    keys: RefCell<HashMap<KeyId, (i64, KeyRecord)>>,
    /// The last number in the audit log, by host.
    last_events: RefCell<HashMap<i64, i64>>,
}

impl<'a> Session<'a> {
    pub(super) fn new(connection: &'a Connection, shared: &'a Shared) -> Self {
        Self { connection, now: shared.options.clock.now(), shared, memo: Memo::default() }
    }

    /// A prepared statement, kept for the next time.
    pub(super) fn statement(&self, sql: &str) -> rusqlite::Result<CachedStatement<'a>> {
        self.connection.prepare_cached(sql)
    }

    /// The key with this id, read once in a transaction by `read`.
    pub(super) fn key(
        &self,
        id: &KeyId,
        read: impl FnOnce() -> Result<Option<(i64, KeyRecord)>, Fault>,
    ) -> Result<Option<(i64, KeyRecord)>, Fault> {
        if let Some(known) = self.memo.keys.borrow().get(id) {
            return Ok(Some(known.clone()));
        }
        let found = read()?;
        if let Some(known) = &found {
            self.memo.keys.borrow_mut().insert(id.clone(), known.clone());
        }
        Ok(found)
    }

    /// Forgets what was read of a key, because this transaction changes it.
    pub(super) fn forget_key(&self, id: &KeyId) {
        self.memo.keys.borrow_mut().remove(id);
    }

    /// The next number in the audit log of a host. The transaction holds the write lock, so nobody else
    /// gives numbers meanwhile.
    pub(super) fn next_event(&self, host_number: i64) -> rusqlite::Result<i64> {
        let mut last = self.memo.last_events.borrow_mut();
        let next = match last.get(&host_number) {
            Some(seq) => seq + 1,
            None => self
                .statement("SELECT coalesce(max(seq), 0) + 1 FROM events WHERE host = ?1")?
                .query_row([host_number], |row| row.get(0))?,
        };
        last.insert(host_number, next);
        Ok(next)
    }

    /// The host with this number.
    pub(super) fn host(&self, number: i64) -> Result<Host, Fault> {
        let mut hosts = self.shared.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(host) = hosts.get(&number) {
            return Ok(host.clone());
        }
        let name: String =
            self.statement("SELECT name FROM hosts WHERE id = ?1")?.query_row([number], |row| row.get(0))?;
        let host = Host::parse(&name).map_err(|error| Fault::Corrupt(format!("host {name}: {error}")))?;
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
