//! What must be reached, and whether it was.

use std::time::Duration;

use crate::format::{duration, grouped, mebibytes};
use crate::results::Results;
use crate::runs::{p99, rate};
use crate::stats::median;
use crate::subject::Subject;

/// The number of connections that the targets speak of.
const CONNECTIONS: u32 = 64;
/// The number of invites that they speak of.
const MANY: u64 = 1_000_000;
const MOST_MEMORY_KIB: u64 = 64 * 1024;

/// One target.
#[derive(Debug)]
pub(crate) struct Verdict {
    /// What is looked at.
    pub what: String,
    /// What it must be.
    pub wanted: &'static str,
    /// What it is; `None` if this run did not measure it.
    pub measured: Option<String>,
    /// Whether that is enough.
    pub reached: bool,
    /// Whether it is what was aimed for, where an aim was set beyond the target.
    pub aim: Option<bool>,
}

impl Verdict {
    /// The verdict as a word or two.
    pub(crate) fn word(&self) -> &'static str {
        match (&self.measured, self.reached, self.aim) {
            (None, ..) => "not measured",
            (_, false, _) => "**no**",
            (_, true, Some(true)) => "yes, the aim too",
            (_, true, Some(false)) => "yes, the aim not",
            (_, true, None) => "yes",
        }
    }
}

/// All targets, judged by the worst store.
pub(crate) fn judge(results: &Results) -> Vec<Verdict> {
    vec![rate_to_bare_axum(results), latency(results), flatness(results), memory(results), startup(results)]
}

fn rate_to_bare_axum(results: &Results) -> Verdict {
    let ratios = results.plan.invites.iter().filter_map(|invites| {
        results.to_bare_axum(*invites, CONNECTIONS, rate).map(|ratio| (ratio, *invites))
    });
    let worst = ratios.min_by(|a, b| a.0.total_cmp(&b.0));
    Verdict {
        what: format!("durable creates/s ÷ bare axum at {CONNECTIONS} connections, lowest of the stores"),
        wanted: "at least 0.50 (aim: 0.60)",
        measured: worst.map(|(ratio, invites)| format!("{ratio:.2} (at {} invites)", grouped(invites))),
        reached: worst.is_some_and(|(ratio, _)| ratio >= 0.5),
        aim: Some(worst.is_some_and(|(ratio, _)| ratio >= 0.6)),
    }
}

fn latency(results: &Results) -> Verdict {
    let times = results.plan.invites.iter().filter_map(|&invites| {
        results.median_of(Subject::Vestibule { invites }, CONNECTIONS, p99).map(|time| (time, invites))
    });
    let worst = times.max_by(|a, b| a.0.total_cmp(&b.0));
    let shown = |(time, invites)| {
        format!("{} (at {} invites)", duration(Duration::from_secs_f64(time)), grouped(invites))
    };
    Verdict {
        what: format!("p99 at {CONNECTIONS} connections, highest of the stores"),
        wanted: "at most 10 ms (aim: 5 ms)",
        measured: worst.map(shown),
        reached: worst.is_some_and(|(time, _)| time <= 0.010),
        aim: Some(worst.is_some_and(|(time, _)| time <= 0.005)),
    }
}

fn flatness(results: &Results) -> Verdict {
    let ratio = results.to_empty(MANY, CONNECTIONS, rate);
    Verdict {
        what: format!("creates/s with {} invites ÷ with none, at {CONNECTIONS} connections", grouped(MANY)),
        wanted: "at least 0.90",
        measured: ratio.map(|ratio| format!("{ratio:.2}")),
        reached: ratio.is_some_and(|ratio| ratio >= 0.9),
        aim: None,
    }
}

fn memory(results: &Results) -> Verdict {
    let most = results.most_memory(MANY);
    Verdict {
        what: format!("resident memory after load with {} invites, highest of all runs", grouped(MANY)),
        wanted: "at most 64 MiB",
        measured: most.map(|memory| mebibytes(memory.resident)),
        reached: most.is_some_and(|memory| memory.resident <= MOST_MEMORY_KIB),
        aim: None,
    }
}

fn startup(results: &Results) -> Verdict {
    let times = results.startups.iter().find(|startup| startup.invites == MANY).map(|startup| &startup.times);
    let middle = times.and_then(|times| median(times.iter().map(Duration::as_secs_f64)));
    Verdict {
        what: format!("start-up with {} invites, median", grouped(MANY)),
        wanted: "under 100 ms",
        measured: middle.map(|time| duration(Duration::from_secs_f64(time))),
        reached: middle.is_some_and(|time| time < 0.1),
        aim: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::tests::{run, sample};

    #[test]
    fn good_figures_reach_every_target() {
        for verdict in judge(&sample()) {
            assert!(verdict.reached, "{verdict:?}");
        }
        let words: Vec<_> = judge(&sample()).iter().map(Verdict::word).collect();
        assert_eq!(words, ["yes, the aim not", "yes, the aim too", "yes", "yes", "yes"]);
    }

    #[test]
    fn the_worst_store_decides() {
        let mut results = sample();
        let slow = Subject::Vestibule { invites: 10_000 };
        results.plan.invites.push(10_000);
        // One in each round.
        results.runs.insert(1, run(slow, 64, 7_000.0, 45));
        results.runs.insert(5, run(slow, 64, 5_000.0, 40));
        let verdicts = judge(&results);
        assert_eq!(verdicts[0].measured.as_deref(), Some("0.10 (at 10,000 invites)"));
        assert_eq!(verdicts[1].measured.as_deref(), Some("42.5 ms (at 10,000 invites)"));
        assert_eq!((verdicts[0].word(), verdicts[1].word()), ("**no**", "**no**"));
    }

    #[test]
    fn what_was_not_measured_is_not_reached() {
        let mut results = sample();
        results.runs.clear();
        results.startups.clear();
        for verdict in judge(&results) {
            assert!(!verdict.reached);
            assert_eq!(verdict.word(), "not measured");
        }
    }
}
