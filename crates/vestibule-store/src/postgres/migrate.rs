//! Bringing the schema up to date.

use super::{
    fault::{Fault, describe},
    pool::Link,
    session::{LOCK_MIGRATE, LOCKS},
};
use crate::{Database, OpenError};

/// All migrations, in order. Never change one that was released; add another, and only add in it: nodes of
/// the version before go on working while those of this version start.
const MIGRATIONS: [&str; 2] =
    [include_str!("migrations/0001_initial.sql"), include_str!("migrations/0002_powers.sql")];

/// What is in the schema that we would use: whether it is ours, and whether there is anything at all.
const LOOK: &str = "SELECT to_regclass('vestibule_schema') IS NOT NULL,
     EXISTS (SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
             WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f')),
     current_schema() IS NOT NULL";

/// Creates or migrates the schema, under a lock, so that two nodes that start together do not do it twice.
pub(super) async fn migrate(link: &mut Link, database: &Database) -> Result<(), OpenError> {
    let failed = |error: tokio_postgres::Error| OpenError::Unreachable {
        database: database.clone(),
        reason: reason(&error),
    };
    // Without a lock first: the usual start finds nothing to do, also where it may not write.
    if version(link, database).await? == Some(known()) {
        return Ok(());
    }
    link.set_resting(false);
    let begin = format!(
        "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL synchronous_commit = 'on'; \
         SELECT pg_advisory_xact_lock({LOCKS}, {LOCK_MIGRATE})"
    );
    link.batch_execute(&begin).await.map_err(failed)?;
    let found = version(link, database).await?.unwrap_or(0);
    for migration in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        link.batch_execute(migration).await.map_err(failed)?;
    }
    link.execute("UPDATE vestibule_schema SET version = $1", &[&known()]).await.map_err(failed)?;
    link.batch_execute("COMMIT").await.map_err(failed)?;
    link.set_resting(true);
    Ok(())
}

fn known() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// The version that the schema has; `None` where there is nothing yet. It is ours, and not newer.
async fn version(link: &Link, database: &Database) -> Result<Option<i64>, OpenError> {
    let failed = |error: tokio_postgres::Error| OpenError::Unreachable {
        database: database.clone(),
        reason: reason(&error),
    };
    let row = link.query_one(LOOK, &[]).await.map_err(failed)?;
    let (ours, anything, anywhere): (bool, bool, bool) = (row.get(0), row.get(1), row.get(2));
    if !anywhere {
        let reason = "its user's search_path names no schema that there is; \
                      run: ALTER ROLE ... SET search_path = public"
            .to_owned();
        return Err(OpenError::Unreachable { database: database.clone(), reason });
    }
    if !ours {
        return if anything { Err(OpenError::NotOurs(database.clone())) } else { Ok(None) };
    }
    let row = link.query_one("SELECT version FROM vestibule_schema", &[]).await.map_err(failed)?;
    let found: i64 = row.get(0);
    if found > known() {
        return Err(OpenError::Newer { database: database.clone(), found, known: known() });
    }
    Ok(Some(found))
}

/// Whether the schema is that of this version.
pub(super) async fn is_current(link: &Link, database: &Database) -> Result<bool, OpenError> {
    Ok(version(link, database).await? == Some(known()))
}

/// Whether there is nothing of ours yet.
pub(super) async fn is_missing(link: &Link) -> Result<bool, Fault> {
    let row = link.query_one("SELECT to_regclass('vestibule_schema') IS NULL", &[]).await?;
    Ok(row.try_get(0)?)
}

/// An error in words that say what to do, where that is known.
pub(super) fn reason(error: &tokio_postgres::Error) -> String {
    use tokio_postgres::error::SqlState;
    let text = describe(error);
    match error.code() {
        Some(code) if *code == SqlState::INSUFFICIENT_PRIVILEGE => format!(
            "{text}; its user needs a schema of its own: GRANT CREATE, USAGE ON SCHEMA public TO ..., or make \
             it the owner of the database"
        ),
        Some(code) if *code == SqlState::INVALID_CATALOG_NAME => {
            format!("{text}; run: createdb --encoding UTF8 --owner ... ...")
        }
        Some(code) if *code == SqlState::INVALID_PASSWORD => {
            format!("{text}; the password goes into the URL or into the file of --database-password-file")
        }
        None if text.contains("server does not support TLS") => format!(
            "{text}, and without it anybody on the way could read and change everything; turn it on there \
             (ssl = on), or say sslmode=disable in the URL where the network is yours"
        ),
        None if text.contains("password missing") => {
            format!("{text}; the password goes into the URL or into the file of --database-password-file")
        }
        _ => text,
    }
}
