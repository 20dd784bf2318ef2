//! Whether a connection still gets anywhere.
//!
//! A timer that is set anew for each request would cost each request. One that looks every now and then
//! whether a request has come since its last look costs nothing in between.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::{Instant, interval_at};

/// Counts the requests of a connection: one up when a request has come whole, one up when its answer is
/// made. So an odd count means that we are at work, and the client is waiting for us.
#[derive(Debug, Default)]
pub(crate) struct Pulse(AtomicU64);

/// A request under way; over when it is dropped, also when the answer never came.
pub(crate) struct Busy(Arc<Pulse>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Pulse {
    /// Notes that a request has come whole.
    pub(crate) fn begin(self: &Arc<Self>) -> Busy {
        self.0.fetch_add(1, Ordering::Relaxed);
        Busy(Arc::clone(self))
    }

    /// Done when between two looks no request came whole and none was under way.
    pub(crate) async fn stopped(&self, between_looks: Duration) {
        let mut looks = interval_at(Instant::now() + between_looks, between_looks);
        let mut last = self.0.load(Ordering::Relaxed);
        loop {
            looks.tick().await;
            let count = self.0.load(Ordering::Relaxed);
            if count == last && count.is_multiple_of(2) {
                return;
            }
            last = count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOK: Duration = Duration::from_secs(10);

    #[tokio::test(start_paused = true)]
    async fn a_connection_without_requests_stops_after_one_look() {
        let pulse = Arc::new(Pulse::default());
        let begun = Instant::now();
        pulse.stopped(LOOK).await;
        assert_eq!(begun.elapsed(), LOOK);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_under_way_keeps_the_connection() {
        let pulse = Arc::new(Pulse::default());
        let busy = pulse.begin();
        let begun = Instant::now();
        let watch = tokio::spawn({
            let pulse = Arc::clone(&pulse);
            async move { pulse.stopped(LOOK).await }
        });
        tokio::time::advance(LOOK * 10).await;
        assert!(!watch.is_finished());
        drop(busy);
        watch.await.unwrap();
        assert!(begun.elapsed() <= LOOK * 12);
    }
}
