//! Checks of the bridge's key, if it is provided.
//!
//! The key is compared with the database and never sent: a service that answers like ours could be an impostor, and a
//! request with the key would count as a use of it.

use std::{env, fs::File, io::Read, path::Path};

use vestibule_core::{
    Host, InviteService, KeyId, KeyRecord, PresentedKey, Principal, Scope, SeenProbe, Source,
};

use super::{advice::how_to_create_key, key_lifetime, report::Report};
use crate::cli_error::CliError;

/// Upper bound of the file; a key is much shorter.
const MOST: u64 = 4096;

/// A key whose secret is already hashed.
pub(super) struct Key(PresentedKey);

impl Key {
    /// Reads the key from the file, else from the environment. `None` if neither is given.
    pub(super) fn read(file: Option<&Path>) -> Result<Option<Self>, CliError> {
        let (from, text) = match file {
            Some(path) => {
                let mut text = String::new();
                let read = File::open(path).and_then(|file| file.take(MOST).read_to_string(&mut text));
                let path = path.display();
                read.map_err(|error| CliError::message(format!("cannot read the key file {path}: {error}")))?;
                (format!("the key file {path}"), text)
            }
            None => match env::var("VESTIBULE_KEY") {
                Ok(text) if !text.is_empty() => ("VESTIBULE_KEY".to_owned(), text),
                _ => return Ok(None),
            },
        };
        let no_key = || {
            CliError::message(format!(
                "{from} contains no key: expected ID/SECRET, as printed by `keys create`"
            ))
        };
        Self::parse(&text).map(Some).ok_or_else(no_key)
    }

    fn parse(text: &str) -> Option<Self> {
        let text = value(text)?;
        text.bytes()
            .all(|byte| byte.is_ascii_graphic())
            .then(|| PresentedKey::parse(text).map(Self))
            .flatten()
    }
}

/// The setting with the key in Prosody's configuration. Also the name of the environment variable, in lower case.
const SETTING: &str = "vestibule_key";

/// Finds the key in text that consists of it or sets [`SETTING`] to it, with or without quotes. A leading byte order
/// mark is ignored.
fn value(text: &str) -> Option<&str> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let mut settings = text.lines().filter_map(setting);
    match (settings.next(), settings.next()) {
        (None, _) => Some(quoted(text).unwrap_or(text)),
        (Some(one), None) => Some(one),
        // Several hosts: ambiguous.
        (Some(_), Some(_)) => None,
    }
}

/// The value in a line that sets the key.
fn setting(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let name = line.get(..SETTING.len()).filter(|name| name.eq_ignore_ascii_case(SETTING))?;
    let value = line[name.len()..].trim_start().strip_prefix('=')?.trim();
    // Without quotes, a space ends the value.
    quoted(value).or_else(|| value.split_whitespace().next())
}

/// The quoted string at the start of the text.
fn quoted(text: &str) -> Option<&str> {
    let end = match text.chars().next()? {
        quote @ ('"' | '\'') => quote,
        '\u{201c}' | '\u{201e}' => return text[3..].split(['\u{201c}', '\u{201d}']).next(),
        _ => return None,
    };
    text[1..].split_once(end).map(|(inside, _)| inside)
}

/// Checks the key. `seen` is the XMPP server's accepted request about the probe, if there was one.
pub(super) async fn check(
    key: &Key,
    host: &Host,
    invite_service: &InviteService,
    seen: Option<&SeenProbe>,
    report: &mut Report,
) {
    let Key(presented) = key;
    let record = find(invite_service, &presented.id).await;
    let Some(record) = accepted(presented, record, host, report) else { return };
    let id = &presented.id;
    if record.host != *host {
        let what = format!("{id} belongs to {}, not to {host}", record.host);
        return report.fail("key", what, format!("use a key of this host: {}", how_to_create_key(host)));
    }
    if record.expires_at.is_some_and(|at| at <= invite_service.now()) {
        return key_lifetime::expiry(id.as_str(), record.expires_at, invite_service.now(), host, report);
    }
    let missing = missing(&record);
    if !missing.is_empty() {
        let what = format!("{id} does not have all scopes of the bridge; it lacks {}", missing.join(", "));
        return report.fail("key", what, format!("create another one: {}", how_to_create_key(host)));
    }
    report.ok("key", format!("{id} is valid, belongs to {host} and has every scope"));
    key_lifetime::expiry(id.as_str(), record.expires_at, invite_service.now(), host, report);
    match seen.and_then(|seen| seen.key.as_ref()) {
        Some(used) if used == id => {
            report.ok("key", format!("{id} is the key that the XMPP server uses"));
        }
        Some(_) => report.warn(
            "key",
            "the XMPP server uses another key than this one",
            "check vestibule_key in its configuration",
        ),
        None => key_lifetime::last_use(id.as_str(), record.last_used_at, invite_service.now(), report),
    }
}

/// The record of an accepted key; otherwise reports why it is not accepted. An unknown key is not printed, since it
/// could be any secret.
fn accepted(
    presented: &PresentedKey,
    record: Option<KeyRecord>,
    host: &Host,
    report: &mut Report,
) -> Option<KeyRecord> {
    let why = match record {
        Some(record) if record.secret == presented.secret => return Some(record),
        Some(KeyRecord { id, .. }) => format!("{id} is known, but the part after the slash is wrong"),
        None => "it is mistyped, or was deleted".to_owned(),
    };
    let what = format!("the service does not accept it: {why}");
    report.fail("key", what, format!("create another one: {}", how_to_create_key(host)));
    None
}

fn missing(key: &KeyRecord) -> Vec<&'static str> {
    let has = |scope: &Scope| key.scopes.iter().any(|one| one == *scope);
    Scope::ALL.iter().filter(|scope| !has(scope)).map(|scope| scope.as_str()).collect()
}

/// The key in the database, whichever host it belongs to.
pub(super) async fn find(invite_service: &InviteService, id: &KeyId) -> Option<KeyRecord> {
    for host in invite_service.store().hosts().await.ok()? {
        let by = Principal::Operator { host, source: Source::cli() };
        let found = invite_service.store().keys(&by).await.ok()?.into_iter().find(|key| key.id == *id);
        if found.is_some() {
            return found;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_key_is_not_looked_up() {
        for text in ["", "key", "a b/c", "a/b\r\nX: y", "a/b c"] {
            assert!(Key::parse(text).is_none(), "{text:?}");
        }
        assert_eq!(Key::parse("a/b").unwrap().0.id.as_str(), "a");
    }

    #[test]
    fn a_key_is_read_as_files_have_it() {
        for text in [
            "a/b+c\n",
            "\u{feff}a/b+c\r\n",
            "\"a/b+c\"",
            "'a/b+c'\n",
            "\u{201c}a/b+c\u{201d}",
            "vestibule_key = \"a/b+c\"",
            "\u{feff}  vestibule_key='a/b+c'; -- one per VirtualHost\r\n",
            "vestibule_url = \"http://127.0.0.1:8280\"\nvestibule_key = \"a/b+c\"  -- made today\n",
            "-- vestibule_key = \"old/old\"\nvestibule_key = \"a/b+c\"",
            "VESTIBULE_KEY=a/b+c # for doctor",
        ] {
            let Key(presented) = Key::parse(text).unwrap();
            let expected = PresentedKey::parse("a/b+c").unwrap();
            assert_eq!((&presented.id, &presented.secret), (&expected.id, &expected.secret), "{text:?}");
        }
        for text in [
            "\"",
            "\"a/b",
            "\u{201c}",
            "vestibule_key",
            "vestibule_key =",
            "vestibule_keys = \"a/b\"",
            "vestibule_key = \"a/b\"\nvestibule_key = \"c/d\"",
        ] {
            assert!(Key::parse(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn a_key_that_is_not_known_is_not_named() {
        let Key(presented) = Key::parse("mine/secretsecret").unwrap();
        let host = Host::parse("a.example").unwrap();
        let mut report = Report::default();
        assert!(accepted(&presented, None, &host, &mut report).is_none());
        let line = report.last();
        assert!(line.starts_with("FAIL key: ") && line.contains("vestibule keys create a.example"), "{line}");
        assert!(!line.contains("mine") && !line.contains("secretsecret"), "{line}");
    }
}
