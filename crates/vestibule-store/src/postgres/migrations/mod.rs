//! Schema migrations.

use std::{mem, time::Duration};

use tokio::time::sleep;
use tokio_postgres::error::{Severity, SqlState};

use super::{
    connections::pool::PooledConnection,
    error::{EngineError, describe},
    transactions::{
        begin::{LOCK_MIGRATE, LOCK_SPACE},
        transaction::COMMIT,
    },
};
use crate::{database::Database, options::OpenError, sql::statements};

/// All migrations, in order. Never change a released one. A new one may only add, because nodes of the previous version
/// keep running while nodes of this version start.
pub(super) const MIGRATIONS: [&str; 10] = [
    include_str!("0001_initial.sql"),
    include_str!("0002_powers.sql"),
    include_str!("0003_batches.sql"),
    include_str!("0004_daily_work.sql"),
    include_str!("0005_tombstones.sql"),
    include_str!("0006_presentation.sql"),
    include_str!("0007_renewals.sql"),
    include_str!("0008_inviters.sql"),
    include_str!("0009_members.sql"),
    include_str!("0010_sessions.sql"),
];

statements! {
    // Whether the schema belongs to Vestibule, whether it has any relation that no extension created, and whether there is a schema.
    const READ_SCHEMA: Sql = "SELECT to_regclass('vestibule_schema') IS NOT NULL,
         EXISTS (SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
                 WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
                   AND NOT EXISTS (SELECT FROM pg_depend AS d
                                   WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')),
         current_schema() IS NOT NULL";

    const IS_MISSING: Sql = "SELECT to_regclass('vestibule_schema') IS NULL";

    const VERSION: Sql = "SELECT version FROM vestibule_schema";

    const SET_VERSION: Sql = "UPDATE vestibule_schema SET version = $1";

    const NO_LIMITS: Sql = "SET statement_timeout = 0; SET lock_timeout = 0";

    const BEGIN: Sql = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL synchronous_commit = 'on'; \
         SET LOCAL idle_in_transaction_session_timeout = 0";

    const TRY_LOCK: Sql = "SELECT pg_try_advisory_xact_lock($1, $2)";

    const LOCK: Sql = "SELECT pg_advisory_xact_lock($1, $2)";

    // Other transactions wait behind an attempt to migrate that waits for a table in use.
    const LIMIT_WAIT: Sql = "SET LOCAL lock_timeout = '2s'";
}

/// Pause between two attempts.
const RETRY_INTERVAL: Duration = Duration::from_secs(1);

/// Creates or migrates the schema under a lock, so that nodes which start together do it once. Has no time limit.
pub(super) async fn migrate(connection: &mut PooledConnection, database: &Database) -> Result<(), OpenError> {
    // Closed at the end, not returned to the pool, because its limits differ.
    connection.set_idle(false);
    let outcome = migrate_without_limits(connection).await;
    outcome.map_err(|failed| match failed {
        Failed::Database(error) => unreachable(database, &error),
        Failed::Version(version) => version.refuse(database).err().unwrap_or_else(|| {
            OpenError::Unreachable { database: database.clone(), reason: "its schema changes".to_owned() }
        }),
    })
}

enum Failed {
    Database(tokio_postgres::Error),
    Version(Version),
}

impl From<tokio_postgres::Error> for Failed {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Database(error)
    }
}

async fn migrate_without_limits(connection: &PooledConnection) -> Result<(), Failed> {
    connection.batch_execute(NO_LIMITS.text()).await?;
    let mut logged = false;
    loop {
        // First without a lock: usually the schema is current.
        if is_done(version(connection).await?)? {
            return Ok(());
        }
        match attempt(connection, &mut logged).await {
            Ok(()) => return Ok(()),
            Err(Failed::Database(error)) if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => {
                tracing::warn!(
                    reason = describe(&error),
                    "the schema cannot be migrated while a table is in use; trying again"
                );
                connection.batch_execute("ROLLBACK").await?;
                sleep(RETRY_INTERVAL).await;
            }
            Err(failed) => return Err(failed),
        }
    }
}

fn is_done(version: Version) -> Result<bool, Failed> {
    match version {
        Version::Found(found) if found == known() => Ok(true),
        Version::Found(found) if found < known() => Ok(false),
        Version::Nothing => Ok(false),
        other => Err(Failed::Version(other)),
    }
}

/// Migrates in one transaction, once the lock is free.
async fn attempt(connection: &PooledConnection, logged: &mut bool) -> Result<(), Failed> {
    connection.batch_execute(BEGIN.text()).await?;
    let free = connection.query_one(TRY_LOCK.text(), &[&LOCK_SPACE, &LOCK_MIGRATE]).await?;
    if !free.try_get::<_, bool>(0)? {
        if !mem::replace(logged, true) {
            tracing::info!("another node is migrating the schema; waiting for it");
        }
        connection.query_one(LOCK.text(), &[&LOCK_SPACE, &LOCK_MIGRATE]).await?;
    }
    connection.batch_execute(LIMIT_WAIT.text()).await?;
    let version = version(connection).await?;
    if !is_done(version)? {
        let found = if let Version::Found(found) = version { found } else { 0 };
        for migration in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
            connection.batch_execute(migration).await?;
        }
        connection.execute(SET_VERSION.text(), &[&known()]).await?;
    }
    Ok(connection.batch_execute(COMMIT.text()).await?)
}

fn unreachable(database: &Database, error: &tokio_postgres::Error) -> OpenError {
    OpenError::Unreachable { database: database.clone(), reason: reason(error) }
}

fn known() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// The state of a schema.
#[derive(Clone, Copy, Debug)]
enum Version {
    /// Empty.
    Nothing,
    /// A schema of this version.
    Found(i64),
    /// The schema of another program.
    NotOurs,
    /// The search path of the user names no existing schema.
    Nowhere,
}

impl Version {
    /// Rejects a schema that this version cannot use.
    fn refuse(self, database: &Database) -> Result<(), OpenError> {
        match self {
            Self::Nothing => Ok(()),
            Self::Found(found) if found <= known() => Ok(()),
            Self::Found(found) => Err(OpenError::Newer { database: database.clone(), found, known: known() }),
            Self::NotOurs => Err(OpenError::NotOurs(database.clone())),
            Self::Nowhere => {
                let reason = "the search_path of its user names no existing schema; \
                              run: ALTER ROLE ... SET search_path = public";
                Err(OpenError::Unreachable { database: database.clone(), reason: reason.to_owned() })
            }
        }
    }
}

async fn version(connection: &PooledConnection) -> Result<Version, tokio_postgres::Error> {
    let row = connection.query_one(READ_SCHEMA.text(), &[]).await?;
    let (ours, anything, anywhere): (bool, bool, bool) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    Ok(match (ours, anything, anywhere) {
        (_, _, false) => Version::Nowhere,
        (false, true, _) => Version::NotOurs,
        (false, false, _) => Version::Nothing,
        (true, _, _) => {
            let row = connection.query_one(VERSION.text(), &[]).await?;
            Version::Found(row.try_get(0)?)
        }
    })
}

/// Whether the schema is current.
pub(super) async fn is_current(
    connection: &PooledConnection,
    database: &Database,
) -> Result<bool, OpenError> {
    let version = version(connection).await.map_err(|error| unreachable(database, &error))?;
    version.refuse(database)?;
    Ok(matches!(version, Version::Found(found) if found == known()))
}

/// Whether the schema does not exist yet.
pub(super) async fn is_missing(connection: &PooledConnection) -> Result<bool, EngineError> {
    let row = connection.query_one(IS_MISSING.text(), &[]).await?;
    Ok(row.try_get(0)?)
}

/// The text of an error, with what to do if that is known. The last two errors have no type and no code, so their text
/// is compared; if it changes, only the advice is missing.
pub(super) fn reason(error: &tokio_postgres::Error) -> String {
    let text = describe(error);
    let severity = error.as_db_error().and_then(tokio_postgres::error::DbError::parsed_severity);
    match error.code() {
        // The server refused the connection.
        Some(code) if *code == SqlState::INSUFFICIENT_PRIVILEGE && severity == Some(Severity::Fatal) => {
            format!("{text}; run: GRANT CONNECT ON DATABASE ... TO ...")
        }
        Some(code) if *code == SqlState::INSUFFICIENT_PRIVILEGE => format!(
            "{text}; its user needs a schema: GRANT CREATE, USAGE ON SCHEMA public TO ..., or create \
             it the owner of the database"
        ),
        Some(code) if *code == SqlState::INVALID_CATALOG_NAME => {
            format!("{text}; run: createdb --encoding UTF8 --owner ... ...")
        }
        Some(code) if *code == SqlState::INVALID_PASSWORD => {
            format!("{text}; set the password in the URL or in the file of --database-password-file")
        }
        None if text.contains("server does not support TLS") => format!(
            "{text}, and without TLS others on the network could read and change everything; enable it there \
             (ssl = on), or say sslmode=disable in the URL where the network is yours"
        ),
        None if text.contains("password missing") => {
            format!("{text}; set the password in the URL or in the file of --database-password-file")
        }
        _ => text,
    }
}
