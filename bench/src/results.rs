//! Everything that was measured, and the questions that the tables ask it.

use std::time::Duration;

use crate::machine::Machine;
use crate::plan::Plan;
use crate::procfs::Memory;
use crate::runs;
use crate::startup::Startup;
use crate::subject::{Run, Subject};

/// Everything that was measured.
#[derive(Debug)]
pub(crate) struct Results {
    /// When, for the reader.
    pub date: String,
    /// On what.
    pub machine: Machine,
    /// How much.
    pub plan: Plan,
    /// How the stores were filled.
    pub filled: Vec<(u64, Duration)>,
    /// The starts.
    pub startups: Vec<Startup>,
    /// The loads, in the order in which they were put on.
    pub runs: Vec<Run>,
}

impl Results {
    /// The medians of one server's runs; `None` if there are none.
    pub(crate) fn median_of(
        &self,
        subject: Subject,
        connections: u32,
        of: impl Fn(&Run) -> f64,
    ) -> Option<f64> {
        runs::median_of(&self.runs, subject, connections, of)
    }

    /// Vestibule against bare axum, paired round by round.
    pub(crate) fn to_bare_axum(
        &self,
        invites: u64,
        connections: u32,
        of: impl Fn(&Run) -> f64,
    ) -> Option<f64> {
        runs::to_bare_axum(&self.runs, Subject::Vestibule { invites }, connections, of)
    }

    /// Vestibule against itself on an empty store, paired round by round.
    pub(crate) fn to_empty(&self, invites: u64, connections: u32, of: impl Fn(&Run) -> f64) -> Option<f64> {
        let (subject, empty) = (Subject::Vestibule { invites }, Subject::Vestibule { invites: 0 });
        runs::paired(&self.runs, subject, empty, connections, of)
    }

    /// Vestibule against Prosody, which is measured once.
    pub(crate) fn to_prosody(&self, invites: u64, connections: u32, of: impl Fn(&Run) -> f64) -> Option<f64> {
        let original = self.median_of(Subject::Prosody, connections, &of)?;
        let ours = self.median_of(Subject::Vestibule { invites }, connections, of)?;
        (original > 0.0).then(|| ours / original)
    }

    /// The memory of the run that ended with the most of it, over all numbers of connections.
    pub(crate) fn most_memory(&self, invites: u64) -> Option<Memory> {
        let runs = self.runs.iter().filter(|run| run.subject == Subject::Vestibule { invites });
        runs.map(|run| run.memory).max_by_key(|memory| memory.resident)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::plan::CommonPlan;
    use crate::procfs::Usage;
    use crate::runs::{p99, rate};
    use crate::wrk::Load;

    /// A run with this rate and this p99 in ms.
    pub(crate) fn run(subject: Subject, connections: u32, rate: f64, p99: u64) -> Run {
        let p99 = Duration::from_millis(p99);
        let load = Load { requests: 1000, rate, p50: p99 / 2, p99, max: p99 * 2 };
        let usage = Usage { processor: Duration::from_millis(20), written: 600_000 };
        let memory = Memory { resident: 20_480, peak: 30_720, anonymous: 10_240, file: 10_240 };
        Run { subject, connections, load, usage, memory, others: 0.02 }
    }

    /// Two rounds of 5 s.
    pub(crate) fn common() -> CommonPlan {
        CommonPlan {
            rounds: 2,
            duration: Duration::from_secs(5),
            vestibule: None,
            scratch: None,
            command: "make bench".to_owned(),
            results: Some(PathBuf::from("bench/RESULTS.md")),
        }
    }

    /// Two rounds at 64 connections; the machine is half as fast in the second.
    pub(crate) fn sample() -> Results {
        let (empty, million) = (Subject::Vestibule { invites: 0 }, Subject::Vestibule { invites: 1_000_000 });
        let startup = |invites| Startup {
            invites,
            times: vec![Duration::from_millis(8), Duration::from_millis(12), Duration::from_millis(9)],
            memory: Memory { resident: 10_240, peak: 10_240, anonymous: 4096, file: 6144 },
        };
        Results {
            date: "2026-01-02".to_owned(),
            machine: Machine { facts: vec![("Processor", "two cores".to_owned())] },
            plan: Plan {
                common: common(),
                prosody_duration: Some(Duration::from_secs(2)),
                connections: vec![64],
                invites: vec![0, 1_000_000],
                startups: 3,
            },
            filled: vec![(0, Duration::ZERO), (1_000_000, Duration::from_secs(10))],
            startups: vec![startup(0), startup(1_000_000)],
            runs: vec![
                run(Subject::Hi, 64, 80_000.0, 1),
                run(empty, 64, 42_000.0, 3),
                run(million, 64, 39_900.0, 4),
                run(Subject::Hi, 64, 60_000.0, 1),
                run(empty, 64, 25_000.0, 5),
                run(million, 64, 23_750.0, 6),
                run(Subject::Hi, 64, 40_000.0, 1),
                run(Subject::Prosody, 64, 50.0, 1400),
            ],
        }
    }

    #[test]
    fn ratios_are_paired_with_their_own_round() {
        let results = sample();
        // 42/70 and 25/50.
        assert!((results.to_bare_axum(0, 64, rate).unwrap() - 0.55).abs() < 1e-9);
        assert!((results.to_empty(1_000_000, 64, rate).unwrap() - 0.95).abs() < 1e-9);
        assert!((results.to_prosody(0, 64, rate).unwrap() - 670.0).abs() < 1e-9);
        assert!((results.to_bare_axum(0, 64, p99).unwrap() - 4.0).abs() < 1e-9);
    }

    #[test]
    fn what_was_not_measured_has_no_ratio() {
        let results = sample();
        assert_eq!(results.to_bare_axum(10_000, 64, rate), None);
        assert_eq!(results.to_bare_axum(0, 8, rate), None);
        assert_eq!(results.to_prosody(0, 8, rate), None);
        assert_eq!(results.most_memory(10_000), None);
    }
}
