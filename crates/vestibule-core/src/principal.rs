//! Callers and their authorization.

use std::{fmt, sync::Arc};

use crate::{Host, KeyId, PresentedKey, SessionHash};

/// The originator of an invite or a change: `api/token/ID` for a key, `web/NAME` for a session
/// of the console, `cli`, `import`, `page`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Source(Arc<str>);

impl Source {
    /// The operator's shell.
    pub fn cli() -> Self {
        Self("cli".into())
    }

    /// The service itself, as for the purge of old invites.
    pub fn service() -> Self {
        Self("service".into())
    }

    /// The holder of an invite, on its page.
    pub fn page() -> Self {
        Self("page".into())
    }

    /// An import from another program.
    pub fn import() -> Self {
        Self("import".into())
    }

    /// A person in the console.
    pub fn web(name: &str) -> Self {
        Self(format!("web/{name}").into())
    }

    /// A key, as written by Prosody's `mod_invites_api`.
    pub fn key(id: &KeyId) -> Self {
        Self(format!("api/token/{id}").into())
    }

    /// Converts a stored source.
    pub fn from_stored(text: String) -> Self {
        Self(text.into())
    }

    /// The source as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({})", self.0)
    }
}

/// The caller of a store method. Every method that requires authorization takes one, so that no caller can forget it.
#[derive(Clone, Debug)]
pub enum Principal {
    /// An operator with shell access: every scope on the given host.
    Operator {
        /// Host of the call.
        host: Host,
        /// Source in the audit log.
        source: Source,
    },
    /// A key, not yet verified; it determines the host. The store verifies it in the transaction that does the work,
    /// so that a deleted key stops working immediately.
    Key(PresentedKey),
    /// A session of the console, not yet verified; it determines the host, and has every scope.
    Session(SessionHash),
}

/// An authorized call: its host and its source.
#[derive(Clone, Debug)]
pub struct AuthContext {
    /// Host of the call.
    pub host: Host,
    /// Source in the audit log.
    pub source: Source,
}
