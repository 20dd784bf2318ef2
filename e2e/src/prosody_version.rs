//! Versions of Prosody.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cli::is_there;

/// The directory into which `scripts/needs.sh` unpacks the newer version.
const NEWER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/prosody-13");

/// A version that the tests use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Version {
    /// 0.12, of Debian 12.
    #[default]
    V012,
    /// 13, of its backports.
    V13,
}

impl Version {
    /// Returns a command of this version's `prosody` or `prosodyctl`.
    pub(crate) fn program(self, name: &str) -> Command {
        match self {
            Self::V012 => Command::new(name),
            Self::V13 => Command::new(newer(&format!("usr/bin/{name}"))),
        }
    }

    /// Returns whether it is installed.
    pub(crate) fn is_there(self) -> bool {
        match self {
            Self::V012 => is_there("prosody"),
            Self::V13 => newer("complete").exists(),
        }
    }
}

fn newer(path: &str) -> PathBuf {
    // Its programs find their files by the path with which they are called.
    let directory = Path::new(NEWER);
    directory.canonicalize().unwrap_or_else(|_| directory.to_owned()).join(path)
}
