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

use super::{grant::KnownKey, job::Fault};
use crate::{Options, health::Health, key_uses::KeyUses, limiter::Limiter, skipped::Skipped};

/// What all lanes share.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) options: Options,
    pub(super) limiter: Arc<Limiter>,
    pub(super) key_uses: Arc<KeyUses>,
    /// Whether changes can be saved.
    pub(super) health: Arc<Health>,
    skipped: Arc<Skipped>,
    /// Hosts by number. Rows of hosts never change or go away, so this is never stale.
    hosts: Arc<Mutex<HashMap<i64, Host>>>,
}

impl Shared {
    pub(super) fn new(options: Options) -> Self {
        Self {
            options,
            limiter: Arc::default(),
            key_uses: Arc::default(),
            health: Arc::default(),
            skipped: Arc::default(),
            hosts: Arc::default(),
        }
    }
}

/// A transaction under way.
pub(super) struct Session<'a> {
    connection: &'a Connection,
    /// The moment at which this transaction happens.
    pub(super) now: Timestamp,
    pub(super) shared: &'a Shared,
    memo: Memo,
    tally: RefCell<Tally>,
}

/// How often what has happened in a transaction, by the number of the host.
pub(super) type Tally = Vec<(i64, Action, u64)>;

/// Tables whose rows have a place.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Table {
    Invites,
    Events,
}

impl Table {
    const fn last_place(self) -> &'static str {
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
pub(super) const fn places_of(host_number: i64) -> Range<i64> {
    host_number * PLACES..(host_number + 1) * PLACES
}

/// What was read in this transaction and cannot change in it but by its own work, which says so.
#[derive(Default)]
struct Memo {
    keys: RefCell<HashMap<KeyId, Rc<KnownKey>>>,
    /// The last place that is taken, by table and host.
    last_places: RefCell<HashMap<(Table, i64), i64>>,
}

impl<'a> Session<'a> {
    pub(super) fn new(connection: &'a Connection, shared: &'a Shared) -> Self {
        Self {
            connection,
            now: shared.options.clock.now(),
            shared,
            memo: Memo::default(),
            tally: RefCell::default(),
        }
    }

    /// Counts an action.
    pub(super) fn tally(&self, host_number: i64, action: Action) {
        let mut tally = self.tally.borrow_mut();
        match tally.iter_mut().find(|(host, known, _)| (*host, *known) == (host_number, action)) {
            Some((_, _, count)) => *count += 1,
            None => tally.push((host_number, action, 1)),
        }
    }

    /// Tells the observer what has happened. To be called once it is on disk.
    pub(super) fn publish(&self) {
        for (host_number, action, count) in self.tally.take() {
            if let Ok(host) = self.host(host_number) {
                self.shared.options.observer.happened(&host, action, count);
            }
        }
    }

    /// What was read from a row; `None` where this version cannot read it, which is counted and logged.
    pub(super) fn readable<T>(&self, read: Result<T, Fault>) -> Result<Option<T>, Fault> {
        match read {
            Err(Fault::Corrupt(what)) => {
                self.shared.skipped.note(&*self.shared.options.observer, &what);
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
        read: impl FnOnce() -> Result<Option<KnownKey>, Fault>,
    ) -> Result<Option<Rc<KnownKey>>, Fault> {
        if let Some(known) = self.memo.keys.borrow().get(id) {
            return Ok(Some(Rc::clone(known)));
        }
        let Some(known) = read()?.map(Rc::new) else { return Ok(None) };
        self.memo.keys.borrow_mut().insert(id.clone(), Rc::clone(&known));
        Ok(Some(known))
    }

    /// Forgets what was read of a key, because this transaction changes it.
    pub(super) fn forget_key(&self, id: &KeyId) {
        self.memo.keys.borrow_mut().remove(id);
    }

    /// The next free place of a host. The transaction holds the write lock, so nobody else takes places
    /// meanwhile.
    pub(super) fn next_place(&self, table: Table, host_number: i64) -> rusqlite::Result<i64> {
        self.next_places(table, host_number, 1)
    }

    /// The first of so many free places that follow each other.
    pub(super) fn next_places(&self, table: Table, host_number: i64, count: usize) -> rusqlite::Result<i64> {
        let mut last = self.memo.last_places.borrow_mut();
        let next = if let Some(place) = last.get(&(table, host_number)) {
            place + 1
        } else {
            let places = places_of(host_number);
            let found: Option<i64> = self
                .statement(table.last_place())?
                .query_row((places.start, places.end), |row| row.get(0))
                .optional()?;
            found.unwrap_or(places.start) + 1
        };
        let more = i64::try_from(count).unwrap_or(i64::MAX).saturating_sub(1);
        last.insert((table, host_number), next.saturating_add(more));
        Ok(next)
    }

    /// The host with this number.
    pub(super) fn host(&self, number: i64) -> Result<Host, Fault> {
        let mut hosts = self.shared.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(host) = hosts.get(&number) {
            return Ok(host.clone());
        }
        let name: Option<String> = self
            .statement("SELECT name FROM hosts WHERE id = ?1")?
            .query_row([number], |row| row.get(0))
            .optional()?;
        let name = name.ok_or_else(|| Fault::Corrupt(format!("host number {number}")))?;
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
