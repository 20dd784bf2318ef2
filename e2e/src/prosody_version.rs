//! Which Prosody.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cli::is_there;

/// Where `scripts/needs.sh` unpacks the newer one.
const NEWER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/prosody-13");

/// A version that the tests have at hand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Version {
    /// 0.12, as Debian 12 installs it.
    #[default]
    V012,
    /// 13, from its backports.
    V13,
}

impl Version {
    /// `prosody` or `prosodyctl` of this version.
    pub(crate) fn program(self, name: &str) -> Command {
        match self {
            Self::V012 => Command::new(name),
            Self::V13 => Command::new(newer(&format!("usr/bin/{name}"))),
        }
    }

    /// Whether it can be started.
    pub(crate) fn is_there(self) -> bool {
        match self {
            Self::V012 => is_there("prosody"),
            Self::V13 => newer("complete").exists(),
        }
    }
}

fn newer(path: &str) -> PathBuf {
    // Its programs find their parts by the name that they are called by.
    let directory = Path::new(NEWER);
    directory.canonicalize().unwrap_or_else(|_| directory.to_owned()).join(path)
}
