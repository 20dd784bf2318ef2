//! What the first page costs: its rate beside bare axum, and how long one takes alone.

use std::path::Path;
use std::time::Duration;

use clap::Args;
use vestibule_e2e::Vestibule;

use crate::error::BenchError;
use crate::format::{duration, grouped, per_second};
use crate::place::{self, Place};
use crate::plan::{CommonArgs, CommonPlan};
use crate::report::{about_others, bound, counted};
use crate::stats::{median, paired_ratio};
use crate::store::{Filling, Store};
use crate::subject::{self, Pressure, Run, Subject};
use crate::targets::Verdict;
use crate::wrk::Target;
use crate::{machine, tables};

/// Where the results of a whole run go.
const RESULTS: &str = "bench/RESULTS-pages.md";
/// The notes that people wrote on these results.
const NOTES: &str = "NOTES-pages.md";
/// Connections that ask for the page all the time.
const CONNECTIONS: u32 = 64;
/// Invites in the store.
const INVITES: u64 = 1000;
/// Who asks: a phone with Android, in German.
const READER: [&str; 2] =
    ["User-Agent: Mozilla/5.0 (Linux; Android 14) Mobile", "Accept-Language: de-DE,de;q=0.9"];

/// The options of the measurement of pages.
#[derive(Args, Clone, Debug)]
pub(crate) struct LandingArgs {
    #[command(flatten)]
    common: CommonArgs,
}

/// The runs of all rounds.
#[derive(Default)]
struct Runs {
    /// Bare axum, the mean rate of the two runs beside each round.
    hi: Vec<f64>,
    crowd: Vec<Run>,
    alone: Vec<Run>,
    all: Vec<Run>,
}

/// Measures, and writes or prints the page.
pub(crate) fn run(args: LandingArgs) -> Result<(), BenchError> {
    let plan = args.common.plan("pages", RESULTS, false);
    let place = Place::find(&plan, NOTES)?;
    let machine = machine::describe(&place.binary, place.scratch());
    let machine = machine.map_err(BenchError::io("describing this machine"))?;
    let filling = Filling { name: "pages", scope: "bridge", invites: INVITES };
    let (store, links) = Store::prepare(&place.binary, place.scratch(), &filling)?;
    let token = links.lines().next().and_then(|link| link.rsplit('/').next()).unwrap_or_default();
    let runs = measure(&store, place.scratch(), token, &plan)?;
    let sections = [
        format!(
            "# Results of the pages\n\nMeasured on {}; what is measured and why is in README.md.\n",
            place::today()
        ),
        about_others(&runs.all),
        table(&runs, &plan),
    ];
    let page = bound(&sections, &machine, &plan.command, &place.notes);
    place::hand_out(&page, plan.results.as_deref())
}

fn measure(store: &Store, scratch: &Path, token: &str, plan: &CommonPlan) -> Result<Runs, BenchError> {
    let crowd = Pressure { connections: CONNECTIONS, duration: plan.duration };
    let alone = Pressure { connections: 1, duration: plan.duration.min(Duration::from_secs(2)) };
    let mut runs = Runs::default();
    let mut before = subject::hi(crowd)?.told();
    for round in 1..=plan.rounds {
        eprintln!("round {round} of {}", plan.rounds);
        let running = store.run(scratch)?;
        let server: &Vestibule = &running.server;
        let target = Target {
            headers: READER.map(str::to_owned).to_vec(),
            ..Target::get(format!("{}/invite/{token}", server.url()))
        };
        let many = subject::load(Subject::Landing, server.pid(), &target, crowd)?.told();
        let one = subject::load(Subject::Landing, server.pid(), &target, alone)?.told();
        drop(running);
        let after = subject::hi(crowd)?.told();
        runs.hi.push(f64::midpoint(before.load.rate, after.load.rate));
        runs.all.extend([before, many.clone(), one.clone()]);
        runs.crowd.push(many);
        runs.alone.push(one);
        before = after;
    }
    runs.all.push(before);
    Ok(runs)
}

fn table(runs: &Runs, plan: &CommonPlan) -> String {
    let rates: Vec<f64> = runs.crowd.iter().map(|run| run.load.rate).collect();
    let time = |runs: &[Run], of: fn(&Run) -> Duration| {
        median(runs.iter().map(|run| of(run).as_secs_f64())).map(Duration::from_secs_f64)
    };
    let share = paired_ratio(&rates, &runs.hi);
    let alone = time(&runs.alone, |run| run.load.p50);
    let verdicts = [
        Verdict {
            what: format!("first pages/s ÷ bare axum at {CONNECTIONS} connections"),
            wanted: "at least 0.40",
            measured: share.map(|share| format!("{share:.2}")),
            reached: share.is_some_and(|share| share >= 0.4),
            aim: None,
        },
        Verdict {
            what: "first page at 1 connection, median, with the way to the client and back".to_owned(),
            wanted: "under 1 ms",
            measured: alone.map(duration),
            reached: alone.is_some_and(|time| time < Duration::from_millis(1)),
            aim: None,
        },
    ];
    let processor = median(runs.crowd.iter().map(|run| {
        let requests = u32::try_from(run.load.requests).unwrap_or(u32::MAX).max(1);
        (run.usage.processor / requests).as_secs_f64()
    }));
    let told = |time: Option<Duration>| time.map_or("-".to_owned(), duration);
    format!(
        "## Targets\n\n{}\nMedians of {} of {} s. A rate is divided by the mean of the two bare axum runs beside it. \
         The page is that of one invite among {}, for a phone, in German. At {CONNECTIONS} connections {} pages a \
         second, p99 {}, {} of processor time a page.\n",
        tables::targets(&verdicts),
        counted(plan.rounds, "round"),
        plan.duration.as_secs(),
        grouped(INVITES),
        per_second(median(rates.iter().copied()).unwrap_or_default()),
        told(time(&runs.crowd, |run| run.load.p99)),
        told(processor.map(Duration::from_secs_f64)),
    )
}
