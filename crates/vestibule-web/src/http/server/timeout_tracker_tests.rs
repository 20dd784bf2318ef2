use super::*;

/// A connection that is checked every second, with activity in between.
struct TestConnection {
    timeouts: TimeoutTracker,
    at: Snapshot,
    start: Instant,
    seconds: u64,
}

const SILENT: Snapshot = Snapshot { phase: Phase::Idle, steps: 0, read: 0, written: 0 };

impl TestConnection {
    fn new() -> Self {
        let start = Instant::now();
        Self { timeouts: TimeoutTracker::new(start, SILENT), at: SILENT, start, seconds: 0 }
    }

    /// Advances the clock by a second and checks the timeouts.
    fn tick(&mut self, stopping: Option<Duration>) -> Option<TimeoutAction> {
        self.seconds += 1;
        let now = self.start + Duration::from_secs(self.seconds);
        self.timeouts.check(self.at, now, &Limits::default(), stopping)
    }

    /// Advances the clock second by second, with `change` before each. No timeout may occur.
    fn pass(&mut self, seconds: u64, mut change: impl FnMut(&mut Snapshot)) {
        for _ in 0..seconds {
            change(&mut self.at);
            let action = self.tick(None);
            assert_eq!(action, None, "after {} s", self.seconds);
        }
    }

    /// Advances the clock until a timeout, with `change` before each second. Returns the number of seconds.
    fn until_timeout(
        &mut self,
        mut change: impl FnMut(&mut Snapshot),
    ) -> (u64, Intervention, Option<RejectionReason>) {
        for nth in 1..10_000 {
            change(&mut self.at);
            if let Some(TimeoutAction { intervention, reason }) = self.tick(None) {
                return (nth, intervention, reason);
            }
        }
        panic!("no timeout");
    }

    fn enter(&mut self, phase: Phase) {
        self.at.phase = phase;
        self.at.steps += u32::from(matches!(phase, Phase::Idle | Phase::Body));
    }
}

#[test]
fn a_silent_connection_is_closed_and_not_counted() {
    assert_eq!(TestConnection::new().until_timeout(|_| {}), (10, Intervention::Close, None));
}

#[test]
fn a_used_connection_can_be_idle_for_longer() {
    let mut connection = TestConnection::new();
    connection.at.steps = 2;
    connection.pass(1, |_| {});
    assert_eq!(connection.until_timeout(|_| {}), (15, Intervention::Close, None));
}

#[test]
fn a_trickling_head_times_out() {
    let (seconds, intervention, reason) = TestConnection::new().until_timeout(|at| at.read += 1);
    assert_eq!((intervention, reason), (Intervention::Close, Some(RejectionReason::SlowHead)));
    assert!((10..=11).contains(&seconds), "{seconds}");
}

#[test]
fn a_trickling_body_times_out() {
    let mut connection = TestConnection::new();
    connection.enter(Phase::Body);
    let (seconds, intervention, reason) = connection.until_timeout(|at| at.read += 10);
    assert_eq!((intervention, reason), (Intervention::BodyTimeout, Some(RejectionReason::SlowBody)));
    assert!((10..=12).contains(&seconds), "{seconds}");
    assert_eq!(
        connection.until_timeout(|_| {}).1,
        Intervention::Close,
        "a client that stays is disconnected"
    );
}

#[test]
fn a_flowing_body_is_limited_by_the_request_timeout() {
    let mut connection = TestConnection::new();
    connection.enter(Phase::Body);
    let (seconds, intervention, _) = connection.until_timeout(|at| at.read += 4096);
    assert_eq!(intervention, Intervention::BodyTimeout);
    assert!((60..=61).contains(&seconds), "{seconds}");
}

#[test]
fn processing_is_limited_by_the_request_timeout() {
    let mut connection = TestConnection::new();
    connection.enter(Phase::Body);
    connection.pass(5, |_| {});
    connection.enter(Phase::Work);
    let (seconds, intervention, reason) = connection.until_timeout(|_| {});
    assert_eq!((intervention, reason), (Intervention::RequestTimeout, Some(RejectionReason::SlowRequest)));
    assert!((55..=56).contains(&seconds), "the body's time counts: {seconds}");
}

#[test]
fn a_reading_client_is_kept() {
    for phase in [Phase::Response, Phase::Flush] {
        let mut connection = TestConnection::new();
        connection.enter(phase);
        // In large steps, as a kernel accepts bytes when its buffers run empty.
        connection.pass(600, |at| at.written += if at.written.is_multiple_of(2) { 33 * 1024 } else { 0 });
    }
}

#[test]
fn a_client_that_reads_almost_nothing_is_disconnected() {
    for bytes in [0, 1, 1000] {
        let mut connection = TestConnection::new();
        connection.enter(Phase::Response);
        let (seconds, intervention, reason) = connection.until_timeout(|at| at.written += bytes);
        assert_eq!(
            (intervention, reason),
            (Intervention::Close, Some(RejectionReason::SlowReader)),
            "{bytes}"
        );
        assert!((30..=31).contains(&seconds), "{seconds}");
    }
    let mut connection = TestConnection::new();
    connection.enter(Phase::Response);
    // Fast reading at first earns no extra time.
    connection.at.written = 10 << 20;
    assert_eq!(connection.until_timeout(|_| {}).2, Some(RejectionReason::SlowReader));
    assert!(connection.seconds <= 62, "{}", connection.seconds);
}

#[test]
fn consecutive_requests_are_not_one_slow_request() {
    let mut connection = TestConnection::new();
    connection.pass(200, |at| {
        at.steps += 7;
        at.read += 100;
        at.written += 100;
        at.phase = if at.steps.is_multiple_of(2) { Phase::Idle } else { Phase::Work };
    });
}

#[test]
fn shutdown_closes_connections_with_an_incomplete_request_first() {
    for (phase, intervention) in [
        (Phase::Idle, Some(Intervention::Close)),
        (Phase::Body, Some(Intervention::Stopping)),
        (Phase::Work, None),
        (Phase::Response, None),
    ] {
        let mut connection = TestConnection::new();
        connection.enter(phase);
        assert_eq!(connection.tick(Some(Duration::from_millis(500))), None, "{phase:?}");
        let found = connection.tick(Some(Duration::from_secs(1)));
        assert_eq!(found.map(|action| action.intervention), intervention, "{phase:?}");
    }
}

#[test]
fn shutdown_closes_connections_whose_client_does_not_read() {
    for (written, is_closed) in [(0, true), (2, true), (1 << 20, false)] {
        let mut connection = TestConnection::new();
        connection.enter(Phase::Response);
        for second in 1..=5 {
            connection.at.written += written;
            let found = connection.tick(Some(Duration::from_secs(second)));
            if found.is_some() {
                assert!(is_closed && second > 2, "{written} {found:?}");
                break;
            }
            assert!(!is_closed || second < 5, "{written}");
        }
    }
}

#[test]
fn a_body_that_completes_after_its_timeout_is_processed() {
    let mut connection = TestConnection::new();
    connection.enter(Phase::Body);
    assert_eq!(connection.until_timeout(|_| {}).1, Intervention::BodyTimeout);
    connection.enter(Phase::Work);
    connection.pass(30, |_| {});
    connection.enter(Phase::Response);
    assert_eq!(connection.until_timeout(|_| {}), (1, Intervention::Close, None));
}

#[test]
fn a_lingering_client_has_a_moment_to_close() {
    let mut connection = TestConnection::new();
    connection.enter(Phase::Work);
    connection.pass(1, |_| {});
    connection.enter(Phase::Linger);
    let (seconds, intervention, reason) = connection.until_timeout(|_| {});
    assert_eq!((intervention, reason), (Intervention::Close, None));
    assert!((2..=3).contains(&seconds), "{seconds}");
}

#[test]
fn connections_that_wait_for_their_client_can_be_evicted() {
    let mut connection = TestConnection::new();
    let now = |connection: &TestConnection| connection.start + Duration::from_secs(connection.seconds);
    let wait =
        |connection: &TestConnection| connection.timeouts.client_wait(now(connection), &Limits::default());
    let waiting = |reason, seconds| Some(ClientWait { reason, duration: Duration::from_secs(seconds) });
    connection.pass(3, |_| {});
    assert_eq!(wait(&connection), waiting(WaitReason::Request, 3));
    connection.pass(2, |at| at.read += 1);
    assert_eq!(wait(&connection), waiting(WaitReason::RestOfRequest, 1));
    connection.enter(Phase::Work);
    connection.pass(1, |_| {});
    assert_eq!(wait(&connection), None);
    connection.enter(Phase::Response);
    connection.pass(2, |at| at.written += 4096);
    assert_eq!(wait(&connection), None, "a client that reads its response is not waited for");
    connection.pass(1, |at| at.written += 1200);
    assert_eq!(wait(&connection), waiting(WaitReason::SlowReader, 2));
    assert!(
        WaitReason::Request < WaitReason::RestOfRequest && WaitReason::RestOfRequest < WaitReason::SlowReader
    );
}
