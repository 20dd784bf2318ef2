//! Connections: so many at most, each set up alike, and none that may be stuck is used again.
//!
//! Changes never take all of them: some are kept for reads, and one for the question whether the service is
//! ready. Where the server has no room for another connection, those that there are go on.
//!
//! When no connection works and none can be made, nobody waits: everything is refused at once, while one
//! task looks again and again whether the database is back. A single piece of work that takes too long loses
//! its connection, and nothing else.

use std::{
    future::Future,
    ops::Deref,
    sync::{Arc, PoisonError, RwLock, Weak},
    time::Duration,
};

use deadpool_postgres::{
    ClientWrapper, Hook, HookError, Manager, ManagerConfig, Metrics, Object, PoolError, RecyclingMethod,
    Runtime, Timeouts,
};
use tokio::{
    sync::{Mutex as AsyncMutex, OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};
use tokio_postgres::Client;

use super::{
    address::Address,
    db_clock::DbClock,
    engine_error::{EngineError, describe, is_full},
    server_connector::{ServerConnector, Timelines},
};

/// How long a piece of work waits for a connection.
const CONNECTION_WAIT: Duration = Duration::from_secs(3);

/// How long making a connection may take, with all servers that are named.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(8);

/// How long a statement may take, counted from when it is sent. A server that still answers has given up
/// before.
pub(super) const STATEMENT_TIMEOUT: Duration = Duration::from_secs(8);

/// Between two looks whether the database is back, and between two attempts to make a connection that the
/// server had no room for.
const PING_INTERVAL: Duration = Duration::from_millis(300);

/// How long one look may take.
const PING_TIMEOUT: Duration = Duration::from_secs(1);

/// How often a look is repeated before the database counts as away.
const PING_ATTEMPTS: usize = 2;

/// Connections that changes leave to reads, where there are enough of them.
const RESERVED_FOR_READS: usize = 2;

/// What every connection is told. A server that hangs, or waits for a lock, gives up before we do; a
/// transaction whose node is gone lets go of its locks. All that is asked here has an index; plans made while
/// a table was empty must use it too, row by row.
const SESSION_SETTINGS: &str = "SET statement_timeout = '5s'; SET lock_timeout = '4s'; \
     SET idle_in_transaction_session_timeout = '5s'; SET enable_seqscan = off; \
     SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off; SET jit = off";

/// What a connection is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A read.
    Read,
    /// A change.
    Change,
    /// The question whether changes can be saved: it never waits for any other work.
    Probe,
}

/// The connections to the database.
pub(super) struct Pool {
    connections: deadpool_postgres::Pool,
    /// How many connections may be in use for reads and changes together. Fewer while the server has no room.
    all: Arc<Semaphore>,
    /// How many of them for changes.
    changes: Arc<Semaphore>,
    timelines: Arc<Timelines>,
    /// Why the database cannot be reached now.
    down: RwLock<Option<String>>,
    /// LockHeld while somebody looks whether the database still answers.
    health_check: AsyncMutex<()>,
    /// Itself, for the task that looks whether the database is back.
    own: Weak<Self>,
}

/// A connection in use. It goes back to the others when it is known to be at rest; else it is closed, and the
/// server rolls back.
pub(super) struct PooledConnection {
    object: Option<Object>,
    idle: bool,
    /// Given back after the connection.
    _permits: [Option<OwnedSemaphorePermit>; 2],
}

impl PooledConnection {
    /// Notes whether a transaction is open.
    pub(super) const fn set_idle(&mut self, idle: bool) {
        self.idle = idle;
    }
}

impl Deref for PooledConnection {
    type Target = Object;

    #[expect(clippy::expect_used, reason = "the connection is there until the link is dropped")]
    fn deref(&self) -> &Object {
        self.object.as_ref().expect("a link has its connection")
    }
}

impl Drop for PooledConnection {
    fn drop(&mut self) {
        match self.object.take() {
            Some(object) if !self.idle => drop(Object::take(object)),
            object => drop(object),
        }
    }
}

impl Pool {
    /// Prepares for at most `most` connections; makes none yet. The error says what to do.
    pub(super) fn new(address: &Address, most: u32, clock: Arc<DbClock>) -> Result<Arc<Self>, String> {
        let timelines = Arc::new(Timelines::default());
        let connector = ServerConnector::new(address, Arc::clone(&timelines))?;
        let config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_connect(address.config().clone(), connector, config);
        let seen = Arc::clone(&timelines);
        let set_up = Hook::async_fn(move |client: &mut ClientWrapper, metrics: &Metrics| {
            let created = metrics.created;
            let (clock, seen) = (Arc::clone(&clock), Arc::clone(&seen));
            Box::pin(async move {
                client.batch_execute(SESSION_SETTINGS).await.map_err(HookError::Backend)?;
                seen.admit(client, created).await?;
                clock.measure(client).await.map_err(HookError::Backend)
            })
        });
        let most = usize::try_from(most.max(MIN_CONNECTIONS)).unwrap_or(usize::MAX);
        let connections = deadpool_postgres::Pool::builder(manager)
            .max_size(most)
            .timeouts(Timeouts {
                wait: Some(CONNECTION_WAIT),
                create: Some(CONNECT_TIMEOUT),
                recycle: Some(PING_TIMEOUT),
            })
            .runtime(Runtime::Tokio1)
            .post_create(set_up)
            .build()
            .map_err(|error| error.to_string())?;
        // One is left for the probe.
        let all = most - 1;
        Ok(Arc::new_cyclic(|own| Self {
            connections,
            all: Arc::new(Semaphore::new(all)),
            changes: Arc::new(Semaphore::new(all.saturating_sub(RESERVED_FOR_READS).max(1))),
            timelines,
            down: RwLock::default(),
            health_check: AsyncMutex::default(),
            own: own.clone(),
        }))
    }

    /// A connection that is at rest.
    pub(super) async fn get(&self, purpose: Purpose) -> Result<PooledConnection, EngineError> {
        self.ensure_up()?;
        if let Ok(connection) = timeout(CONNECTION_WAIT, self.wait_for(purpose)).await {
            return connection;
        }
        // Either all are in use, or a server takes connections and does not speak; a look tells which.
        self.spawn_health_check();
        Err(EngineError::Busy("too much work is waiting for a connection".to_owned()))
    }

    async fn wait_for(&self, purpose: Purpose) -> Result<PooledConnection, EngineError> {
        let closed = |_| EngineError::Unavailable("the service is stopping".to_owned());
        let change = match purpose {
            Purpose::Change => Some(Arc::clone(&self.changes).acquire_owned().await.map_err(closed)?),
            Purpose::Read | Purpose::Probe => None,
        };
        loop {
            let all = match purpose {
                Purpose::Probe => None,
                _ => Some(Arc::clone(&self.all).acquire_owned().await.map_err(closed)?),
            };
            self.ensure_up()?;
            let error = match self.connections.get().await {
                Ok(object) if self.timelines.is_outdated(&object) || object.is_closed() => {
                    drop(Object::take(object));
                    continue;
                }
                Ok(object) => {
                    return Ok(PooledConnection {
                        object: Some(object),
                        idle: true,
                        _permits: [all, change],
                    });
                }
                Err(error) => error,
            };
            self.connections.retain(|client, _| !client.is_closed());
            let reason = describe_pool_error(&error);
            if self.connections.status().size == 0 && !matches!(error, PoolError::Closed) {
                self.mark_down(&reason);
                return Err(EngineError::Unavailable(reason));
            }
            // Others work, so there may be no room for one more: wait until one of those is free.
            if !is_out_of_room(&error) {
                self.spawn_health_check();
            }
            match all {
                Some(permit) => self.shrink_for_a_while(permit),
                None => sleep(PING_INTERVAL / 10).await,
            }
        }
    }

    /// Lets one connection less be used, until it is time to try for another.
    fn shrink_for_a_while(&self, permit: OwnedSemaphorePermit) {
        permit.forget();
        let all = Arc::clone(&self.all);
        tokio::spawn(async move {
            sleep(PING_INTERVAL).await;
            all.add_permits(1);
        });
    }

    /// A connection, however things stand, with the error that it ends in.
    pub(super) async fn connect(&self) -> Result<PooledConnection, PoolError> {
        let object = Some(self.connections.get().await?);
        Ok(PooledConnection { object, idle: true, _permits: [None, None] })
    }

    fn ensure_up(&self) -> Result<(), EngineError> {
        match &*self.down.read().unwrap_or_else(PoisonError::into_inner) {
            Some(reason) => Err(EngineError::Unavailable(reason.clone())),
            None => Ok(()),
        }
    }

    /// Waits for an answer for [`STATEMENT_TIMEOUT`] at most. The connection of one that did not come is not used again.
    pub(super) async fn answer<T>(
        &self,
        asking: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, EngineError> {
        if let Ok(answer) = timeout(STATEMENT_TIMEOUT, asking).await {
            return Ok(answer?);
        }
        self.check_health().await;
        Err(EngineError::Unavailable(NOT_ANSWERING.to_owned()))
    }

    /// Looks, beside everything else, whether the database still answers.
    fn spawn_health_check(&self) {
        let Some(pool) = self.own.upgrade() else { return };
        tokio::spawn(async move { pool.check_health().await });
    }

    /// Looks whether the database still answers, and refuses everything at once where it does not.
    pub(super) async fn check_health(&self) {
        let _one_at_a_time = self.health_check.lock().await;
        let mut reason = NOT_ANSWERING.to_owned();
        for _ in 0..PING_ATTEMPTS {
            if self.ensure_up().is_err() {
                return;
            }
            match timeout(PING_TIMEOUT, self.ping()).await {
                Ok(Ok(()) | Err(PoolError::Closed)) => return,
                Ok(Err(error)) if is_out_of_room(&error) => return,
                Ok(Err(error)) => reason = describe_pool_error(&error),
                Err(_) => {}
            }
        }
        self.mark_down(&reason);
    }

    /// Notes that the database cannot be reached. Connections that are not in use are as suspect.
    fn mark_down(&self, reason: &str) {
        let mut down = self.down.write().unwrap_or_else(PoisonError::into_inner);
        if down.is_some() {
            return;
        }
        *down = Some(reason.to_owned());
        drop(down);
        tracing::error!(reason, "the database cannot be reached; this is logged once, until it is back");
        self.connections.retain(|_, _| false);
        let own = self.own.clone();
        tokio::spawn(async move {
            loop {
                sleep(PING_INTERVAL).await;
                let Some(pool) = own.upgrade() else { return };
                if matches!(timeout(2 * PING_TIMEOUT, pool.ping()).await, Ok(Ok(()))) {
                    *pool.down.write().unwrap_or_else(PoisonError::into_inner) = None;
                    tracing::info!("the database is back");
                    return;
                }
            }
        });
    }

    async fn ping(&self) -> Result<(), PoolError> {
        let mut connection = self.connect().await?;
        connection.set_idle(false);
        connection.batch_execute("SELECT 1").await.map_err(PoolError::Backend)?;
        connection.set_idle(true);
        Ok(())
    }

    /// Whether the database cannot be reached; that is in the log already.
    pub(super) fn is_down(&self) -> bool {
        self.ensure_up().is_err()
    }

    /// Closes all connections.
    pub(super) fn close(&self) {
        self.connections.close();
        self.all.close();
        self.changes.close();
    }
}

/// What is said of a server that takes connections and does not answer.
pub(super) const NOT_ANSWERING: &str = "the database does not answer";

/// What is needed at the least: a batch, a read and the probe.
const MIN_CONNECTIONS: u32 = 3;

/// Whether a connection could not be had for lack of room alone.
fn is_out_of_room(error: &PoolError) -> bool {
    match error {
        PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => is_full(error),
        PoolError::Timeout(deadpool_postgres::TimeoutType::Wait) => true,
        _ => false,
    }
}

/// Why there is no connection.
pub(super) fn describe_pool_error(error: &PoolError) -> String {
    use deadpool_postgres::TimeoutType::{Create, Recycle, Wait};
    match error {
        PoolError::Timeout(Wait) => "too much work is waiting for a connection".to_owned(),
        PoolError::Timeout(Create | Recycle) => NOT_ANSWERING.to_owned(),
        PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => describe(error),
        PoolError::PostCreateHook(HookError::Message(message)) => message.to_string(),
        other => other.to_string(),
    }
}

/// The number of a server's timeline, which grows with each promotion; `None` on a standby, and where a
/// server does not tell.
pub(super) async fn timeline(client: &Client) -> Result<Option<u32>, tokio_postgres::Error> {
    // Eight hexadecimal digits, which every user may ask for.
    const TIMELINE: &str = "SELECT CASE WHEN NOT pg_is_in_recovery() \
         THEN left(pg_walfile_name(pg_current_wal_lsn()), 8) END";
    let row = match client.query_one(TIMELINE, &[]).await {
        Ok(row) => row,
        Err(error) if error.as_db_error().is_some() && !client.is_closed() => return Ok(None),
        Err(error) => return Err(error),
    };
    let text: Option<&str> = row.try_get(0)?;
    Ok(text.and_then(|text| u32::from_str_radix(text, 16).ok()))
}
