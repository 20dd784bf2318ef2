//! Why a command could not be done: one clear line.

use std::io;

use vestibule_core::{RandomnessError, StoreError};
use vestibule_store::OpenError;

use crate::{config::ConfigError, seal_file::SealFileError};

/// Why a command could not be done. The text is what the operator reads.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The seal key cannot be used.
    #[error(transparent)]
    SealFile(#[from] SealFileError),
    /// The store said no.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No random bytes.
    #[error(transparent)]
    Randomness(#[from] RandomnessError),
    /// The output could not be written.
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
    /// Anything else, already in words.
    #[error("{0}")]
    Words(String),
}

impl Failure {
    /// A failure in words.
    pub(crate) fn words(text: impl Into<String>) -> Self {
        Self::Words(text.into())
    }
}
