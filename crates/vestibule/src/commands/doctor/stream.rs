//! The XMPP server: does it answer for the host, and does it let people register by invite?

use vestibule_core::Host;

use super::report::Report;
use crate::xmpp::{Trouble, features};

/// Opens a stream as a client does, and looks at what is offered.
pub(super) async fn look(address: &str, host: &Host, report: &mut Report) {
    match features(address, host).await {
        Ok(offered) => {
            report.ok("XMPP server", format!("answers at {address} for {host}"));
            registration(offered.by_invite(), offered.need_tls(), host, report);
        }
        Err(trouble) => {
            let remedy = remedy(&trouble, host);
            report.fail("XMPP server", format!("{trouble} (asked at {address})"), remedy);
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
        Trouble::Unreachable(_) => "start it, or say with --c2s where it lets clients in".to_owned(),
        Trouble::Refused(condition) if condition == "host-unknown" => {
            format!("add VirtualHost \"{host}\" to its configuration and restart it")
        }
        Trouble::Refused(_) => {
            "look at its log; if encryption is required (c2s_require_encryption), it needs a \
                                certificate for this host"
                .to_owned()
        }
        Trouble::Silent | Trouble::TooMuch | Trouble::Closed => {
            "look whether it is an XMPP server that answers there, on its port for clients without direct TLS"
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
        let unknown = Trouble::Refused("host-unknown".to_owned());
        assert!(remedy(&unknown, &host).contains("VirtualHost \"a.example\""));
    }
}
