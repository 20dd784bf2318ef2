//! The tables, in Markdown.

use super::{Call, batches, flood, loads, pages, results::ApiResults};
use crate::format::{grouped, per_second};
use crate::runs::{p99, rate};
use crate::subject::{Run, Subject};
use crate::tables::{head, rates_of, ratio, row, seconds, shown};

/// The calls that are put beside the bare axum.
const LOADED: [Call; 4] = [Call::LegacyMint, Call::Mint, Call::Claim, Call::Complete];
const PAGES: [Call; 2] = [Call::FirstPage, Call::MiddlePage];

/// The calls beside the bare axum and beside the API of `mod_invites_api`.
pub(crate) fn ratios(results: &ApiResults) -> String {
    let mut text = head(&["call", "answers/s ÷ bare axum", "÷ `/invites_api`", "p99", "p99 ÷ bare axum"]);
    for call in LOADED {
        let connections = loads::CONNECTIONS;
        let cells = [
            call.to_string(),
            ratio(results.to_bare_axum(call, connections, rate)),
            ratio(results.to(Call::LegacyMint, call, connections, rate)),
            shown(results.median_of(call, connections, p99), seconds),
            ratio(results.to_bare_axum(call, connections, p99)),
        ];
        row(&mut text, &cells.each_ref().map(String::as_str));
    }
    text
}

/// The pages of a long list.
pub(crate) fn pages(results: &ApiResults) -> String {
    let mut text = head(&["call", "connections", "p50", "p99", "answers/s"]);
    for connections in pages::CONNECTIONS {
        for call in PAGES {
            latency_row(&mut text, results, call, connections);
        }
    }
    text
}

/// Mints beside batches, and beside somebody who guesses.
pub(crate) fn company(results: &ApiResults) -> String {
    let mut text = head(&["call", "connections", "p50", "p99", "answers/s", "÷ the same without"]);
    for (call, without, connections) in [
        (Call::MintAlone, None, batches::CONNECTIONS),
        (Call::MintBesideBatches, Some(Call::MintAlone), batches::CONNECTIONS),
        (Call::MintUnflooded, None, flood::CONNECTIONS),
        (Call::MintFlooded, Some(Call::MintUnflooded), flood::CONNECTIONS),
    ] {
        let compared = without.and_then(|other| results.to(other, call, connections, rate));
        let mut cells = latency_cells(results, call, connections).to_vec();
        cells.push(ratio(compared));
        row(&mut text, &cells.iter().map(String::as_str).collect::<Vec<_>>());
    }
    text
}

/// The races.
pub(crate) fn races(results: &ApiResults) -> String {
    let mut text =
        head(&["races", "claims granted and completed", "refused", "beyond what an invite allows"]);
    if let Some(races) = &results.races {
        let refused: Vec<String> =
            races.refused.iter().map(|(name, count)| format!("{} `{name}`", grouped(*count))).collect();
        let over = races.over + races.over_completed;
        row(&mut text, &[&grouped(races.held), &grouped(races.granted), &refused.join(", "), &grouped(over)]);
    }
    text
}

/// The absolute figures of everything.
pub(crate) fn rates(results: &ApiResults) -> String {
    let mut subjects: Vec<(Subject, u32)> = Vec::new();
    for run in &results.runs {
        if !subjects.contains(&(run.subject, run.connections)) {
            subjects.push((run.subject, run.connections));
        }
    }
    rates_of(&results.runs, subjects.into_iter())
}

fn latency_row(text: &mut String, results: &ApiResults, call: Call, connections: u32) {
    row(text, &latency_cells(results, call, connections).each_ref().map(String::as_str));
}

fn latency_cells(results: &ApiResults, call: Call, connections: u32) -> [String; 5] {
    let p50 = |run: &Run| run.load.p50.as_secs_f64();
    [
        call.to_string(),
        connections.to_string(),
        shown(results.median_of(call, connections, p50), seconds),
        shown(results.median_of(call, connections, p99), seconds),
        shown(results.median_of(call, connections, rate), per_second),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::results::tests::sample;

    #[test]
    fn every_call_has_its_line() {
        let results = sample();
        let line = "| `POST /v1/redemptions` | 0.30 | 0.60 | 5.00 ms | 5.00 |";
        assert!(ratios(&results).contains(line), "{}", ratios(&results));
        let line = "| `GET /v1/invites?limit=100`, from the middle | 1 | 1.50 ms | 3.00 ms | 800 |";
        assert!(pages(&results).contains(line), "{}", pages(&results));
        let line = "| `POST /v1/invites`, beside batches | 8 | 45.0 ms | 90.0 ms | 2,500 | 0.50 |";
        assert!(company(&results).contains(line), "{}", company(&results));
        assert!(races(&results).contains("| 10 | 20 | 140 `token-used` | 0 |"), "{}", races(&results));
    }

    #[test]
    fn absolute_figures_have_a_line_for_all_that_ran() {
        let text = rates(&sample());
        assert_eq!(text.lines().count(), 2 + 12, "{text}");
        assert!(text.contains("| 64 | bare axum, \"hi\" | 60,000 |"), "{text}");
    }

    #[test]
    fn what_was_not_measured_is_a_dash() {
        let mut results = sample();
        results.runs.clear();
        results.races = None;
        assert!(ratios(&results).contains("| `POST /v1/invites` | - | - | - | - |"));
        assert!(company(&results).contains("somebody guesses | 8 | - | - | - | - |"));
        assert_eq!(races(&results).lines().count(), 2);
    }
}
