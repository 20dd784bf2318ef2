//! Opening the database.

use std::{sync::Arc, time::Duration};

use deadpool_postgres::{HookError, PoolError};
use tokio::time::{Instant, sleep};
use tokio_postgres::error::SqlState;

use super::{
    Address, PostgresStore,
    lane::Lanes,
    migrate,
    moment::Moment,
    pool::{Link, Pool, Purpose, in_words},
    shared::Shared,
    turns::Turns,
};
use crate::{
    Database, OpenError, Options, health::Health, key_uses::KeyUses, refused::Refused, skipped::Skipped,
    watched::watched,
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
        let moment = Arc::new(Moment::new(Arc::clone(&options.clock), options.shared_clock));
        let pool = Pool::new(address, options.connections, Arc::clone(&moment)).map_err(unreachable)?;
        let mut link = reach(&pool).await.map_err(|error| unreachable(reason(&error)))?;
        let durability = look(&link, address).await.map_err(unreachable)?;
        migrate::migrate(&mut link, &database).await?;
        drop(link);
        let shared = Arc::new(Shared {
            options,
            pool,
            turns: Turns::default(),
            moment,
            health: Health::default(),
            refused: Refused::default(),
            skipped: Skipped::default(),
            known: super::known::Known::default(),
            key_uses: KeyUses::default(),
            durability,
        });
        let lanes = Arc::new(Lanes::new(&shared));
        let maintenance = watched("the comparison of clocks", compare_clocks(Arc::clone(&shared)));
        Ok(Self { shared, lanes, maintenance })
    }
}

/// Makes the first connection. A server that is just starting is waited for.
async fn reach(pool: &Pool) -> Result<Link, PoolError> {
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
    let Ok(pool) = Pool::new(address, 1, Arc::new(Moment::new(clock, false))) else { return false };
    match pool.connect().await {
        Ok(link) => migrate::is_missing(&link).await.unwrap_or(false),
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
        other => in_words(other),
    }
}

/// Makes sure that the server can keep what we promise; the answer is how durable a commit is to be.
async fn look(link: &Link, address: &Address) -> Result<String, String> {
    const LOOK: &str = "SELECT current_setting('server_encoding'), current_setting('fsync'), \
         current_setting('full_page_writes'), current_setting('synchronous_commit')";
    let failed = |error: tokio_postgres::Error| migrate::reason(&error);
    let row = link.query_one(LOOK, &[]).await.map_err(failed)?;
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
async fn compare_clocks(shared: Arc<Shared>) {
    loop {
        sleep(COMPARE).await;
        if let Ok(mut link) = shared.pool.get(Purpose::Read).await {
            link.set_resting(false);
            let measured = shared.pool.answer(shared.moment.measure(&link)).await;
            link.set_resting(measured.is_ok());
        }
    }
}
