//! The XMPP server: does it answer for the host, and does it let people register by invite?

use std::time::Duration;

use vestibule_core::Host;
use vestibule_xmpp::{Limits, Trouble, look_at};

use super::report::Report;
use crate::{config::Settings, wiring};

/// How long the server may take, all in all.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where servers let clients in that nobody has configured.
const USUAL: &str = "127.0.0.1:5222";

/// Opens a stream as a client does, and looks at what is offered: at `c2s`, else along the way that is configured.
pub(super) async fn look(settings: &Settings, c2s: Option<&str>, host: &Host, report: &mut Report) {
    let limits = Limits { total: PATIENCE, ..Limits::default() };
    let configured =
        settings.hosts.iter().find(|known| known.host == *host).and_then(|known| known.route.as_ref());
    let (place, looked) = match (c2s, configured) {
        (None, Some(route)) => {
            (route.to_string(), wiring::in_band(settings).with_limits(limits).look(host).await)
        }
        (given, _) => {
            let address = given.unwrap_or(USUAL);
            (address.to_owned(), look_at(address, host, &limits).await)
        }
    };
    match looked {
        Ok(offered) => {
            let how = if offered.encrypted { ", encrypted" } else { "" };
            report.ok("XMPP server", format!("answers at {place} for {host}{how}"));
            registration(offered.by_invite(), offered.need_tls(), host, report);
        }
        Err(trouble) => {
            let remedy = remedy(&trouble, host);
            report.fail("XMPP server", format!("{trouble} (asked at {place})"), remedy);
        }
    }
}

fn registration(by_invite: bool, needs_tls: bool, host: &Host, report: &mut Report) {
    let check = "registration";
    if by_invite {
        report.ok(check, "by invite is offered");
    } else if needs_tls {
        // What is offered inside of TLS, this program does not see.
        let remedy =
            format!("look that invites_register is among the modules: `prosodyctl shell module list {host}`");
        report.warn(check, "cannot be seen: the server asks for encryption first, as it should", remedy);
    } else {
        let what = "by invite is not offered";
        let remedy = format!(
            "add \"invites\" and \"invites_register\" to modules_enabled of VirtualHost \"{host}\" and restart \
             Prosody; if they are there, its log says why they did not load, or encryption is required \
             (c2s_require_encryption) and there is no certificate"
        );
        report.fail(check, what, remedy);
    }
}

fn remedy(trouble: &Trouble, host: &Host) -> String {
    match trouble {
        Trouble::NoConnection(_) | Trouble::NoAddress(_) | Trouble::NoService => {
            format!("start it, or say where it lets clients in: c2s in [hosts.\"{host}\".xmpp], or --c2s here")
        }
        Trouble::Stream(condition) if condition == "host-unknown" => {
            format!("add VirtualHost \"{host}\" to its configuration and restart it")
        }
        Trouble::Stream(_) | Trouble::NoStartTls | Trouble::StartTlsRefused => {
            "look at its log; if encryption is required (c2s_require_encryption), it needs a \
                                certificate for this host"
                .to_owned()
        }
        Trouble::Tls(_) | Trouble::Injected => format!(
            "give it a certificate for {host}, or say which one is right: ca_file or cert_sha256 in \
             [hosts.\"{host}\".xmpp]"
        ),
        _ => {
            "look whether it is an XMPP server that answers there, and whether tls in the configuration fits its port"
                .to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_no_failure() {
        let host = Host::parse("a.example").unwrap();
        for (by_invite, needs_tls, begin) in
            [(true, false, "ok"), (true, true, "ok"), (false, true, "warn"), (false, false, "FAIL")]
        {
            let mut report = Report::default();
            registration(by_invite, needs_tls, &host, &mut report);
            assert!(report.last().starts_with(begin), "{}", report.last());
        }
    }

    #[test]
    fn an_unknown_host_is_told_apart() {
        let host = Host::parse("a.example").unwrap();
        let unknown = Trouble::Stream("host-unknown".to_owned());
        assert!(remedy(&unknown, &host).contains("VirtualHost \"a.example\""));
    }
}
