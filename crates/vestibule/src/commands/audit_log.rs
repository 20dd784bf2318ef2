//! Log lines about invites, from the audit log.
//!
//! They come from the audit log, which has each change once, with its effects on other invites, whether this process, a
//! command or another node made it. A flood of changes does not become a flood of lines.

use std::{collections::HashMap, time::Duration};

use tokio::{sync::oneshot, time::sleep};
use vestibule_core::{Action, Event, EventQuery, Host, InviteService, Principal, Source, StoreError};

/// Log target of these lines, for filters: `--log info,vestibule::audit=off`.
const TARGET: &str = "vestibule::audit";

/// Interval at which the audit log is read.
const INTERVAL: Duration = Duration::from_secs(1);

/// Maximum number of events of a host that are logged individually in an interval.
const PAGE: u32 = 500;

/// Sequence numbers of events are below this.
const END: i64 = 1 << 40;

/// The position in the audit log of each host.
pub(super) struct AuditLog {
    invite_service: InviteService,
    positions: HashMap<Host, i64>,
}

impl AuditLog {
    /// Starts after the events so far.
    pub(super) async fn from_now(invite_service: InviteService) -> Result<Self, StoreError> {
        let mut log = Self { invite_service, positions: HashMap::new() };
        for host in log.invite_service.store().hosts().await? {
            let last = log.last(&host, 0).await?;
            log.positions.insert(host, last);
        }
        Ok(log)
    }

    /// Logs events until `stop` resolves, and those that happened until then.
    pub(super) async fn run(mut self, mut stop: oneshot::Receiver<()>) {
        loop {
            let is_stopping = tokio::select! {
                () = sleep(INTERVAL) => false,
                _ = &mut stop => true,
            };
            if let Err(error) = self.catch_up().await {
                // An outage of the database is logged by the store.
                tracing::debug!(target: TARGET, %error, "the audit log cannot be read");
            }
            if is_stopping {
                return;
            }
        }
    }

    async fn catch_up(&mut self) -> Result<(), StoreError> {
        // A host that was added meanwhile is read from its first event.
        for host in self.invite_service.store().hosts().await? {
            let after = self.positions.get(&host).copied().unwrap_or(0);
            let query = EventQuery { after, limit: PAGE };
            let page = self.invite_service.store().events(&operator(&host), query).await?;
            page.items.iter().for_each(log);
            let mut last = page.items.last().map_or(after, |event| event.seq).max(page.next.unwrap_or(0));
            if page.next.is_some() {
                let logged = last;
                last = self.last(&host, logged).await?;
                let count = last - logged;
                tracing::info!(
                    target: TARGET, %host, count,
                    "more events, too many to log each; `vestibule events {host}` lists them"
                );
            }
            self.positions.insert(host, last);
        }
        Ok(())
    }

    /// The sequence number of the last event of a host, which is at least `first`, by bisection: the list has no other
    /// end.
    async fn last(&self, host: &Host, first: i64) -> Result<i64, StoreError> {
        let (mut last, mut end) = (first, END);
        while last < end {
            let middle = last + (end - last) / 2;
            let query = EventQuery { after: middle, limit: 1 };
            let page = self.invite_service.store().events(&operator(host), query).await?;
            match page.items.first() {
                Some(event) => last = event.seq,
                None => end = middle,
            }
        }
        Ok(last)
    }
}

fn operator(host: &Host) -> Principal {
    Principal::Operator { host: host.clone(), source: Source::service() }
}

/// Logs an event that an operator looks for. Events contain no secrets.
fn log(event: &Event) {
    let (host, invite, by) = (&event.host, &event.subject, &event.source);
    match event.action {
        Action::InviteCreated => tracing::info!(target: TARGET, %host, %invite, %by, "invite created"),
        Action::InviteRevoked => tracing::info!(target: TARGET, %host, %invite, %by, "invite revoked"),
        Action::InviteRedeemed => {
            let account = event.detail.as_deref().unwrap_or_default();
            tracing::info!(target: TARGET, %host, %invite, account, %by, "invite redeemed");
        }
        Action::InviteRenewalRequested => {
            tracing::info!(target: TARGET, %host, %invite, %by, "renewal of an invite requested");
        }
        _ => {}
    }
}
