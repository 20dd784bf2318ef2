//! Settings and counters that all requests share.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use http::Request;

use super::{
    client_address::{Client, ClientAddressSource},
    limiter::BruteForceLimiter,
    metrics::Metrics,
    networks::Networks,
    request_span::RequestTraces,
};

/// Settings and counters that all requests share.
#[derive(Debug, Default)]
pub struct HttpState {
    /// Peers that are trusted to name the address of their client.
    pub trusted_proxies: Networks,
    /// The header in which trusted proxies name their client.
    pub client_address: ClientAddressSource,
    /// The brute-force limiter.
    pub limiter: BruteForceLimiter,
    /// Counters and histograms.
    pub metrics: Arc<Metrics>,
    /// Networks that may read `/metrics`.
    pub metrics_from: Networks,
    /// How requests are traced; `None` if they are not.
    pub traces: Option<RequestTraces>,
    /// Whether the warning about a proxy that does not name its clients has been logged.
    pub has_warned_of_proxy: AtomicBool,
    /// When an invite that refuses everybody was last logged.
    pub exhausted_invites: OnceAMinute,
}

/// Limits a line of the log to one a minute.
#[derive(Debug, Default)]
pub struct OnceAMinute(Mutex<Option<Instant>>);

impl OnceAMinute {
    /// Whether a minute has passed since this was last true.
    pub(crate) fn is_due(&self) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = last.is_none_or(|at| at.elapsed() >= Duration::from_mins(1));
        if is_due {
            *last = Some(Instant::now());
        }
        is_due
    }
}

impl HttpState {
    /// The client that sent a request.
    pub(crate) fn client<B>(&self, request: &Request<B>) -> Client {
        Client::of(request.extensions(), request.headers(), self.client_address, &self.trusted_proxies)
    }

    /// Warns once about a trusted proxy that does not name its client in the expected header. `is_page` means that a
    /// public page was requested: only proxies request those, while a bridge on the same machine does not.
    pub(super) fn warn_of_unnamed_client(&self, client: Client, is_page: bool) {
        let proxy = match client {
            Client::Unreadable(proxy) => proxy,
            Client::Unnamed(proxy) if is_page => proxy,
            _ => return,
        };
        if self.client_address != ClientAddressSource::None
            && !self.has_warned_of_proxy.swap(true, Ordering::Relaxed)
        {
            tracing::warn!(
                %proxy,
                header = %self.client_address,
                "a trusted proxy does not name its client in the header that client_address expects, so all of \
                 its clients share one limit of wrong tokens and keys"
            );
        }
    }
}
