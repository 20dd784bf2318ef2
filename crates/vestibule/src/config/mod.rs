//! Configuration: flags, environment, file, defaults, in this order of precedence.

mod branding;
mod database_url;
mod file;
mod http;
mod limits;
mod settings;
mod unknown_settings;
mod xmpp;

use std::{fmt::Display, path::PathBuf};

pub(crate) use branding::{Branding, templates};
pub(crate) use database_url::DatabaseUrl;
pub(crate) use http::{GuessRate, HttpSettings, collector_url, networks};
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
