//! The text that names a database.

use std::{convert::Infallible, fmt, str::FromStr};

use serde::Deserialize;

/// A database as it was named, perhaps with a password: it has no `Display`, and `Debug` hides it.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub(crate) struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The text itself. Keep it out of logs and errors.
    pub(crate) fn expose(&self) -> &str {
        &self.0
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
    fn debug_hides_the_password() {
        let url: DatabaseUrl = "postgres://ann:s3cret@db.example/x".parse().unwrap();
        assert_eq!(format!("{url:?}"), "DatabaseUrl([redacted])");
    }
}
