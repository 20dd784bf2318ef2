//! The measurement of creates, from empty stores to the page.

use std::path::Path;
use std::time::Instant;

use crate::error::BenchError;
use crate::format::{duration, grouped};
use crate::place::{self, Place};
use crate::plan::{Plan, PlanArgs};
use crate::results::Results;
use crate::startup::{self, Startup};
use crate::store::{Filling, Store};
use crate::subject::{self, Pressure};
use crate::{machine, report};

/// The notes that people wrote on these results.
const NOTES: &str = "NOTES.md";

/// Measures, and writes or prints the page.
pub(crate) fn run(args: PlanArgs) -> Result<(), BenchError> {
    let start = Instant::now();
    let plan = Plan::from(args);
    let place = Place::find(&plan.common, NOTES)?;
    let results = measure(plan, &place.binary, place.scratch())?;
    place::hand_out(&report::page(&results, &place.notes), results.plan.common.results.as_deref())?;
    eprintln!("done in {} s", start.elapsed().as_secs());
    Ok(())
}

fn measure(plan: Plan, binary: &Path, scratch: &Path) -> Result<Results, BenchError> {
    let machine = machine::describe(binary, scratch).map_err(BenchError::io("describing this machine"))?;
    let stores = fill(&plan, binary, scratch)?;
    let startups = start(&plan, &stores, scratch)?;
    let mut runs = Vec::new();
    for &connections in &plan.connections {
        let pressure = Pressure { connections, duration: plan.common.duration };
        for round in 1..=plan.common.rounds {
            eprintln!("{connections} connections, round {round} of {}", plan.common.rounds);
            runs.push(subject::hi(pressure)?.told());
            for store in &stores {
                runs.push(subject::vestibule(store, scratch, pressure)?.told());
            }
            runs.push(subject::row(scratch, pressure)?.told());
        }
        runs.push(subject::hi(pressure)?.told());
        if let Some(duration) = plan.prosody_duration {
            runs.push(subject::prosody(Pressure { connections, duration })?.told());
        }
    }
    let filled = stores.iter().map(|store| (store.invites, store.filled_in)).collect();
    Ok(Results { date: place::today(), machine, plan, filled, startups, runs })
}

/// Prepares every store.
fn fill(plan: &Plan, binary: &Path, scratch: &Path) -> Result<Vec<Store>, BenchError> {
    let fill = |&invites: &u64| {
        let name = format!("store-{invites}");
        let (store, _) =
            Store::prepare(binary, scratch, &Filling { name: &name, scope: "invites:create", invites })?;
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
