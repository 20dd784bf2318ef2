//! Checks of the XMPP server: reachability, and registration by invite.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use vestibule_core::{Host, PreauthToken, Token};
use vestibule_xmpp::{Limits, StreamError, Survey, TokenAnswer, survey_at};

use super::report::Report;
use crate::{bootstrap, config::Settings};

/// Timeout for everything together.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Timeout for one server if DNS names several.
const PER_SERVER_TIMEOUT: Duration = Duration::from_secs(3);

/// The client address of a server on this machine.
const LOCAL_C2S: &str = "127.0.0.1:5222";

/// How long refused connections are tried again: a server that has just been restarted does not listen yet.
const START_TIMEOUT: Duration = Duration::from_secs(4);

/// Pause between two attempts.
const RETRY_PAUSE: Duration = Duration::from_millis(250);

/// Opens a client stream, presents the probe token, and evaluates the stream features and the answer. Connects to
/// `c2s`, or else as registrations do: by the configured route or DNS, with a verified certificate.
pub(super) async fn check(
    settings: &Settings,
    c2s: Option<&str>,
    host: &Host,
    probe: Option<&Token>,
    report: &mut Report,
) -> Option<Survey> {
    let limits = Limits { total: TIMEOUT, reach: TIMEOUT, attempt: PER_SERVER_TIMEOUT, ..Limits::default() };
    let probe = probe.map(PreauthToken::from);
    let Some(address) = c2s else {
        return check_route(settings, limits, host, probe.as_ref(), report).await;
    };
    match retry_refused(|| survey_at(address, host, probe.as_ref(), &limits)).await {
        Ok(survey) => {
            answers(&survey, address, false, host, report);
            Some(survey)
        }
        Err(error) => {
            report.fail("XMPP server", format!("{error} (at {address})"), remedy(&error, host));
            None
        }
    }
}

/// Checks the route of registrations. If it fails and DNS was to provide the address, the bridge is checked at a server
/// on this machine.
async fn check_route(
    settings: &Settings,
    limits: Limits,
    host: &Host,
    probe: Option<&PreauthToken>,
    report: &mut Report,
) -> Option<Survey> {
    let configured =
        settings.hosts.iter().find(|known| known.host == *host).and_then(|known| known.route.clone());
    let route = configured.unwrap_or_default();
    let registrar = bootstrap::in_band(settings).with_limits(limits);
    let error = match retry_refused(|| registrar.survey(host, probe)).await {
        Ok(survey) => {
            answers(&survey, &route.to_string(), true, host, report);
            return Some(survey);
        }
        Err(error) => error,
    };
    let what = format!("{error} (at {route})");
    let local =
        if route.has_address() { None } else { survey_at(LOCAL_C2S, host, probe, &limits).await.ok() };
    if local.is_some() {
        report.fail("XMPP server", what, local_remedy(&error, host));
    } else {
        report.fail("XMPP server", what, remedy(&error, host));
    }
    local
}

/// Repeats an attempt whose connection was refused, until [`START_TIMEOUT`].
async fn retry_refused<T, F>(attempt: impl Fn() -> F) -> Result<T, StreamError>
where
    F: Future<Output = Result<T, StreamError>>,
{
    let deadline = Instant::now() + START_TIMEOUT;
    loop {
        match attempt().await {
            Err(error) if error.is_connection_refused() && Instant::now() < deadline => {
                sleep(RETRY_PAUSE).await;
            }
            outcome => return outcome,
        }
    }
}

/// Reports a server that answers. `by_route`: it was reached as registrations reach it.
fn answers(survey: &Survey, place: &str, by_route: bool, host: &Host, report: &mut Report) {
    let how = if survey.features.encrypted { ", encrypted" } else { "" };
    let what = if survey.is_ejabberd { "; it is ejabberd" } else { "" };
    report.ok("XMPP server", format!("answers at {place} for {host}{how}{what}"));
    registration(survey, by_route, host, report);
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

/// The remedy if registrations fail by the address from DNS, and a server on this machine answers.
fn local_remedy(error: &StreamError, host: &Host) -> String {
    let trust = match error.cause() {
        StreamError::Tls(_) | StreamError::Injected => remedy(error, host),
        _ => "with ca_file or cert_sha256, if no public authority has signed its certificate".to_owned(),
    };
    format!(
        "registrations in the browser connect there and fail; a server answers at {LOCAL_C2S}: to use it, set c2s = \
         \"{LOCAL_C2S}\" in [hosts.\"{host}\".xmpp]; {trust}"
    )
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn refused() -> StreamError {
        StreamError::NoConnection("127.0.0.1:5222: connection refused".to_owned())
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_connection_is_tried_again_for_a_few_seconds() {
        let attempts = Cell::new(0);
        let starting = || {
            attempts.set(attempts.get() + 1);
            let outcome = if attempts.get() < 5 { Err(refused()) } else { Ok(()) };
            async move { outcome }
        };
        assert_eq!(retry_refused(starting).await, Ok(()));
        let started = Instant::now();
        assert_eq!(retry_refused(|| async { Err::<(), _>(refused()) }).await, Err(refused()));
        assert!((4..=5).contains(&started.elapsed().as_secs()), "{:?}", started.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn other_errors_are_not_tried_again() {
        let started = Instant::now();
        assert_eq!(
            retry_refused(|| async { Err::<(), _>(StreamError::Closed) }).await,
            Err(StreamError::Closed)
        );
        assert_eq!(started.elapsed(), Duration::ZERO);
    }

    #[test]
    fn a_local_server_beside_a_wrong_route_is_named() {
        let host = Host::parse("a.example").unwrap();
        let text = local_remedy(&refused(), &host);
        assert!(text.contains("set c2s = \"127.0.0.1:5222\" in [hosts.\"a.example\".xmpp]"), "{text}");
        assert!(local_remedy(&StreamError::Tls("x".to_owned()), &host).contains("certificate for a.example"));
    }

    #[test]
    fn an_unknown_host_is_told_apart() {
        let host = Host::parse("a.example").unwrap();
        let unknown = StreamError::Stream("host-unknown".to_owned());
        assert!(remedy(&unknown, &host).contains("VirtualHost \"a.example\""));
    }
}
