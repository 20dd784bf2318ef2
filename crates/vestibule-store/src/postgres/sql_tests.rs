//! Snapshots of the SQL of the engine.
//!
//! Each shows the statements of a module and the types of their parameters in today's schema. A module that is not listed
//! here has unused code. Plans are not shown: they depend on the version of the server.

use std::{collections::HashMap, fmt::Write, path::Path};

use private_postgres::Server;

use super::{
    connections::{db_clock, pool, server_connector},
    migrations::{self, MIGRATIONS},
    open,
    statements::{
        accounts, batches, claims, complete, create, events, hosts, import, inviters, invites, keys, members,
        purge, release, requests, sessions, tombstones,
    },
    table_io,
    transactions::{authorization, begin, host_lookup, rate, transaction},
};
use crate::sql::{Sql, snapshots};

const MODULES: [(&str, &[(&str, Sql)]); 27] = [
    ("accounts", accounts::STATEMENTS),
    ("authorization", authorization::STATEMENTS),
    ("batches", batches::STATEMENTS),
    ("claims", claims::STATEMENTS),
    ("complete", complete::STATEMENTS),
    ("create", create::STATEMENTS),
    ("db_clock", db_clock::STATEMENTS),
    ("events", events::STATEMENTS),
    ("host_lookup", host_lookup::STATEMENTS),
    ("hosts", hosts::STATEMENTS),
    ("inviters", inviters::STATEMENTS),
    ("invites", invites::STATEMENTS),
    ("import", import::STATEMENTS),
    ("keys", keys::STATEMENTS),
    ("members", members::STATEMENTS),
    ("migrations", migrations::STATEMENTS),
    ("open", open::STATEMENTS),
    ("pool", pool::STATEMENTS),
    ("purge", purge::STATEMENTS),
    ("rate", rate::STATEMENTS),
    ("release", release::STATEMENTS),
    ("requests", requests::STATEMENTS),
    ("server_connector", server_connector::STATEMENTS),
    ("sessions", sessions::STATEMENTS),
    ("table_io", table_io::STATEMENTS),
    ("tombstones", tombstones::STATEMENTS),
    ("transaction", transaction::STATEMENTS),
];

/// Statements that begin writing transactions.
const BEGIN: &str = "begin";

/// Statements that are generated for each table.
const COPY: &str = "table_io_tables";

/// Statements by the names under which the server prepares them. It prepares no statement that takes no parameters and
/// reads no rows.
fn named() -> Vec<(String, String)> {
    let constants = MODULES.iter().flat_map(|(module, statements)| {
        let named = |(name, sql): &(&str, Sql)| (format!("{module}::{name}"), sql.text().to_owned());
        statements.iter().map(named).collect::<Vec<_>>()
    });
    let number = |(number, (_, text)): (usize, (&str, String))| (format!("{COPY}::{number}"), text);
    let generated = table_io::examples().into_iter().enumerate().map(number);
    let preparable = |text: &str| {
        let verb = text.split_whitespace().next().unwrap_or_default();
        ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(&verb) && !text.contains(';')
    };
    constants.chain(generated).filter(|(_, text)| preparable(text)).collect()
}

/// The types of the parameters of each statement, by name.
fn parameter_types() -> HashMap<String, String> {
    let server = Server::start(&["fsync=off"]).unwrap();
    server.create_database("test").unwrap();
    let mut script = MIGRATIONS.join("\n");
    for (name, text) in named() {
        writeln!(script, "PREPARE \"{name}\" AS {text};").unwrap();
    }
    script.push_str("SELECT name, array_to_string(parameter_types, ', ') FROM pg_prepared_statements");
    let rows = server.sql("test", &script).unwrap();
    let pair = |row: &str| row.split_once('|').map(|(name, types)| (name.to_owned(), types.to_owned()));
    rows.lines().filter_map(pair).collect()
}

macro_rules! assert_snapshot {
    ($name:expr, $text:expr) => {
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!($name, $text);
        });
    };
}

#[test]
fn every_statement_fits_the_schema_and_is_as_reviewed() {
    let types = parameter_types();
    for (name, _) in named() {
        assert!(types.contains_key(&name), "{name} was not prepared");
    }
    let notes = |name: String| match types.get(&name).map(String::as_str) {
        None | Some("") => Vec::new(),
        Some(types) => vec![types.to_owned()],
    };
    for (module, statements) in MODULES {
        let show = |(name, sql): &(&str, Sql)| {
            snapshots::show(name, sql.text(), &notes(format!("{module}::{name}")))
        };
        assert_snapshot!(module, statements.iter().map(show).collect::<Vec<_>>().join("\n"));
    }
    let show = |(name, text): &(&str, String)| snapshots::show(name, text, &[]);
    assert_snapshot!(BEGIN, begin::examples().iter().map(show).collect::<Vec<_>>().join("\n"));
    let show = |(number, (name, text)): (usize, &(&str, String))| {
        snapshots::show(name, text, &notes(format!("{COPY}::{number}")))
    };
    let copies = table_io::examples();
    assert_snapshot!(COPY, copies.iter().enumerate().map(show).collect::<Vec<_>>().join("\n"));
    let names = MODULES.iter().map(|(name, _)| *name).chain([BEGIN, COPY]);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/postgres/snapshots");
    snapshots::assert_no_others(&folder, names);
}
