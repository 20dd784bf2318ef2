//! Opening the database.

use std::{sync::Arc, time::Duration};

use deadpool_postgres::{HookError, PoolError};
use tokio::time::{Instant, sleep};
use tokio_postgres::error::SqlState;

use super::{
    Address, PostgresStore,
    batcher::Batcher,
    db_clock::DbClock,
    engine_context::EngineContext,
    lock_queue::LockQueue,
    migrate,
    pool::{Pool, PooledConnection, Purpose, describe_pool_error},
};
use crate::{
    Database, OpenError, Options, health::Health, key_uses::KeyUses, recent_refusals::RecentRefusals,
    skipped_rows::SkippedRows, supervised::spawn_supervised,
};

/// How often the clock is compared with that of the database, beside the changes, which all compare it.
const COMPARE: Duration = Duration::from_secs(10);

/// How long a server that is starting is waited for.
const STARTING: Duration = Duration::from_mins(1);

impl PostgresStore {
    /// Connects, creates or migrates the schema where needed, and starts the tasks that serve it. Must be
    /// called inside a tokio runtime.
    pub(crate) async fn open(address: &Address, options: Options) -> Result<Self, OpenError> {
        let database = Database::postgres(address.clone());
        let unreachable = |reason: String| OpenError::Unreachable { database: database.clone(), reason };
        let clock = Arc::new(DbClock::new(Arc::clone(&options.clock), options.shared_clock));
        let pool = Pool::new(address, options.connections, Arc::clone(&clock)).map_err(unreachable)?;
        let mut connection = reach(&pool).await.map_err(|error| unreachable(reason(&error)))?;
        let durability = look(&connection, address).await.map_err(unreachable)?;
        migrate::migrate(&mut connection, &database).await?;
        drop(connection);
        let engine = Arc::new(EngineContext {
            options,
            pool,
            lock_queue: LockQueue::default(),
            clock,
            health: Health::default(),
            recent_refusals: RecentRefusals::default(),
            skipped_rows: SkippedRows::default(),
            cached: super::key_cache::KeyCache::default(),
            key_uses: KeyUses::default(),
            durability,
        });
        let batcher = Arc::new(Batcher::new(&engine));
        let maintenance = spawn_supervised("the comparison of clocks", compare_clocks(Arc::clone(&engine)));
        Ok(Self { engine, batcher, maintenance })
    }
}

/// Makes the first connection. A server that is just starting is waited for.
async fn reach(pool: &Pool) -> Result<PooledConnection, PoolError> {
    let begun = Instant::now();
    loop {
        match pool.connect().await {
            Err(error) if is_starting(&error) && begun.elapsed() < STARTING => sleep(AGAIN).await,
            outcome => return outcome,
        }
    }
}

/// Between two attempts to reach a server that is starting.
const AGAIN: Duration = Duration::from_millis(500);

fn is_starting(error: &PoolError) -> bool {
    matches!(error, PoolError::Backend(error) if error.code() == Some(&SqlState::CANNOT_CONNECT_NOW))
}

/// Whether there is nothing of ours yet in a database that can be reached.
pub(crate) async fn is_missing(address: &Address) -> bool {
    let clock = Arc::new(NoClock);
    let Ok(pool) = Pool::new(address, 1, Arc::new(DbClock::new(clock, false))) else { return false };
    match pool.connect().await {
        Ok(connection) => migrate::is_missing(&connection).await.unwrap_or(false),
        // Opening it will tell why.
        Err(_) => false,
    }
}

/// Stands in where no moment is asked for.
pub(super) struct NoClock;

impl vestibule_core::Clock for NoClock {
    fn now(&self) -> vestibule_core::Timestamp {
        vestibule_core::Timestamp::from_millis(0)
    }
}

fn reason(error: &PoolError) -> String {
    match error {
        PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => {
            migrate::reason(error)
        }
        other => describe_pool_error(other),
    }
}

/// Makes sure that the server can keep what we promise; the answer is how durable a commit is to be.
async fn look(connection: &PooledConnection, address: &Address) -> Result<String, String> {
    const LOOK: &str = "SELECT current_setting('server_encoding'), current_setting('fsync'), \
         current_setting('full_page_writes'), current_setting('synchronous_commit')";
    let failed = |error: tokio_postgres::Error| migrate::reason(&error);
    let row = connection.query_one(LOOK, &[]).await.map_err(failed)?;
    let setting = |index: usize| row.try_get::<_, String>(index).map_err(failed);
    let encoding = setting(0)?;
    if encoding != "UTF8" {
        return Err(format!("its encoding is {encoding}; make one with: createdb --encoding UTF8"));
    }
    if setting(1)? != "on" || setting(2)? != "on" {
        tracing::warn!("fsync or full_page_writes is off on this server: a crash there loses invites");
    }
    if address.is_exposed() {
        tracing::warn!("the way to the database is not protected: whoever is on it reads and changes all");
    }
    // Stronger than `on` is the operator's choice; weaker would break what a 201 means.
    Ok(if setting(3)? == "remote_apply" { "remote_apply" } else { "on" }.to_owned())
}

/// Compares the clocks, over and over.
async fn compare_clocks(engine: Arc<EngineContext>) {
    loop {
        sleep(COMPARE).await;
        if let Ok(mut connection) = engine.pool.get(Purpose::Read).await {
            connection.set_idle(false);
            let measured = engine.pool.answer(engine.clock.measure(&connection)).await;
            connection.set_idle(measured.is_ok());
        }
    }
}
