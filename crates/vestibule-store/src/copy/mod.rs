//! Copies a database to another one, of any engine.
//!
//! Rows are copied unchanged, with their row keys, so that cursors, ids and links stay valid. The source is read from
//! one snapshot and not changed. An interrupted copy can be repeated: rows of the source replace those of the target.

mod table;

use async_trait::async_trait;

pub(crate) use self::table::{EVENTS, HOSTS, Kind, Row, SETTINGS, TABLES, Table, Value};
use crate::{
    database::{Backend, Database},
    open::open,
    options::{OpenError, Options},
    postgres, sqlite,
};

/// Number of rows that are copied at once.
const CHUNK: u32 = 2_000;

/// The error of a copy.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// A database cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Source and target are the same.
    #[error("{0} is both the source and the target")]
    Same(Database),
    /// Source and target are the same under two names, or another copy is in progress.
    #[error("{from} and {to} are the same database, or another copy is in progress; nothing was changed")]
    Busy {
        /// Source.
        from: Database,
        /// Target.
        to: Database,
    },
    /// The source is empty.
    #[error("{0} has never been used by a service; there is nothing to copy")]
    Nothing(Database),
    /// The target has rows that the source does not have.
    #[error(
        "{target} contains data that {source_database} does not: {what}; nothing was overwritten; use an empty database"
    )]
    Taken {
        /// Target.
        target: Database,
        /// Source.
        source_database: Database,
        /// Description of the data.
        what: String,
    },
    /// Reading or writing failed.
    #[error("{database}: {reason}; the copy is incomplete; run the command again to continue")]
    Broken {
        /// The database.
        database: Database,
        /// The reason.
        reason: String,
    },
    /// The numbers of rows differ at the end.
    #[error(
        "{table}: {wanted} rows in the source, {found} in the target; is a service still running on one of them? Stop \
         it, and copy again to an empty database"
    )]
    Count {
        /// The table.
        table: &'static str,
        /// Rows of the source.
        wanted: u64,
        /// Rows of the target.
        found: u64,
    },
}

/// The number of copied rows of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyReport {
    /// The table, for example `invites`.
    pub table: &'static str,
    /// The number of rows.
    pub count: u64,
}

/// Receives the progress of a copy.
pub trait CopyProgress: Send {
    /// The copy has started; `rows` is the total number of rows.
    fn started(&mut self, rows: u64);
    /// More rows of a table were copied.
    fn copied(&mut self, table: &'static str, rows: u64);
}

/// The tables of a database, read from one snapshot.
#[async_trait]
pub(crate) trait TableIo: Send {
    /// The number of rows of a table.
    async fn count(&mut self, table: &'static Table) -> Result<u64, String>;
    /// The next rows of a table after this key, in order of the key.
    async fn after(
        &mut self,
        table: &'static Table,
        key: Option<Value>,
        limit: u32,
    ) -> Result<Vec<Row>, String>;
    /// The last row before the one with this key.
    async fn before(&mut self, table: &'static Table, key: Value) -> Result<Option<Row>, String>;
    /// Writes rows durably, and replaces those with the same key.
    async fn write(&mut self, table: &'static Table, rows: Vec<Row>) -> Result<(), String>;
    /// Removes all rows of a table, with the next [`TableIo::write`].
    async fn clear(&mut self, table: &'static Table) -> Result<(), String>;
    /// Takes the copy lock of the database; `false` if it is held.
    async fn lock(&mut self) -> Result<bool, String>;
    /// Called after all rows are written.
    async fn finish(&mut self) -> Result<(), String>;
}

/// Copies all rows from one database to another.
pub async fn copy_store(
    from: &Database,
    to: &Database,
    options: Options,
    progress: &mut dyn CopyProgress,
) -> Result<Vec<CopyReport>, CopyError> {
    if from == to || is_same_file(from, to) {
        return Err(CopyError::Same(from.clone()));
    }
    let broken = |database: &Database| {
        let database = database.clone();
        move |reason| CopyError::Broken { database, reason }
    };
    let mut source = rows(from, true).await?;
    let is_first = source.lock().await.map_err(broken(from))?;
    // Creates the tables.
    drop(open(to, options).await?);
    let mut target = rows(to, false).await?;
    if !is_first || !target.lock().await.map_err(broken(to))? {
        return Err(CopyError::Busy { from: from.clone(), to: to.clone() });
    }
    let mut counts = Vec::new();
    for table in TABLES {
        counts.push(source.count(table).await.map_err(broken(from))?);
    }
    check_target(&mut *source, &mut *target, &counts, from, to).await?;
    progress.started(counts.iter().sum());
    for table in TABLES {
        // Removes rows that were deleted in the source.
        if table.is_replaced() {
            target.clear(table).await.map_err(broken(to))?;
        }
        let mut last = None;
        loop {
            let rows = source.after(table, last, CHUNK).await.map_err(broken(from))?;
            let Some(end) = rows.last() else { break };
            last = end.first().cloned();
            let count = u64::try_from(rows.len()).unwrap_or(0);
            target.write(table, rows).await.map_err(broken(to))?;
            progress.copied(table.name, count);
        }
    }
    target.finish().await.map_err(broken(to))?;
    let mut reports = Vec::new();
    for (table, wanted) in TABLES.into_iter().zip(counts) {
        let found = target.count(table).await.map_err(broken(to))?;
        if found != wanted {
            return Err(CopyError::Count { table: table.name, wanted, found });
        }
        reports.push(CopyReport { table: table.name, count: found });
    }
    Ok(reports)
}

/// Whether two paths are one file.
fn is_same_file(from: &Database, to: &Database) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (Backend::Sqlite(from), Backend::Sqlite(to)) = (&from.0, &to.0) else { return false };
    match (std::fs::metadata(from), std::fs::metadata(to)) {
        (Ok(from), Ok(to)) => (from.dev(), from.ino()) == (to.dev(), to.ino()),
        _ => false,
    }
}

async fn rows(database: &Database, reading: bool) -> Result<Box<dyn TableIo>, OpenError> {
    match &database.0 {
        Backend::Sqlite(path) => Ok(Box::new(sqlite::table_io::open(path, reading)?)),
        Backend::Postgres(address) => Ok(Box::new(postgres::table_io::open(address, reading).await?)),
    }
}

/// Rejects a target with rows that are not from an earlier attempt of this copy.
async fn check_target(
    source: &mut dyn TableIo,
    target: &mut dyn TableIo,
    counts: &[u64],
    from: &Database,
    to: &Database,
) -> Result<(), CopyError> {
    let from_broken = |reason| CopyError::Broken { database: from.clone(), reason };
    let to_broken = |reason| CopyError::Broken { database: to.clone(), reason };
    let taken = |what: String| CopyError::Taken { target: to.clone(), source_database: from.clone(), what };
    let settings = source.after(&SETTINGS, None, CHUNK).await.map_err(from_broken)?;
    let Some(seal) = setting(&settings, "seal_check") else { return Err(CopyError::Nothing(from.clone())) };
    let target_settings = target.after(&SETTINGS, None, CHUNK).await.map_err(to_broken)?;
    if setting(&target_settings, "seal_check").is_some_and(|target_seal| target_seal != seal) {
        return Err(taken("its seal key is different".to_owned()));
    }
    for (table, count) in TABLES.into_iter().zip(counts) {
        let found = target.count(table).await.map_err(to_broken)?;
        if found > *count && !table.is_replaced() {
            return Err(taken(format!("{found} {} instead of {count}", table.name)));
        }
    }
    let hosts = source.after(&HOSTS, None, u32::MAX).await.map_err(from_broken)?;
    for host in target.after(&HOSTS, None, u32::MAX).await.map_err(to_broken)? {
        if !hosts.contains(&host) {
            return Err(taken("hosts with other numbers".to_owned()));
        }
        // If the target has changed since then, its audit log has other events.
        let Some(Value::Number(number)) = host.first() else { continue };
        let end = || Value::Number((number + 1) << 40);
        let Some(last) = target.before(&EVENTS, end()).await.map_err(to_broken)? else { continue };
        let key = last.first().cloned().unwrap_or(Value::Nothing);
        let Value::Number(row_key) = key else { continue };
        let matching = source.before(&EVENTS, Value::Number(row_key + 1)).await.map_err(from_broken)?;
        if matching.as_ref() != Some(&last) {
            return Err(taken("other events; it has been used since".to_owned()));
        }
    }
    Ok(())
}

fn setting<'a>(rows: &'a [Row], name: &str) -> Option<&'a Value> {
    rows.iter().find(|row| matches!(row.first(), Some(Value::Text(text)) if text == name))?.get(1)
}
