//! How much is measured: every loop of a run is counted here.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

/// Numbers of connections in a whole run.
const CONNECTIONS: [u32; 3] = [8, 64, 256];
/// Where the results of a whole run go.
const RESULTS: &str = "bench/RESULTS.md";

/// The options that every measurement has.
#[derive(Args, Clone, Debug)]
pub(crate) struct CommonArgs {
    /// A smoke run of about 20 s: one round of 1 s, small stores; prints instead of writing
    #[arg(long)]
    pub quick: bool,
    /// Print the results instead of writing them; a narrowed run does that anyway
    #[arg(long)]
    print: bool,
    /// Rounds; each measures every server once
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=50))]
    rounds: Option<u32>,
    /// Seconds of load on each server in each round
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=60))]
    seconds: Option<u64>,
    /// The binary to measure; without it, the one beside this program
    #[arg(long, value_name = "FILE")]
    vestibule: Option<PathBuf>,
    /// A folder on a disk for the stores (about 3 GB); without it, the target folder of this program
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
    /// Where the results go; without it, a page in bench/ for a whole run
    #[arg(long, value_name = "FILE", conflicts_with_all = ["quick", "print"])]
    results: Option<PathBuf>,
}

/// What every measurement knows of itself.
#[derive(Clone, Debug)]
pub(crate) struct CommonPlan {
    /// Rounds.
    pub rounds: u32,
    /// Load on each server in each round.
    pub duration: Duration,
    /// The binary to measure, if it was named.
    pub vestibule: Option<PathBuf>,
    /// The folder for the stores, if it was named.
    pub scratch: Option<PathBuf>,
    /// The command that repeats the run, for the page.
    pub command: String,
    /// Where the results go; printed without it.
    pub results: Option<PathBuf>,
}

impl CommonArgs {
    /// The plan of the measurement called `verb`. A run that is narrowed (or that these options narrow) never
    /// replaces the page of a whole one, `page`, unasked.
    pub(crate) fn plan(self, verb: &str, page: &str, narrowed: bool) -> CommonPlan {
        let narrowed = narrowed || self.quick || self.rounds.is_some() || self.seconds.is_some();
        let whole = (!narrowed && !self.print).then(|| PathBuf::from(page));
        CommonPlan {
            rounds: self.rounds.unwrap_or(if self.quick { 1 } else { 5 }),
            duration: Duration::from_secs(self.seconds.unwrap_or(if self.quick { 1 } else { 5 })),
            vestibule: self.vestibule,
            scratch: self.scratch,
            command: command(verb, std::env::args().skip(1)),
            results: self.results.or(whole),
        }
    }
}

/// The options of the measurement of creates.
#[derive(Args, Clone, Debug)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    common: CommonArgs,
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
}

/// What will be measured, how often and for how long.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// What every measurement has.
    pub common: CommonPlan,
    /// Load on Prosody, which is measured once at each number of connections.
    pub prosody_duration: Option<Duration>,
    /// Numbers of connections.
    pub connections: Vec<u32>,
    /// Numbers of invites before the load, rising.
    pub invites: Vec<u64>,
    /// Start-ups with each store.
    pub startups: u32,
}

impl From<PlanArgs> for Plan {
    fn from(args: PlanArgs) -> Self {
        let quick = args.common.quick;
        let narrowed = args.no_prosody || args.invites.is_some() || args.connections != CONNECTIONS;
        let mut invites =
            args.invites.unwrap_or_else(|| if quick { vec![0, 10_000] } else { vec![0, 10_000, 1_000_000] });
        invites.sort_unstable();
        invites.dedup();
        Self {
            common: args.common.plan("creates", RESULTS, narrowed),
            prosody_duration: (!args.no_prosody).then(|| Duration::from_secs(if quick { 1 } else { 2 })),
            connections: args.connections,
            invites,
            startups: if quick { 3 } else { 10 },
        }
    }
}

/// What to type to repeat a run with these arguments.
fn command(verb: &str, arguments: impl Iterator<Item = String>) -> String {
    let options: Vec<String> = arguments.skip_while(|argument| argument == verb).collect();
    if options.is_empty() {
        return "make bench".to_owned();
    }
    format!("target/release/vestibule-bench {verb} {}", options.join(" "))
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
        let each_count = plan.common.rounds as usize * (plan.invites.len() + 1) + 1;
        let load = plan.common.duration * u32::try_from(each_count * plan.connections.len()).unwrap();
        assert!(load < Duration::from_mins(6), "{load:?} of load alone");
        assert_eq!(plan.common.results, Some(PathBuf::from("bench/RESULTS.md")));
    }

    #[test]
    fn a_quick_run_leaves_the_results_alone() {
        let plan = plan(&["--quick"]);
        assert_eq!(
            (plan.common.rounds, plan.common.duration, plan.common.results),
            (1, Duration::from_secs(1), None)
        );
        assert_eq!(plan.invites, [0, 10_000]);
    }

    #[test]
    fn a_run_says_how_to_repeat_it() {
        let command = |words: &[&str]| super::command("creates", words.iter().map(|word| (*word).to_owned()));
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
            assert_eq!(plan(&[narrowed]).common.results, None, "{narrowed}");
        }
        let named = plan(&["--rounds=1", "--results=here.md"]);
        assert_eq!(named.common.results, Some(PathBuf::from("here.md")));
    }

    #[test]
    fn a_run_can_be_narrowed() {
        let plan = plan(&["--connections", "64", "--invites", "1000,0,0", "--no-prosody", "--rounds", "2"]);
        assert_eq!(plan.connections, [64]);
        assert_eq!(plan.invites, [0, 1000]);
        assert_eq!((plan.common.rounds, plan.prosody_duration, plan.common.results), (2, None, None));
        assert!(Only::try_parse_from(["bench", "--rounds", "0"]).is_err());
    }
}
