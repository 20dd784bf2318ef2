//! All open connections: who may have one, and which are closed because they are too slow.

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
    activity::{Activity, Verdict},
    limits::Limits,
    watch::{ClientWait, TimeoutTracker, WaitReason},
};

/// How often the log says at most that a client has its share.
const BETWEEN_WARNINGS: Duration = Duration::from_mins(1);

/// All open connections.
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
    /// Connections of each client address that has any. Trusted proxies are not in it.
    clients: HashMap<IpAddr, Client>,
    /// When the service was told to stop.
    stopping: Option<Instant>,
    /// When the log last said that a client has its share.
    warned: Option<Instant>,
}

#[derive(Debug)]
struct Entry {
    activity: Arc<Activity>,
    client: Option<IpAddr>,
    watch: TimeoutTracker,
}

#[derive(Debug, Default)]
struct Client {
    open: usize,
    /// Until when it is known that none of its connections is idle, so that looking for one is no use.
    busy_until: Option<Instant>,
}

/// An open connection's entry among all of them; dropping it gives its place back.
#[derive(Debug)]
pub(super) struct Registration {
    connections: Arc<Connections>,
    id: u64,
    _permit: OwnedSemaphorePermit,
}

/// A client address has all connections that it may have.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ShareExceeded;

impl Connections {
    pub(super) fn new(limits: Limits, trusted_proxies: Networks, metrics: Arc<Metrics>) -> Arc<Self> {
        let permits = Arc::new(Semaphore::new(limits.connections));
        Arc::new(Self { limits, trusted_proxies, metrics, permits, table: Mutex::default() })
    }

    /// A permit for one more connection, once there is one. Connections that wait for their client give way.
    pub(super) async fn permit(&self) -> Option<OwnedSemaphorePermit> {
        loop {
            if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
                return Some(permit);
            }
            self.make_room(Instant::now());
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
            if table.open_of(client) >= share {
                self.make_room_for(&mut table, client, now);
            }
            if table.open_of(client) >= share {
                self.metrics.rejected("address-share");
                table.warn_of(client, share, now);
                return Err(ShareExceeded);
            }
            table.clients.entry(client).or_default().open += 1;
        }
        let id = table.next;
        table.next += 1;
        let watch = TimeoutTracker::new(now, activity.snapshot());
        table.entries.insert(id, Entry { activity: Arc::clone(activity), client, watch });
        drop(table);
        self.metrics.connection_opened();
        Ok(Registration { connections: Arc::clone(self), id, _permit: permit })
    }

    /// Looks at all connections until it is dropped.
    pub(super) async fn supervise(&self) {
        let mut ticks = interval(self.limits.tick());
        loop {
            ticks.tick().await;
            self.look_at_all(Instant::now());
        }
    }

    /// The same, once the service was told to stop.
    pub(super) async fn supervise_stop(&self) {
        self.table().stopping = Some(Instant::now());
        let mut ticks = interval(self.limits.stop_grace() / 10 + Duration::from_millis(1));
        loop {
            ticks.tick().await;
            self.look_at_all(Instant::now());
        }
    }

    fn look_at_all(&self, now: Instant) {
        let mut table = self.table();
        let stopping = table.stopping.map(|since| now.duration_since(since));
        for entry in table.entries.values_mut() {
            let Some(finding) = entry.watch.look(entry.activity.snapshot(), now, &self.limits, stopping)
            else {
                continue;
            };
            entry.activity.judge(finding.verdict);
            if let Some(reason) = finding.reason {
                self.metrics.rejected(reason.as_str());
            }
        }
    }

    /// Closes some of the connections that have waited longest for their client: idle ones first, then ones
    /// whose client has not sent a whole request, then ones whose client takes its answer slowly, of the address that
    /// has most of them. Several at once, so that a flood does not pay for a search each time.
    fn make_room(&self, now: Instant) {
        let mut table = self.table();
        let most = (self.limits.connections / 32).max(1);
        self.close_waiting(&mut table, now, most, |_, _| true);
    }

    /// The same among the connections of one client, of which only idle ones are closed.
    fn make_room_for(&self, table: &mut Table, client: IpAddr, now: Instant) {
        let Some(known) = table.clients.get_mut(&client) else { return };
        if known.busy_until.is_some_and(|until| now < until) {
            return;
        }
        known.busy_until = Some(now + self.limits.tick());
        let most = (self.limits.connections_per_address / 8).max(1);
        self.close_waiting(table, now, most, |entry, waiting| {
            waiting.what == WaitReason::Request && entry.client == Some(client)
        });
    }

    fn close_waiting(
        &self,
        table: &mut Table,
        now: Instant,
        most: usize,
        meant: impl Fn(&Entry, ClientWait) -> bool,
    ) {
        let Table { entries, clients, .. } = table;
        let mut waiting: Vec<_> = entries
            .values_mut()
            .filter(|entry| entry.activity.verdict() == Verdict::None)
            .filter_map(|entry| {
                // What it has done since the last look counts.
                entry.watch.note(entry.activity.snapshot(), now);
                let waiting = entry.watch.waits_for_client(now, &self.limits)?;
                // One that has only just come, or begun to send, is given a moment.
                let is_old = waiting.since >= self.limits.tick();
                (is_old && meant(entry, waiting)).then_some((waiting, entry))
            })
            .collect();
        let mut readers: HashMap<Option<IpAddr>, usize> = HashMap::new();
        for (_, entry) in waiting.iter().filter(|(waiting, _)| waiting.what == WaitReason::Visitor) {
            *readers.entry(entry.client).or_default() += 1;
        }
        waiting.sort_by_key(|(waiting, entry)| {
            let slow_readers = match waiting.what {
                WaitReason::Visitor => readers.get(&entry.client).copied().unwrap_or_default(),
                WaitReason::Request | WaitReason::Rest => 0,
            };
            (waiting.what, Reverse(slow_readers), Reverse(waiting.since))
        });
        for (_, entry) in waiting.into_iter().take(most) {
            entry.activity.judge(Verdict::Close);
            self.metrics.rejected("gave-way");
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
    /// How many connections a client address has.
    fn open_of(&self, client: IpAddr) -> usize {
        self.clients.get(&client).map_or(0, |known| known.open)
    }

    /// Tells the operator of a client that wants more than its share, at most once in a while.
    fn warn_of(&mut self, client: IpAddr, share: usize, now: Instant) {
        if self.warned.is_none_or(|warned| now.duration_since(warned) >= BETWEEN_WARNINGS) {
            self.warned = Some(now);
            tracing::warn!(address = %client, share, "an address has as many connections as it may have");
        }
    }
}

/// A client address has one connection less.
fn release(clients: &mut HashMap<IpAddr, Client>, client: Option<IpAddr>) {
    let Some(client) = client else { return };
    if let Some(known) = clients.get_mut(&client) {
        known.open = known.open.saturating_sub(1);
        if known.open == 0 {
            clients.remove(&client);
        }
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.connections.remove(self.id);
    }
}
