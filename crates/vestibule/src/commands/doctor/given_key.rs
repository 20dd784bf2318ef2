//! The key that the bridge has, where somebody shows it.

use std::{env, fs::File, io::Read, path::Path};

use serde_json::Value;
use vestibule_core::{Authority, Desk, Host, KeyId, KeyRecord, PresentedKey, Scope, Source, Timestamp};

use super::{
    client::{Answer, Client},
    life, make_key,
    report::Report,
};
use crate::failure::Failure;

/// A key is much shorter.
const MOST: u64 = 4096;

/// A whole key, `ID/SECRET`. It has no `Debug`, and goes into one header alone.
pub(super) struct Key {
    id: KeyId,
    text: String,
}

impl Key {
    /// Reads it from the file, else from the environment. None is no error: not everybody has it at hand.
    pub(super) fn read(file: Option<&Path>) -> Result<Option<Self>, Failure> {
        let (from, text) = match file {
            Some(path) => {
                let mut text = String::new();
                let read = File::open(path).and_then(|file| file.take(MOST).read_to_string(&mut text));
                let path = path.display();
                read.map_err(|error| Failure::words(format!("cannot read the key file {path}: {error}")))?;
                (format!("the key file {path}"), text)
            }
            None => match env::var("VESTIBULE_KEY") {
                Ok(text) if !text.is_empty() => ("VESTIBULE_KEY".to_owned(), text),
                _ => return Ok(None),
            },
        };
        let no_key = || {
            Failure::words(format!("{from} holds no key: expected ID/SECRET, as `keys create` printed it"))
        };
        Self::parse(text.trim()).map(Some).ok_or_else(no_key)
    }

    fn parse(text: &str) -> Option<Self> {
        let id = PresentedKey::parse(text)?.id;
        text.bytes().all(|byte| byte.is_ascii_graphic()).then(|| Self { id, text: text.to_owned() })
    }

    /// What goes into the header.
    pub(super) fn bearer(&self) -> String {
        format!("Bearer {}", self.text)
    }
}

/// What is known of the key, from the service or from the database.
struct Known {
    host: String,
    scopes: Vec<String>,
    expires_at: Option<Timestamp>,
}

/// Shows the service the key, as the bridge does.
pub(super) async fn look(client: &Client, key: &Key, host: &Host, desk: Option<&Desk>, report: &mut Report) {
    // Asking is a use of the key: when it was last used is to be known before.
    let record = match desk {
        Some(desk) => find(desk, &key.id).await,
        None => None,
    };
    let answer = match client.get("/v1/keys", Some(key)).await {
        Ok(answer) => answer,
        Err(error) => return report.fail("key", error, "look at the service's log"),
    };
    let Some(known) = accepted(&answer, key, record.as_ref(), host, report) else { return };
    let id = &key.id;
    if known.host != host.as_str() {
        let what = format!("{id} belongs to {}, not to {host}", known.host);
        return report.fail("key", what, format!("use one of this host: {}", make_key(host)));
    }
    let missing = missing(&known.scopes);
    if !missing.is_empty() {
        let what = format!("{id} may not do all that the bridge does; it lacks {}", missing.join(", "));
        return report.fail("key", what, format!("make another one: {}", make_key(host)));
    }
    report.ok("key", format!("{id} is accepted, belongs to {host} and has every scope"));
    let Some(desk) = desk else { return };
    life::expiry(id.as_str(), known.expires_at, desk.now(), host, report);
    match record {
        Some(record) => life::last_use(id.as_str(), record.last_used_at, desk.now(), report),
        None => report.fail(
            "database",
            format!("the service knows {id}, but the database that was looked at does not"),
            "they are not one: name the service's own folder with --data-dir, or its address with --url",
        ),
    }
}

/// What is known of a key that the service has accepted; where it has not, says why.
fn accepted(
    answer: &Answer,
    key: &Key,
    record: Option<&KeyRecord>,
    host: &Host,
    report: &mut Report,
) -> Option<Known> {
    let id = &key.id;
    match answer.status {
        200 => match (listed(&answer.text, id), record) {
            (Some(known), _) => return Some(known),
            (None, Some(record)) => return Some(record.into()),
            (None, None) => report.fail("key", "the answer is no list of keys", "look at the service's log"),
        },
        401 => {
            let what = format!("the service does not accept it: {}", refused(record));
            report.fail("key", what, format!("make another one: {}", make_key(host)));
        }
        403 => {
            if let Some(record) = record {
                return Some(record.into());
            }
            let what = format!("{id} may not do all that the bridge does; it lacks at least keys:manage");
            report.fail("key", what, format!("make another one: {}", make_key(host)));
        }
        429 => {
            let remedy = "wait a minute and try again; if wrong keys are tried from here, find out by whom";
            report.fail("key", "the service is asked too often from here, or with this key", remedy);
        }
        status => report.fail("key", format!("the service answers {status}"), "look at its log"),
    }
    None
}

/// Why the service may have refused the key. One that nobody knows is not named: who knows what it is.
fn refused(record: Option<&KeyRecord>) -> String {
    match record {
        None => "it is mistyped, or was deleted".to_owned(),
        Some(KeyRecord { id, expires_at: Some(at), .. }) => {
            format!("{id} expires at {at}, or the part after the slash is mistyped")
        }
        Some(KeyRecord { id, .. }) => format!("{id} is known, but the part after the slash is mistyped"),
    }
}

/// The key, among those that the service lists.
fn listed(text: &str, id: &KeyId) -> Option<Known> {
    let answer: Value = serde_json::from_str(text).ok()?;
    let view = answer["items"].as_array()?.iter().find(|view| view["id"] == id.as_str())?;
    let scopes = view["scopes"].as_array()?.iter().filter_map(Value::as_str).map(str::to_owned);
    Some(Known {
        host: view["host"].as_str()?.to_owned(),
        scopes: scopes.collect(),
        expires_at: view["expires_at"].as_str().and_then(|text| Timestamp::parse(text).ok()),
    })
}

impl From<&KeyRecord> for Known {
    fn from(key: &KeyRecord) -> Self {
        Self {
            host: key.host.to_string(),
            scopes: key.scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
            expires_at: key.expires_at,
        }
    }
}

fn missing(scopes: &[String]) -> Vec<&'static str> {
    let names = Scope::ALL.iter().map(|scope| scope.as_str());
    names.filter(|name| !scopes.iter().any(|scope| scope == name)).collect()
}

/// The key in the database, whichever host it belongs to.
async fn find(desk: &Desk, id: &KeyId) -> Option<KeyRecord> {
    for host in desk.store().hosts().await.ok()? {
        let by = Authority::Operator { host, source: Source::cli() };
        let found = desk.store().keys(&by).await.ok()?.into_iter().find(|key| key.id == *id);
        if found.is_some() {
            return found;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = r#"{"items": [
        {"id": "other", "host": "a.example", "scopes": ["redeem"], "expires_at": null},
        {"id": "mine", "host": "b.example", "scopes": ["redeem", "invites:read"],
         "expires_at": "2027-01-15T08:00:00Z"}]}"#;

    fn said(status: u16, text: &str) -> String {
        let key = Key::parse("mine/secretsecret").unwrap();
        let mut report = Report::default();
        let answer = Answer { status, text: text.to_owned(), clocks: None };
        let host = Host::parse("a.example").unwrap();
        assert!(accepted(&answer, &key, None, &host, &mut report).is_none());
        assert!(!report.last().contains("secretsecret"));
        report.last()
    }

    #[test]
    fn the_key_is_found_among_all() {
        let known = listed(LIST, &KeyId::parse("mine").unwrap()).unwrap();
        assert_eq!((known.host.as_str(), known.scopes.len()), ("b.example", 2));
        assert_eq!(known.expires_at, Some(Timestamp::from_millis(1_800_000_000_000)));
        assert_eq!(missing(&known.scopes), ["invites:create", "invites:manage", "keys:manage"]);
        for text in ["", "[]", "{\"items\": 3}", "{\"items\": [{\"id\": \"mine\"}]}"] {
            assert!(listed(text, &KeyId::parse("mine").unwrap()).is_none(), "{text}");
        }
    }

    #[test]
    fn every_no_says_what_to_do() {
        for (status, words) in [
            (200, "no list of keys"),
            (401, "vestibule keys create a.example"),
            (403, "keys:manage"),
            (429, "wait"),
            (500, "log"),
        ] {
            let line = said(status, "<html>");
            assert!(line.starts_with("FAIL key: ") && line.contains(words), "{line}");
        }
    }

    #[test]
    fn what_is_no_key_is_not_sent() {
        for text in ["", "key", "a b/c", "a/b\r\nX: y", "a/b c"] {
            assert!(Key::parse(text).is_none(), "{text:?}");
        }
        assert_eq!(Key::parse("a/b").unwrap().bearer(), "Bearer a/b");
    }
}
