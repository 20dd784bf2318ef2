//! Opening a database of either engine.

use std::sync::Arc;

use vestibule_core::Store;

use crate::{
    database::{Backend, Database},
    options::{OpenError, Options},
    postgres,
    postgres::PostgresStore,
    sqlite::SqliteStore,
    traced::TracedStore,
};

impl Database {
    /// Whether opening it would create a new database. `false` if this is unknown; opening it reports the error.
    pub async fn is_missing(&self) -> bool {
        match &self.0 {
            Backend::Sqlite(path) => matches!(path.try_exists(), Ok(false)),
            Backend::Postgres(address) => postgres::open::is_missing(address).await,
        }
    }
}

/// Opens a database, creates or migrates its schema, and starts its threads or tasks.
pub async fn open(database: &Database, options: Options) -> Result<Arc<dyn Store>, OpenError> {
    let traced = options.traced;
    let (store, system): (Arc<dyn Store>, _) = match &database.0 {
        Backend::Sqlite(path) => (Arc::new(SqliteStore::open(path, options)?), "sqlite"),
        Backend::Postgres(address) => (Arc::new(PostgresStore::open(address, options).await?), "postgresql"),
    };
    Ok(if traced { Arc::new(TracedStore::new(store, system)) } else { store })
}
