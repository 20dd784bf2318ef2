//! Fallback between the servers of a host.

use std::{collections::VecDeque, net::SocketAddr};

use tokio::time::{Instant, timeout_at};
use vestibule_core::Host;

use crate::{
    connect::ascii,
    features::Features,
    limits::Limits,
    resolver::{Resolver, Target},
    route::Route,
    stream::Stream,
    stream_error::{Attempt, StreamError},
};

/// Maximum number of addresses tried for one host.
const MAX_ATTEMPTS: usize = 16;

/// The servers of a host. Each DNS target and each of its addresses is tried in order; errors are collected, to be
/// reported if all of them fail.
pub(crate) struct Servers<'a> {
    route: &'a Route,
    host: &'a Host,
    resolver: &'a Resolver,
    limits: &'a Limits,
    targets: VecDeque<Target>,
    /// Remaining addresses of the current target.
    addresses: VecDeque<(Target, SocketAddr)>,
    /// The server tried last.
    last: Option<(Target, SocketAddr)>,
    attempts: Vec<Attempt>,
    /// The deadline of the last attempt.
    deadline: Instant,
}

impl<'a> Servers<'a> {
    /// The server at the address of the route, or the servers from DNS.
    pub(crate) async fn find(
        route: &'a Route,
        host: &'a Host,
        resolver: &'a Resolver,
        limits: &'a Limits,
    ) -> Result<Self, StreamError> {
        let deadline = Instant::now() + limits.reach;
        let targets = match &route.address {
            Some(endpoint) => vec![Target { endpoint: endpoint.clone(), encryption: route.encryption }],
            None => resolver.targets(&ascii(host)?, route.encryption, limits.look_up).await?,
        };
        Ok(Self {
            route,
            host,
            resolver,
            limits,
            targets: targets.into(),
            addresses: VecDeque::new(),
            last: None,
            attempts: Vec::new(),
            deadline,
        })
    }

    /// Opens a stream to the next server that speaks XMPP and is encrypted as the route requires.
    pub(crate) async fn open(&mut self) -> Result<(Stream, Features), StreamError> {
        while let Some((target, address)) = self.next().await {
            let now = Instant::now();
            if now >= self.deadline || self.attempts.len() == MAX_ATTEMPTS {
                break;
            }
            // The last one gets all the remaining time.
            let last = self.targets.is_empty() && self.addresses.is_empty();
            let until = if last { self.deadline } else { self.deadline.min(now + self.limits.attempt) };
            self.last = Some((target.clone(), address));
            let opening = Stream::begin(self.route, target.encryption, self.host, address, self.limits);
            match timeout_at(until, opening).await.unwrap_or(Err(StreamError::Silent)) {
                Ok(opened) => return Ok(opened),
                Err(error) => self.failed(error),
            }
        }
        Err(self.error())
    }

    /// Records that the server of the last stream failed.
    pub(crate) fn failed(&mut self, error: StreamError) {
        if let Some((target, address)) = &self.last {
            self.attempts.push(Attempt { server: describe(target, *address), error });
        }
    }

    /// Restarts with the server tried last, which may know the outcome of a request.
    pub(crate) fn again(&mut self) {
        if let Some(last) = self.last.clone() {
            self.addresses.push_front(last);
        }
        self.deadline = Instant::now() + self.limits.reach;
    }

    async fn next(&mut self) -> Option<(Target, SocketAddr)> {
        loop {
            if let Some(next) = self.addresses.pop_front() {
                return Some(next);
            }
            let target = self.targets.pop_front()?;
            let endpoint = &target.endpoint;
            let found = self.resolver.addresses(endpoint, self.limits.connect).await;
            if found.is_empty() {
                let error = StreamError::NoAddress(endpoint.name.clone());
                self.attempts.push(Attempt { server: endpoint.to_string(), error });
            }
            for address in found {
                // A name can resolve to another machine later.
                if self.route.may_reach(address.ip()) {
                    self.addresses.push_back((target.clone(), address));
                } else {
                    let error = StreamError::NotLoopback(endpoint.to_string());
                    self.attempts.push(Attempt { server: describe(&target, address), error });
                }
            }
        }
    }

    /// The error if no server is usable.
    fn error(&mut self) -> StreamError {
        let mut attempts = std::mem::take(&mut self.attempts);
        match attempts.len() {
            0 => StreamError::NoAddress(self.host.to_string()),
            1 if self.route.address.is_some() => attempts.remove(0).error,
            _ => StreamError::Unreachable(attempts),
        }
    }
}

/// A server, formatted for errors.
fn describe(target: &Target, address: SocketAddr) -> String {
    let endpoint = target.endpoint.to_string();
    let address = address.to_string();
    if endpoint == address {
        endpoint
    } else {
        format!("{endpoint} ({})", address.rsplit_once(':').map_or("", |(ip, _)| ip))
    }
}
