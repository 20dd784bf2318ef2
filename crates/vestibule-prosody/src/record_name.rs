//! Names of records, for the operator.

use std::fmt;

use serde_json::{Map, Value};
use vestibule_core::{KeyId, Kind, Timestamp};

use crate::fields::{flag, text, time};

/// Maximum number of characters that a name repeats of a field.
const MAX_QUOTED: usize = 100;

/// What an operator recognises a record by. It contains no token, no secret, and no id that Prosody does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordName {
    /// An invite.
    Invite {
        /// Its kind; `None` if it is not understood.
        kind: Option<Kind>,
        /// The address or username that it is for, or that it is of, if it makes a contact.
        account: Option<String>,
        /// When it was created.
        created_at: Option<Timestamp>,
        /// When it expires.
        expires_at: Option<Timestamp>,
    },
    /// A key.
    Key {
        /// The name.
        name: Option<String>,
        /// The id; `None` if it is malformed.
        id: Option<KeyId>,
    },
}

impl RecordName {
    /// The name of a record of the host's store.
    pub(crate) fn account_invite(record: &Value) -> Self {
        let empty = Map::new();
        let record = record.as_object().unwrap_or(&empty);
        let resets = record.get("additional_data").is_some_and(|data| data.get("allow_reset").is_some());
        let kind = match text(record, "type") {
            Some("register") if resets => Some(Kind::PasswordReset),
            Some("register") => Some(Kind::Account),
            Some("roster") if flag(record, "allow_registration") => Some(Kind::AccountAndContact),
            Some("roster") => Some(Kind::Contact),
            _ => None,
        };
        let account = text(record, "jid").filter(|address| address.contains('@')).map(quoted);
        let (created_at, expires_at) = (time(record.get("created_at")), time(record.get("expires")));
        Self::Invite { kind, account, created_at, expires_at }
    }

    /// The name of a record of the store of a user. Its creation is not known.
    pub(crate) fn contact_invite(username: &str, expires: &Value) -> Self {
        let expires_at = time(Some(expires));
        Self::Invite {
            kind: Some(Kind::Contact),
            account: Some(quoted(username)),
            created_at: None,
            expires_at,
        }
    }

    /// The name of a key.
    pub(crate) fn key(id: &str, record: &Value) -> Self {
        let name = record.as_object().and_then(|record| text(record, "name")).map(quoted);
        Self::Key { name, id: KeyId::parse(id).ok() }
    }
}

fn quoted(text: &str) -> String {
    text.chars().take(MAX_QUOTED).collect()
}

impl fmt::Display for RecordName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invite { kind, account, created_at, expires_at } => {
                match kind {
                    Some(kind) => write!(f, "{} invite", kind.as_str())?,
                    None => f.write_str("invite")?,
                }
                if let Some(account) = account {
                    let relation = if kind.is_some_and(Kind::makes_contact) { "of" } else { "for" };
                    write!(f, " {relation} {account}")?;
                }
                match (created_at, expires_at) {
                    (Some(at), _) => write!(f, ", created {at}"),
                    (None, Some(at)) => write!(f, ", expiring {at}"),
                    (None, None) => Ok(()),
                }
            }
            Self::Key { name, id } => {
                f.write_str("key")?;
                if let Some(name) = name {
                    write!(f, " {name:?}")?;
                }
                match id {
                    Some(id) if name.is_some() => write!(f, " ({id})"),
                    Some(id) => write!(f, " {id}"),
                    None => f.write_str(" with a malformed id"),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_say_what_an_operator_knows() {
        let account = |record: Value| RecordName::account_invite(&record).to_string();
        let created = 1_800_000_000;
        for (record, name) in [
            (
                json!({"type": "register", "jid": "a.example", "created_at": created, "token": "secret"}),
                "account invite, created 2027-01-15T08:00:00Z",
            ),
            (json!({"type": "register", "jid": "lena@a.example"}), "account invite for lena@a.example"),
            (
                json!({"type": "register", "jid": "tom@a.example", "additional_data": {"allow_reset": "tom"}}),
                "password-reset invite for tom@a.example",
            ),
            (
                json!({"type": "roster", "jid": "anna@a.example", "allow_registration": true, "expires": created}),
                "account-and-contact invite of anna@a.example, expiring 2027-01-15T08:00:00Z",
            ),
            (json!({"type": 5}), "invite"),
            (json!("text"), "invite"),
        ] {
            assert_eq!(account(record), name);
        }
        let contact = RecordName::contact_invite("anna", &json!(created));
        assert_eq!(contact.to_string(), "contact invite of anna, expiring 2027-01-15T08:00:00Z");
        let key = |id, record: Value| RecordName::key(id, &record).to_string();
        assert_eq!(key("k1", json!({"name": "Portal", "token": "secret"})), "key \"Portal\" (k1)");
        assert_eq!(key("k1", json!(true)), "key k1");
        assert_eq!(key("a/secret", json!({"name": "Portal"})), "key \"Portal\" with a malformed id");
    }
}
