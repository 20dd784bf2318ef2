//! Configuration: flags, environment, file, defaults, in this order of precedence.

mod database_url;
mod file;
mod gate;
mod known;
mod limits;
mod look;
mod settings;
mod xmpp;

use std::{fmt::Display, path::PathBuf};

pub(crate) use database_url::DatabaseUrl;
pub(crate) use gate::{GateSettings, GuessRate, collector_url, networks};
pub(crate) use look::{Look, templates};
pub(crate) use settings::{DEFAULT_LISTEN, HostSettings, Settings};

/// Why the configuration cannot be used. The text says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration file {path}: {error}", path = .path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file is not TOML, or a value has the wrong type.
    #[error("{path}: {message}", path = .path.display())]
    Invalid {
        /// Which file.
        path: PathBuf,
        /// Where and what, in one line.
        message: String,
    },
    /// A setting has a value that it cannot have.
    #[error("{setting}: {message}")]
    Value {
        /// Which setting, as it is written in the file or on the command line.
        setting: String,
        /// What is wrong with it.
        message: String,
    },
}

impl ConfigError {
    /// Names a setting and what is wrong with its value.
    pub(crate) fn value(setting: impl Into<String>, message: impl Display) -> Self {
        Self::Value { setting: setting.into(), message: message.to_string() }
    }
}
