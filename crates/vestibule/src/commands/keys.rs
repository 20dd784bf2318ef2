//! `keys create|list|delete`, and `mod_invites_api` with the same subcommands.

mod provided_key;

use std::io::{self, Write};

use serde_json::json;
use vestibule_core::{ApiKey, Expiry, KeyId, KeyRecord, NewKey, Refusal, Scopes, StoreError, Timestamp};

use crate::{
    bootstrap,
    cli::CreateKeyArgs,
    cli_error::CliError,
    config::Settings,
    table::{Cell, Style, Table},
    terminal::{escape_for_terminal, escape_json_for_terminal},
};

/// The heading of the list on a terminal.
const HEADING: [&str; 6] = ["ID", "NAME", "SCOPES", "EXPIRES", "LAST USED", "RATE"];

/// Creates a key and prints it. It is shown only once.
pub(super) async fn create(settings: &Settings, args: CreateKeyArgs) -> Result<(), CliError> {
    if args.if_missing && args.secret_file.is_none() && args.name.as_deref().is_none_or(str::is_empty) {
        return Err(CliError::usage("--if-missing: requires a name or --secret-file"));
    }
    let (invite_service, by) = bootstrap::open_for(settings, Some(&args.host)).await?;
    if let Some(path) = &args.secret_file {
        return provided_key::create(settings, &invite_service, &by, &args, path).await;
    }
    let expiry = args.expires.map(Expiry::In).unwrap_or_default();
    let key = NewKey { name: args.name, scopes: args.scope, expiry, rate: args.rate };
    if args.if_missing {
        return match invite_service.create_key_if_missing(&by, key).await? {
            (record, Some(text)) => print(settings, &record, Some(&text)),
            (found, None) => same_scopes(&found, args.scope),
        };
    }
    let (record, text) = invite_service.create_key(&by, key).await?;
    print(settings, &record, Some(&text))
}

/// Creates a key with the default scopes, as `mod_invites_api` does.
pub(super) async fn create_plain(
    settings: &Settings,
    host: &str,
    name: Option<String>,
) -> Result<(), CliError> {
    let (invite_service, by) = bootstrap::open_for(settings, Some(host)).await?;
    let (record, text) = invite_service.create_key(&by, NewKey { name, ..NewKey::default() }).await?;
    print(settings, &record, Some(&text))
}

/// Accepts an existing key in place of a new one if it has the scopes that were asked for.
fn same_scopes(found: &KeyRecord, wanted: Scopes) -> Result<(), CliError> {
    if found.scopes == wanted {
        return Ok(());
    }
    Err(CliError::message(format!(
        "the key {} exists with other scopes: {}; delete it first, or ask for the same ones",
        found.id,
        scopes(found)
    )))
}

fn scopes(key: &KeyRecord) -> String {
    if key.scopes == Scopes::ALL {
        return "bridge".to_owned();
    }
    key.scopes.iter().map(vestibule_core::Scope::as_str).collect::<Vec<_>>().join(",")
}

/// Prints a new key. Without its text, which a file has, only `--json` prints something.
fn print(settings: &Settings, record: &KeyRecord, text: Option<&ApiKey>) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    if settings.json {
        let mut view = view(record);
        if let (Some(view), Some(text)) = (view.as_object_mut(), text) {
            view.insert("key".to_owned(), text.expose().into());
        }
        writeln!(out, "{}", escape_json_for_terminal(&view))?;
    } else if let Some(text) = text {
        writeln!(out, "{}", text.expose())?;
    }
    Ok(())
}

fn view(key: &KeyRecord) -> serde_json::Value {
    let time = |at: Option<Timestamp>| at.map(|at| at.to_string());
    json!({
        "id": key.id.as_str(),
        "host": key.host.as_str(),
        "name": key.name,
        "scopes": key.scopes.iter().map(vestibule_core::Scope::as_str).collect::<Vec<_>>(),
        "created_at": key.created_at.to_string(),
        "expires_at": time(key.expires_at),
        "last_used_at": time(key.last_used_at),
        "rate": key.rate.map(|rate| rate.to_string()),
    })
}

/// Prints the keys of a host, one per line, without secrets. Other programs get id and name, unless `long`.
pub(super) async fn list(settings: &Settings, host: Option<&str>, long: bool) -> Result<(), CliError> {
    let (invite_service, by) = bootstrap::open_for(settings, host).await?;
    let keys = invite_service.store().keys(&by).await?;
    let mut out = io::stdout().lock();
    if settings.json {
        let views: Vec<_> = keys.iter().map(view).collect();
        writeln!(out, "{}", escape_json_for_terminal(&json!(views)))?;
        return Ok(());
    }
    let mut table = Table::new(out, &HEADING);
    let now = invite_service.now();
    for key in &keys {
        let mut row = row(key, now);
        if !long && !table.is_aligned() {
            row.truncate(2);
        }
        table.row(row)?;
    }
    Ok(table.flush()?)
}

fn row(key: &KeyRecord, now: Timestamp) -> Vec<Cell> {
    let is_expired = key.expires_at.is_some_and(|at| at <= now);
    let expires = match key.expires_at {
        Some(at) if is_expired => Cell::styled(format!("expired {at}"), Style::Bad),
        Some(at) => Cell::new(at.to_string()),
        None => Cell::styled("never", Style::Dim),
    };
    let used =
        key.last_used_at.map_or_else(|| Cell::styled("never", Style::Dim), |at| Cell::new(at.to_string()));
    vec![
        Cell::new(key.id.as_str()),
        Cell::new(key.name.as_deref().unwrap_or(UNNAMED)),
        Cell::new(scopes(key)),
        expires,
        used,
        Cell::new(key.rate.map(|rate| rate.to_string()).unwrap_or_default()),
    ]
}

/// The name of a key without one, as in Prosody's `mod_invites_api`.
const UNNAMED: &str = "<unknown>";

/// Prints ids and names, as `mod_invites_api` does.
pub(super) async fn list_plain(settings: &Settings, host: &str) -> Result<(), CliError> {
    if settings.json {
        return list(settings, Some(host), false).await;
    }
    let (invite_service, by) = bootstrap::open_for(settings, Some(host)).await?;
    let mut out = io::stdout().lock();
    for key in invite_service.store().keys(&by).await? {
        writeln!(out, "{}\t{}", key.id, escape_for_terminal(key.name.as_deref().unwrap_or(UNNAMED)))?;
    }
    Ok(())
}

/// Finds a key id in pasted text: the id, a whole key, or a key in a URL or header.
fn id_in(pasted: &str) -> &str {
    let last = pasted.split_whitespace().next_back().unwrap_or_default();
    let key = last.rsplit("key=").next().unwrap_or(last);
    let id = key.split('/').next().unwrap_or(key);
    id.trim_matches(|one: char| !one.is_ascii_alphanumeric() && !"-_".contains(one))
}

/// Deletes a key.
pub(super) async fn delete(settings: &Settings, host: Option<&str>, id: &str) -> Result<(), CliError> {
    let (invite_service, by) = bootstrap::open_about(settings, host, id).await?;
    let id = id_in(id);
    let shown: String = id.chars().take(KeyId::MAX_LEN).collect();
    or_not_found(invite_service.delete_key(&by, id).await, format!("key {shown} not found"))
}

/// Deletes a key, with the error of `mod_invites_api`.
pub(super) async fn delete_plain(settings: &Settings, host: &str, id: &str) -> Result<(), CliError> {
    let (invite_service, by) = bootstrap::open_about(settings, Some(host), id).await?;
    or_not_found(invite_service.delete_key(&by, id_in(id)).await, "key not found".to_owned())
}

fn or_not_found(deleted: Result<(), StoreError>, not_found: String) -> Result<(), CliError> {
    match deleted {
        Err(StoreError::Refused(Refusal::NotFound(_))) => Err(CliError::message(not_found)),
        other => Ok(other?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_found_in_pasted_text() {
        for pasted in [
            "-aB_3",
            " -aB_3\n",
            "-aB_3/secret/with-slash",
            "\"-aB_3/secret\"",
            "Bearer -aB_3/secret",
            "https://chat.example/invites_api?key=-aB_3/secret",
            "Authorization: Bearer -aB_3/secret ",
        ] {
            assert_eq!(id_in(pasted), "-aB_3", "{pasted}");
        }
        assert_eq!(id_in(" "), "");
    }
}
