//! The keys that the bridge may have, where nobody says which one it has.

use vestibule_core::{Host, InviteService, KeyRecord, Principal, Scopes, SeenProbe, Source, StoreError};

use super::{key_lifetime, make_key, report::Report};

/// Looks at the host's keys that may do all the bridge does.
/// `seen` is how the XMPP server asked about the probe, if it did.
pub(super) async fn check(
    invite_service: &InviteService,
    host: &Host,
    seen: Option<&SeenProbe>,
    report: &mut Report,
) {
    let by = Principal::Operator { host: host.clone(), source: Source::cli() };
    let now = invite_service.now();
    let keys = match invite_service.store().keys(&by).await {
        Ok(keys) => keys,
        Err(StoreError::Refused(_)) => return report.warn("key", "not looked at", "mend the host first"),
        Err(error) => return report.fail("key", error.to_string(), "look at the database"),
    };
    let fit = |key: &KeyRecord| key.scopes.covers(Scopes::ALL) && key.expires_at.is_none_or(|at| at > now);
    let (keys, others): (Vec<_>, Vec<_>) = keys.into_iter().partition(fit);
    if keys.is_empty() {
        let what = match others.len() {
            0 => format!("{host} has none"),
            count => format!("none of the {count} that {host} has may do all that the bridge does"),
        };
        return report.fail("key", what, format!("make one: {}", make_key(host)));
    }
    let lately =
        |key: &KeyRecord| key.last_used_at.is_some_and(|at| now.since(at) <= key_lifetime::RECENTLY_USED);
    let asks = |key: &KeyRecord| seen.is_some_and(|seen| seen.source == Source::key(&key.id).as_str());
    let one_is_used = seen.is_some() || keys.iter().any(lately);
    for key in keys {
        let name = key.name.as_deref().unwrap_or("<unknown>");
        let named = format!("{} ({name})", key.id);
        key_lifetime::expiry(&named, key.expires_at, now, host, report);
        if asks(&key) {
            report.ok("key", format!("{named} is the one that the XMPP server asks with"));
        } else if one_is_used && !lately(&key) {
            report.ok("key", format!("{named} is not in use; another one is"));
        } else {
            key_lifetime::last_use(&named, key.last_used_at, now, report);
        }
    }
}
