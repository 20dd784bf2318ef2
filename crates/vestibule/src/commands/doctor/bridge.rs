//! Checks that the XMPP server verifies tokens with this service, from its answer to a probe token and from whether
//! its request arrived here.

use vestibule_core::{Host, SeenProbe};
use vestibule_xmpp::{Survey, TokenAnswer};

use super::{advice::make_key, report::Report};

const CHECK: &str = "bridge";

/// Evaluates the answer. `base` is the URL of the service.
pub(super) fn check(survey: &Survey, seen: Option<&SeenProbe>, base: &str, host: &Host, report: &mut Report) {
    let Some(answer) = &survey.token else { return };
    match (answer, seen) {
        (_, Some(seen)) if seen.host != *host => {
            let what = format!(
                "the XMPP server checks invites of {host} with a key of {} ({})",
                seen.host, seen.source
            );
            report.fail(CHECK, what, format!("give it a key of this host: {}", make_key(host)));
        }
        (TokenAnswer::Refused | TokenAnswer::Accepted, Some(seen)) => report.ok(
            CHECK,
            format!("the XMPP server asks this service: a probe token arrived here, with the key {}", id(&seen.source)),
        ),
        (answer, Some(_)) => report.warn(
            CHECK,
            format!("the XMPP server asked this service about a probe token, and then answered: {}", words(answer)),
            "look in its log; its modules and this program should have the same version",
        ),
        (TokenAnswer::Later, None) => report.fail(
            CHECK,
            "the XMPP server cannot check invites: it has Vestibule's modules, but gets no usable answer from Vestibule",
            format!(
                "its log says why (\"Vestibule is unreachable\"): vestibule_url must be {base}, as reached from \
                 there, and vestibule_key a key of {host}: {}",
                make_key(host)
            ),
        ),
        (TokenAnswer::Refused | TokenAnswer::Accepted, None) => report.fail(
            CHECK,
            "the XMPP server does not ask this service: it answered a probe token, but no request arrived here",
            not_bridged(survey.is_ejabberd, base),
        ),
        // Already reported by the registration check.
        (TokenAnswer::NotOffered | TokenAnswer::NeedsEncryption | TokenAnswer::Other(_), None) => {
            report.warn(CHECK, "skipped", "fix the registration first");
        }
    }
}

fn not_bridged(is_ejabberd: bool, base: &str) -> String {
    if is_ejabberd {
        return "it is ejabberd, which has its own invites: make it use Vestibule's, or register with its own invites"
            .to_owned();
    }
    format!(
        "in Prosody's configuration, the folder of Vestibule's modules must come first in plugin_paths, in the \
         last assignment of plugin_paths in the file, since earlier ones do not count; then restart Prosody, \
         since a reload does not replace modules. vestibule_key must be set for the host, or Prosody keeps its \
         own invites. If both are correct, vestibule_url points to another Vestibule than {base}"
    )
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

/// The key id in a source of the audit log.
fn id(source: &str) -> &str {
    source.rsplit('/').next().unwrap_or(source)
}
