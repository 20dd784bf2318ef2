//! Snapshots of the SQL of the engine.
//!
//! Each shows the statements of a module and how SQLite runs them, so that a change of a statement, a shared fragment, an
//! index or a migration shows what it does to all of them. A module that is not listed here has unused code.

use std::path::Path;

use rusqlite::Connection;

use super::{
    backup::{differences, draft, write},
    connections::{
        checkpointer,
        connect::{Role, connect},
    },
    migrations::migrate,
    statements::{
        accounts, batches, claims, complete, events, hosts, import, inviters, invites, keys, members, purge,
        requests, sessions, shared_fields, tombstones,
    },
    table_io, transaction,
    writer::job_runner,
};
use crate::{
    database::Database,
    sql::{Sql, snapshots},
};

const MODULES: [(&str, &[(&str, Sql)]); 23] = [
    ("accounts", accounts::STATEMENTS),
    ("backup_differences", differences::STATEMENTS),
    ("backup_draft", draft::STATEMENTS),
    ("backup_write", write::STATEMENTS),
    ("batches", batches::STATEMENTS),
    ("checkpointer", checkpointer::STATEMENTS),
    ("claims", claims::STATEMENTS),
    ("complete", complete::STATEMENTS),
    ("events", events::STATEMENTS),
    ("hosts", hosts::STATEMENTS),
    ("inviters", inviters::STATEMENTS),
    ("invites", invites::STATEMENTS),
    ("job_runner", job_runner::STATEMENTS),
    ("import", import::STATEMENTS),
    ("keys", keys::STATEMENTS),
    ("members", members::STATEMENTS),
    ("purge", purge::STATEMENTS),
    ("requests", requests::STATEMENTS),
    ("sessions", sessions::STATEMENTS),
    ("shared_fields", shared_fields::STATEMENTS),
    ("table_io", table_io::STATEMENTS),
    ("tombstones", tombstones::STATEMENTS),
    ("transaction", transaction::STATEMENTS),
];

/// Statements that are generated for each table.
const COPY: &str = "table_io_tables";

const SCHEMA: &str = "schema";

/// The tables that grow, and their aliases in statements. Hosts, settings and batches in progress stay few.
const GROWING_TABLES: [&str; 15] = [
    "invites",
    "i",
    "other",
    "claims",
    "c",
    "events",
    "keys",
    "requests",
    "deleted_keys",
    "invite_tombstones",
    "members",
    "m",
    "stopped_inviters",
    "sessions",
    "login_links",
];

/// An empty database with the current schema. The folder is deleted at the end of the test.
fn database() -> (tempfile::TempDir, Connection) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let mut connection = connect(&path, Role::Writer).unwrap();
    migrate(&mut connection, &Database::file(&path)).unwrap();
    // The one that a restore compares with.
    let previous = folder.path().join("previous.db");
    migrate(&mut connect(&previous, Role::Writer).unwrap(), &Database::file(&previous)).unwrap();
    connection.execute(differences::ATTACH.text(), [previous.to_str().unwrap()]).unwrap();
    (folder, connection)
}

/// The steps in which SQLite runs a statement.
fn plan(connection: &Connection, text: &str) -> Vec<String> {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {text}")).unwrap();
    // The plan does not depend on parameters.
    let mut rows = statement.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        steps.push(row.get("detail").unwrap());
    }
    steps
}

macro_rules! assert_snapshot {
    ($name:expr, $text:expr) => {
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!($name, $text);
        });
    };
}

#[test]
fn every_statement_is_as_reviewed() {
    let (_folder, connection) = database();
    for (module, statements) in MODULES {
        let show =
            |(name, sql): &(&str, Sql)| snapshots::show(name, sql.text(), &plan(&connection, sql.text()));
        assert_snapshot!(module, statements.iter().map(show).collect::<Vec<_>>().join("\n"));
    }
    let show = |(name, text): &(&str, String)| snapshots::show(name, text, &plan(&connection, text));
    assert_snapshot!(COPY, table_io::examples().iter().map(show).collect::<Vec<_>>().join("\n"));
    let names = MODULES.iter().map(|(name, _)| *name).chain([COPY, SCHEMA]);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sqlite/snapshots");
    snapshots::assert_no_others(&folder, names);
}

#[test]
fn every_statement_finds_its_rows_by_an_index() {
    let (_folder, connection) = database();
    // Backups read everything.
    for (module, statements) in MODULES.into_iter().filter(|(module, _)| !module.starts_with("backup_")) {
        for (name, sql) in statements {
            for step in plan(&connection, sql.text()) {
                let table = step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next());
                let grows = table.is_some_and(|table| GROWING_TABLES.contains(&table));
                assert!(!grows, "{module}::{name}: {step}");
            }
        }
    }
}

#[test]
fn the_schema_is_as_reviewed() {
    let (_folder, connection) = database();
    let mut statement = connection
        .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY tbl_name, type DESC, name")
        .unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    let texts: Vec<String> = rows.collect::<Result<_, _>>().unwrap();
    assert_snapshot!(SCHEMA, texts.join(";\n\n"));
}
