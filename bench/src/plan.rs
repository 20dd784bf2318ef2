//! How much is measured: every loop of a run is counted here.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

/// Numbers of connections in a whole run.
const CONNECTIONS: [u32; 3] = [8, 64, 256];
/// Where the results of a whole run go.
const RESULTS: &str = "bench/RESULTS.md";

/// The options of a measurement.
#[derive(Args, Clone, Debug)]
pub(crate) struct PlanArgs {
    /// A smoke run of about 20 s: one round of 1 s, small stores; prints instead of writing
    #[arg(long)]
    quick: bool,
    /// Print the results instead of writing them; a narrowed run does that anyway
    #[arg(long)]
    print: bool,
    /// Rounds; each measures every server once
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=50))]
    rounds: Option<u32>,
    /// Seconds of load on each server in each round
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=60))]
    seconds: Option<u64>,
    /// How many connections make load
    #[arg(long, value_name = "N,...", value_delimiter = ',', default_values_t = CONNECTIONS,
          value_parser = clap::value_parser!(u32).range(2..=10_000))]
    connections: Vec<u32>,
    /// How many invites are in the store before the load
    #[arg(long, value_name = "N,...", value_delimiter = ',')]
    invites: Option<Vec<u64>>,
    /// Leave Prosody out
    #[arg(long)]
    no_prosody: bool,
    /// The binary to measure; without it, the one beside this program
    #[arg(long, value_name = "FILE")]
    vestibule: Option<PathBuf>,
    /// A folder on a disk for the stores (about 3 GB); without it, the target folder of this program
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
    /// Where the results go; without it, bench/RESULTS.md for a whole run
    #[arg(long, value_name = "FILE", conflicts_with_all = ["quick", "print"])]
    results: Option<PathBuf>,
}

impl PlanArgs {
    /// Where the results go: a run that leaves something out never replaces a whole one unasked.
    fn destination(&self) -> Option<PathBuf> {
        let narrowed = self.quick
            || self.no_prosody
            || self.rounds.is_some()
            || self.seconds.is_some()
            || self.invites.is_some()
            || self.connections != CONNECTIONS;
        match &self.results {
            Some(named) => Some(named.clone()),
            None => (!narrowed && !self.print).then(|| PathBuf::from(RESULTS)),
        }
    }
}

/// What will be measured, how often and for how long.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Rounds.
    pub rounds: u32,
    /// Load on each server in each round.
    pub duration: Duration,
    /// Load on Prosody, which is measured once at each number of connections.
    pub prosody_duration: Option<Duration>,
    /// Numbers of connections.
    pub connections: Vec<u32>,
    /// Numbers of invites before the load, rising.
    pub invites: Vec<u64>,
    /// Start-ups with each store.
    pub startups: u32,
    /// The binary to measure, if it was named.
    pub vestibule: Option<PathBuf>,
    /// The folder for the stores, if it was named.
    pub scratch: Option<PathBuf>,
    /// The command that repeats the run, for the page.
    pub command: String,
    /// Where the results go; printed without it.
    pub results: Option<PathBuf>,
}

impl From<PlanArgs> for Plan {
    fn from(args: PlanArgs) -> Self {
        let quick = args.quick;
        let results = args.destination();
        let mut invites =
            args.invites.unwrap_or_else(|| if quick { vec![0, 10_000] } else { vec![0, 10_000, 1_000_000] });
        invites.sort_unstable();
        invites.dedup();
        Self {
            rounds: args.rounds.unwrap_or(if quick { 1 } else { 5 }),
            duration: Duration::from_secs(args.seconds.unwrap_or(if quick { 1 } else { 5 })),
            prosody_duration: (!args.no_prosody).then(|| Duration::from_secs(if quick { 1 } else { 2 })),
            connections: args.connections,
            invites,
            startups: if quick { 3 } else { 10 },
            vestibule: args.vestibule,
            scratch: args.scratch,
            command: command(std::env::args().skip(1)),
            results,
        }
    }
}

/// What to type to repeat a run with these arguments.
fn command(arguments: impl Iterator<Item = String>) -> String {
    let options: Vec<String> = arguments.skip_while(|argument| argument == "creates").collect();
    if options.is_empty() {
        return "make bench".to_owned();
    }
    format!("target/release/vestibule-bench creates {}", options.join(" "))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Only {
        #[command(flatten)]
        plan: PlanArgs,
    }

    fn plan(words: &[&str]) -> Plan {
        Only::try_parse_from(["bench"].iter().chain(words)).unwrap().plan.into()
    }

    #[test]
    fn the_whole_run_stays_under_ten_minutes() {
        let plan = plan(&[]);
        assert_eq!(plan.connections, [8, 64, 256]);
        assert_eq!(plan.invites, [0, 10_000, 1_000_000]);
        let each_count = plan.rounds as usize * (plan.invites.len() + 1) + 1;
        let load = plan.duration * u32::try_from(each_count * plan.connections.len()).unwrap();
        assert!(load < Duration::from_mins(6), "{load:?} of load alone");
        assert_eq!(plan.results, Some(PathBuf::from("bench/RESULTS.md")));
    }

    #[test]
    fn a_quick_run_leaves_the_results_alone() {
        let plan = plan(&["--quick"]);
        assert_eq!((plan.rounds, plan.duration, plan.results), (1, Duration::from_secs(1), None));
        assert_eq!(plan.invites, [0, 10_000]);
    }

    #[test]
    fn a_run_says_how_to_repeat_it() {
        let command = |words: &[&str]| super::command(words.iter().map(|word| (*word).to_owned()));
        assert_eq!(command(&[]), "make bench");
        assert_eq!(command(&["creates"]), "make bench");
        let quick = "target/release/vestibule-bench creates --quick";
        assert_eq!(command(&["--quick"]), quick);
        assert_eq!(command(&["creates", "--quick"]), quick);
    }

    #[test]
    fn only_a_whole_run_replaces_the_results_unasked() {
        for narrowed in
            ["--print", "--no-prosody", "--rounds=1", "--seconds=1", "--connections=64", "--invites=0"]
        {
            assert_eq!(plan(&[narrowed]).results, None, "{narrowed}");
        }
        let named = plan(&["--rounds=1", "--results=here.md"]);
        assert_eq!(named.results, Some(PathBuf::from("here.md")));
    }

    #[test]
    fn a_run_can_be_narrowed() {
        let plan = plan(&["--connections", "64", "--invites", "1000,0,0", "--no-prosody", "--rounds", "2"]);
        assert_eq!(plan.connections, [64]);
        assert_eq!(plan.invites, [0, 1000]);
        assert_eq!((plan.rounds, plan.prosody_duration, plan.results), (2, None, None));
        assert!(Only::try_parse_from(["bench", "--rounds", "0"]).is_err());
    }
}
