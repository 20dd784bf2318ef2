//! Opens the database.

use std::{sync::Arc, time::Duration};

use deadpool_postgres::{HookError, PoolError};
use tokio::time::{Instant, sleep};
use tokio_postgres::error::SqlState;

use super::{
    PostgresStore,
    batching::batcher::Batcher,
    connections::{
        db_clock::{DbClock, NoClock},
        pool::{Pool, PooledConnection, Purpose, describe_pool_error},
    },
    migrations,
    transactions::{engine::EngineContext, key_cache::KeyCache, lock_queue::LockQueue},
};
use crate::database::address::Address;
use crate::{
    database::Database,
    health::Health,
    key_uses::KeyUses,
    options::{OpenError, Options},
    recent_refusals::RecentRefusals,
    skipped_rows::SkippedRows,
    sql::statements,
    supervised::spawn_supervised,
};

statements! {
    const SERVER_SETTINGS: Sql = "SELECT current_setting('server_encoding'), current_setting('fsync'), \
         current_setting('full_page_writes'), current_setting('synchronous_commit')";
}

/// Interval at which the clock is compared with the database's. Changes compare it as well.
const CLOCK_INTERVAL: Duration = Duration::from_secs(10);

/// Maximum time to wait for a server that is starting.
const START_TIMEOUT: Duration = Duration::from_mins(1);

impl PostgresStore {
    /// Connects, creates or migrates the schema, and starts the tasks. Must be called inside a tokio runtime.
    pub(crate) async fn open(address: &Address, options: Options) -> Result<Self, OpenError> {
        let database = Database::postgres(address.clone());
        let unreachable = |reason: String| OpenError::Unreachable { database: database.clone(), reason };
        let clock = Arc::new(DbClock::new(Arc::clone(&options.clock), options.shared_clock));
        let pool = Pool::new(address, options.connections, Arc::clone(&clock)).map_err(unreachable)?;
        let mut connection = reach(&pool).await.map_err(|error| unreachable(reason(&error)))?;
        let durability = check_settings(&connection, address).await.map_err(unreachable)?;
        migrations::migrate(&mut connection, &database).await?;
        drop(connection);
        let engine = Arc::new(EngineContext {
            options,
            pool,
            lock_queue: LockQueue::default(),
            clock,
            health: Health::default(),
            recent_refusals: RecentRefusals::default(),
            skipped_rows: SkippedRows::default(),
            key_cache: KeyCache::default(),
            key_uses: KeyUses::default(),
            durability,
        });
        let batcher = Arc::new(Batcher::new(&engine));
        let maintenance = spawn_supervised("the comparison of clocks", compare_clocks(Arc::clone(&engine)));
        Ok(Self { engine, batcher, maintenance })
    }
}

/// Opens the first connection. Waits for a server that is starting.
async fn reach(pool: &Pool) -> Result<PooledConnection, PoolError> {
    let begun = Instant::now();
    loop {
        match pool.connect().await {
            Err(error) if is_starting(&error) && begun.elapsed() < START_TIMEOUT => {
                sleep(RETRY_INTERVAL).await;
            }
            outcome => return outcome,
        }
    }
}

/// Pause between two attempts.
const RETRY_INTERVAL: Duration = Duration::from_millis(500);

fn is_starting(error: &PoolError) -> bool {
    matches!(error, PoolError::Backend(error) if error.code() == Some(&SqlState::CANNOT_CONNECT_NOW))
}

/// Whether a reachable database has no schema of Vestibule.
pub(crate) async fn is_missing(address: &Address) -> bool {
    let clock = Arc::new(NoClock);
    let Ok(pool) = Pool::new(address, 1, Arc::new(DbClock::new(clock, false))) else { return false };
    match pool.connect().await {
        Ok(connection) => migrations::is_missing(&connection).await.unwrap_or(false),
        // Opening it reports the error.
        Err(_) => false,
    }
}

fn reason(error: &PoolError) -> String {
    match error {
        PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => {
            migrations::reason(error)
        }
        other => describe_pool_error(other),
    }
}

/// Checks the settings of the server; returns the `synchronous_commit` to use.
async fn check_settings(connection: &PooledConnection, address: &Address) -> Result<String, String> {
    let failed = |error: tokio_postgres::Error| migrations::reason(&error);
    let row = connection.query_one(SERVER_SETTINGS.text(), &[]).await.map_err(failed)?;
    let setting = |index: usize| row.try_get::<_, String>(index).map_err(failed);
    let encoding = setting(0)?;
    if encoding != "UTF8" {
        return Err(format!("its encoding is {encoding}; create one with: createdb --encoding UTF8"));
    }
    if setting(1)? != "on" || setting(2)? != "on" {
        tracing::warn!("fsync or full_page_writes is off on this server, so a crash loses invites");
    }
    if address.is_exposed() {
        tracing::warn!(
            "the connection to the database is not encrypted, so others on the network can read and change everything"
        );
    }
    // The operator can choose a stronger value. A weaker one would lose invites that were reported as created.
    Ok(if setting(3)? == "remote_apply" { "remote_apply" } else { "on" }.to_owned())
}

/// Compares the clocks at intervals.
async fn compare_clocks(engine: Arc<EngineContext>) {
    loop {
        sleep(CLOCK_INTERVAL).await;
        if let Ok(mut connection) = engine.pool.get(Purpose::Read).await {
            connection.set_idle(false);
            let measured = engine.pool.answer(engine.clock.measure(&connection)).await;
            connection.set_idle(measured.is_ok());
        }
    }
}
