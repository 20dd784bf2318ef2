//! Reads and writes whole rows, to copy a database.

use std::path::Path;

use async_trait::async_trait;
use rusqlite::{Connection, types::ValueRef};
use vestibule_core::InviteId;

use super::{
    connections::connect::{Role, connect},
    migrations::is_current,
    statements::shared_fields::{data, labels, presentation},
};
use crate::{
    copy::{Row, Table, TableIo, Value},
    database::Database,
    options::OpenError,
    sql::statements,
};

statements! {
    const BEGIN: Sql = "BEGIN";

    const DELETE_UNUSED_FIELDS: Sql = "DELETE FROM shared_fields \
         WHERE NOT EXISTS (SELECT 1 FROM invites WHERE invites.shared_fields = shared_fields.id)";
}

/// The tables of a file.
pub(crate) struct SqliteTables(Connection);

/// Opens a file with the current schema. Reads see one snapshot.
pub(crate) fn open(path: &Path, reading: bool) -> Result<SqliteTables, OpenError> {
    let failed = |reason: String| OpenError::Unreachable { database: Database::file(path), reason };
    let engine = |error: rusqlite::Error| failed(error.to_string());
    if !path.exists() {
        return Err(failed("the file does not exist".to_owned()));
    }
    let role = if reading { Role::Reader } else { Role::Writer };
    let connection = connect(path, role).map_err(engine)?;
    if !is_current(&connection) {
        let reason = "its schema is of another version; start `vestibule serve` of this version on it once";
        return Err(failed(reason.to_owned()));
    }
    if reading {
        connection.execute_batch(BEGIN.text()).map_err(engine)?;
    }
    Ok(SqliteTables(connection))
}

impl SqliteTables {
    fn read(&self, table: &'static Table, rest: &str, key: Option<Value>) -> rusqlite::Result<Vec<Row>> {
        let mut statement = self.0.prepare_cached(&select(table, rest))?;
        let mut rows = match key {
            Some(key) => statement.query([to_sql(key)])?,
            None => statement.query([])?,
        };
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let column = |index| row.get_ref(index).map(from_sql);
            let mut values = (0..table.columns.len()).map(column).collect::<Result<Row, _>>()?;
            if table.name == "events" {
                split_subject(&mut values);
            }
            found.push(values);
        }
        Ok(found)
    }

    fn put(&mut self, table: &'static Table, rows: Vec<Row>) -> rusqlite::Result<()> {
        let events = table.name == "events";
        let sql = insert(table);
        let transaction = self.0.transaction()?;
        for mut row in rows {
            if events {
                join_subject(&mut row);
            }
            transaction
                .prepare_cached(&sql)?
                .execute(rusqlite::params_from_iter(row.into_iter().map(to_sql)))?;
        }
        if table.name == "invites" {
            transaction.execute(DELETE_UNUSED_FIELDS.text(), [])?;
        }
        transaction.commit()
    }
}

/// The statement that reads rows of a table.
fn select(table: &Table, rest: &str) -> String {
    let names = match table.name {
        // SQLite stores the subject of an event as text.
        "events" => table.names().replace("invite", "NULL"),
        "invites" => table
            .names()
            .replace("labels", labels!())
            .replace("data", data!())
            .replace("presentation", presentation!()),
        _ => table.names(),
    };
    format!("SELECT {names} FROM {} {rest}", table.name)
}

/// The statement that writes a row of a table, or replaces it.
fn insert(table: &Table) -> String {
    let events = table.name == "events";
    let mut columns: Vec<_> = table.columns.iter().map(|(name, _)| *name).collect();
    columns.retain(|name| !(events && *name == "invite"));
    let marks = vec!["?"; columns.len()].join(", ");
    let replacement = table.replacement().replace("invite = excluded.invite, subject", "subject");
    let replacement = if events { replacement } else { table.replacement() };
    // The fields of these rows replace shared ones.
    let replacement =
        if table.name == "invites" { format!("{replacement}, shared_fields = NULL") } else { replacement };
    format!("INSERT INTO {} ({}) VALUES ({marks}) {replacement}", table.name, columns.join(", "))
}

/// The statements that read and write each table.
#[cfg(test)]
pub(super) fn examples() -> Vec<(&'static str, String)> {
    let texts = |table: &&'static Table| {
        [(table.name, select(table, &after(table, true, 500))), (table.name, insert(table))]
    };
    crate::copy::TABLES.iter().flat_map(texts).collect()
}

/// The rest of a statement that reads rows in order of their keys.
fn after(table: &Table, beyond_key: bool, most: u32) -> String {
    let beyond = if beyond_key { format!("WHERE {} > ?1", table.key) } else { String::new() };
    format!("{beyond} ORDER BY {} LIMIT {most}", table.key)
}

#[async_trait]
impl TableIo for SqliteTables {
    async fn count(&mut self, table: &'static Table) -> Result<u64, String> {
        let sql = format!("SELECT count(*) FROM {} WHERE {} <> 'probed_at'", table.name, table.key);
        let count: i64 = self.0.query_row(&sql, [], |row| row.get(0)).map_err(to_text)?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    async fn after(
        &mut self,
        table: &'static Table,
        key: Option<Value>,
        most: u32,
    ) -> Result<Vec<Row>, String> {
        self.read(table, &after(table, key.is_some(), most), key).map_err(to_text)
    }

    async fn before(&mut self, table: &'static Table, key: Value) -> Result<Option<Row>, String> {
        let rest = format!("WHERE {key} < ?1 ORDER BY {key} DESC LIMIT 1", key = table.key);
        Ok(self.read(table, &rest, Some(key)).map_err(to_text)?.pop())
    }

    async fn write(&mut self, table: &'static Table, rows: Vec<Row>) -> Result<(), String> {
        self.put(table, rows).map_err(to_text)
    }

    async fn clear(&mut self, table: &'static Table) -> Result<(), String> {
        self.0.execute(&format!("DELETE FROM {}", table.name), []).map(drop).map_err(to_text)
    }

    async fn lock(&mut self) -> Result<bool, String> {
        // Two names of one file are compared by inode.
        Ok(true)
    }

    async fn finish(&mut self) -> Result<(), String> {
        Ok(())
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the signature is that of `map_err`")]
fn to_text(error: rusqlite::Error) -> String {
    error.to_string()
}

/// Splits the subject of an event into the two columns of other engines: the id of an invite, or text.
fn split_subject(event: &mut Row) {
    if let [.., Value::Text(action), invite, subject, _] = event.as_mut_slice()
        && action.starts_with("invite.")
        && let Value::Text(text) = &*subject
        && let Ok(id) = text.parse::<InviteId>()
    {
        *invite = Value::Bytes(id.to_bytes().to_vec());
        *subject = Value::Nothing;
    }
}

/// Joins the two columns into the text column of SQLite.
fn join_subject(event: &mut Row) {
    if let Value::Bytes(bytes) = event.remove(4)
        && let Ok(bytes) = bytes.try_into()
        && let Some(subject) = event.get_mut(4)
    {
        *subject = Value::Text(InviteId::from_bytes(bytes).to_string());
    }
}

fn from_sql(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null | ValueRef::Real(_) => Value::Nothing,
        ValueRef::Integer(number) => Value::Number(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
    }
}

fn to_sql(value: Value) -> rusqlite::types::Value {
    match value {
        Value::Nothing => rusqlite::types::Value::Null,
        Value::Number(number) => rusqlite::types::Value::Integer(number),
        Value::Text(text) => rusqlite::types::Value::Text(text),
        Value::Bytes(bytes) => rusqlite::types::Value::Blob(bytes),
    }
}
