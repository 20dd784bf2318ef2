//! Everything that was measured, and the questions that the tables ask it.

use super::{Call, batches::Batches, flood::Told, plan::ApiPlan, races::Races};
use crate::machine::Machine;
use crate::runs;
use crate::subject::{Run, Subject};

/// Everything that was measured. What was left out is empty.
#[derive(Debug)]
pub(crate) struct ApiResults {
    /// When, for the reader.
    pub date: String,
    /// On what.
    pub machine: Machine,
    /// How much.
    pub plan: ApiPlan,
    /// The loads, in the order in which they were put on.
    pub runs: Vec<Run>,
    /// The batches.
    pub batches: Batches,
    /// What the one who guessed was told.
    pub flood: Told,
    /// The races.
    pub races: Option<Races>,
}

impl ApiResults {
    /// Results without figures.
    pub(crate) fn new(date: String, mut machine: Machine, plan: ApiPlan) -> Self {
        // It is not measured here.
        machine.facts.retain(|(name, _)| *name != "Prosody");
        let (runs, batches, flood) = (Vec::new(), Batches::default(), Told::new());
        Self { date, machine, plan, runs, batches, flood, races: None }
    }

    /// The median of a figure; `None` if it was not measured.
    pub(crate) fn median_of(&self, call: Call, connections: u32, of: impl Fn(&Run) -> f64) -> Option<f64> {
        runs::median_of(&self.runs, Subject::Call(call), connections, of)
    }

    /// Against the bare axum, run by run.
    pub(crate) fn to_bare_axum(&self, call: Call, connections: u32, of: impl Fn(&Run) -> f64) -> Option<f64> {
        runs::to_bare_axum(&self.runs, Subject::Call(call), connections, of)
    }

    /// Against another call, round by round.
    pub(crate) fn to(
        &self,
        other: Call,
        call: Call,
        connections: u32,
        of: impl Fn(&Run) -> f64,
    ) -> Option<f64> {
        runs::paired(&self.runs, Subject::Call(call), Subject::Call(other), connections, of)
    }

    /// The share of guesses that were answered with "too many"; `None` if nobody guessed.
    pub(crate) fn slowed_down(&self) -> Option<f64> {
        let all = self.flood.values().sum::<u64>();
        let slowed = self.flood.get(&429).copied().unwrap_or_default();
        #[expect(clippy::cast_precision_loss, reason = "counts of a run of seconds stay far below 2^53")]
        (all > 0).then(|| slowed as f64 / all as f64)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use clap::ValueEnum;

    use super::*;
    use crate::api::plan::Part;
    use crate::results::tests::{common, run};
    use crate::runs::rate;

    fn call(call: Call, connections: u32, rate: f64, p99: u64) -> Run {
        run(Subject::Call(call), connections, rate, p99)
    }

    /// Results with figures in every part, all of them good.
    pub(crate) fn sample() -> ApiResults {
        let hi = || run(Subject::Hi, 64, 60_000.0, 1);
        let plan = ApiPlan {
            common: common(),
            parts: Part::value_variants().to_vec(),
            page_duration: Duration::from_secs(2),
            listed: 1_000_000,
            batch: 10_000,
            batches: 3,
            races: 10,
        };
        let machine = Machine { facts: vec![("Processor", "two".to_owned()), ("Prosody", "1".to_owned())] };
        let mut results = ApiResults::new("2026-01-02".to_owned(), machine, plan);
        results.runs = vec![
            hi(),
            call(Call::LegacyMint, 64, 30_000.0, 3),
            hi(),
            call(Call::Mint, 64, 24_000.0, 4),
            hi(),
            call(Call::Claim, 64, 18_000.0, 5),
            hi(),
            call(Call::Complete, 64, 15_000.0, 6),
            hi(),
            call(Call::FirstPage, 1, 900.0, 2),
            call(Call::MiddlePage, 1, 800.0, 3),
            call(Call::FirstPage, 8, 2_000.0, 7),
            call(Call::MintAlone, 8, 5_000.0, 8),
            call(Call::MintBesideBatches, 8, 2_500.0, 90),
            call(Call::MintUnflooded, 8, 5_000.0, 8),
            call(Call::MintFlooded, 8, 3_000.0, 12),
        ];
        results.batches.alone = [300, 250, 900].map(Duration::from_millis).to_vec();
        results.batches.beside = vec![Duration::from_millis(400)];
        results.flood = BTreeMap::from([(401, 25), (429, 75)]);
        results.races = Some(Races {
            held: 10,
            granted: 20,
            refused: BTreeMap::from([("token-used".to_owned(), 140)]),
            time: Duration::from_millis(1500),
            ..Races::default()
        });
        results
    }

    #[test]
    fn figures_are_compared_with_those_beside_them() {
        let results = sample();
        assert!((results.to_bare_axum(Call::Claim, 64, rate).unwrap() - 0.3).abs() < 1e-9);
        assert!((results.to(Call::LegacyMint, Call::Mint, 64, rate).unwrap() - 0.8).abs() < 1e-9);
        assert!((results.slowed_down().unwrap() - 0.75).abs() < 1e-9);
        assert_eq!(results.machine.facts.len(), 1);
    }

    #[test]
    fn what_was_left_out_has_no_figures() {
        let mut results = sample();
        (results.runs, results.flood) = (Vec::new(), Told::new());
        assert_eq!(results.to_bare_axum(Call::Claim, 64, rate), None);
        assert_eq!(results.slowed_down(), None);
    }
}
