//! The measurement, from empty stores to the page.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use tempfile::TempDir;
use vestibule_e2e::vestibule_binary;

use crate::error::BenchError;
use crate::format::{duration, grouped, per_second};
use crate::plan::{Plan, PlanArgs};
use crate::results::Results;
use crate::startup::{self, Startup};
use crate::store::Store;
use crate::subject::{self, Pressure, Run};
use crate::{machine, report, wrk};

/// File systems in memory: nothing on them is durable.
const IN_MEMORY: [&str; 2] = ["tmpfs", "ramfs"];

/// Measures, and writes or prints the page.
pub(crate) fn run(args: PlanArgs) -> Result<(), BenchError> {
    let start = Instant::now();
    let plan = Plan::from(args);
    let notes = notes(&plan)?;
    wrk::is_there().map_err(|source| BenchError::Load { run: "the load generator".to_owned(), source })?;
    let binary = match &plan.vestibule {
        Some(path) => path.clone(),
        None => vestibule_binary()?,
    };
    let scratch = scratch(plan.scratch.as_deref())?;
    let results = measure(plan, &binary, scratch.path())?;
    let page = report::page(&results, &notes);
    match &results.plan.results {
        Some(path) => {
            fs::write(path, page).map_err(BenchError::io(format!("writing {}", path.display())))?;
            eprintln!("written: {}", path.display());
        }
        None => println!("{page}"),
    }
    eprintln!("done in {} s", start.elapsed().as_secs());
    Ok(())
}

fn measure(plan: Plan, binary: &Path, scratch: &Path) -> Result<Results, BenchError> {
    let machine = machine::describe(binary, scratch).map_err(BenchError::io("describing this machine"))?;
    let stores = fill(&plan, binary, scratch)?;
    let startups = start(&plan, &stores, scratch)?;
    let mut runs = Vec::new();
    for &connections in &plan.connections {
        let pressure = Pressure { connections, duration: plan.duration };
        for round in 1..=plan.rounds {
            eprintln!("{connections} connections, round {round} of {}", plan.rounds);
            runs.push(tell(subject::hi(pressure)?));
            for store in &stores {
                runs.push(tell(subject::vestibule(store, scratch, pressure)?));
            }
        }
        runs.push(tell(subject::hi(pressure)?));
        if let Some(duration) = plan.prosody_duration {
            runs.push(tell(subject::prosody(Pressure { connections, duration })?));
        }
    }
    let filled = stores.iter().map(|store| (store.invites, store.filled_in)).collect();
    Ok(Results { date: today(), machine, plan, filled, startups, runs })
}

/// Prepares every store.
fn fill(plan: &Plan, binary: &Path, scratch: &Path) -> Result<Vec<Store>, BenchError> {
    let fill = |&invites: &u64| {
        let store = Store::prepare(binary, scratch, invites)?;
        let (count, time) = (grouped(invites), duration(store.filled_in));
        eprintln!("store with {count} invites: ready after {time}");
        Ok(store)
    };
    plan.invites.iter().map(fill).collect()
}

/// Measures the starts on every store.
fn start(plan: &Plan, stores: &[Store], scratch: &Path) -> Result<Vec<Startup>, BenchError> {
    stores.iter().map(|store| startup::measure(store, scratch, plan.startups)).collect()
}

/// Says on stderr what came of a run.
fn tell(run: Run) -> Run {
    let load = run.load;
    let others = run.others * 100.0;
    let (rate, p99) = (per_second(load.rate), duration(load.p99));
    eprintln!("  {}: {rate}/s, p99 {p99}; others took {others:.0} % of the machine", run.subject);
    run
}

/// What stands in the notes; an error now, not after minutes, if the results could not be written.
fn notes(plan: &Plan) -> Result<String, BenchError> {
    let path = plan.results.clone().unwrap_or_default();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(BenchError::NoFolder { path });
    }
    report::notes_beside(&path).map_err(BenchError::io("reading the notes"))
}

/// A folder for the stores, on a disk; removed at the end.
fn scratch(named: Option<&Path>) -> Result<TempDir, BenchError> {
    let folder = match named {
        Some(folder) => folder.to_owned(),
        None => target_folder()?,
    };
    match machine::file_system_of(&folder) {
        Some(kind) if IN_MEMORY.contains(&kind.as_str()) => Err(BenchError::NotDurable { folder, kind }),
        _ => TempDir::with_prefix_in("bench-", &folder)
            .map_err(BenchError::io(format!("making a folder in {}", folder.display()))),
    }
}

/// The folder above the one that this program lies in.
fn target_folder() -> Result<PathBuf, BenchError> {
    let this = std::env::current_exe().map_err(BenchError::io("finding this program"))?;
    Ok(this.ancestors().nth(2).map_or_else(|| PathBuf::from("."), Path::to_owned))
}

fn today() -> String {
    #[expect(clippy::disallowed_methods, reason = "the date of a measurement is the machine's")]
    let now = jiff::Timestamp::now();
    now.to_string().chars().take_while(|c| *c != 'T').collect()
}
