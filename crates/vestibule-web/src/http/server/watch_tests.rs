use super::*;

/// A connection that is looked at every second, on which something happens in between.
struct TestConnection {
    watch: TimeoutTracker,
    at: Snapshot,
    begun: Instant,
    seconds: u64,
}

const SILENT: Snapshot = Snapshot { phase: Phase::Idle, steps: 0, read: 0, written: 0 };

impl TestConnection {
    fn new() -> Self {
        let begun = Instant::now();
        Self { watch: TimeoutTracker::new(begun, SILENT), at: SILENT, begun, seconds: 0 }
    }

    /// A second passes.
    fn tick(&mut self, stopping: Option<Duration>) -> Option<TimeoutAction> {
        self.seconds += 1;
        let now = self.begun + Duration::from_secs(self.seconds);
        self.watch.look(self.at, now, &Limits::default(), stopping)
    }

    /// Seconds pass with `change` before each; nothing may be found.
    fn pass(&mut self, seconds: u64, mut change: impl FnMut(&mut Snapshot)) {
        for _ in 0..seconds {
            change(&mut self.at);
            let finding = self.tick(None);
            assert_eq!(finding, None, "after {} s", self.seconds);
        }
    }

    /// Seconds pass with `change` before each, until something is found; returns how many.
    fn until_found(&mut self, mut change: impl FnMut(&mut Snapshot)) -> (u64, Verdict, Option<Reason>) {
        for nth in 1..10_000 {
            change(&mut self.at);
            if let Some(TimeoutAction { verdict, reason }) = self.tick(None) {
                return (nth, verdict, reason);
            }
        }
        panic!("nothing was found");
    }

    fn enter(&mut self, phase: Phase) {
        self.at.phase = phase;
        self.at.steps += u32::from(matches!(phase, Phase::Idle | Phase::Body));
    }
}

#[test]
fn a_silent_connection_is_closed_and_not_counted() {
    assert_eq!(TestConnection::new().until_found(|_| {}), (10, Verdict::Close, None));
}

#[test]
fn a_used_connection_can_be_idle_for_longer() {
    let mut connection = TestConnection::new();
    connection.at.steps = 2;
    connection.pass(1, |_| {});
    assert_eq!(connection.until_found(|_| {}), (15, Verdict::Close, None));
}

#[test]
fn a_head_that_trickles_is_cut_however_often_a_byte_comes() {
    let (seconds, verdict, reason) = TestConnection::new().until_found(|at| at.read += 1);
    assert_eq!((verdict, reason), (Verdict::Close, Some(Reason::SlowHead)));
    assert!((10..=11).contains(&seconds), "{seconds}");
}

#[test]
fn a_body_that_trickles_is_cut() {
    let mut connection = TestConnection::new();
    connection.enter(Phase::Body);
    let (seconds, verdict, reason) = connection.until_found(|at| at.read += 10);
    assert_eq!((verdict, reason), (Verdict::BodyTooSlow, Some(Reason::SlowBody)));
    assert!((10..=12).contains(&seconds), "{seconds}");
    assert_eq!(connection.until_found(|_| {}).1, Verdict::Close, "whoever does not go is closed");
}

#[test]
fn a_body_that_flows_has_the_time_of_a_whole_request() {
    let mut connection = TestConnection::new();
    connection.enter(Phase::Body);
    let (seconds, verdict, _) = connection.until_found(|at| at.read += 4096);
    assert_eq!(verdict, Verdict::BodyTooSlow);
    assert!((60..=61).contains(&seconds), "{seconds}");
}

#[test]
fn work_has_the_time_of_a_whole_request() {
    let mut connection = TestConnection::new();
    connection.enter(Phase::Body);
    connection.pass(5, |_| {});
    connection.enter(Phase::Work);
    let (seconds, verdict, reason) = connection.until_found(|_| {});
    assert_eq!((verdict, reason), (Verdict::RequestTooSlow, Some(Reason::SlowRequest)));
    assert!((55..=56).contains(&seconds), "the body's time counts: {seconds}");
}

#[test]
fn a_reading_client_is_kept() {
    for phase in [Phase::Answer, Phase::Flush] {
        let mut connection = TestConnection::new();
        connection.enter(phase);
        // In large steps, as a kernel takes bytes from us when its buffers run empty.
        connection.pass(600, |at| at.written += if at.written.is_multiple_of(2) { 33 * 1024 } else { 0 });
    }
}

#[test]
fn a_client_that_reads_almost_nothing_is_disconnected() {
    for bytes in [0, 1, 1000] {
        let mut connection = TestConnection::new();
        connection.enter(Phase::Answer);
        let (seconds, verdict, reason) = connection.until_found(|at| at.written += bytes);
        assert_eq!((verdict, reason), (Verdict::Close, Some(Reason::SlowReader)), "{bytes}");
        assert!((30..=31).contains(&seconds), "{seconds}");
    }
    let mut connection = TestConnection::new();
    connection.enter(Phase::Answer);
    // What was taken at once earns no time to take nothing.
    connection.at.written = 10 << 20;
    assert_eq!(connection.until_found(|_| {}).2, Some(Reason::SlowReader));
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
fn shutdown_closes_connections_without_a_whole_request_first() {
    for (phase, verdict) in [
        (Phase::Idle, Some(Verdict::Close)),
        (Phase::Body, Some(Verdict::Stopping)),
        (Phase::Work, None),
        (Phase::Answer, None),
    ] {
        let mut connection = TestConnection::new();
        connection.enter(phase);
        assert_eq!(connection.tick(Some(Duration::from_millis(500))), None, "{phase:?}");
        let found = connection.tick(Some(Duration::from_secs(1)));
        assert_eq!(found.map(|finding| finding.verdict), verdict, "{phase:?}");
    }
}

#[test]
fn a_body_that_came_just_after_all_is_worked_on() {
    let mut connection = TestConnection::new();
    connection.enter(Phase::Body);
    assert_eq!(connection.until_found(|_| {}).1, Verdict::BodyTooSlow);
    connection.enter(Phase::Work);
    connection.pass(30, |_| {});
    connection.enter(Phase::Answer);
    assert_eq!(connection.until_found(|_| {}), (1, Verdict::Close, None));
}

#[test]
fn a_lingering_client_has_a_moment_to_close() {
    let mut connection = TestConnection::new();
    connection.enter(Phase::Work);
    connection.pass(1, |_| {});
    connection.enter(Phase::Linger);
    let (seconds, verdict, reason) = connection.until_found(|_| {});
    assert_eq!((verdict, reason), (Verdict::Close, None));
    assert!((2..=3).contains(&seconds), "{seconds}");
}

#[test]
fn connections_that_wait_for_their_client_can_be_evicted() {
    let mut connection = TestConnection::new();
    let now = |connection: &TestConnection| connection.begun + Duration::from_secs(connection.seconds);
    let waits =
        |connection: &TestConnection| connection.watch.waits_for_client(now(connection), &Limits::default());
    let waiting = |what, seconds| Some(ClientWait { what, since: Duration::from_secs(seconds) });
    connection.pass(3, |_| {});
    assert_eq!(waits(&connection), waiting(WaitReason::Request, 3));
    connection.pass(2, |at| at.read += 1);
    assert_eq!(waits(&connection), waiting(WaitReason::Rest, 1));
    connection.enter(Phase::Work);
    connection.pass(1, |_| {});
    assert_eq!(waits(&connection), None);
    connection.enter(Phase::Answer);
    connection.pass(2, |at| at.written += 4096);
    assert_eq!(waits(&connection), None, "a client that takes its answer is served");
    connection.pass(1, |at| at.written += 1200);
    assert_eq!(waits(&connection), waiting(WaitReason::Visitor, 2));
    assert!(WaitReason::Request < WaitReason::Rest && WaitReason::Rest < WaitReason::Visitor);
}
