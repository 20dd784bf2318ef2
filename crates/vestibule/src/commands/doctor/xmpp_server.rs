//! Checks of the XMPP server: reachability, and registration by invite.

use std::time::Duration;

use vestibule_core::{Host, PreauthToken, Token};
use vestibule_xmpp::{Limits, StreamError, Survey, TokenAnswer, survey_at};

use super::report::Report;
use crate::{bootstrap, config::Settings};

/// Timeout for everything together.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Timeout for one server if DNS names several.
const PER_SERVER_TIMEOUT: Duration = Duration::from_secs(3);

/// The default client address.
const DEFAULT_C2S: &str = "127.0.0.1:5222";

/// Opens a client stream, presents the probe token, and evaluates the stream features and the answer. Connects to
/// `c2s`, else by the configured route.
pub(super) async fn check(
    settings: &Settings,
    c2s: Option<&str>,
    host: &Host,
    probe: Option<&Token>,
    report: &mut Report,
) -> Option<Survey> {
    let limits = Limits { total: TIMEOUT, reach: TIMEOUT, attempt: PER_SERVER_TIMEOUT, ..Limits::default() };
    let configured =
        settings.hosts.iter().find(|known| known.host == *host).and_then(|known| known.route.as_ref());
    let probe = probe.map(PreauthToken::from);
    let (place, result) = match (c2s, configured) {
        (None, Some(route)) => {
            let registrar = bootstrap::in_band(settings).with_limits(limits);
            (route.to_string(), registrar.survey(host, probe.as_ref()).await)
        }
        (given, _) => {
            let address = given.unwrap_or(DEFAULT_C2S);
            (address.to_owned(), survey_at(address, host, probe.as_ref(), &limits).await)
        }
    };
    match result {
        Ok(survey) => {
            let how = if survey.features.encrypted { ", encrypted" } else { "" };
            let what = if survey.is_ejabberd { "; it is ejabberd" } else { "" };
            report.ok("XMPP server", format!("answers at {place} for {host}{how}{what}"));
            registration(&survey, configured.is_some() && c2s.is_none(), host, report);
            Some(survey)
        }
        Err(error) => {
            let remedy = remedy(&error, host);
            report.fail("XMPP server", format!("{error} (at {place})"), remedy);
            None
        }
    }
}

/// `configured`: the server was reached by the route that registrations use.
fn registration(survey: &Survey, configured: bool, host: &Host, report: &mut Report) {
    let check = "registration";
    let answer = survey.token.as_ref();
    if answer == Some(&TokenAnswer::NeedsEncryption) {
        let remedy = if configured {
            format!(
                "set tls = \"starttls\" in [hosts.\"{host}\".xmpp]; tls = \"none\" is for servers that require none"
            )
        } else {
            format!(
                "give it a certificate for {host}, or do not require encryption (c2s_require_encryption in Prosody)"
            )
        };
        return report.fail(check, "the server does not allow registration without encryption", remedy);
    }
    let takes = matches!(answer, Some(TokenAnswer::Accepted | TokenAnswer::Refused | TokenAnswer::Later));
    if !survey.required_fields.is_empty() {
        let fields = survey.required_fields.join(", ");
        report.fail(
            check,
            format!("the server requires more than a username and a password: {fields}"),
            "registration in the browser fails; do not require it (additional_registration_fields in Prosody, \
             captcha_protected in ejabberd)",
        );
    } else if survey.features.by_invite() || takes {
        report.ok(check, "by invite is offered");
    } else {
        report.fail(check, "by invite is not offered", not_offered(survey.is_ejabberd, host));
    }
}

fn not_offered(is_ejabberd: bool, host: &Host) -> String {
    if is_ejabberd {
        return format!(
            "it is ejabberd: configure mod_invites (26.01 and later) and mod_register for {host}; its log says what is missing"
        );
    }
    format!(
        "add \"invites\" and \"invites_register\" to modules_enabled of VirtualHost \"{host}\" and restart Prosody; if \
         they are there, its log says why they did not load, or encryption is required (c2s_require_encryption) and there \
         is no certificate"
    )
}

fn remedy(error: &StreamError, host: &Host) -> String {
    match error.cause() {
        StreamError::NoConnection(_) | StreamError::NoAddress(_) | StreamError::NoService => {
            format!("start it, or configure its client address: c2s in [hosts.\"{host}\".xmpp], or --c2s")
        }
        StreamError::Stream(condition) if condition == "host-unknown" => {
            format!("add VirtualHost \"{host}\" to its configuration and restart it")
        }
        StreamError::Stream(_) | StreamError::NoStartTls | StreamError::StartTlsRefused => {
            "look in its log; if encryption is required (c2s_require_encryption), it needs a certificate for this \
             host"
                .to_owned()
        }
        StreamError::Tls(_) | StreamError::Injected => format!(
            "give it a certificate for {host}, or configure the expected one: ca_file or cert_sha256 in \
             [hosts.\"{host}\".xmpp]"
        ),
        _ => {
            "check that it is an XMPP server, and that tls in the configuration matches its port"
                .to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_host_is_told_apart() {
        let host = Host::parse("a.example").unwrap();
        let unknown = StreamError::Stream("host-unknown".to_owned());
        assert!(remedy(&unknown, &host).contains("VirtualHost \"a.example\""));
    }
}
