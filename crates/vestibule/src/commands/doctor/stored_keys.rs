//! Checks of the stored keys that the bridge could be using, if no key is provided.

use vestibule_core::{Host, InviteService, KeyRecord, Principal, Scopes, SeenProbe, Source, StoreError};

use super::{advice::how_to_create_key, key_lifetime, report::Report};

/// Checks the host's keys that have all scopes of the bridge. `seen` is the XMPP server's accepted request about the
/// probe, if there was one.
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
        Err(StoreError::Refused(_)) => return report.warn("key", "skipped", "fix the host first"),
        Err(error) => return report.fail("key", error.to_string(), "check the database"),
    };
    let fit = |key: &KeyRecord| key.scopes.covers(Scopes::ALL) && key.expires_at.is_none_or(|at| at > now);
    let (keys, others): (Vec<_>, Vec<_>) = keys.into_iter().partition(fit);
    if keys.is_empty() {
        let what = match others.len() {
            0 => format!("{host} has no key"),
            count => format!("none of the {count} keys of {host} has all scopes of the bridge"),
        };
        return report.fail("key", what, format!("create one: {}", how_to_create_key(host)));
    }
    let lately =
        |key: &KeyRecord| key.last_used_at.is_some_and(|at| now.since(at) <= key_lifetime::RECENTLY_USED);
    let asks = |key: &KeyRecord| seen.is_some_and(|seen| seen.key.as_ref() == Some(&key.id));
    let one_is_used = seen.is_some() || keys.iter().any(lately);
    for key in keys {
        let name = key.name.as_deref().unwrap_or("<unknown>");
        let named = format!("{} ({name})", key.id);
        key_lifetime::expiry(&named, key.expires_at, now, host, report);
        if asks(&key) {
            report.ok("key", format!("{named} is the key that the XMPP server uses"));
        } else if one_is_used && !lately(&key) {
            report.ok("key", format!("{named} is not in use; another key is"));
        } else {
            key_lifetime::last_use(&named, key.last_used_at, now, report);
        }
    }
}
