//! Mints, claims and completions, each load between two loads on bare axum.

use std::path::PathBuf;

use super::{
    Call,
    lab::{Lab, load},
    redemptions,
};
use crate::error::BenchError;
use crate::store::{Store, count};
use crate::subject::{self, Pressure, Run};
use crate::wrk::Target;

/// The number of connections that the targets speak of.
pub(crate) const CONNECTIONS: u32 = 64;

/// A store, and the requests to make on it, one a line.
#[derive(Debug)]
pub(crate) struct Script {
    pub store: Store,
    pub requests: PathBuf,
    /// The events in the store before.
    pub events: u64,
}

/// Measures all of them in every round.
pub(crate) fn measure(lab: &Lab<'_>) -> Result<Vec<Run>, BenchError> {
    let common = &lab.plan.common;
    let pressure = Pressure { connections: CONNECTIONS, duration: common.duration };
    let (empty, _) = lab.store("empty", 0)?;
    let fastest = subject::hi(pressure)?.load.rate;
    let claims = redemptions::to_claim(lab, fastest)?;
    let completions = redemptions::to_complete(lab, &claims)?;
    let mut runs = Vec::new();
    for round in 1..=common.rounds {
        eprintln!("calls, round {round} of {}", common.rounds);
        runs.push(subject::hi(pressure)?.told());
        runs.push(mint(lab, &empty, Call::LegacyMint)?);
        runs.push(subject::hi(pressure)?.told());
        runs.push(mint(lab, &empty, Call::Mint)?);
        runs.push(subject::hi(pressure)?.told());
        runs.push(claim(lab, &claims)?);
        runs.push(subject::hi(pressure)?.told());
        runs.push(complete(lab, &completions)?);
    }
    runs.push(subject::hi(pressure)?.told());
    Ok(runs)
}

fn mint(lab: &Lab<'_>, store: &Store, call: Call) -> Result<Run, BenchError> {
    let running = lab.serve(store)?;
    let target = match call {
        Call::LegacyMint => Target::get(store.mint_url(&running.server)),
        _ => lab.mint(&running.server, &store.key),
    };
    let run = load(call, &running.server, &target, CONNECTIONS, lab.plan.common.duration)?;
    run.is_kept(running.kill_and_count()?)?;
    Ok(run)
}

/// Every claim leaves an event in the transaction that makes it.
fn claim(lab: &Lab<'_>, script: &Script) -> Result<Run, BenchError> {
    let running = lab.serve(&script.store)?;
    let target = lab.walk(&running.server, &script.store.key, &script.requests);
    let run = load(Call::Claim, &running.server, &target, CONNECTIONS, lab.plan.common.duration)?;
    let events = running.kill_and(|server| {
        server.restart()?;
        lab.runtime.block_on(redemptions::last_event(server.addr(), &script.store.key))
    })?;
    run.is_kept(events.saturating_sub(script.events))?;
    Ok(run)
}

/// Every invite here is for one use, so each completion leaves one that is used.
fn complete(lab: &Lab<'_>, script: &Script) -> Result<Run, BenchError> {
    let running = lab.serve(&script.store)?;
    let target = lab.walk(&running.server, &script.store.key, &script.requests);
    let run = load(Call::Complete, &running.server, &target, CONNECTIONS, lab.plan.common.duration)?;
    let used = running.kill_and(|server| count(server, &["--state", "used"]))?;
    run.is_kept(used)?;
    Ok(run)
}
