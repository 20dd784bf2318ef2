//! Configuration: flags, environment, file, defaults, in this order of precedence.

mod accounts;
mod branding;
mod database_url;
mod faults;
mod file;
mod host;
mod http;
mod inviter_limits;
mod limits;
mod restart;
mod secret_file;
mod setting_names;
mod settings;
mod typed_table;
mod xmpp;

use std::{fmt::Display, path::PathBuf};

pub(crate) use accounts::{AccountsSettings, admin_commands, ejabberd_api};
pub(crate) use branding::{Branding, templates};
pub(crate) use database_url::DatabaseUrl;
pub(crate) use host::HostSettings;
pub(crate) use http::{GuessRate, HttpSettings, collector_url, networks};
pub(crate) use settings::{DEFAULT_LISTEN, Settings};

/// The configuration is invalid. The message says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration file {path}: {error}", path = .path.display())]
    Unreadable {
        /// Path of the file.
        path: PathBuf,
        /// Reason.
        error: std::io::Error,
    },
    /// The file is not TOML, or a value has the wrong type.
    #[error("{path}: {message}", path = .path.display())]
    Invalid {
        /// Path of the file.
        path: PathBuf,
        /// Position and description of the error, in one line.
        message: String,
    },
    /// A setting has an invalid value.
    #[error("{setting}: {message}")]
    Value {
        /// Name of the setting in the file or on the command line.
        setting: String,
        /// Description of the error.
        message: String,
    },
}

/// Checks the sections of hosts in the text of a file.
pub(crate) fn check_hosts(text: &str) -> Result<(), String> {
    let (file, wrong) = file::File::parse(text)?;
    if let Some(fault) = wrong.into_iter().next() {
        return Err(fault);
    }
    let mut faults = faults::Faults::default();
    for (name, section) in file.hosts {
        if let Some(host) = HostSettings::gather(&name, section, &mut faults) {
            faults.keep(host.branding.site(&format!("[hosts.\"{name}\"]")));
        }
    }
    faults.end(()).map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
}

impl ConfigError {
    /// The error of a setting with an invalid value.
    pub(crate) fn value(setting: impl Into<String>, message: impl Display) -> Self {
        Self::Value { setting: setting.into(), message: message.to_string() }
    }
}
