//! Connections: so many at most, each set up alike, and none that may be stuck is used again.
//!
//! When the database cannot be reached, nobody waits for it: everything is refused at once, while one task
//! looks again and again whether it is back.

use std::{
    ops::Deref,
    sync::{Arc, PoisonError, RwLock, Weak},
    time::Duration,
};

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, PoolError, RecyclingMethod, Runtime, Timeouts,
};
use tokio::time::{sleep, timeout};
use tokio_postgres::NoTls;

use super::{
    address::{Address, Tls},
    fault::{Fault, describe},
    moment::Moment,
    tls,
};

/// How long a piece of work waits for a connection.
const WAIT: Duration = Duration::from_secs(3);

/// How long making a connection may take, with all servers that are named.
const CREATE: Duration = Duration::from_secs(8);

/// Between two looks whether the database is back.
const LOOK: Duration = Duration::from_millis(300);

/// How long one look may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// What every connection is told. A server that hangs, or waits for a lock, gives up before we do; a
/// transaction whose node is gone lets go of its locks. All that is asked here has an index; plans made while
/// a table was empty must use it too, row by row.
const SET_UP: &str = "SET statement_timeout = '5s'; SET lock_timeout = '4s'; \
     SET idle_in_transaction_session_timeout = '5s'; SET enable_seqscan = off; \
     SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off; SET jit = off";

/// The connections to the database.
pub(super) struct Pool {
    connections: deadpool_postgres::Pool,
    /// Why the database cannot be reached now.
    down: RwLock<Option<String>>,
    /// Itself, for the task that looks whether the database is back.
    own: Weak<Self>,
}

/// A connection in use. It goes back to the others when it is known to be at rest; else it is closed, and the
/// server rolls back.
pub(super) struct Link {
    object: Option<Object>,
    resting: bool,
}

impl Link {
    /// Takes note whether a transaction is open.
    pub(super) const fn set_resting(&mut self, resting: bool) {
        self.resting = resting;
    }
}

impl Deref for Link {
    type Target = Object;

    #[expect(clippy::expect_used, reason = "the connection is there until the link is dropped")]
    fn deref(&self) -> &Object {
        self.object.as_ref().expect("a link has its connection")
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        if let (false, Some(object)) = (self.resting, self.object.take()) {
            drop(Object::take(object));
        }
    }
}

impl Pool {
    /// Prepares for at most `most` connections; makes none yet. The error says what to do.
    pub(super) fn new(address: &Address, most: u32, moment: Arc<Moment>) -> Result<Arc<Self>, String> {
        let config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = match address.tls() {
            Tls::Off => Manager::from_config(address.config().clone(), NoTls, config),
            Tls::Verified(roots) => {
                let tls = tls::connector(roots.as_deref())?;
                Manager::from_config(address.config().clone(), tls, config)
            }
        };
        let set_up = Hook::async_fn(move |client: &mut deadpool_postgres::ClientWrapper, _| {
            let moment = Arc::clone(&moment);
            Box::pin(async move {
                client.batch_execute(SET_UP).await.map_err(HookError::Backend)?;
                moment.measure(client).await.map_err(HookError::Backend)
            })
        });
        let connections = deadpool_postgres::Pool::builder(manager)
            .max_size(usize::try_from(most.max(MIN_CONNECTIONS)).unwrap_or(usize::MAX))
            .timeouts(Timeouts { wait: Some(WAIT), create: Some(CREATE), recycle: Some(PATIENCE) })
            .runtime(Runtime::Tokio1)
            .post_create(set_up)
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Arc::new_cyclic(|own| Self { connections, down: RwLock::default(), own: own.clone() }))
    }

    /// A connection that is at rest.
    pub(super) async fn get(&self) -> Result<Link, Fault> {
        if let Some(reason) = &*self.down.read().unwrap_or_else(PoisonError::into_inner) {
            return Err(Fault::Outage(reason.clone()));
        }
        self.connect().await.map_err(|error| {
            let (reason, down) = in_words(&error);
            if down {
                self.trip(&reason);
            }
            Fault::Outage(reason)
        })
    }

    /// The same, however things stand, with the error that it ends in.
    pub(super) async fn connect(&self) -> Result<Link, PoolError> {
        Ok(Link { object: Some(self.connections.get().await?), resting: true })
    }

    /// Takes note that the database cannot be reached. Connections that are not in use are as suspect.
    pub(super) fn trip(&self, reason: &str) {
        let mut down = self.down.write().unwrap_or_else(PoisonError::into_inner);
        if down.is_some() {
            return;
        }
        *down = Some(reason.to_owned());
        drop(down);
        tracing::error!(reason, "the database cannot be reached; this is said once, until it is back");
        self.connections.retain(|_, _| false);
        let own = self.own.clone();
        tokio::spawn(async move {
            loop {
                sleep(LOOK).await;
                let Some(pool) = own.upgrade() else { return };
                if matches!(timeout(PATIENCE, pool.look()).await, Ok(Ok(()))) {
                    *pool.down.write().unwrap_or_else(PoisonError::into_inner) = None;
                    tracing::info!("the database is back");
                    return;
                }
            }
        });
    }

    async fn look(&self) -> Result<(), Fault> {
        let mut link = self.connect().await.map_err(|error| Fault::Outage(in_words(&error).0))?;
        link.set_resting(false);
        link.batch_execute("SELECT 1").await?;
        link.set_resting(true);
        Ok(())
    }

    /// Closes all connections.
    pub(super) fn close(&self) {
        self.connections.close();
    }
}

/// What is needed at the least: work that is under way in batches, and some beside it.
const MIN_CONNECTIONS: u32 = 3;

/// Why there is no connection, and whether that is the database's fault.
pub(super) fn in_words(error: &PoolError) -> (String, bool) {
    use deadpool_postgres::TimeoutType::{Create, Recycle, Wait};
    match error {
        PoolError::Timeout(Wait) => ("too much work is waiting for a connection".to_owned(), false),
        PoolError::Timeout(Create | Recycle) => ("it does not answer".to_owned(), true),
        PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => {
            (describe(error), true)
        }
        other => (other.to_string(), true),
    }
}
