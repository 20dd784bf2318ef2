//! What must be reached, and whether it was.

use std::time::Duration;

use super::{Call, loads, pages, results::ApiResults};
use crate::format::{duration, grouped};
use crate::runs::{p99, rate};
use crate::stats::median;
use crate::targets::Verdict;

/// All targets.
pub(crate) fn judge(results: &ApiResults) -> Vec<Verdict> {
    vec![
        mint(results),
        redemption(results, Call::Claim, "durable claims/s"),
        redemption(results, Call::Complete, "durable completions/s"),
        page(results, Call::FirstPage, "first page"),
        page(results, Call::MiddlePage, "page from the middle"),
        batch(results),
        races(results),
    ]
}

fn verdict(what: String, wanted: &'static str, measured: Option<(String, bool)>) -> Verdict {
    let reached = measured.as_ref().is_some_and(|(_, enough)| *enough);
    Verdict { what, wanted, measured: measured.map(|(text, _)| text), reached, aim: None }
}

fn mint(results: &ApiResults) -> Verdict {
    let ratio = results.to(Call::LegacyMint, Call::Mint, loads::CONNECTIONS, rate);
    verdict(
        format!(
            "durable creates/s, `POST /v1/invites` ÷ `/invites_api` at {} connections",
            loads::CONNECTIONS
        ),
        "at least 0.70",
        ratio.map(|ratio| (format!("{ratio:.2}"), ratio >= 0.7)),
    )
}

fn redemption(results: &ApiResults, call: Call, what: &str) -> Verdict {
    let ratio = results.to_bare_axum(call, loads::CONNECTIONS, rate);
    verdict(
        format!("{what} ÷ bare axum at {} connections", loads::CONNECTIONS),
        "at least 0.25",
        ratio.map(|ratio| (format!("{ratio:.2}"), ratio >= 0.25)),
    )
}

fn page(results: &ApiResults, call: Call, what: &str) -> Verdict {
    let [alone, _] = pages::CONNECTIONS;
    let time = results.median_of(call, alone, p99).map(Duration::from_secs_f64);
    verdict(
        format!("p99 of a list of {} invites, {what} of 100, at 1 connection", grouped(results.plan.listed)),
        "under 5 ms",
        time.map(|time| (duration(time), time < Duration::from_millis(5))),
    )
}

fn batch(results: &ApiResults) -> Verdict {
    let time = median(results.batches.alone.iter().map(Duration::as_secs_f64)).map(Duration::from_secs_f64);
    verdict(
        format!("a batch of {} invites, median", grouped(results.plan.batch)),
        "under 1 s",
        time.map(|time| (duration(time), time < Duration::from_secs(1))),
    )
}

fn races(results: &ApiResults) -> Verdict {
    let measured = results.races.as_ref().map(|races| {
        let over = races.over + races.over_completed;
        (format!("{over} in {} races", grouped(races.held)), over == 0)
    });
    verdict("uses beyond what an invite allows".to_owned(), "0", measured)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::results::tests::sample;

    #[test]
    fn good_figures_reach_every_target() {
        let measured = ["0.80", "0.30", "0.25", "2.00 ms", "3.00 ms", "300 ms", "0 in 10 races"];
        for (verdict, measured) in judge(&sample()).iter().zip(measured) {
            assert_eq!((verdict.word(), verdict.measured.as_deref()), ("yes", Some(measured)), "{verdict:?}");
        }
    }

    #[test]
    fn bad_figures_do_not() {
        let mut results = sample();
        for run in &mut results.runs {
            run.load.p99 *= 3;
            if run.subject == crate::subject::Subject::Call(Call::Mint) {
                run.load.rate /= 2.0;
            }
        }
        results.batches.alone = vec![Duration::from_secs(1)];
        let words: Vec<_> = judge(&results).iter().map(Verdict::word).collect();
        assert_eq!(words, ["**no**", "yes", "yes", "**no**", "**no**", "**no**", "yes"]);
    }

    #[test]
    fn what_was_not_measured_is_not_reached() {
        let mut results = sample();
        results.runs.clear();
        results.batches.alone.clear();
        results.races = None;
        assert!(judge(&results).iter().all(|verdict| verdict.word() == "not measured" && !verdict.reached));
    }
}
