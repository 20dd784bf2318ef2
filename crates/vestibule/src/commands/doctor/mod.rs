//! `doctor`: checks the connection between the XMPP server and Vestibule in both directions. Each check reports what
//! it found and how to fix it.

mod accounts;
mod advice;
mod bridge;
mod client;
mod installation;
mod key_lifetime;
mod provided_key;
mod public_url;
mod report;
mod service;
mod stored_keys;
mod xmpp_server;

use std::io;

use vestibule_core::ProbeVerdict;

pub(super) use self::installation::{is_local, is_loopback};
use self::{client::Client, provided_key::Key, report::Report};
use crate::{
    bootstrap,
    cli::DoctorArgs,
    cli_error::CliError,
    config::{AccountsSettings, Settings},
};

/// Runs all checks, prints the findings, and fails if any check failed.
pub(super) async fn run(settings: &Settings, args: &DoctorArgs) -> Result<(), CliError> {
    let host = bootstrap::host(&args.host)?;
    let key = Key::read(args.key_file.as_deref())?;
    let mut report = Report::default();
    let invite_service = installation::check(settings, &host, &mut report).await;
    let client = Client::new(service::base(settings, args, invite_service.as_ref()).await);
    let is_ours = service::check(&client, invite_service.as_ref(), &mut report).await;
    if let Some(invite_service) = &invite_service {
        public_url::check(settings, invite_service, client.base(), &host, is_ours, &mut report).await;
    }
    let own = settings.hosts.iter().find(|known| known.host == host);
    if let Some(administered) = own.filter(|own| !matches!(own.accounts, AccountsSettings::InBand)) {
        accounts::check(administered, &mut report).await;
        return end(settings, args, &report);
    }
    let probe = invite_service.as_ref().and_then(|invite_service| invite_service.draw_probe().ok());
    let survey = xmpp_server::check(settings, args.c2s.as_deref(), &host, probe.as_ref(), &mut report).await;
    let seen = match (&invite_service, &probe) {
        (Some(invite_service), Some(probe)) => invite_service.seen_probe(probe).await.ok().flatten(),
        _ => None,
    };
    match (&survey, &invite_service) {
        (Some(survey), Some(invite_service)) if is_ours => {
            bridge::check(survey, seen.as_ref(), invite_service, client.base(), &host, &mut report).await;
        }
        (Some(_), _) => report.warn("bridge", "skipped", "fix the service first"),
        (None, _) => report.warn("bridge", "skipped", "fix the XMPP server first"),
    }
    let accepted = seen.filter(|seen| matches!(seen.verdict, ProbeVerdict::Accepted(_)));
    match (key, &invite_service) {
        (Some(key), Some(invite_service)) if is_ours => {
            provided_key::check(&key, &host, invite_service, accepted.as_ref(), &mut report).await;
        }
        (Some(_), Some(_)) => report.warn("key", "skipped", "fix the service first"),
        (None, Some(invite_service)) => {
            stored_keys::check(invite_service, &host, accepted.as_ref(), &mut report).await;
        }
        (_, None) => report.warn("key", "skipped", "fix the database first"),
    }
    end(settings, args, &report)
}

/// Prints the findings, and fails if any check failed.
fn end(settings: &Settings, args: &DoctorArgs, report: &Report) -> Result<(), CliError> {
    report.print(settings.json, args.strict, io::stdout().lock())?;
    match (report.failed(), report.warned()) {
        (0, warned) if args.strict && warned > 0 => {
            Err(CliError::message(format!("{warned} of {} checks warn (--strict)", report.len())))
        }
        (0, _) => Ok(()),
        (failed, _) => Err(CliError::message(format!("{failed} of {} checks failed", report.len()))),
    }
}
