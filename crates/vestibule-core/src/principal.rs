//! Who asks, and what they may do.

use std::{fmt, sync::Arc};

use crate::{Host, KeyId, PresentedKey};

/// Who minted an invite or made a change: `api/token/ID` for a key, a JID for a member, `cli`, `import`.
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

    /// A key, in the words of Prosody's `mod_invites_api`.
    pub fn key(id: &KeyId) -> Self {
        Self(format!("api/token/{id}").into())
    }

    /// Takes a source back out of a database.
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

/// In whose name a call to the store is made. Every call that is not open to the street takes one, so
/// that no caller can forget to ask.
#[derive(Clone, Debug)]
pub enum Principal {
    /// Somebody at the machine: may do everything on the named host.
    Operator {
        /// The host the call is about.
        host: Host,
        /// What the audit log says.
        source: Source,
    },
    /// A key, not yet checked. The host is the key's own. The store checks it in the same transaction
    /// that does the work, so that a deleted key is dead at once.
    Key(PresentedKey),
}

/// An authority that was checked: what the call is about and who made it.
#[derive(Clone, Debug)]
pub struct AuthContext {
    /// The host the call is about.
    pub host: Host,
    /// What the audit log says.
    pub source: Source,
}
