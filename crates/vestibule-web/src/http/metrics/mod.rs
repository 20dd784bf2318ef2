//! Metrics in OpenMetrics format. `docs/operations.md` lists them.

mod labels;
mod start_times;

use std::{
    fmt,
    sync::atomic::AtomicU64,
    time::{Duration, Instant},
};

use prometheus_client::{
    encoding::text::encode,
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
        info::Info,
    },
    registry::{Metric, Registry},
};
use vestibule_core::{Action, Commit, Host, Observer};

use labels::{EventLabels, HostLabels, RefusalLabels, RequestLabels};
pub(crate) use labels::{Route, method_label};
pub(crate) use start_times::StartTimeKey;
use start_times::StartTimes;

/// A family of histograms with a constructor function.
type Histograms<L> = Family<L, Histogram, fn() -> Histogram>;

/// All metrics of this process.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    seconds: Histograms<Route>,
    in_flight: Gauge,
    start_times: StartTimes,
    oldest_seconds: Gauge<f64, AtomicU64>,
    refusals: Family<RefusalLabels, Counter>,
    guard_rejections: Counter,
    connections: Gauge,
    rejections: Family<RefusalLabels, Counter>,
    events: Family<EventLabels, Counter>,
    pending: Family<HostLabels, Gauge>,
    commit_seconds: Histogram,
    wait_seconds: Histogram,
    batch_size: Histogram,
    wal_bytes: Gauge,
    checkpoint_failures: Counter,
    skipped_rows: Counter,
}

/// Buckets from 0.1 ms to a few seconds.
fn times() -> Histogram {
    Histogram::new(exponential_buckets(0.0001, 2.5, 13))
}

/// Buckets for the number of operations in one transaction.
fn sizes() -> Histogram {
    Histogram::new(exponential_buckets(1.0, 2.0, 10))
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("vestibule");
        registry.register(
            "build",
            "Version of the running service",
            Info::new([("version", env!("CARGO_PKG_VERSION"))]),
        );
        let mut add = MetricsBuilder(registry);
        Self {
            requests: add.one("http_requests", "Requests with a response", Family::default()),
            seconds: add.one(
                "http_request_seconds",
                "Time from the headers of a request to those of its response",
                Histograms::new_with_constructor(times),
            ),
            in_flight: add.one("http_requests_under_way", "Requests in flight", Gauge::default()),
            start_times: StartTimes::new(),
            oldest_seconds: add.one(
                "http_oldest_request_seconds",
                "Age of the oldest request in flight",
                Gauge::default(),
            ),
            refusals: add.one(
                "refusals",
                "Requests that were refused or failed, by reason",
                Family::default(),
            ),
            guard_rejections: add.one(
                "guard_rejections",
                "Requests rejected by the brute-force limiter",
                Counter::default(),
            ),
            connections: add.one("http_connections", "Open connections", Gauge::default()),
            rejections: add.one(
                "http_rejections",
                "Connections and requests that were rejected or closed before they reached a handler",
                Family::default(),
            ),
            events: add.one("events", "Committed changes, by host and action", Family::default()),
            pending: add.one("invites_pending", "Invites that can be redeemed", Family::default()),
            commit_seconds: add.one(
                "store_commit_seconds",
                "Time from the start of a transaction until it was on disk",
                times(),
            ),
            wait_seconds: add.one(
                "store_wait_seconds",
                "Time that the first operation of a transaction waited in the queue",
                times(),
            ),
            batch_size: add.one("store_batch_size", "Operations in one transaction", sizes()),
            wal_bytes: add.one(
                "store_wal_bytes",
                "Size of SQLite's write-ahead log at the last checkpoint",
                Gauge::default(),
            ),
            checkpoint_failures: add.one(
                "store_checkpoint_failures",
                "Checkpoints of SQLite's write-ahead log that failed",
                Counter::default(),
            ),
            skipped_rows: add.one(
                "store_skipped_rows",
                "Rows that were skipped because this version cannot read them",
                Counter::default(),
            ),
            registry: add.0,
        }
    }
}

struct MetricsBuilder(Registry);

impl MetricsBuilder {
    fn one<M: Metric + Clone>(&mut self, name: &str, help: &str, metric: M) -> M {
        self.0.register(name, help, metric.clone());
        metric
    }
}

impl Metrics {
    /// Sets the number of pending invites of a host.
    pub fn set_pending(&self, host: &Host, count: u64) {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        self.pending.get_or_create(&HostLabels(host.clone())).set(count);
    }

    /// Records a new request. The caller passes its key to [`Metrics::end`].
    pub(crate) fn begin(&self, start: Instant) -> StartTimeKey {
        self.in_flight.inc();
        self.start_times.insert(start)
    }

    /// Records that a request has ended, with or without a response.
    pub(crate) fn end(&self, key: &StartTimeKey) {
        self.in_flight.dec();
        self.start_times.remove(key);
    }

    /// Records a response.
    pub(crate) fn record_response(&self, route: Route, method: &'static str, status: u16, took: Duration) {
        self.seconds.get_or_create(&route).observe(took.as_secs_f64());
        self.requests.get_or_create(&RequestLabels { route, method, status }).inc();
    }

    /// Records the reason of a refusal or failure.
    pub(crate) fn record_refusal(&self, reason: &'static str) {
        self.refusals.get_or_create(&RefusalLabels { reason }).inc();
    }

    /// Records a request rejected by the limiter.
    pub(crate) fn record_rate_limited(&self) {
        self.guard_rejections.inc();
    }

    /// Records an accepted connection.
    pub(crate) fn connection_opened(&self) {
        self.connections.inc();
    }

    /// Records the end of a connection.
    pub(crate) fn connection_closed(&self) {
        self.connections.dec();
    }

    /// Records a connection or request that was rejected before it reached a handler.
    pub(crate) fn record_rejection(&self, reason: &'static str) {
        self.rejections.get_or_create(&RefusalLabels { reason }).inc();
    }

    /// All metrics in OpenMetrics text format.
    pub(crate) fn to_text(&self) -> Result<String, fmt::Error> {
        let oldest = self.start_times.oldest().map_or(Duration::ZERO, |start| start.elapsed());
        self.oldest_seconds.set(oldest.as_secs_f64());
        let mut text = String::with_capacity(8 * 1024);
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

impl Observer for Metrics {
    fn committed(&self, commit: Commit) {
        self.commit_seconds.observe(commit.took.as_secs_f64());
        self.wait_seconds.observe(commit.waited.as_secs_f64());
        self.batch_size.observe(f64::from(u32::try_from(commit.work).unwrap_or(u32::MAX)));
    }

    fn happened(&self, host: &Host, action: Action, count: u64) {
        self.events.get_or_create(&EventLabels { host: host.clone(), action }).inc_by(count);
    }

    fn checkpointed(&self, wal_bytes: u64, done: bool) {
        self.wal_bytes.set(i64::try_from(wal_bytes).unwrap_or(i64::MAX));
        if !done {
            self.checkpoint_failures.inc();
        }
    }

    fn skipped(&self) {
        self.skipped_rows.inc();
    }
}

#[cfg(test)]
mod tests;
