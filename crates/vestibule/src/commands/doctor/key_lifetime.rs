//! Expiry and last use of a key.

use std::time::Duration;

use vestibule_core::{Host, Timestamp};

use super::{advice::how_to_create_key, report::Report};

/// Leaves time to replace the key.
const EXPIRES_SOON: Duration = Duration::from_hours(14 * 24);

/// A key used within this time counts as in use.
pub(super) const RECENTLY_USED: Duration = Duration::from_hours(24);

/// Reports a key that expires soon. `key` is its display name.
pub(super) fn expiry(key: &str, at: Option<Timestamp>, now: Timestamp, host: &Host, report: &mut Report) {
    let Some(at) = at.filter(|at| *at < now.plus(EXPIRES_SOON)) else { return };
    let remedy = format!("create the next one in time: {}", how_to_create_key(host));
    if at <= now {
        report.fail("key", format!("{key} expired at {at}"), remedy);
    } else {
        report.warn("key", format!("{key} expires at {at}"), remedy);
    }
}

/// Reports the recorded last use of the key.
pub(super) fn last_use(key: &str, at: Option<Timestamp>, now: Timestamp, report: &mut Report) {
    match at {
        Some(at) if now.since(at) <= RECENTLY_USED => {
            report.ok("key", format!("{key} was last used at {at}"));
        }
        Some(at) => report.warn(
            "key",
            format!("{key} was last used at {at}"),
            "this is normal if nobody has registered by invite since; otherwise look in Prosody's log for \
             \"Vestibule is unreachable\"",
        ),
        None => report.warn(
            "key",
            format!("{key} was never used (uses are recorded every minute): Prosody has not contacted Vestibule yet"),
            "check vestibule_url and vestibule_key in its configuration, then restart it or load mod_invites",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    #[test]
    fn the_end_of_a_key_is_told_two_weeks_ahead() {
        let host = Host::parse("a.example").unwrap();
        let day = Duration::from_hours(24);
        let table = [
            (None, ""),
            (Some(NOW.plus(14 * day)), ""),
            (Some(NOW.plus(13 * day)), "warn key: K expires at 2027-01-28T08:00:00Z: "),
            (Some(NOW), "FAIL key: K expired at 2027-01-15T08:00:00Z: "),
        ];
        for (at, begin) in table {
            let mut report = Report::default();
            expiry("K", at, NOW, &host, &mut report);
            assert!(report.last().starts_with(begin), "{at:?}: {}", report.last());
            assert_eq!(report.len(), usize::from(!begin.is_empty()), "{at:?}");
        }
    }

    #[test]
    fn a_key_that_nobody_uses_is_told() {
        for (at, begin) in [
            (Some(NOW.minus(RECENTLY_USED)), "ok"),
            (Some(NOW.minus(2 * RECENTLY_USED)), "warn"),
            (None, "warn"),
        ] {
            let mut report = Report::default();
            last_use("K", at, NOW, &mut report);
            assert!(report.last().starts_with(begin), "{at:?}: {}", report.last());
        }
    }
}
