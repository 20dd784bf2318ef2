//! The host that a command is about.

use vestibule_core::{Host, InviteService, Principal, Source, Token, pasted_address};

use super::open_service;
use crate::{cli_error::CliError, config::Settings};

/// Opens the database for a command about one host: the given one, or else the only one.
pub(crate) async fn open_for(
    settings: &Settings,
    given: Option<&str>,
) -> Result<(InviteService, Principal), CliError> {
    // Parsed first, because this needs no database.
    let given = given.map(host).transpose()?;
    let invite_service = open_service(settings).await?;
    let by = operator(&invite_service, given).await?;
    Ok((invite_service, by))
}

/// Like [`open_for`], for a command about one thing of a host. A host alone is wrong usage.
pub(crate) async fn open_about(
    settings: &Settings,
    given: Option<&str>,
    wanted: &str,
) -> Result<(InviteService, Principal), CliError> {
    let given = given.map(host).transpose()?;
    let invite_service = open_service(settings).await?;
    // The URI of an invite begins with the host.
    if given.is_none() && Token::find_in(wanted).is_none() {
        let hosts = invite_service.store().hosts().await?;
        if host(wanted).is_ok_and(|named| hosts.contains(&named)) {
            return Err(CliError::usage(format!(
                "{wanted} is the host; the ID or username that belongs after it is missing"
            )));
        }
    }
    let by = operator(&invite_service, given).await?;
    Ok((invite_service, by))
}

/// The operator of the given host, or else of the only one.
async fn operator(invite_service: &InviteService, given: Option<Host>) -> Result<Principal, CliError> {
    let host = match given {
        Some(host) => known_host(invite_service, host).await?,
        None => only_host(invite_service).await?,
    };
    Ok(Principal::Operator { host, source: Source::cli() })
}

/// The same host, if it is configured.
pub(crate) async fn known_host(invite_service: &InviteService, host: Host) -> Result<Host, CliError> {
    let is_known = invite_service.store().hosts().await?.contains(&host);
    if is_known { Ok(host) } else { Err(CliError::unknown_host(host.as_str())) }
}

/// The host, if there is only one.
pub(crate) async fn only_host(invite_service: &InviteService) -> Result<Host, CliError> {
    let mut hosts = invite_service.store().hosts().await?;
    match (hosts.pop(), hosts.is_empty()) {
        (Some(host), true) => Ok(host),
        (None, _) => Err(CliError::message("no host is configured; add one with: vestibule hosts add HOST")),
        (Some(last), false) => {
            let names: Vec<_> = hosts.iter().chain([&last]).map(Host::as_str).collect();
            Err(CliError::usage(format!("name the host, one of {}", names.join(", "))))
        }
    }
}

/// A host, given as text.
pub(crate) fn host(text: &str) -> Result<Host, CliError> {
    Host::parse(pasted_address(text)).map_err(|_| CliError::unknown_host(text))
}

/// Completes an error about an unknown host with the hosts that exist, as far as the database can be opened.
pub(crate) async fn name_hosts(settings: &Settings, error: CliError) -> CliError {
    let CliError::UnknownHost { given, .. } = error else { return error };
    let known = match open_service(settings).await {
        Ok(invite_service) => invite_service.store().hosts().await.ok(),
        Err(_) => None,
    };
    CliError::UnknownHost { given, known }
}
