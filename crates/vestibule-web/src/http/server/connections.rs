//! The open connections: admission of new ones, and timeouts of slow ones.

use std::{
    cmp::Reverse,
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, interval, timeout},
};

use super::super::{
    metrics::Metrics,
    networks::{Networks, client_group},
};
use super::{
    activity::{Activity, Intervention},
    limits::Limits,
    timeout_tracker::{ClientWait, TimeoutTracker, WaitReason},
};

/// Minimum time between warnings about clients that have reached their share.
const WARNING_INTERVAL: Duration = Duration::from_mins(1);

/// The open connections.
#[derive(Debug)]
pub(super) struct Connections {
    limits: Limits,
    trusted_proxies: Networks,
    metrics: Arc<Metrics>,
    permits: Arc<Semaphore>,
    table: Mutex<Table>,
}

#[derive(Debug, Default)]
struct Table {
    next: u64,
    entries: HashMap<u64, Entry>,
    /// Client addresses with an open connection, except trusted proxies.
    clients: HashMap<IpAddr, ClientState>,
    /// Time of the signal to stop.
    stopping: Option<Instant>,
    /// Time of the last warning about a client that has reached its share.
    warned: Option<Instant>,
}

#[derive(Debug)]
struct Entry {
    activity: Arc<Activity>,
    client: Option<IpAddr>,
    timeouts: TimeoutTracker,
}

#[derive(Debug, Default)]
struct ClientState {
    open: usize,
    /// Until then, a search for idle connections is known to be useless.
    busy_until: Option<Instant>,
}

/// The registration of an open connection. Dropping it releases the permit.
#[derive(Debug)]
pub(super) struct Registration {
    connections: Arc<Connections>,
    id: u64,
    _permit: OwnedSemaphorePermit,
}

/// The client address has reached its share of the connections.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ShareExceeded;

impl Connections {
    pub(super) fn new(limits: Limits, trusted_proxies: Networks, metrics: Arc<Metrics>) -> Arc<Self> {
        let permits = Arc::new(Semaphore::new(limits.connections));
        Arc::new(Self { limits, trusted_proxies, metrics, permits, table: Mutex::default() })
    }

    /// Waits for a permit for one more connection. If none is free, connections that wait for their client are evicted.
    pub(super) async fn permit(&self) -> Option<OwnedSemaphorePermit> {
        loop {
            if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
                return Some(permit);
            }
            self.evict(Instant::now());
            let acquired = timeout(self.limits.tick(), Arc::clone(&self.permits).acquire_owned()).await;
            if let Ok(acquired) = acquired {
                // The semaphore is never closed.
                return acquired.ok();
            }
        }
    }

    /// Registers a new connection from `peer`.
    pub(super) fn register(
        self: &Arc<Self>,
        peer: IpAddr,
        activity: &Arc<Activity>,
        permit: OwnedSemaphorePermit,
    ) -> Result<Registration, ShareExceeded> {
        let now = Instant::now();
        let client = (!self.trusted_proxies.contain(peer.to_canonical())).then(|| client_group(peer));
        let mut table = self.table();
        if let Some(client) = client {
            let share = self.limits.connections_per_address;
            if table.open_connections(client) >= share {
                self.evict_idle_of(&mut table, client, now);
            }
            if table.open_connections(client) >= share {
                self.metrics.record_rejection("address-share");
                table.warn_share_exceeded(client, share, now);
                return Err(ShareExceeded);
            }
            table.clients.entry(client).or_default().open += 1;
        }
        let id = table.next;
        table.next += 1;
        let timeouts = TimeoutTracker::new(now, activity.snapshot());
        table.entries.insert(id, Entry { activity: Arc::clone(activity), client, timeouts });
        drop(table);
        self.metrics.connection_opened();
        Ok(Registration { connections: Arc::clone(self), id, _permit: permit })
    }

    /// Checks the timeouts of all connections periodically. Never completes.
    pub(super) async fn supervise(&self) {
        let mut ticks = interval(self.limits.tick());
        loop {
            ticks.tick().await;
            self.check_timeouts(Instant::now());
        }
    }

    /// The same during shutdown, with the stricter limits for incomplete requests.
    pub(super) async fn supervise_shutdown(&self) {
        self.table().stopping = Some(Instant::now());
        let mut ticks = interval(self.limits.shutdown_grace() / 10 + Duration::from_millis(1));
        loop {
            ticks.tick().await;
            self.check_timeouts(Instant::now());
        }
    }

    fn check_timeouts(&self, now: Instant) {
        let mut table = self.table();
        let stopping = table.stopping.map(|since| now.duration_since(since));
        for entry in table.entries.values_mut() {
            let snapshot = entry.activity.snapshot();
            let Some(action) = entry.timeouts.check(snapshot, now, &self.limits, stopping) else { continue };
            entry.activity.intervene(action.intervention);
            if let Some(reason) = action.reason {
                self.metrics.record_rejection(reason.as_str());
            }
        }
    }

    /// Closes some of the connections that have waited longest for their client: idle ones first, then those with an
    /// incomplete request, then those of slow readers, beginning with the address that has most of them. It closes
    /// several at once, so that a flood does not cause a search for each connection.
    fn evict(&self, now: Instant) {
        let mut table = self.table();
        let max = (self.limits.connections / 32).max(1);
        self.evict_waiting(&mut table, now, max, |_, _| true);
    }

    /// Closes idle connections of one client.
    fn evict_idle_of(&self, table: &mut Table, client: IpAddr, now: Instant) {
        let Some(state) = table.clients.get_mut(&client) else { return };
        if state.busy_until.is_some_and(|until| now < until) {
            return;
        }
        state.busy_until = Some(now + self.limits.tick());
        let max = (self.limits.connections_per_address / 8).max(1);
        self.evict_waiting(table, now, max, |entry, wait| {
            wait.reason == WaitReason::Request && entry.client == Some(client)
        });
    }

    fn evict_waiting(
        &self,
        table: &mut Table,
        now: Instant,
        max: usize,
        is_candidate: impl Fn(&Entry, ClientWait) -> bool,
    ) {
        let Table { entries, clients, .. } = table;
        let mut waiting: Vec<_> = entries
            .values_mut()
            .filter(|entry| entry.activity.intervention() == Intervention::None)
            .filter_map(|entry| {
                // Activity since the last check counts.
                entry.timeouts.update(entry.activity.snapshot(), now);
                let wait = entry.timeouts.client_wait(now, &self.limits)?;
                // New connections, and those that have just begun to send, are spared.
                let is_old = wait.duration >= self.limits.tick();
                (is_old && is_candidate(entry, wait)).then_some((wait, entry))
            })
            .collect();
        let mut slow_readers: HashMap<Option<IpAddr>, usize> = HashMap::new();
        for (_, entry) in waiting.iter().filter(|(wait, _)| wait.reason == WaitReason::SlowReader) {
            *slow_readers.entry(entry.client).or_default() += 1;
        }
        waiting.sort_by_key(|(wait, entry)| {
            let slow_readers = match wait.reason {
                WaitReason::SlowReader => slow_readers.get(&entry.client).copied().unwrap_or_default(),
                WaitReason::Request | WaitReason::RestOfRequest => 0,
            };
            (wait.reason, Reverse(slow_readers), Reverse(wait.duration))
        });
        for (_, entry) in waiting.into_iter().take(max) {
            entry.activity.intervene(Intervention::Close);
            self.metrics.record_rejection("gave-way");
            release(clients, entry.client.take());
        }
    }

    fn remove(&self, id: u64) {
        let mut table = self.table();
        let Table { entries, clients, .. } = &mut *table;
        release(clients, entries.remove(&id).and_then(|entry| entry.client));
        drop(table);
        self.metrics.connection_closed();
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    /// The number of open connections of a client address.
    fn open_connections(&self, client: IpAddr) -> usize {
        self.clients.get(&client).map_or(0, |state| state.open)
    }

    /// Warns of a client that has reached its share, at most once per [`WARNING_INTERVAL`].
    fn warn_share_exceeded(&mut self, client: IpAddr, share: usize, now: Instant) {
        if self.warned.is_none_or(|warned| now.duration_since(warned) >= WARNING_INTERVAL) {
            self.warned = Some(now);
            tracing::warn!(address = %client, share, "a client address has reached its share of connections");
        }
    }
}

/// Subtracts a connection from the count of its client.
fn release(clients: &mut HashMap<IpAddr, ClientState>, client: Option<IpAddr>) {
    let Some(client) = client else { return };
    if let Some(state) = clients.get_mut(&client) {
        state.open = state.open.saturating_sub(1);
        if state.open == 0 {
            clients.remove(&client);
        }
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.connections.remove(self.id);
    }
}
