//! How long a key lives, and when it was last used.

use std::time::Duration;

use vestibule_core::{Host, Timestamp};

use super::{make_key, report::Report};

/// Time enough to put a new key in place.
const EXPIRES_SOON: Duration = Duration::from_hours(14 * 24);

/// Whoever has asked within this time is there.
pub(super) const RECENTLY_USED: Duration = Duration::from_hours(24);

/// Says so where the key ends soon. `key` names it.
pub(super) fn expiry(key: &str, at: Option<Timestamp>, now: Timestamp, host: &Host, report: &mut Report) {
    let Some(at) = at.filter(|at| *at < now.plus(EXPIRES_SOON)) else { return };
    let remedy = format!("make the next one in time: {}", make_key(host));
    if at <= now {
        report.fail("key", format!("{key} has expired at {at}"), remedy);
    } else {
        report.warn("key", format!("{key} expires at {at}"), remedy);
    }
}

/// Says when the key was last used, as far as it is written down.
pub(super) fn last_use(key: &str, at: Option<Timestamp>, now: Timestamp, report: &mut Report) {
    match at {
        Some(at) if now.since(at) <= RECENTLY_USED => {
            report.ok("key", format!("{key} was last used at {at}"))
        }
        Some(at) => report.warn(
            "key",
            format!("{key} was last used at {at}"),
            "where nobody has come by invite since, that is as it should be; else look at Prosody's log for \
             \"Vestibule cannot be asked\"",
        ),
        None => report.warn(
            "key",
            format!("{key} was never used (uses are written down every minute): Prosody has not asked yet"),
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
            (Some(NOW), "FAIL key: K has expired at 2027-01-15T08:00:00Z: "),
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
