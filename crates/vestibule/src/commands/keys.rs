//! `keys create|list|delete`, and `mod_invites_api` with the same subcommands.

use std::{
    io::{self, Write},
    time::Duration,
};

use serde_json::json;
use vestibule_core::{Expiry, NewKey, Rate, Refusal, Scopes, StoreError, Timestamp};

use crate::{
    bootstrap,
    cli_error::CliError,
    config::Settings,
    terminal::{escape_for_terminal, escape_json_for_terminal},
};

/// The properties of a new key.
#[derive(Debug, Default)]
pub(super) struct Request {
    pub(super) name: Option<String>,
    pub(super) scopes: Option<Scopes>,
    pub(super) expires: Option<Duration>,
    pub(super) rate: Option<Rate>,
}

impl From<Request> for NewKey {
    fn from(Request { name, scopes, expires, rate }: Request) -> Self {
        let expiry = expires.map(Expiry::In).unwrap_or_default();
        Self { name, scopes: scopes.unwrap_or_default(), expiry, rate }
    }
}

/// Creates a key and prints it. It is shown only once.
pub(super) async fn create(settings: &Settings, host: &str, request: Request) -> Result<(), CliError> {
    let (by, key) = (bootstrap::operator(host)?, NewKey::from(request));
    let invite_service = bootstrap::open_service(settings).await?;
    let (record, text) = invite_service.create_key(&by, key).await?;
    let mut out = io::stdout().lock();
    if settings.json {
        let view = json!({
            "id": record.id.as_str(),
            "key": text.expose(),
            "host": record.host.as_str(),
            "name": record.name,
            "scopes": record.scopes.iter().map(vestibule_core::Scope::as_str).collect::<Vec<_>>(),
            "expires_at": record.expires_at.map(|at| at.to_string()),
            "rate": record.rate.map(|rate| rate.to_string()),
        });
        writeln!(out, "{}", escape_json_for_terminal(&view))?;
    } else {
        writeln!(out, "{}", text.expose())?;
    }
    Ok(())
}

/// Prints the keys of a host, one per line, without secrets.
pub(super) async fn list(settings: &Settings, host: &str) -> Result<(), CliError> {
    let by = bootstrap::operator(host)?;
    let invite_service = bootstrap::open_service(settings).await?;
    let keys = invite_service.store().keys(&by).await?;
    let mut out = io::stdout().lock();
    if settings.json {
        let views: Vec<_> = keys
            .iter()
            .map(|key| {
                json!({
                    "id": key.id.as_str(),
                    "host": key.host.as_str(),
                    "name": key.name,
                    "scopes": key.scopes.iter().map(vestibule_core::Scope::as_str).collect::<Vec<_>>(),
                    "created_at": key.created_at.to_string(),
                    "expires_at": key.expires_at.map(|at: Timestamp| at.to_string()),
                    "rate": key.rate.map(|rate| rate.to_string()),
                })
            })
            .collect();
        writeln!(out, "{}", escape_json_for_terminal(&json!(views)))?;
        return Ok(());
    }
    for key in keys {
        writeln!(out, "{}\t{}", key.id, escape_for_terminal(key.name.as_deref().unwrap_or("<unknown>")))?;
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
pub(super) async fn delete(settings: &Settings, host: &str, id: &str) -> Result<(), CliError> {
    let by = bootstrap::operator(host)?;
    let invite_service = bootstrap::open_service(settings).await?;
    match invite_service.delete_key(&by, id_in(id)).await {
        Err(StoreError::Refused(Refusal::NotFound(what))) => {
            Err(CliError::message(format!("{what} not found")))
        }
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
