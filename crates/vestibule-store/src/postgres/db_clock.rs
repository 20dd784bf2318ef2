//! The present moment, the same on all nodes: that of the database.
//!
//! A lease that one node gives must run out at the same moment on every other. So a node reads the
//! database's clock and goes on from there by a clock of its machine that nobody can set. Its own wall clock
//! has no part in it. Each change is checked against the database's clock by the database itself.
//!
//! Where the database's own clock is set forward, leases would end before their time, and a use could be given
//! twice. So for the length of a lease after that, no use is given at all.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio_postgres::Client;
use vestibule_core::{Clock, LEASE, Timestamp};

/// How far a transaction may be from the database's clock, in milliseconds.
pub(super) const MAX_SKEW: i64 = 2_000;

/// From how far on a difference between a machine and the database is worth a line in the log, in
/// milliseconds: the machine's log tells another time than the invites.
const LOGGED_SKEW: i64 = 10_000;

/// The database's clock, as a piece of SQL, in milliseconds.
macro_rules! database_clock {
    () => {
        "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
    };
}
pub(super) use database_clock;

/// The database's clock, or a clock that is taken as it is.
pub(super) struct DbClock {
    clock: Arc<dyn Clock>,
    /// `None` where the clock is taken as it is.
    state: Option<Mutex<State>>,
}

#[derive(Clone, Copy, Default)]
struct State {
    /// What the database's clock said, and the steady clock then.
    base: Option<(i64, Duration)>,
    /// Until when, by the steady clock, no use is given.
    settles_at: Duration,
}

impl DbClock {
    /// `state`: the database's clock.
    pub(super) fn new(clock: Arc<dyn Clock>, state: bool) -> Self {
        Self { clock, state: state.then(Mutex::default) }
    }

    /// Whether the database's clock is taken.
    pub(super) const fn is_shared(&self) -> bool {
        self.state.is_some()
    }

    /// Reads the database's clock, over a connection that is at rest.
    pub(super) async fn measure(&self, client: &Client) -> Result<(), tokio_postgres::Error> {
        const NOW: &str = concat!("SELECT ", database_clock!());
        if self.state.is_none() {
            return Ok(());
        }
        let before = monotonic();
        let theirs: i64 = client.query_one(NOW, &[]).await?.try_get(0)?;
        self.observe(theirs, before, monotonic());
        Ok(())
    }

    /// Notes what the database's clock said at some moment between two readings of the steady clock.
    pub(super) fn observe(&self, theirs: i64, before: Duration, after: Duration) {
        let Some(state) = &self.state else { return };
        let mut state = lock(state);
        let (earliest, latest) = match state.base {
            Some(base) => (at(base, before), at(base, after)),
            None => (i64::MIN, i64::MAX),
        };
        // Within what the way there and back leaves open, it stays as it is.
        if (earliest.saturating_sub(1)..=latest.saturating_add(1)).contains(&theirs) && state.base.is_some() {
            return;
        }
        let first = state.base.replace((theirs, before + after.saturating_sub(before) / 2)).is_none();
        if !first && theirs > latest.saturating_add(MAX_SKEW / 2) {
            state.settles_at = after + LEASE;
            drop(state);
            tracing::error!(
                millis = theirs - latest,
                "the database's clock was set forward; until every lease given before has ended, no invite can \
                 be redeemed"
            );
        } else if !first && theirs < earliest.saturating_sub(MAX_SKEW / 2) {
            drop(state);
            tracing::warn!(
                millis = earliest - theirs,
                "the database's clock was set back; leases and invites last longer by that"
            );
        } else if first {
            drop(state);
            let difference = theirs - self.clock.now().as_millis();
            if difference.abs() > LOGGED_SKEW {
                tracing::warn!(
                    millis = difference,
                    "the database's clock is far ahead of this machine's, or behind; its time is taken"
                );
            }
        }
    }

    /// Whether leases may end before their time, so that no use may be given.
    pub(super) fn is_settling(&self) -> bool {
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

/// What the database's clock says at this moment of the steady one, by what it said then.
fn at((theirs, then): (i64, Duration), clock: Duration) -> i64 {
    let millis = |span: Duration| i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
    match clock.checked_sub(then) {
        Some(since) => theirs.saturating_add(millis(since)),
        None => theirs.saturating_sub(millis(then.saturating_sub(clock))),
    }
}

/// A clock that nobody can set, and that goes on while the machine sleeps.
#[cfg(target_os = "linux")]
pub(super) fn monotonic() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    Duration::new(u64::try_from(now.tv_sec).unwrap_or(0), u32::try_from(now.tv_nsec).unwrap_or(0))
}

/// A clock that nobody can set.
#[cfg(not(target_os = "linux"))]
pub(super) fn monotonic() -> Duration {
    static BEGIN: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    BEGIN.elapsed()
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::postgres::open::NoClock;

    fn clock() -> DbClock {
        DbClock::new(Arc::new(NoClock), true)
    }

    const HOUR: i64 = 3_600_000;

    #[test]
    fn a_clock_set_forward_gives_no_use_until_every_lease_has_ended() {
        let clock = clock();
        let begin = monotonic();
        clock.observe(HOUR, begin, begin);
        assert!(!clock.is_settling());
        clock.observe(HOUR + 300_000, begin, begin + Duration::from_secs(1));
        assert!(clock.is_settling());
        assert!(clock.now().as_millis() >= HOUR + 299_000);
    }

    #[test]
    fn a_slow_answer_and_a_clock_set_back_are_no_reason_to_wait() {
        let clock = clock();
        let begin = monotonic();
        clock.observe(HOUR, begin, begin);
        // Read early, told six seconds later; read late.
        let late = begin + Duration::from_secs(6);
        clock.observe(HOUR + 1, begin, late);
        clock.observe(HOUR + 5_999, begin, late);
        assert!(!clock.is_settling());
        clock.observe(HOUR - 300_000, begin, late);
        assert!(!clock.is_settling());
        assert!(clock.now().as_millis() < HOUR);
    }
}
