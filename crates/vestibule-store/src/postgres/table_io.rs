//! Reads and writes whole rows, to copy a database.

use std::sync::Arc;

use async_trait::async_trait;
use deadpool_postgres::{HookError, PoolError};
use tokio_postgres::types::ToSql;

use super::{
    connections::{
        db_clock::{DbClock, NoClock},
        pool::{Pool, PooledConnection, describe_pool_error},
    },
    error::describe,
    migrations,
    statements::batch_statement::Param,
    transactions::{
        begin::{LOCK_COPY, LOCK_SPACE},
        transaction::COMMIT,
    },
};
use crate::database::address::Address;
use crate::{
    copy::{Kind, Row, Table, TableIo, Value},
    database::Database,
    options::OpenError,
    sql::statements,
};

/// The settings of a transaction. They are local to it, because a proxy may pass the connection on.
macro_rules! limits {
    () => {
        "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"
    };
}

statements! {
    const BEGIN_READ: Sql = concat!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ", limits!());

    const BEGIN_WRITE: Sql = concat!(
        "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL synchronous_commit = 'on'; ",
        limits!()
    );

    // Held while the source is read; for a target only the result counts.
    const TRY_LOCK: Sql = "SELECT pg_try_advisory_xact_lock($1, $2)";

    // The next host gets the next number, and the planner knows the new sizes.
    const FINISH: Sql =
        "SELECT setval(pg_get_serial_sequence('hosts', 'id'), greatest((SELECT max(id) FROM hosts), 1)); ANALYZE";
}

/// The tables of a database on a server.
pub(crate) struct PostgresTables {
    connection: PooledConnection,
    /// Whether one transaction reads everything.
    reading: bool,
}

/// Opens a database with the current schema. Reads see one snapshot.
pub(crate) async fn open(address: &Address, reading: bool) -> Result<PostgresTables, OpenError> {
    let database = Database::postgres(address.clone());
    let failed = |reason: String| OpenError::Unreachable { database: database.clone(), reason };
    let clock = Arc::new(DbClock::new(Arc::new(NoClock), false));
    let pool = Pool::new(address, 1, clock).map_err(failed)?;
    let mut connection = pool.connect().await.map_err(|error| {
        failed(match &error {
            PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => {
                migrations::reason(error)
            }
            other => describe_pool_error(other),
        })
    })?;
    if !migrations::is_current(&connection, &database).await? {
        let reason = "its schema is of another version; start `vestibule serve` of this version on it once";
        return Err(failed(reason.to_owned()));
    }
    // Closed at the end, not returned to the pool.
    connection.set_idle(false);
    if reading {
        connection.batch_execute(BEGIN_READ.text()).await.map_err(|error| failed(describe(&error)))?;
    }
    Ok(PostgresTables { connection, reading })
}

impl PostgresTables {
    /// Begins a transaction, unless one reads everything.
    async fn begin(&self) -> Result<(), tokio_postgres::Error> {
        if self.reading {
            return Ok(());
        }
        self.connection.batch_execute(BEGIN_WRITE.text()).await
    }

    async fn commit(&self) -> Result<(), tokio_postgres::Error> {
        if self.reading { Ok(()) } else { self.connection.batch_execute(COMMIT.text()).await }
    }

    async fn read(
        &self,
        table: &'static Table,
        rest: &str,
        key: Option<Value>,
    ) -> Result<Vec<Row>, tokio_postgres::Error> {
        let sql = select(table, rest);
        self.begin().await?;
        let statement = self.connection.prepare_cached(&sql).await?;
        let key: Option<Param> = key.map(|key| -> Param {
            match key {
                Value::Nothing => Box::new(None::<i64>),
                Value::Number(number) => Box::new(number),
                Value::Text(text) => Box::new(text),
                Value::Bytes(bytes) => Box::new(bytes),
            }
        });
        let params: Vec<&(dyn ToSql + Sync)> = key.iter().map(|key| &**key as &(dyn ToSql + Sync)).collect();
        let mut found = Vec::new();
        let rows = self.connection.query(&statement, &params).await?;
        self.commit().await?;
        for row in rows {
            let mut values = Row::with_capacity(table.columns.len());
            for (index, (_, kind)) in table.columns.iter().enumerate() {
                let value = match kind {
                    Kind::Number => row.try_get::<_, Option<i64>>(index)?.map(Value::Number),
                    Kind::Text => row.try_get::<_, Option<String>>(index)?.map(Value::Text),
                    Kind::Bytes => row.try_get::<_, Option<Vec<u8>>>(index)?.map(Value::Bytes),
                    Kind::Flag => {
                        row.try_get::<_, Option<bool>>(index)?.map(|flag| Value::Number(i64::from(flag)))
                    }
                };
                values.push(value.unwrap_or(Value::Nothing));
            }
            found.push(values);
        }
        Ok(found)
    }

    async fn run(&self, sql: &str) -> Result<(), String> {
        let running = async {
            self.begin().await?;
            self.connection.batch_execute(sql).await?;
            self.commit().await
        };
        running.await.map_err(|error| describe(&error))
    }
}

/// The statement that reads rows of a table.
fn select(table: &Table, rest: &str) -> String {
    format!("SELECT {} FROM {} {rest}", table.names(), table.name)
}

/// The rest of a statement that reads rows in order of their keys.
fn after(table: &Table, beyond_key: bool, most: u32) -> String {
    let beyond = if beyond_key { format!("WHERE {} > $1", table.key) } else { String::new() };
    format!("{beyond} ORDER BY {} LIMIT {most}", table.key)
}

/// The statement that writes rows of a table, or replaces them.
fn insert(table: &Table) -> String {
    let array = |(index, (_, kind)): (usize, &(&str, Kind))| format!("${}::{}[]", index + 1, name_of(*kind));
    let arrays: Vec<_> = table.columns.iter().enumerate().map(array).collect();
    format!(
        "INSERT INTO {} ({}) SELECT * FROM unnest({}) {}",
        table.name,
        table.names(),
        arrays.join(", "),
        table.replacement()
    )
}

/// The statements that read and write each table.
#[cfg(test)]
pub(super) fn examples() -> Vec<(&'static str, String)> {
    let texts = |table: &&'static Table| {
        [(table.name, select(table, &after(table, true, 500))), (table.name, insert(table))]
    };
    crate::copy::TABLES.iter().flat_map(texts).collect()
}

#[async_trait]
impl TableIo for PostgresTables {
    async fn count(&mut self, table: &'static Table) -> Result<u64, String> {
        let sql = format!("SELECT count(*) FROM {} WHERE {}::text <> 'probed_at'", table.name, table.key);
        let counting = async {
            self.begin().await?;
            let count: i64 = self.connection.query_one(&sql, &[]).await?.try_get(0)?;
            self.commit().await?;
            Ok(count)
        };
        let count = counting.await.map_err(|error: tokio_postgres::Error| describe(&error))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    async fn lock(&mut self) -> Result<bool, String> {
        let locking = async {
            self.connection.query_one(TRY_LOCK.text(), &[&LOCK_SPACE, &LOCK_COPY]).await?.try_get(0)
        };
        locking.await.map_err(|error: tokio_postgres::Error| describe(&error))
    }

    async fn after(
        &mut self,
        table: &'static Table,
        key: Option<Value>,
        most: u32,
    ) -> Result<Vec<Row>, String> {
        self.read(table, &after(table, key.is_some(), most), key).await.map_err(|error| describe(&error))
    }

    async fn before(&mut self, table: &'static Table, key: Value) -> Result<Option<Row>, String> {
        let rest = format!("WHERE {key} < $1 ORDER BY {key} DESC LIMIT 1", key = table.key);
        let rows = self.read(table, &rest, Some(key)).await.map_err(|error| describe(&error))?;
        Ok(rows.into_iter().next())
    }

    async fn write(&mut self, table: &'static Table, rows: Vec<Row>) -> Result<(), String> {
        let sql = insert(table);
        let columns: Vec<Param> = table
            .columns
            .iter()
            .enumerate()
            .map(|(index, (_, kind))| column(*kind, rows.iter().filter_map(|row| row.get(index))))
            .collect();
        let params: Vec<_> = columns.iter().map(|column| &**column as &(dyn ToSql + Sync)).collect();
        let writing = async {
            self.begin().await?;
            let statement = self.connection.prepare_cached(&sql).await?;
            self.connection.execute(&statement, &params).await?;
            self.commit().await
        };
        writing.await.map_err(|error: tokio_postgres::Error| describe(&error))
    }

    async fn clear(&mut self, table: &'static Table) -> Result<(), String> {
        self.run(&format!("DELETE FROM {}", table.name)).await
    }

    async fn finish(&mut self) -> Result<(), String> {
        self.run(FINISH.text()).await
    }
}

const fn name_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Number => "bigint",
        Kind::Text => "text",
        Kind::Bytes => "bytea",
        Kind::Flag => "boolean",
    }
}

/// A parameter with a value for each row.
fn column<'a>(kind: Kind, values: impl Iterator<Item = &'a Value>) -> Param {
    match kind {
        Kind::Number => Box::new(values.map(number).collect::<Vec<_>>()),
        Kind::Flag => Box::new(values.map(|value| number(value).map(|flag| flag != 0)).collect::<Vec<_>>()),
        Kind::Text => Box::new(
            values
                .map(|value| if let Value::Text(text) = value { Some(text.clone()) } else { None })
                .collect::<Vec<_>>(),
        ),
        Kind::Bytes => Box::new(
            values
                .map(|value| if let Value::Bytes(bytes) = value { Some(bytes.clone()) } else { None })
                .collect::<Vec<_>>(),
        ),
    }
}

const fn number(value: &Value) -> Option<i64> {
    if let Value::Number(number) = value { Some(*number) } else { None }
}
