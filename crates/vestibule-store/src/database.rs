//! Database addresses.

pub(crate) mod address;

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use self::address::Address;

/// The address of a database: `sqlite:/var/lib/vestibule/vestibule.db` or
/// `postgres://vestibule@db.example.com/vestibule`. Displays without the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Database(pub(crate) Backend);

/// The engine and its address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Backend {
    /// A file of the embedded engine.
    Sqlite(PathBuf),
    /// A database on a server, which many nodes can share.
    Postgres(Box<Address>),
}

/// The text is not a database address.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum DatabaseError {
    /// Neither form matches.
    #[error(
        "not a database: expected sqlite:PATH, for example sqlite:/var/lib/vestibule/vestibule.db, or \
         postgres://USER@HOST/DATABASE"
    )]
    Unknown,
    /// The server address is invalid.
    #[error("{0}")]
    Address(String),
}

impl Database {
    /// The default database: a file in the data directory.
    pub fn in_directory(directory: &Path) -> Self {
        Self::file(&directory.join("vestibule.db"))
    }

    /// A file of the embedded engine.
    pub(crate) fn file(path: &Path) -> Self {
        Self(Backend::Sqlite(path.to_owned()))
    }

    /// A database on a server.
    pub(crate) fn postgres(address: Address) -> Self {
        Self(Backend::Postgres(Box::new(address)))
    }

    /// The same database with a password. A file ignores it.
    #[must_use]
    pub fn with_password(self, password: &str) -> Self {
        match self.0 {
            Backend::Postgres(address) => Self::postgres(address.with_password(password)),
            file @ Backend::Sqlite(_) => Self(file),
        }
    }

    /// The path, if it is a file.
    pub fn file_path(&self) -> Option<&Path> {
        match &self.0 {
            Backend::Sqlite(path) => Some(path),
            Backend::Postgres(_) => None,
        }
    }
}

impl FromStr for Database {
    type Err = DatabaseError;

    fn from_str(text: &str) -> Result<Self, DatabaseError> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let legal = !path.is_empty() && !path.contains('\0');
            return if legal { Ok(Self::file(Path::new(path))) } else { Err(DatabaseError::Unknown) };
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return text.parse().map(Self::postgres).map_err(DatabaseError::Address);
        }
        Err(DatabaseError::Unknown)
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Backend::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Backend::Postgres(address) => address.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn database_addresses_are_parsed() {
        assert_eq!("sqlite:a b.db".parse(), Ok(Database::file(Path::new("a b.db"))));
        assert_eq!("postgresql://a@b/c".parse(), "postgres://a@b/c".parse::<Database>());
        for text in ["", "sqlite:", "a.db", "mysql://localhost/x", "sqlite:a\0b", "postgres:x"] {
            assert_eq!(text.parse::<Database>(), Err(DatabaseError::Unknown), "{text}");
        }
        assert!(matches!("postgres://a@b".parse::<Database>(), Err(DatabaseError::Address(_))));
        for text in
            ["host=db user=u password=s3cret dbname=x", "postgres:host=db password=s3cret", "u:s3cret@db/x"]
        {
            assert!(!text.parse::<Database>().unwrap_err().to_string().contains("s3cret"), "{text}");
        }
    }
}
