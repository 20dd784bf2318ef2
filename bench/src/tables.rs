//! The tables, in Markdown.

use std::fmt::Write as _;
use std::time::Duration;

use crate::format::{duration, grouped, mebibytes, per_second};
use crate::results::Results;
use crate::runs::{self, p99, rate};
use crate::stats::{median, quantile};
use crate::subject::{Run, Subject};
use crate::targets::Verdict;

/// A figure that this run does not have.
const NONE: &str = "-";

/// Every target and whether it was reached.
pub(crate) fn targets(verdicts: &[Verdict]) -> String {
    let mut text = head(&["target", "wanted", "measured", "reached"]);
    for verdict in verdicts {
        let measured = verdict.measured.as_deref().unwrap_or(NONE);
        row(&mut text, &[&verdict.what, verdict.wanted, measured, verdict.word()]);
    }
    text
}

/// Vestibule against the others and against itself.
pub(crate) fn ratios(results: &Results) -> String {
    let mut text = head(&[
        "connections",
        "invites before",
        "creates/s ÷ bare axum",
        "÷ itself, empty",
        "÷ Prosody",
        "p99",
        "p99 ÷ bare axum",
    ]);
    for &connections in &results.plan.connections {
        for &invites in &results.plan.invites {
            let time = results.median_of(Subject::Vestibule { invites }, connections, p99);
            row(
                &mut text,
                &[
                    &connections.to_string(),
                    &grouped(invites),
                    &ratio(results.to_bare_axum(invites, connections, rate)),
                    &ratio(results.to_empty(invites, connections, rate)),
                    &results.to_prosody(invites, connections, rate).map_or(NONE.to_owned(), per_second),
                    &shown(time, seconds),
                    &ratio(results.to_bare_axum(invites, connections, p99)),
                ],
            );
        }
        let to_hi =
            |figure: fn(&Run) -> f64| runs::to_bare_axum(&results.runs, Subject::Row, connections, figure);
        let time = runs::median_of(&results.runs, Subject::Row, connections, p99);
        row(
            &mut text,
            &[
                &connections.to_string(),
                "none: a bare row an answer",
                &ratio(to_hi(rate)),
                NONE,
                NONE,
                &shown(time, seconds),
                &ratio(to_hi(p99)),
            ],
        );
    }
    text
}

/// The absolute figures: they are this machine's, and for orientation only.
pub(crate) fn rates(results: &Results) -> String {
    let stores = || results.plan.invites.iter().map(|&invites| Subject::Vestibule { invites });
    let subjects = || [Subject::Hi, Subject::Row].into_iter().chain(stores()).chain([Subject::Prosody]);
    let each = results
        .plan
        .connections
        .iter()
        .flat_map(|&connections| subjects().map(move |subject| (subject, connections)));
    rates_of(&results.runs, each)
}

/// The absolute figures of these subjects, where there are any.
pub(crate) fn rates_of(runs: &[Run], subjects: impl Iterator<Item = (Subject, u32)>) -> String {
    let mut text = head(&[
        "connections",
        "server",
        "answers/s: median",
        "lowest to highest",
        "p50",
        "p99",
        "slowest",
        "processor time per answer",
        "written per answer",
    ]);
    for (subject, connections) in subjects {
        if runs::of(runs, subject, connections).next().is_some() {
            rates_row(&mut text, runs, subject, connections);
        }
    }
    text
}

fn rates_row(text: &mut String, runs: &[Run], subject: Subject, connections: u32) {
    let middle = |of: fn(&Run) -> f64| runs::median_of(runs, subject, connections, of);
    let all = || runs::of(runs, subject, connections);
    let at = |share| quantile(all().map(rate), share).map(per_second);
    let slowest = quantile(all().map(|run| run.load.max.as_secs_f64()), 1.0);
    let bytes = |value| format!("{} B", per_second(value));
    row(
        text,
        &[
            &connections.to_string(),
            &subject.to_string(),
            &shown(middle(rate), per_second),
            &format!("{} to {}", at(0.0).unwrap_or_default(), at(1.0).unwrap_or_default()),
            &shown(middle(|run| run.load.p50.as_secs_f64()), seconds),
            &shown(middle(p99), seconds),
            &shown(slowest, seconds),
            &shown(middle(|run| run.usage.processor.as_secs_f64() / answers(run)), seconds),
            &shown(middle(written), bytes),
        ],
    );
}

/// Start-up times and memory.
pub(crate) fn memory(results: &Results) -> String {
    let mut text = head(&[
        "invites",
        "start-up: median",
        "slowest",
        "resident when ready",
        "resident after load",
        "of it anonymous",
        "of it files",
        "peak",
    ]);
    for startup in &results.startups {
        let times = || startup.times.iter().map(Duration::as_secs_f64);
        let loaded = results.most_memory(startup.invites);
        let part =
            |of: fn(&crate::procfs::Memory) -> u64| loaded.map_or(NONE.to_owned(), |m| mebibytes(of(&m)));
        row(
            &mut text,
            &[
                &grouped(startup.invites),
                &shown(median(times()), seconds),
                &shown(quantile(times(), 1.0), seconds),
                &mebibytes(startup.memory.resident),
                &part(|memory| memory.resident),
                &part(|memory| memory.anonymous),
                &part(|memory| memory.file),
                &part(|memory| memory.peak),
            ],
        );
    }
    text
}

/// How many answers a run brought, never 0.
fn answers(run: &Run) -> f64 {
    // Counts of a run of seconds stay far below 2^32.
    f64::from(u32::try_from(run.load.requests).unwrap_or(u32::MAX)).max(1.0)
}

fn written(run: &Run) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "bytes of a run of seconds stay far below 2^53")]
    let bytes = run.usage.written as f64;
    bytes / answers(run)
}

/// A ratio, with two places.
pub(crate) fn ratio(value: Option<f64>) -> String {
    shown(value, |value| format!("{value:.2}"))
}

/// A time in seconds, in the unit that suits it.
pub(crate) fn seconds(value: f64) -> String {
    duration(Duration::from_secs_f64(value))
}

/// A figure, or a dash.
pub(crate) fn shown(value: Option<f64>, how: impl Fn(f64) -> String) -> String {
    value.map_or(NONE.to_owned(), how)
}

/// The head of a table.
pub(crate) fn head(columns: &[&str]) -> String {
    let mut text = String::new();
    row(&mut text, columns);
    row(&mut text, &vec!["---"; columns.len()]);
    text
}

/// One more line of a table.
pub(crate) fn row(text: &mut String, columns: &[&str]) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "| {} |", columns.join(" | "));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::tests::sample;

    #[test]
    fn ratios_come_with_their_latencies() {
        let text = ratios(&sample());
        assert!(text.contains("| 64 | 0 | 0.55 | 1.00 | 670 | 4.00 ms | 4.00 |"), "{text}");
        assert!(text.contains("| 64 | 1,000,000 | 0.52 | 0.95 | 637 | 5.00 ms | 5.00 |"), "{text}");
    }

    #[test]
    fn rates_show_what_an_answer_costs() {
        let text = rates(&sample());
        let line = "| 64 | Vestibule, 0 invites | 33,500 | 25,000 to 42,000 \
                    | 2.00 ms | 4.00 ms | 10.0 ms | 20.0 µs | 600 B |";
        assert!(text.contains(line), "{text}");
        assert_eq!(text.lines().count(), 2 + 4);
    }

    #[test]
    fn memory_is_shown_at_rest_and_after_load() {
        let text = memory(&sample());
        let line = "| 1,000,000 | 9.00 ms | 12.0 ms | 10.0 MiB | 20.0 MiB | 10.0 MiB | 10.0 MiB | 30.0 MiB |";
        assert!(text.contains(line), "{text}");
    }

    #[test]
    fn what_was_not_measured_is_a_dash() {
        let mut results = sample();
        results.runs.clear();
        assert!(ratios(&results).contains("| 64 | 0 | - | - | - | - | - |"));
        assert!(memory(&results).contains("| 10.0 MiB | - | - | - | - |"));
        assert_eq!(rates(&results).lines().count(), 2);
    }
}
