//! The connection pool.
//!
//! Changes never use all connections: some are reserved for reads, and one for the readiness probe. If the server
//! refuses more connections, the open ones continue to be used.
//!
//! If no connection works and none can be opened, all requests are refused at once, while one task pings the database
//! until it is back. A statement that takes too long loses its connection and affects nothing else.

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

use super::{
    db_clock::DbClock,
    server_connector::{ServerConnector, Timelines},
};
use crate::database::address::Address;
use crate::postgres::error::{EngineError, describe, is_full};
use crate::sql::statements;

/// Maximum time that a transaction waits for a connection.
const CONNECTION_WAIT: Duration = Duration::from_secs(3);

/// Timeout of connecting, over all servers of the address.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(8);

/// Timeout of a statement. A responsive server cancels it earlier.
pub(in crate::postgres) const STATEMENT_TIMEOUT: Duration = Duration::from_secs(8);

/// The pause between two pings, and before another attempt after the server was full.
const PING_INTERVAL: Duration = Duration::from_millis(300);

/// Timeout of a ping.
const PING_TIMEOUT: Duration = Duration::from_secs(1);

/// Number of failed pings after which the database counts as down.
const PING_ATTEMPTS: usize = 2;

/// Number of connections reserved for reads, if there are enough.
const RESERVED_FOR_READS: usize = 2;

statements! {
    // For every connection. The server gives up on a statement or a lock before the client does, and ends a transaction
    // whose node is gone. Every query has an index; the planner settings make it use the index even if the table was
    // empty at planning time.
    const SESSION_SETTINGS: Sql = "SET statement_timeout = '5s'; SET lock_timeout = '4s'; \
         SET idle_in_transaction_session_timeout = '5s'; SET enable_seqscan = off; \
         SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off; SET jit = off";

    const PING: Sql = "SELECT 1";
}

/// The purpose of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::postgres) enum Purpose {
    /// A read.
    Read,
    /// A change.
    Change,
    /// The readiness probe, which never waits for other work.
    Probe,
}

/// The connections to the database.
pub(in crate::postgres) struct Pool {
    connections: deadpool_postgres::Pool,
    /// Permits for reads and changes together; fewer while the server is full.
    all: Arc<Semaphore>,
    /// Permits for changes.
    changes: Arc<Semaphore>,
    timelines: Arc<Timelines>,
    /// Reason why the database is down; `None` if it is up.
    down: RwLock<Option<String>>,
    /// Held during a health check.
    health_check: AsyncMutex<()>,
    /// The pool itself, for the task that pings.
    own: Weak<Self>,
}

/// A connection in use. When dropped, it returns to the pool if it is idle; otherwise it is closed, and the server
/// rolls back.
pub(in crate::postgres) struct PooledConnection {
    object: Option<Object>,
    idle: bool,
    /// Released after the connection.
    _permits: [Option<OwnedSemaphorePermit>; 2],
}

impl PooledConnection {
    /// Sets whether the connection is idle: no transaction is open and no answer is outstanding.
    pub(in crate::postgres) const fn set_idle(&mut self, idle: bool) {
        self.idle = idle;
    }
}

impl Deref for PooledConnection {
    type Target = Object;

    #[expect(clippy::expect_used, reason = "the connection is present until the drop")]
    fn deref(&self) -> &Object {
        self.object.as_ref().expect("a pooled connection is present until its drop")
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
    /// A pool of at max `max` connections, which are opened on demand. The error says what to do.
    pub(in crate::postgres) fn new(
        address: &Address,
        max: u32,
        clock: Arc<DbClock>,
    ) -> Result<Arc<Self>, String> {
        let timelines = Arc::new(Timelines::default());
        let connector = ServerConnector::new(address, Arc::clone(&timelines))?;
        let config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_connect(address.config().clone(), connector, config);
        let seen = Arc::clone(&timelines);
        let set_up = Hook::async_fn(move |client: &mut ClientWrapper, metrics: &Metrics| {
            let created = metrics.created;
            let (clock, seen) = (Arc::clone(&clock), Arc::clone(&seen));
            Box::pin(async move {
                client.batch_execute(SESSION_SETTINGS.text()).await.map_err(HookError::Backend)?;
                seen.admit(client, created).await?;
                clock.measure(client).await.map_err(HookError::Backend)
            })
        });
        let max = usize::try_from(max.max(MIN_CONNECTIONS)).unwrap_or(usize::MAX);
        let connections = deadpool_postgres::Pool::builder(manager)
            .max_size(max)
            .timeouts(Timeouts {
                wait: Some(CONNECTION_WAIT),
                create: Some(CONNECT_TIMEOUT),
                recycle: Some(PING_TIMEOUT),
            })
            .runtime(Runtime::Tokio1)
            .post_create(set_up)
            .build()
            .map_err(|error| error.to_string())?;
        // One is reserved for the probe.
        let all = max - 1;
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

    /// An idle connection.
    pub(in crate::postgres) async fn get(&self, purpose: Purpose) -> Result<PooledConnection, EngineError> {
        self.ensure_up()?;
        if let Ok(connection) = timeout(CONNECTION_WAIT, self.wait_for(purpose)).await {
            return connection;
        }
        // Either all connections are in use, or the server hangs. A ping distinguishes the two.
        self.spawn_health_check();
        Err(EngineError::Busy("all connections to the database are in use".to_owned()))
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
            // Other connections work, so the server may be full: wait until one of them is free.
            if !is_connection_limit(&error) {
                self.spawn_health_check();
            }
            match all {
                Some(permit) => self.shrink_for_a_while(permit),
                None => sleep(PING_INTERVAL / 10).await,
            }
        }
    }

    /// Reduces the number of connections in use until the next attempt.
    fn shrink_for_a_while(&self, permit: OwnedSemaphorePermit) {
        permit.forget();
        let all = Arc::clone(&self.all);
        tokio::spawn(async move {
            sleep(PING_INTERVAL).await;
            all.add_permits(1);
        });
    }

    /// A connection even if the database counts as down, or the error.
    pub(in crate::postgres) async fn connect(&self) -> Result<PooledConnection, PoolError> {
        let object = Some(self.connections.get().await?);
        Ok(PooledConnection { object, idle: true, _permits: [None, None] })
    }

    fn ensure_up(&self) -> Result<(), EngineError> {
        match &*self.down.read().unwrap_or_else(PoisonError::into_inner) {
            Some(reason) => Err(EngineError::Unavailable(reason.clone())),
            None => Ok(()),
        }
    }

    /// Waits for an answer for at max [`STATEMENT_TIMEOUT`]. After a timeout the connection is not used again.
    pub(in crate::postgres) async fn answer<T>(
        &self,
        asking: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, EngineError> {
        if let Ok(answer) = timeout(STATEMENT_TIMEOUT, asking).await {
            return Ok(answer?);
        }
        self.check_health().await;
        Err(EngineError::Unavailable(NOT_ANSWERING.to_owned()))
    }

    /// Checks in the background whether the database still answers.
    fn spawn_health_check(&self) {
        let Some(pool) = self.own.upgrade() else { return };
        tokio::spawn(async move { pool.check_health().await });
    }

    /// Checks whether the database still answers, and marks it as down if it does not.
    pub(in crate::postgres) async fn check_health(&self) {
        let _one_at_a_time = self.health_check.lock().await;
        let mut reason = NOT_ANSWERING.to_owned();
        for _ in 0..PING_ATTEMPTS {
            if self.ensure_up().is_err() {
                return;
            }
            match timeout(PING_TIMEOUT, self.ping()).await {
                Ok(Ok(()) | Err(PoolError::Closed)) => return,
                Ok(Err(error)) if is_connection_limit(&error) => return,
                Ok(Err(error)) => reason = describe_pool_error(&error),
                Err(_) => {}
            }
        }
        self.mark_down(&reason);
    }

    /// Marks the database as down, and closes idle connections.
    fn mark_down(&self, reason: &str) {
        let mut down = self.down.write().unwrap_or_else(PoisonError::into_inner);
        if down.is_some() {
            return;
        }
        *down = Some(reason.to_owned());
        drop(down);
        tracing::error!(
            reason,
            "the database is unreachable; further failures are not logged until it is back"
        );
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
        connection.batch_execute(PING.text()).await.map_err(PoolError::Backend)?;
        connection.set_idle(true);
        Ok(())
    }

    /// Whether the database is down, which is logged already.
    pub(in crate::postgres) fn is_down(&self) -> bool {
        self.ensure_up().is_err()
    }

    /// Closes all connections.
    pub(in crate::postgres) fn close(&self) {
        self.connections.close();
        self.all.close();
        self.changes.close();
    }
}

/// The reason for a server that accepts connections and does not answer.
pub(in crate::postgres) const NOT_ANSWERING: &str = "the database does not answer";

/// Minimum number of connections: for a batch, a read and the probe.
const MIN_CONNECTIONS: u32 = 3;

/// Whether only the limit of connections prevented another one.
fn is_connection_limit(error: &PoolError) -> bool {
    match error {
        PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => is_full(error),
        PoolError::Timeout(deadpool_postgres::TimeoutType::Wait) => true,
        _ => false,
    }
}

/// The reason for a missing connection.
pub(in crate::postgres) fn describe_pool_error(error: &PoolError) -> String {
    use deadpool_postgres::TimeoutType::{Create, Recycle, Wait};
    match error {
        PoolError::Timeout(Wait) => "all connections to the database are in use".to_owned(),
        PoolError::Timeout(Create | Recycle) => NOT_ANSWERING.to_owned(),
        PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => describe(error),
        PoolError::PostCreateHook(HookError::Message(message)) => message.to_string(),
        other => other.to_string(),
    }
}
