//! The present moment, the same on all nodes.
//!
//! A lease that one node gives must run out at the same moment on every other. So each node measures how far
//! its clock is from that of the database, and corrects it by that: to a few milliseconds, where a lease
//! lasts a minute.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use tokio_postgres::Client;
use vestibule_core::{Clock, Timestamp};

/// From how far on a difference is worth a word in the log, in milliseconds: links would live noticeably
/// shorter or longer on a machine whose clock is that wrong.
const FAR: i64 = 10_000;

/// A clock that is corrected by that of the database.
pub(super) struct Moment {
    clock: Arc<dyn Clock>,
    /// How much the database's clock is ahead, in milliseconds; `None` where the clock is taken as it is.
    ahead: Option<AtomicI64>,
}

impl Moment {
    /// `shared`: corrected by the database's clock.
    pub(super) fn new(clock: Arc<dyn Clock>, shared: bool) -> Self {
        Self { clock, ahead: shared.then(AtomicI64::default) }
    }

    /// Measures the difference anew, over a connection that is at rest.
    pub(super) async fn measure(&self, client: &Client) -> Result<(), tokio_postgres::Error> {
        const NOW: &str = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";
        let Some(ahead) = &self.ahead else { return Ok(()) };
        let before = self.clock.now().as_millis();
        let theirs: i64 = client.query_one(NOW, &[]).await?.try_get(0)?;
        let after = self.clock.now().as_millis();
        let measured = theirs - i64::midpoint(before, after);
        // Within what the way there and back leaves open, it stays as it is.
        let open = (after - before) / 2 + 1;
        let known = ahead.load(Ordering::Relaxed);
        if (measured - known).abs() > open {
            ahead.store(measured, Ordering::Relaxed);
            if (measured - known).abs() > FAR {
                tracing::warn!(
                    millis = measured,
                    "the database's clock is far ahead of this machine's, or behind; its time is taken"
                );
            }
        }
        Ok(())
    }
}

impl Clock for Moment {
    fn now(&self) -> Timestamp {
        let now = self.clock.now();
        match &self.ahead {
            Some(ahead) => {
                Timestamp::from_millis(now.as_millis().saturating_add(ahead.load(Ordering::Relaxed)))
            }
            None => now,
        }
    }
}
