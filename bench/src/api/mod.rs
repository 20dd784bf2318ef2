//! The measurement of the JSON API, from empty stores to the page: [`loads`] beside bare axum, [`pages`] of a long
//! list, [`batches`], a [`flood`] of guesses, and [`races`] for the last use of an invite.

mod batches;
mod call;
mod flood;
mod lab;
mod loads;
mod pages;
mod plan;
mod races;
mod redemptions;
mod report;
mod results;
mod tables;
mod targets;

use std::time::Instant;

pub(crate) use call::Call;
pub(crate) use plan::ApiArgs;

use crate::error::BenchError;
use crate::machine;
use crate::place::{self, Place};
use lab::Lab;
use plan::{ApiPlan, Part};
use results::ApiResults;

/// The notes that people wrote on these results.
const NOTES: &str = "NOTES-api.md";

/// Measures, and writes or prints the page.
pub(crate) fn run(args: ApiArgs) -> Result<(), BenchError> {
    let start = Instant::now();
    let plan = ApiPlan::from(args);
    let place = Place::find(&plan.common, NOTES)?;
    let lab = Lab::new(&place.binary, place.scratch(), &plan)?;
    let results = measure(&lab)?;
    place::hand_out(&report::page(&results, &place.notes), plan.common.results.as_deref())?;
    eprintln!("done in {} s", start.elapsed().as_secs());
    Ok(())
}

fn measure(lab: &Lab<'_>) -> Result<ApiResults, BenchError> {
    let machine = machine::describe(lab.binary, lab.scratch);
    let machine = machine.map_err(BenchError::io("describing this machine"))?;
    let mut results = ApiResults::new(place::today(), machine, lab.plan.clone());
    if lab.plan.has(Part::Calls) {
        results.runs.extend(loads::measure(lab)?);
    }
    if lab.plan.has(Part::Pages) {
        results.runs.extend(pages::measure(lab)?);
    }
    if lab.plan.has(Part::Batches) {
        let (batches, runs) = batches::measure(lab)?;
        results.batches = batches;
        results.runs.extend(runs);
    }
    if lab.plan.has(Part::Flood)
        && let Some((told, runs)) = flood::measure(lab)?
    {
        results.flood = told;
        results.runs.extend(runs);
    }
    if lab.plan.has(Part::Races) {
        results.races = Some(races::measure(lab)?);
    }
    Ok(results)
}
