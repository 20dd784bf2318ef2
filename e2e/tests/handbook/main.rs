//! The handbook (`docs/`): it lists every message, its commands run, and its files work.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod commands;
#[path = "../common/mod.rs"]
mod common;
mod errors;
mod monitoring;
mod pages;

use std::fs;
use std::path::{Path, PathBuf};

/// Returns a path in the source.
fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// Reads a file of the source.
fn read(path: &str) -> String {
    fs::read_to_string(source(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}
