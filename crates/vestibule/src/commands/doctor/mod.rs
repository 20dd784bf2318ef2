//! `doctor`: does the XMPP server find us, and do we find it? Each check says what it saw and what to do.

mod client;
mod given_key;
mod house;
mod known_keys;
mod life;
mod report;
mod service;
mod stream;

use std::io;

use vestibule_core::Host;

pub(super) use self::house::{is_local, is_loopback};
use self::{client::Client, given_key::Key, report::Report};
use crate::{cli::DoctorArgs, config::Settings, failure::Failure, wiring};

/// Looks at everything, prints what it found, and fails if anything does not work.
pub(super) async fn run(settings: &Settings, args: &DoctorArgs) -> Result<(), Failure> {
    let host = wiring::host(&args.host)?;
    let key = Key::read(args.key_file.as_deref())?;
    let client = Client::new(service::base(settings, args));
    let mut report = Report::default();
    let desk = house::look(settings, &host, &mut report).await;
    let sound = service::look(&client, &mut report).await;
    match (key, &desk) {
        (Some(key), _) if sound => given_key::look(&client, &key, &host, desk.as_ref(), &mut report).await,
        (Some(_), _) => {
            report.warn("key", "not looked at", "mend the service first: the key is shown to nobody else");
        }
        (None, Some(desk)) => known_keys::look(desk, &host, &mut report).await,
        (None, None) => report.warn("key", "not looked at", "mend the database first"),
    }
    stream::look(settings, args.c2s.as_deref(), &host, &mut report).await;
    report.print(settings.json, io::stdout().lock())?;
    match report.failed() {
        0 => Ok(()),
        failed => Err(Failure::words(format!("{failed} of {} checks failed", report.len()))),
    }
}

/// The command that makes a key for the bridge.
fn make_key(host: &Host) -> String {
    format!(
        "`vestibule keys create {host} Prosody --scope bridge`, as vestibule_key of VirtualHost \"{host}\""
    )
}
