//! Does the XMPP server ask this service about tokens? A probe was shown to it: what it answered, and whether the
//! question arrived here.

use vestibule_core::{Host, SeenProbe};
use vestibule_xmpp::{Survey, TokenAnswer};

use super::{make_key, report::Report};

const CHECK: &str = "bridge";

/// Judges what was seen. `base` is where the service answers.
pub(super) fn check(survey: &Survey, seen: Option<&SeenProbe>, base: &str, host: &Host, report: &mut Report) {
    let Some(answer) = &survey.token else { return };
    match (answer, seen) {
        (_, Some(seen)) if seen.host != *host => {
            let what = format!(
                "the XMPP server asks about invites of {host} with a key of {} ({})",
                seen.host, seen.source
            );
            report.fail(CHECK, what, format!("give it one of this host: {}", make_key(host)));
        }
        (TokenAnswer::Refused | TokenAnswer::Accepted, Some(seen)) => report.ok(
            CHECK,
            format!("the XMPP server asks this service: a made-up token came here, with the key {}", id(&seen.source)),
        ),
        (answer, Some(_)) => report.warn(
            CHECK,
            format!("the XMPP server asked this service about a made-up token, and then answered: {}", words(answer)),
            "look at its log; its modules and this program should be of one version",
        ),
        (TokenAnswer::Later, None) => report.fail(
            CHECK,
            "the XMPP server cannot check invites: it has Vestibule's modules, and gets no good answer from Vestibule",
            format!(
                "its log says why (\"Vestibule cannot be asked\"): vestibule_url must be {base}, as it is reached from \
                 there, and vestibule_key a key of {host}: {}",
                make_key(host)
            ),
        ),
        (TokenAnswer::Refused | TokenAnswer::Accepted, None) => report.fail(
            CHECK,
            "the XMPP server does not ask this service: it answered a made-up token, and no question came here",
            not_bridged(survey.is_ejabberd, base),
        ),
        // What is wrong there has been said of the registration.
        (TokenAnswer::NotOffered | TokenAnswer::NeedsEncryption | TokenAnswer::Other(_), None) => {
            report.warn(CHECK, "not looked at", "mend the registration first");
        }
    }
}

fn not_bridged(is_ejabberd: bool, base: &str) -> String {
    if is_ejabberd {
        return "it is ejabberd, with invites of its own: make it use Vestibule's, or register with its own invites"
            .to_owned();
    }
    format!(
        "in Prosody's configuration, the folder of Vestibule's modules must come first in plugin_paths, and that must \
         be the last assignment of plugin_paths in the file, since an earlier one does not count; then restart Prosody, \
         for a reload loads no other modules. vestibule_key must be set for the host, or Prosody keeps invites of its \
         own. If both are so, vestibule_url leads to another Vestibule than {base}"
    )
}

fn words(answer: &TokenAnswer) -> &str {
    match answer {
        TokenAnswer::Accepted => "accepted",
        TokenAnswer::Refused => "refused",
        TokenAnswer::Later => "try again later",
        TokenAnswer::NotOffered => "no tokens are taken",
        TokenAnswer::NeedsEncryption => "encryption is required",
        TokenAnswer::Other(words) => words,
    }
}

/// The id of the key, as the audit log writes it.
fn id(source: &str) -> &str {
    source.rsplit('/').next().unwrap_or(source)
}
