//! Databases of released versions, which every later version must open: see `tests/databases/README.md`.

mod contents;
mod make;
mod opening;

use std::path::{Path, PathBuf};

/// The folder with a folder for each version.
fn databases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/databases")
}

/// The SQLite file in the folder of a version.
const SQLITE: &str = "sqlite.db";

/// The dump of a PostgreSQL database in the folder of a version.
const POSTGRES: &str = "postgres.sql";

/// What both contain, in the folder of a version.
const CONTENTS: &str = "contents.json";
