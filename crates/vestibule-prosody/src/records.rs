//! The records of Prosody's stores `invite_token` and `invite_api_keys`, as they were read, not yet understood.

use std::{io, path::PathBuf};

use serde_json::Value;

use crate::{lua::LuaError, settings::ProsodySettings};

/// What one host of Prosody has stored.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Records {
    /// Invites that allow a registration, from the store of the host: tokens and records.
    pub(crate) invites: Vec<(String, Value)>,
    /// Invites to become a contact, from the stores of users: username, token and expiry.
    pub(crate) contacts: Vec<(String, String, Value)>,
    /// API keys: ids and records. Their secret is in `token`, or its SHA-256 in `sha256`.
    pub(crate) keys: Vec<(String, Value)>,
    /// Settings of Prosody that Vestibule has too; a directory has none.
    pub settings: Option<ProsodySettings>,
}

impl Records {
    /// Number of all records.
    pub fn len(&self) -> usize {
        self.invites.len() + self.contacts.len() + self.keys.len()
    }

    /// Whether there are no records.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The records cannot be read. Nothing of them should be imported.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A file or directory cannot be read.
    #[error("cannot read {}: {error}", path.display())]
    File {
        /// The file or directory.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file of Prosody's internal storage is damaged, or was not written by Prosody.
    #[error("{} is damaged, or is not a file of Prosody's internal storage: {error}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where and how.
        error: LuaError,
    },
    /// A file holds something else than a table of records.
    #[error("{} does not hold a table", .0.display())]
    NotATable(PathBuf),
    /// The directory has no data of the host.
    #[error(
        "{} has no directory {directory}, so Prosody has stored nothing for this host there; name the directory that \
         `prosodyctl about` prints as the data directory. With SQL storage, use `prosodyctl mod_vestibule export`",
        data.display()
    )]
    NoHost {
        /// Prosody's data directory.
        data: PathBuf,
        /// The name of the missing directory.
        directory: String,
    },
    /// The export cannot be read.
    #[error("the export cannot be read: {0}")]
    Input(io::Error),
    /// A line of the export is not understood.
    #[error("line {line} of the export: {problem}")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
    /// The export ends too early.
    #[error("the export is incomplete: {0}; run the export again")]
    Incomplete(String),
    /// There is no header; this is the last line of the input, or its beginning.
    #[error("expected the output of `prosodyctl mod_vestibule export HOST`, not: {0}")]
    NoExport(String),
    /// The export is of another host.
    #[error("the export is of {0}, not of this host")]
    OtherHost(String),
}
