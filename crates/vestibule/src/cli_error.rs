//! Why a command could not be done: one clear line.

use std::io;

use vestibule_core::{RandomnessError, StoreError};
use vestibule_store::OpenError;

use crate::{config::ConfigError, data_folder::DataFolderError, seal_file::SealFileError};

/// Why a command could not be done. The text is what the operator reads.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The seal key cannot be used.
    #[error(transparent)]
    SealFile(#[from] SealFileError),
    /// The data is not safe where it is.
    #[error(transparent)]
    DataFolder(#[from] DataFolderError),
    /// The store said no.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No random bytes.
    #[error(transparent)]
    Randomness(#[from] RandomnessError),
    /// The output could not be written.
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
    /// A value that an option cannot have.
    #[error("{0}; for more information, try '--help'")]
    Usage(String),
    /// Anything else, already in words.
    #[error("{0}")]
    Words(String),
}

impl CliError {
    /// With what the program ends: 2 for wrong usage, else 1.
    pub(crate) fn exit_status(&self) -> u8 {
        if matches!(self, Self::Usage(_)) { 2 } else { 1 }
    }

    /// Wrong usage that `clap` does not see.
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }

    /// A failure in words.
    pub(crate) fn message(text: impl Into<String>) -> Self {
        Self::Words(text.into())
    }
}
