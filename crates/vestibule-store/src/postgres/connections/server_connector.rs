//! Chooses a server among several.
//!
//! After a failover, an old primary that returns with an older timeline still accepts writes. A node that has seen the
//! new timeline never uses it again.

use std::{
    error::Error as _,
    future::Future,
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use deadpool_postgres::{ClientWrapper, Connect, HookError, Object};
use tokio::task::JoinHandle;
use tokio_postgres::{Client, Config, Error, NoTls, Socket, config::Host, tls::MakeTlsConnect};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::tls;
use crate::database::address::{Address, Tls};
use crate::sql::statements;

/// The newest timeline that this node has seen.
#[derive(Default)]
pub(in crate::postgres) struct Timelines(Mutex<Option<Seen>>);

#[derive(Clone, Copy)]
struct Seen {
    timeline: u32,
    /// Older connections are to the previous primary.
    since: Instant,
}

impl Timelines {
    /// Refuses a connection to a superseded primary.
    pub(in crate::postgres) async fn admit(
        &self,
        client: &ClientWrapper,
        created: Instant,
    ) -> Result<(), HookError> {
        let Some(timeline) = timeline(client).await.map_err(HookError::Backend)? else { return Ok(()) };
        let mut seen = self.lock();
        match *seen {
            Some(cached) if cached.timeline > timeline => Err(HookError::message(format!(
                "this server is a primary of timeline {timeline}, but a primary of timeline {} has taken over: fence \
                 the old one off, or make it a standby",
                cached.timeline
            ))),
            Some(cached) if cached.timeline == timeline => Ok(()),
            _ => {
                *seen = Some(Seen { timeline, since: created });
                Ok(())
            }
        }
    }

    /// Whether a connection is older than the newest primary.
    pub(in crate::postgres) fn is_outdated(&self, object: &Object) -> bool {
        self.lock().is_some_and(|seen| Object::metrics(object).created < seen.since)
    }

    fn newest(&self) -> Option<u32> {
        self.lock().map(|seen| seen.timeline)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Seen>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Connects to a server of the address.
pub(in crate::postgres) struct ServerConnector {
    /// One configuration per server.
    servers: Vec<Config>,
    tls: Option<MakeRustlsConnect>,
    timelines: Arc<Timelines>,
}

impl ServerConnector {
    /// A connector for the servers of an address. The error says what to do.
    pub(in crate::postgres) fn new(address: &Address, timelines: Arc<Timelines>) -> Result<Self, String> {
        let tls = match address.tls() {
            Tls::Off => None,
            Tls::Verified(roots) => Some(tls::connector(roots.as_deref())?),
        };
        Ok(Self { servers: each_alone(address.config()), tls, timelines })
    }

    /// Connects to the first server that is not superseded, or to the one with the newest timeline if none was seen
    /// yet.
    async fn any(
        servers: Vec<Config>,
        tls: Option<MakeRustlsConnect>,
        newest: Option<u32>,
    ) -> Result<(Client, JoinHandle<()>), Error> {
        let one_alone = servers.len() == 1;
        let mut best: Option<(u32, (Client, JoinHandle<()>))> = None;
        let mut failed: Option<Error> = None;
        for server in servers {
            let connected = match &tls {
                Some(tls) => connect(&server, tls.clone()).await,
                None => connect(&server, NoTls).await,
            };
            let connected = match connected {
                Ok(connected) if one_alone => return Ok(connected),
                Ok(connected) => connected,
                Err(error) => {
                    // An answer of a server outranks a refused connection.
                    if failed.as_ref().is_none_or(is_refused) {
                        failed = Some(error);
                    }
                    continue;
                }
            };
            match timeline(&connected.0).await {
                Ok(found) => {
                    let found = found.unwrap_or(0);
                    if newest.is_some_and(|newest| found >= newest) {
                        return Ok(connected);
                    }
                    if best.as_ref().is_none_or(|(best, _)| found > *best) {
                        best = Some((found, connected));
                    }
                }
                Err(error) => failed = Some(error),
            }
        }
        match (best, failed) {
            (Some((_, connected)), _) => Ok(connected),
            (None, Some(error)) => Err(error),
            // Unreachable: an address has at least one server.
            (None, None) => connect(&Config::new(), NoTls).await,
        }
    }
}

impl Connect for ServerConnector {
    fn connect(
        &self,
        _: &Config,
    ) -> Pin<Box<dyn Future<Output = Result<(Client, JoinHandle<()>), Error>> + Send + '_>> {
        Box::pin(Self::any(self.servers.clone(), self.tls.clone(), self.timelines.newest()))
    }
}

async fn connect<T>(config: &Config, tls: T) -> Result<(Client, JoinHandle<()>), Error>
where
    T: MakeTlsConnect<Socket>,
    T::Stream: Send + 'static,
{
    let (client, connection) = config.connect(tls).await?;
    let task = tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection to the database has ended");
        }
    });
    Ok((client, task))
}

fn is_refused(error: &Error) -> bool {
    error
        .source()
        .and_then(|cause| cause.downcast_ref::<io::Error>())
        .is_some_and(|cause| cause.kind() == io::ErrorKind::ConnectionRefused)
}

/// The settings of the address for each server.
fn each_alone(config: &Config) -> Vec<Config> {
    let count = config.get_hosts().len().max(config.get_hostaddrs().len());
    if count < 2 {
        return vec![config.clone()];
    }
    let ports = config.get_ports();
    (0..count).map(|index| alone(config, index, ports.get(index).or(ports.first()).copied())).collect()
}

/// The settings for one server. `Config` cannot remove servers, so a new one is built.
fn alone(config: &Config, index: usize, port: Option<u16>) -> Config {
    let mut one = Config::new();
    match config.get_hosts().get(index) {
        Some(Host::Tcp(name)) => drop(one.host(name)),
        Some(Host::Unix(directory)) => drop(one.host_path(directory)),
        None => {}
    }
    if let Some(address) = config.get_hostaddrs().get(index) {
        one.hostaddr(*address);
    }
    if let Some(port) = port {
        one.port(port);
    }
    if let Some(user) = config.get_user() {
        one.user(user);
    }
    if let Some(password) = config.get_password() {
        one.password(password);
    }
    if let Some(name) = config.get_dbname() {
        one.dbname(name);
    }
    if let Some(options) = config.get_options() {
        one.options(options);
    }
    if let Some(name) = config.get_application_name() {
        one.application_name(name);
    }
    if let Some(limit) = config.get_connect_timeout() {
        one.connect_timeout(*limit);
    }
    if let Some(limit) = config.get_tcp_user_timeout() {
        one.tcp_user_timeout(*limit);
    }
    if let Some(interval) = config.get_keepalives_interval() {
        one.keepalives_interval(interval);
    }
    if let Some(retries) = config.get_keepalives_retries() {
        one.keepalives_retries(retries);
    }
    one.keepalives(config.get_keepalives());
    one.keepalives_idle(config.get_keepalives_idle());
    one.ssl_mode(config.get_ssl_mode());
    one.ssl_negotiation(config.get_ssl_negotiation());
    one.target_session_attrs(config.get_target_session_attrs());
    one.channel_binding(config.get_channel_binding());
    one
}

statements! {
    // Eight hexadecimal digits, readable by every user.
    const TIMELINE: Sql = "SELECT CASE WHEN NOT pg_is_in_recovery() \
         THEN left(pg_walfile_name(pg_current_wal_lsn()), 8) END";
}

/// The timeline of a server, which grows with each promotion; `None` on a standby, or if access is denied.
async fn timeline(client: &Client) -> Result<Option<u32>, tokio_postgres::Error> {
    let row = match client.query_one(TIMELINE.text(), &[]).await {
        Ok(row) => row,
        Err(error) if error.as_db_error().is_some() && !client.is_closed() => return Ok(None),
        Err(error) => return Err(error),
    };
    let text: Option<&str> = row.try_get(0)?;
    Ok(text.and_then(|text| u32::from_str_radix(text, 16).ok()))
}
