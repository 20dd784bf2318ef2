//! The clock of the database, which all nodes use.
//!
//! A lease must expire at the same time on all nodes. So a node reads the database's clock and extrapolates it with a
//! monotonic clock of its system; its wall clock is not used. The database checks the time of each change against its
//! own clock.
//!
//! If the database's clock is set forward, leases would end early and a use could be granted twice. So no use is
//! granted for the length of a lease after that.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio_postgres::Client;
use vestibule_core::{Clock, LEASE, Timestamp};

use crate::sql::statements;

/// Maximum difference between the time of a transaction and the database's clock, in milliseconds.
pub(in crate::postgres) const MAX_SKEW: i64 = 2_000;

/// Minimum difference between the clocks of the system and the database that is logged, in milliseconds.
const LOGGED_SKEW: i64 = 10_000;

/// The database's clock as an SQL expression, in milliseconds.
macro_rules! database_clock {
    () => {
        "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
    };
}
pub(in crate::postgres) use database_clock;

statements! {
    const NOW: Sql = concat!("SELECT ", database_clock!());
}

/// The database's clock, or another clock unchanged.
pub(in crate::postgres) struct DbClock {
    clock: Arc<dyn Clock>,
    /// `None` if the other clock is used unchanged.
    state: Option<Mutex<State>>,
}

#[derive(Clone, Copy, Default)]
struct State {
    /// A reading of the database's clock, and the monotonic clock at that time.
    base: Option<(i64, Duration)>,
    /// Time until which no use is granted, on the monotonic clock.
    settles_at: Duration,
}

impl DbClock {
    /// `state`: the database's clock.
    pub(in crate::postgres) fn new(clock: Arc<dyn Clock>, state: bool) -> Self {
        Self { clock, state: state.then(Mutex::default) }
    }

    /// Whether the database's clock is used.
    pub(in crate::postgres) const fn is_shared(&self) -> bool {
        self.state.is_some()
    }

    /// Reads the database's clock over an idle connection.
    pub(in crate::postgres) async fn measure(&self, client: &Client) -> Result<(), tokio_postgres::Error> {
        if self.state.is_none() {
            return Ok(());
        }
        let before = monotonic();
        let theirs: i64 = client.query_one(NOW.text(), &[]).await?.try_get(0)?;
        self.observe(theirs, before, monotonic());
        Ok(())
    }

    /// Records a reading of the database's clock between two readings of the monotonic clock.
    pub(in crate::postgres) fn observe(&self, theirs: i64, before: Duration, after: Duration) {
        let Some(state) = &self.state else { return };
        let mut state = lock(state);
        let (earliest, latest) = match state.base {
            Some(base) => (at(base, before), at(base, after)),
            None => (i64::MIN, i64::MAX),
        };
        // Within the uncertainty of the round trip, the clocks agree.
        if (earliest.saturating_sub(1)..=latest.saturating_add(1)).contains(&theirs) && state.base.is_some() {
            return;
        }
        let first = state.base.replace((theirs, before + after.saturating_sub(before) / 2)).is_none();
        if !first && theirs > latest.saturating_add(MAX_SKEW / 2) {
            state.settles_at = after + LEASE;
            drop(state);
            tracing::error!(
                millis = theirs - latest,
                "the database's clock was set forward; until all earlier leases have ended, no invite can \
                 be redeemed"
            );
        } else if !first && theirs < earliest.saturating_sub(MAX_SKEW / 2) {
            drop(state);
            tracing::warn!(
                millis = earliest - theirs,
                "the database's clock was set back; leases and invites last longer by the difference"
            );
        } else if first {
            drop(state);
            let difference = theirs - self.clock.now().as_millis();
            if difference.abs() > LOGGED_SKEW {
                tracing::warn!(
                    millis = difference,
                    "the database's clock differs from the system clock; its time is used"
                );
            }
        }
    }

    /// Whether leases may end early, so that no use may be granted.
    pub(in crate::postgres) fn is_settling(&self) -> bool {
        self.state.as_ref().is_some_and(|state| monotonic() < lock(state).settles_at)
    }
}

impl Clock for DbClock {
    fn now(&self) -> Timestamp {
        match self.state.as_ref().and_then(|state| lock(state).base) {
            Some(base) => Timestamp::from_millis(at(base, monotonic())),
            None => self.clock.now(),
        }
    }
}

/// Extrapolates a reading of the database's clock.
fn at((theirs, then): (i64, Duration), clock: Duration) -> i64 {
    let millis = |span: Duration| i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
    match clock.checked_sub(then) {
        Some(since) => theirs.saturating_add(millis(since)),
        None => theirs.saturating_sub(millis(then.saturating_sub(clock))),
    }
}

/// A monotonic clock that includes suspends.
#[cfg(target_os = "linux")]
pub(in crate::postgres) fn monotonic() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    Duration::new(u64::try_from(now.tv_sec).unwrap_or(0), u32::try_from(now.tv_nsec).unwrap_or(0))
}

/// A monotonic clock.
#[cfg(not(target_os = "linux"))]
pub(in crate::postgres) fn monotonic() -> Duration {
    static BEGIN: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    BEGIN.elapsed()
}

/// A clock for connections whose transactions need no time.
pub(in crate::postgres) struct NoClock;

impl Clock for NoClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(0)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock() -> DbClock {
        DbClock::new(Arc::new(NoClock), true)
    }

    const HOUR: i64 = 3_600_000;

    #[test]
    fn after_the_clock_is_set_forward_no_use_is_granted_until_all_leases_have_ended() {
        let clock = clock();
        let begin = monotonic();
        clock.observe(HOUR, begin, begin);
        assert!(!clock.is_settling());
        clock.observe(HOUR + 300_000, begin, begin + Duration::from_secs(1));
        assert!(clock.is_settling());
        assert!(clock.now().as_millis() >= HOUR + 299_000);
    }

    #[test]
    fn a_slow_answer_or_a_clock_set_back_causes_no_wait() {
        let clock = clock();
        let begin = monotonic();
        clock.observe(HOUR, begin, begin);
        // Read early and answered six seconds later; then read late.
        let late = begin + Duration::from_secs(6);
        clock.observe(HOUR + 1, begin, late);
        clock.observe(HOUR + 5_999, begin, late);
        assert!(!clock.is_settling());
        clock.observe(HOUR - 300_000, begin, late);
        assert!(!clock.is_settling());
        assert!(clock.now().as_millis() < HOUR);
    }
}
