//! `doctor`: checks the connection between the XMPP server and Vestibule in both directions. Each check reports what
//! it found and how to fix it.

mod advice;
mod bridge;
mod client;
mod installation;
mod key_lifetime;
mod provided_key;
mod report;
mod service;
mod stored_keys;
mod xmpp_server;

use std::io;

pub(super) use self::installation::{is_local, is_loopback};
use self::{client::Client, provided_key::Key, report::Report};
use crate::{bootstrap, cli::DoctorArgs, cli_error::CliError, config::Settings};

/// Runs all checks, prints the findings, and fails if any check failed.
pub(super) async fn run(settings: &Settings, args: &DoctorArgs) -> Result<(), CliError> {
    let host = bootstrap::host(&args.host)?;
    let key = Key::read(args.key_file.as_deref())?;
    let client = Client::new(service::base(settings, args));
    let mut report = Report::default();
    let invite_service = installation::check(settings, &host, &mut report).await;
    let sound = service::check(&client, invite_service.as_ref(), &mut report).await;
    let probe = invite_service.as_ref().and_then(|invite_service| invite_service.draw_probe().ok());
    let survey = xmpp_server::check(settings, args.c2s.as_deref(), &host, probe.as_ref(), &mut report).await;
    let seen = match (&invite_service, &probe) {
        (Some(invite_service), Some(probe)) => invite_service.seen_probe(probe).await.ok().flatten(),
        _ => None,
    };
    match &survey {
        Some(survey) if sound => bridge::check(survey, seen.as_ref(), client.base(), &host, &mut report),
        Some(_) => report.warn("bridge", "skipped", "fix the service first"),
        None => report.warn("bridge", "skipped", "fix the XMPP server first"),
    }
    match (key, &invite_service) {
        (Some(key), Some(invite_service)) if sound => {
            provided_key::check(&key, &host, invite_service, seen.as_ref(), &mut report).await;
        }
        (Some(_), Some(_)) => report.warn("key", "skipped", "fix the service first"),
        (None, Some(invite_service)) => {
            stored_keys::check(invite_service, &host, seen.as_ref(), &mut report).await;
        }
        (_, None) => report.warn("key", "skipped", "fix the database first"),
    }
    report.print(settings.json, io::stdout().lock())?;
    match report.failed() {
        0 => Ok(()),
        failed => Err(CliError::message(format!("{failed} of {} checks failed", report.len()))),
    }
}
