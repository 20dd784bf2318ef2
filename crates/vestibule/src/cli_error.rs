//! Errors of commands.

use std::io;

use vestibule_core::{RandomnessError, StoreError};
use vestibule_store::{BackupError, OpenError};

use crate::{
    bridge_modules::InstallError, config::ConfigError, data_dir::DataDirError, seal_file::SealFileError,
    service_manager::ServiceManager,
};

/// The error of a command, printed to the operator.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// The configuration is invalid.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A backup cannot be written or restored.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The seal key cannot be used.
    #[error(transparent)]
    SealFile(#[from] SealFileError),
    /// The data is not protected from other users.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The bridge cannot be installed.
    #[error(transparent)]
    Install(#[from] InstallError),
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No random bytes.
    #[error(transparent)]
    Randomness(#[from] RandomnessError),
    /// The output could not be written.
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
    /// The service has no host.
    #[error("no host is configured; give your XMPP domain with --host or in the configuration file")]
    NoHost,
    /// Wrong usage that `clap` does not detect.
    #[error("{0}; for more information, try '--help'")]
    Usage(String),
    /// Any other error, as text.
    #[error("{0}")]
    Message(String),
}

impl CliError {
    /// The exit status: 2 for wrong usage, else 1.
    pub(crate) fn exit_status(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            // `EX_CONFIG`: the unit says `RestartPreventExitStatus=78`, because a restart would not help.
            Self::NoHost if ServiceManager::of_environment().is_present() => 78,
            _ => 1,
        }
    }

    /// An error for wrong usage.
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }

    /// An error with this text.
    pub(crate) fn message(text: impl Into<String>) -> Self {
        Self::Message(text.into())
    }
}
