//! Checks that the XMPP server verifies tokens with this service, from its answer to a probe token and from whether
//! its request arrived here.

use vestibule_core::{Host, InviteService, ProbeVerdict, SeenProbe};
use vestibule_xmpp::{Survey, TokenAnswer};

use super::{
    advice::{create_key, how_to_create_key},
    provided_key,
    report::Report,
};

const CHECK: &str = "bridge";

/// The beginnings of the `User-Agent` of the bridges for Prosody and ejabberd, followed by their version.
const CLIENTS: [&str; 2] = ["vestibule-bridge/", EJABBERD_CLIENT];
const EJABBERD_CLIENT: &str = "vestibule-ejabberd/";

/// A description of the problem, and its remedy.
type Fault = (String, String);

/// Evaluates the answer. `base` is the URL of the service.
pub(super) async fn check(
    survey: &Survey,
    seen: Option<&SeenProbe>,
    invite_service: &InviteService,
    base: &str,
    host: &Host,
    report: &mut Report,
) {
    let Some(answer) = &survey.token else { return };
    let Some(seen) = seen else {
        return match unseen(survey, answer, base, host) {
            Some((what, remedy)) => report.fail(CHECK, what, remedy),
            // Already reported by the registration check.
            None => report.warn(CHECK, "skipped", "fix the registration first"),
        };
    };
    match &seen.verdict {
        ProbeVerdict::Accepted(other) if other != host => {
            let what =
                format!("the XMPP server checks invites of {host} with the key {} of {other}", id(seen));
            report.fail(
                CHECK,
                what,
                format!(
                    "give it a key of this host: {}; {}",
                    how_to_create_key(host),
                    how_to_reload(survey, host)
                ),
            );
        }
        ProbeVerdict::Accepted(_) if matches!(answer, TokenAnswer::Refused | TokenAnswer::Accepted) => {
            let what = format!(
                "the XMPP server asks this service: a probe token arrived here, with the key {}{}",
                id(seen),
                sender(seen)
            );
            report.ok(CHECK, what);
            version(seen, report);
            registration_timeout(seen, host, report);
        }
        ProbeVerdict::Accepted(_) => report.warn(
            CHECK,
            format!(
                "the XMPP server asked this service about a probe token, and then answered: {}",
                words(answer)
            ),
            "look in its log; its modules and this program should have the same version",
        ),
        ProbeVerdict::LacksScope => {
            let what = format!(
                "the key {} of the XMPP server lacks the scope redeem, so it cannot check invites",
                id(seen)
            );
            report.fail(
                CHECK,
                what,
                format!("create another one: {}; {}", how_to_create_key(host), how_to_reload(survey, host)),
            );
        }
        ProbeVerdict::Rejected => {
            let what = rejected(seen, invite_service).await;
            report.fail(
                CHECK,
                what,
                format!("create another one: {}; {}", how_to_create_key(host), how_to_reload(survey, host)),
            );
        }
    }
}

/// Why the key of a request was rejected. An unknown id is not printed, since it could be any secret.
async fn rejected(seen: &SeenProbe, invite_service: &InviteService) -> String {
    let Some(id) = &seen.key else {
        return "the XMPP server's request arrived here, but its vestibule_key is not of the form ID/SECRET"
            .to_owned();
    };
    let why = match provided_key::find(invite_service, id).await {
        None => "it is mistyped, or was deleted".to_owned(),
        Some(key) => match key.expires_at.filter(|at| *at <= invite_service.now()) {
            Some(at) => format!("{id}, which expired at {at}"),
            None => format!("{id}, but the part after the slash is wrong"),
        },
    };
    format!("the XMPP server's request arrived here, with a key that is not accepted: {why}")
}

/// The fault if no request arrived here; `None` if the server does not take tokens at all.
fn unseen(survey: &Survey, answer: &TokenAnswer, base: &str, host: &Host) -> Option<Fault> {
    let (reason, reload) = (survey.bridge.as_deref(), how_to_reload(survey, host));
    Some(match (reason, answer) {
        (None, TokenAnswer::NotOffered | TokenAnswer::NeedsEncryption | TokenAnswer::Other(_)) => return None,
        (None, TokenAnswer::Refused | TokenAnswer::Accepted) => stock(survey.is_ejabberd, host),
        (Some("no-key"), _) => (
            "the XMPP server has Vestibule's modules, but no vestibule_key, so it keeps its own invites".to_owned(),
            format!(
                "set vestibule_key below VirtualHost \"{host}\" in its configuration; check the spelling, and that no \
                 other VirtualHost follows in between; {} creates a key; {reload}",
                create_key(host)
            ),
        ),
        (Some("unreachable" | "silent"), _) => (
            "the XMPP server has Vestibule's modules, but reaches nothing at its vestibule_url".to_owned(),
            format!("set vestibule_url = \"{base}\", as reached from there; {reload}"),
        ),
        (Some("tls"), _) => (
            "the XMPP server has Vestibule's modules, but its vestibule_url begins with https://, and the server \
             there speaks plain HTTP"
                .to_owned(),
            format!("set vestibule_url = \"{base}\"; {reload}"),
        ),
        (Some("certificate"), _) => (
            "the XMPP server has Vestibule's modules, but does not trust the certificate at its vestibule_url".to_owned(),
            format!(
                "set vestibule_url = \"{base}\", or name the authority in Prosody's client_https_ssl = {{ cafile = \
                 \"...\" }}, or in ejabberd's ca_file; {reload}"
            ),
        ),
        (Some("not-vestibule"), _) => (
            "the XMPP server has Vestibule's modules, but another program answers at its vestibule_url".to_owned(),
            format!("set vestibule_url = \"{base}\"; {reload}"),
        ),
        (Some("token" | "other-host" | "unauthorized" | "forbidden"), _) => (
            "the XMPP server has Vestibule's modules, but asks another Vestibule than this one".to_owned(),
            format!("set vestibule_url = \"{base}\", and a key of this service: {}; {reload}", how_to_create_key(host)),
        ),
        (_, TokenAnswer::Later | TokenAnswer::Accepted | TokenAnswer::Refused | TokenAnswer::Other(_))
        | (Some(_), _) => (
            "the XMPP server cannot check invites: it has Vestibule's modules, but gets no usable answer from \
             Vestibule"
                .to_owned(),
            format!(
                "its log says why (\"Vestibule is unreachable\"): vestibule_url must be {base}, as reached from \
                 there, and vestibule_key a key of {host}: {}",
                how_to_create_key(host)
            ),
        ),
    })
}

/// The server answered with modules of its own.
fn stock(is_ejabberd: bool, host: &Host) -> Fault {
    if is_ejabberd {
        return (
            "the XMPP server does not ask this service: it is ejabberd, with its own invites".to_owned(),
            "from 26.01 on, install mod_invites_vestibule and set db_type: vestibule in mod_invites; an older ejabberd \
             cannot use Vestibule's invites"
                .to_owned(),
        );
    }
    (
        "the XMPP server does not ask this service: its own modules answer, and Vestibule's are not loaded"
            .to_owned(),
        format!(
            "in Prosody's configuration, the directory of Vestibule's modules must come first in plugin_paths, in the \
             last assignment of plugin_paths in the file, since earlier ones do not count; the user that runs Prosody \
             must be able to read it; \"invites\" and \"invites_register\" must be in modules_enabled of {host}; then \
             restart Prosody, since a reload does not replace modules"
        ),
    )
}

/// How a changed setting takes effect.
fn how_to_reload(survey: &Survey, host: &Host) -> String {
    if survey.is_ejabberd {
        return "then run: ejabberdctl reload_config".to_owned();
    }
    format!(
        "then restart Prosody, or run config:reload() and module:reload(\"invites\", \"{host}\") in its shell"
    )
}

/// Compares the version of the bridge with that of this program.
fn version(seen: &SeenProbe, report: &mut Report) {
    let ours = env!("CARGO_PKG_VERSION");
    let theirs = CLIENTS.into_iter().find_map(|client| seen.client.strip_prefix(client));
    let theirs = theirs.and_then(|rest| rest.split(' ').next());
    let remedy = if seen.client.starts_with(EJABBERD_CLIENT) {
        "install the module of this version: ejabberdctl module_upgrade mod_invites_vestibule"
    } else {
        "install the modules of this version and restart Prosody"
    };
    match theirs {
        Some(theirs) if theirs == ours => {}
        Some(theirs) => report.warn(CHECK, format!("the bridge is {theirs}, this program is {ours}"), remedy),
        None => report.warn(CHECK, format!("the bridge is older than {ours}"), remedy),
    }
}

/// Reports the limit of registrations in an ejabberd, which its module tells if there is one.
fn registration_timeout(seen: &SeenProbe, host: &Host, report: &mut Report) {
    let seconds = seen.client.split(' ').find_map(|product| product.strip_prefix("registration_timeout/"));
    if let Some(seconds) = seconds {
        report.fail(
            CHECK,
            format!("ejabberd lets one address register once in {seconds} seconds, and all forms for {host} come from one"),
            "set registration_timeout: infinity in ejabberd.yml; then run: ejabberdctl reload_config",
        );
    }
}

/// The id of the key.
fn id(seen: &SeenProbe) -> &str {
    seen.key.as_ref().map_or("<unknown>", |key| key.as_str())
}

/// The client, in parentheses.
fn sender(seen: &SeenProbe) -> String {
    if seen.client.is_empty() { String::new() } else { format!(" ({})", seen.client) }
}

fn words(answer: &TokenAnswer) -> &str {
    match answer {
        TokenAnswer::Accepted => "accepted",
        TokenAnswer::Refused => "refused",
        TokenAnswer::Later => "try again later",
        TokenAnswer::NotOffered => "tokens are not accepted",
        TokenAnswer::NeedsEncryption => "encryption is required",
        TokenAnswer::Other(words) => words,
    }
}
