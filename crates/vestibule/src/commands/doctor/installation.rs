//! The local installation: settings, database, hosts.

use std::net::IpAddr;

use ureq::http::Uri;
use vestibule_core::{Host, InviteService};

use super::report::Report;
use crate::{bootstrap, config::Settings};

/// Runs these checks. Returns the service if the database could be opened.
pub(super) async fn check(settings: &Settings, host: &Host, report: &mut Report) -> Option<InviteService> {
    // Invalid settings end the program before this point.
    report.ok("configuration", format!("valid; the data directory is {}", settings.data_dir.display()));
    let invite_service = open(settings, report).await?;
    known(&invite_service, host, report).await;
    Some(invite_service)
}

/// Opens the database. Never creates one: an empty one would hide that the right one is elsewhere.
async fn open(settings: &Settings, report: &mut Report) -> Option<InviteService> {
    let database = &settings.database;
    if database.is_missing().await {
        let remedy = "give the service's data directory with --data-dir, or start `vestibule serve` once";
        report.fail("database", format!("there is no database at {database}"), remedy);
        return None;
    }
    match bootstrap::open_service(settings).await {
        Ok(invite_service) => {
            report.ok("database", format!("{database} opens"));
            Some(invite_service)
        }
        Err(error) => {
            let remedy = "fix this, and run doctor as the user of the service";
            report.fail("database", error.to_string(), remedy);
            None
        }
    }
}

async fn known(invite_service: &InviteService, host: &Host, report: &mut Report) {
    let hosts = match invite_service.store().hosts().await {
        Ok(hosts) => hosts,
        Err(error) => return report.fail("host", error.to_string(), "check the database"),
    };
    if hosts.contains(host) {
        return report.ok("host", format!("{host} is configured"));
    }
    let names: Vec<_> = hosts.iter().map(Host::as_str).collect();
    let known = if names.is_empty() { "no host is".to_owned() } else { format!("{} is", names.join(", ")) };
    let remedy = format!("`vestibule serve --host {host}`, or add it to the configuration file");
    report.fail("host", format!("{host} is not configured, {known}"), remedy);
}

pub(in crate::commands) fn is_loopback(url: &str) -> bool {
    let uri = url.parse::<Uri>().unwrap_or_default();
    let name = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let address = name.parse::<IpAddr>();
    is_local(name) || address.is_ok_and(|address| address.is_loopback() || address.is_unspecified())
}

pub(in crate::commands) fn is_local(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_that_only_this_machine_opens_are_recognized() {
        let table = [
            ("http://127.0.0.1:8280", true),
            ("http://[::1]:8280", true),
            ("http://0.0.0.0:8280", true),
            ("http://LOCALHOST/join", true),
            ("https://a.example", false),
        ];
        for (url, expected) in table {
            assert_eq!(is_loopback(url), expected, "{url}");
        }
        assert!(is_local("chat.localhost") && !is_local("a.example"));
    }
}
