//! How much is measured: every loop of a run is counted here.

use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::plan::{CommonArgs, CommonPlan};

/// Where the results of a whole run go.
const RESULTS: &str = "bench/RESULTS-api.md";

/// A part of the measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Mints, claims and completions beside bare axum
    Calls,
    /// Pages of a long list
    Pages,
    /// Batches, and mints beside them
    Batches,
    /// Mints while somebody guesses keys
    Flood,
    /// Races for the last use of an invite
    Races,
}

/// The options of the measurement of the JSON API.
#[derive(Args, Clone, Debug)]
pub(crate) struct ApiArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// Measure these parts alone
    #[arg(long, value_name = "PART,...", value_delimiter = ',')]
    only: Vec<Part>,
}

/// What will be measured, how often and for how long.
#[derive(Clone, Debug)]
pub(crate) struct ApiPlan {
    /// What every measurement has.
    pub common: CommonPlan,
    /// The parts.
    pub parts: Vec<Part>,
    /// Load on each kind of page in each round.
    pub page_duration: Duration,
    /// Invites in the list that is read.
    pub listed: u64,
    /// Invites of a batch.
    pub batch: u64,
    /// Batches that are timed.
    pub batches: u32,
    /// Races, half of them for one use and half for three.
    pub races: u32,
}

impl ApiPlan {
    /// Whether a part is measured.
    pub(crate) fn has(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }
}

impl From<ApiArgs> for ApiPlan {
    fn from(args: ApiArgs) -> Self {
        let (quick, narrowed) = (args.common.quick, !args.only.is_empty());
        let parts = if narrowed { args.only } else { Part::value_variants().to_vec() };
        let common = args.common.plan("api", RESULTS, narrowed);
        Self {
            page_duration: common.duration.min(Duration::from_secs(2)),
            common,
            parts,
            listed: if quick { 10_000 } else { 1_000_000 },
            batch: if quick { 1_000 } else { 10_000 },
            batches: if quick { 2 } else { 5 },
            races: if quick { 200 } else { 10_000 },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Only {
        #[command(flatten)]
        plan: ApiArgs,
    }

    fn plan(words: &[&str]) -> ApiPlan {
        Only::try_parse_from(["bench"].iter().chain(words)).unwrap().plan.into()
    }

    #[test]
    fn a_whole_run_has_every_part_and_the_sizes_that_targets_speak_of() {
        let plan = plan(&[]);
        assert!(Part::value_variants().iter().all(|part| plan.has(*part)));
        assert_eq!((plan.listed, plan.batch, plan.races), (1_000_000, 10_000, 10_000));
        assert_eq!(plan.common.results, Some(PathBuf::from("bench/RESULTS-api.md")));
    }

    #[test]
    fn only_a_whole_run_replaces_the_results_unasked() {
        for narrowed in ["--quick", "--print", "--only=races", "--rounds=1", "--seconds=1"] {
            assert_eq!(plan(&[narrowed]).common.results, None, "{narrowed}");
        }
    }

    #[test]
    fn a_run_can_be_narrowed_to_parts() {
        let plan = plan(&["--only", "pages,races"]);
        assert_eq!(plan.parts, [Part::Pages, Part::Races]);
        assert!(!plan.has(Part::Flood));
    }
}
