//! Database URLs.

use std::{convert::Infallible, fmt, str::FromStr};

use serde::Deserialize;
use vestibule_store::{Database, DatabaseError};

use crate::cli_error::CliError;

/// A database URL as given, possibly with a password: no `Display`, and `Debug` hides it.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub(crate) struct DatabaseUrl(String);

impl DatabaseUrl {
    /// Parses the URL.
    pub(crate) fn database(&self) -> Result<Database, DatabaseUrlError> {
        // As a path, `sqlite://USER:PASSWORD@HOST` would result in a file with the password in its name.
        match self.0.strip_prefix("sqlite://") {
            Some(rest) if !rest.starts_with('/') => Err(DatabaseUrlError::Principal),
            _ => Ok(self.0.parse()?),
        }
    }
}

/// The text is not a database URL. The message never contains a password.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DatabaseUrlError {
    /// A file URL with a user, password or host.
    #[error(
        "a file has neither a user nor a host: expected sqlite:PATH, for example \
         sqlite:/var/lib/vestibule/vestibule.db"
    )]
    Principal,
    /// Any other error.
    #[error(transparent)]
    Other(#[from] DatabaseError),
}

impl DatabaseUrlError {
    /// Converts the error to one of a command-line option.
    pub(crate) fn of_option(self, option: &str) -> CliError {
        CliError::usage(format!("{option}: {self}"))
    }
}

impl FromStr for DatabaseUrl {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseUrl([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_url_cannot_have_a_host() {
        for text in ["sqlite://u:s3cret@h", "sqlite://h/x.db", "sqlite://x.db", "sqlite://"] {
            let url: DatabaseUrl = text.parse().unwrap();
            let cli_error = url.database().unwrap_err().of_option("--database");
            assert_eq!(cli_error.exit_status(), 2, "{text}");
            assert!(!cli_error.to_string().contains("s3cret"), "{cli_error}");
        }
        for text in ["foo", "mysql://u:s3cret@h/x", ""] {
            let url: DatabaseUrl = text.parse().unwrap();
            let cli_error = url.database().unwrap_err().of_option("--database");
            assert_eq!(cli_error.exit_status(), 2, "{text}");
            assert!(!cli_error.to_string().contains("s3cret"), "{cli_error}");
        }
        for text in ["sqlite:x.db", "sqlite:/x.db", "sqlite:///x.db"] {
            let url: DatabaseUrl = text.parse().unwrap();
            assert!(url.database().unwrap().file_path().is_some(), "{text}");
        }
    }

    #[test]
    fn debug_hides_the_password() {
        let url: DatabaseUrl = "postgres://ann:s3cret@db.example/x".parse().unwrap();
        assert_eq!(format!("{url:?}"), "DatabaseUrl([redacted])");
    }
}
