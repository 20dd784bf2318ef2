//! Errors of commands.

use std::{fmt::Write as _, io};

use vestibule_core::{Host, RandomnessError, StoreError, Token};
use vestibule_store::{BackupError, OpenError};

use crate::{
    bridge_modules::InstallError, config::ConfigError, data_dir::DataDirError, seal_file::SealFileError,
    service_manager::ServiceManager,
};

/// Number of hosts and of characters of a wrong one that an error shows.
const MAX_SHOWN: (usize, usize) = (5, 60);

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
    /// The text is no host, or names one that is not configured.
    #[error("please supply a valid host: {}", wrong_host(given, known.as_deref()))]
    UnknownHost {
        /// The text.
        given: String,
        /// The configured hosts, if they are known.
        known: Option<Vec<Host>>,
    },
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
            // `EX_CONFIG`: the unit says `RestartPreventExitStatus=78`.
            _ if self.needs_operator() && ServiceManager::of_environment().is_present() => 78,
            _ => 1,
        }
    }

    /// Whether the error lasts until somebody changes the configuration or a file that it names, so that a restart does
    /// not help.
    fn needs_operator(&self) -> bool {
        match self {
            Self::Config(_) | Self::NoHost => true,
            Self::SealFile(error) => error.needs_operator(),
            Self::DataDir(error) => error.needs_operator(),
            _ => false,
        }
    }

    /// The error for a host that was given as text.
    pub(crate) fn unknown_host(given: &str) -> Self {
        Self::UnknownHost { given: given.to_owned(), known: None }
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

/// What was given instead of a host, and the hosts that exist.
fn wrong_host(given: &str, known: Option<&[Host]>) -> String {
    let (max_hosts, max_characters) = MAX_SHOWN;
    // Neither a token nor a key is repeated.
    let is_secret = given.contains('/') || !Token::all_in(given).is_empty();
    let mut text = match given.trim() {
        "" => "none was given".to_owned(),
        _ if is_secret => "this is none".to_owned(),
        given if given.chars().count() > max_characters => {
            format!("{}... is none", given.chars().take(max_characters).collect::<String>())
        }
        given => format!("{given} is none"),
    };
    match known {
        None => {}
        Some([]) => text.push_str("; there are none yet: vestibule hosts add HOST"),
        Some(known) => {
            let names: Vec<_> = known.iter().take(max_hosts).map(Host::as_str).collect();
            text.push_str("; this service serves ");
            text.push_str(&names.join(", "));
            if let Some(more @ 1..) = known.len().checked_sub(max_hosts) {
                let _ = write!(text, " and {more} more");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_for_a_wrong_host_names_it_and_the_hosts_that_exist() {
        let hosts = |names: &[&str]| Some(names.iter().map(|name| Host::parse(name).unwrap()).collect());
        for (given, known, expected) in [
            ("romeo", hosts(&["example.com"]), "romeo is none; this service serves example.com"),
            (
                "",
                hosts(&["a.example", "b.example"]),
                "none was given; this service serves a.example, b.example",
            ),
            ("x", hosts(&[]), "x is none; there are none yet: vestibule hosts add HOST"),
            ("a..b", None, "a..b is none"),
            ("AbCdEf012345/s3cret", None, "this is none"),
            (
                "x",
                hosts(&["a", "b", "c", "d", "e", "f"]),
                "x is none; this service serves a, b, c, d, e and 1 more",
            ),
        ] {
            let error = CliError::UnknownHost { given: given.to_owned(), known };
            assert_eq!(error.to_string(), format!("please supply a valid host: {expected}"));
            assert_eq!(error.exit_status(), 1);
        }
        let token = "0QXbC3d4E5f6G7h8J9kLmNpQrStU";
        assert!(!CliError::unknown_host(token).to_string().contains(token));
        assert!(CliError::unknown_host(&"a ".repeat(99)).to_string().len() < 120);
    }
}
