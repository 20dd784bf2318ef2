//! `hosts list|add|remove`.

use std::{
    io::{self, Write},
    sync::Arc,
};

use serde_json::json;
use vestibule_core::{
    InviteChanges, InviteFilter, InviteQuery, InviteService, NoopObserver, Principal, Source, State,
};

use crate::{
    bootstrap,
    cli_error::CliError,
    config::Settings,
    terminal::{counted, escape_json_for_terminal},
};

/// Page size.
const PAGE: u32 = 1_000;

/// Prints the hosts, one per line.
pub(super) async fn list(settings: &Settings) -> Result<(), CliError> {
    let invite_service = bootstrap::open_service(settings).await?;
    let hosts = invite_service.store().hosts().await?;
    let mut out = io::stdout().lock();
    if settings.json {
        let names: Vec<_> = hosts.iter().map(|host| json!({ "host": host.as_str() })).collect();
        writeln!(out, "{}", escape_json_for_terminal(&json!(names)))?;
        return Ok(());
    }
    for host in hosts {
        writeln!(out, "{host}")?;
    }
    Ok(())
}

/// Adds a host. Creates the database if it is missing, so that a service can be set up before its first start.
pub(super) async fn add(settings: &Settings, host: &str) -> Result<(), CliError> {
    let host = bootstrap::host(host)?;
    let invite_service =
        bootstrap::open_with_observer(settings, Arc::new(NoopObserver), Arc::default()).await?;
    Ok(invite_service.store().add_host(&host).await?)
}

/// Removes a host, after its keys and pending invites if `yes`.
pub(super) async fn remove(settings: &Settings, host: &str, yes: bool) -> Result<(), CliError> {
    let host = bootstrap::host(host)?;
    if settings.hosts.iter().any(|configured| configured.host == host) {
        return Err(CliError::message(format!(
            "{host} is in the configuration file, which would add it again; remove it there first"
        )));
    }
    let invite_service = bootstrap::open_service(settings).await?;
    let host = bootstrap::known_host(&invite_service, host).await?;
    let by = Principal::Operator { host: host.clone(), source: Source::cli() };
    let keys = invite_service.store().keys(&by).await?;
    let invites = pending(&invite_service, &by).await?;
    if !yes && (!keys.is_empty() || !invites.is_empty()) {
        return Err(CliError::message(format!(
            "{host} has {} and {}; delete and revoke them with --yes",
            counted(keys.len(), "key"),
            counted(invites.len(), "pending invite")
        )));
    }
    for id in invites {
        invite_service.store().edit_invite(&by, id, InviteChanges::revoke()).await?;
    }
    for key in keys.iter().filter(|key| key.parent.is_none()) {
        // Those that it created are deleted with it.
        invite_service.store().delete_key(&by, &key.id).await?;
    }
    Ok(invite_service.store().remove_host(&by).await?)
}

/// The ids of the pending invites.
async fn pending(
    invite_service: &InviteService,
    by: &Principal,
) -> Result<Vec<vestibule_core::InviteId>, CliError> {
    let filter = InviteFilter { state: Some(State::Pending), ..InviteFilter::default() };
    let (mut ids, mut before) = (Vec::new(), None);
    loop {
        let query = InviteQuery { filter: filter.clone(), before, limit: PAGE };
        let page = invite_service.store().invites(by, query).await?;
        ids.extend(page.items.iter().map(|invite| invite.id));
        before = page.next;
        if before.is_none() {
            return Ok(ids);
        }
    }
}
