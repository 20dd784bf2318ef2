//! An honest client while somebody else guesses keys as fast as they can.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;
use tokio::task::JoinSet;
use vestibule_e2e::CliOutput;

use super::{
    Call,
    lab::{Lab, load},
};
use crate::client::Connection;
use crate::error::BenchError;
use crate::subject::Run;

/// Connections of the honest client.
pub(crate) const CONNECTIONS: u32 = 8;
/// Connections of the one who guesses.
pub(crate) const GUESSERS: u32 = 16;
/// Whose address that is, as the reverse proxy here tells it.
const ADDRESS: &str = "198.51.100.7";
/// The setting that slows down who guesses; here it is what it is unasked.
const SETTING: &str = "--guess-rate";

/// What the one who guessed was told, by status.
pub(crate) type Told = BTreeMap<u16, u64>;

/// Mints without and with a flood beside, in turns; `None` where the binary slows nobody down.
pub(crate) fn measure(lab: &Lab<'_>) -> Result<Option<(Told, Vec<Run>)>, BenchError> {
    let mut help = Command::new(lab.binary);
    help.args(["serve", "--help"]);
    if !CliOutput::of(help)?.stdout.contains(SETTING) {
        eprintln!("flood: left out, this binary has no {SETTING}");
        return Ok(None);
    }
    let (store, _) = lab.store("flooded", 0)?;
    let running = lab.serve(&store)?;
    let addr = running.server.addr();
    let target = lab.mint(&running.server, &store.key);
    let mint = |call| load(call, &running.server, &target, CONNECTIONS, lab.plan.common.duration);
    let (mut runs, mut told) = (Vec::new(), Told::new());
    for round in 1..=lab.plan.common.rounds {
        eprintln!("flood, round {round} of {}", lab.plan.common.rounds);
        runs.push(mint(Call::MintUnflooded)?);
        let minting = || mint(Call::MintFlooded);
        let (run, statuses) = lab.beside(|over| flood(addr, store.key.clone(), over), minting)?;
        runs.push(run);
        for (status, count) in statuses {
            *told.entry(status).or_default() += count;
        }
    }
    let acknowledged = runs.iter().map(|run| run.load.requests).sum();
    let found = running.kill_and_count()?;
    if found < acknowledged {
        return Err(BenchError::Lost { run: "mints beside a flood".to_owned(), acknowledged, found });
    }
    Ok(Some((told, runs)))
}

async fn flood(addr: SocketAddr, key: String, over: Arc<AtomicBool>) -> Result<Told, BenchError> {
    let mut guessers = JoinSet::new();
    for number in 0..GUESSERS {
        guessers.spawn(guess(addr, format!("{key}{number}"), Arc::clone(&over)));
    }
    let mut told = Told::new();
    while let Some(done) = guessers.join_next().await {
        let statuses =
            done.map_err(|error| BenchError::Call { what: "guessing".to_owned(), why: error.to_string() })??;
        for (status, count) in statuses {
            *told.entry(status).or_default() += count;
        }
    }
    Ok(told)
}

/// Asks with a wrong key until it is `over`.
async fn guess(addr: SocketAddr, key: String, over: Arc<AtomicBool>) -> Result<Told, BenchError> {
    let mut connection = Connection::open(addr, &key).await?.with("x-forwarded-for", ADDRESS);
    let mut told = Told::new();
    while !over.load(Ordering::Relaxed) {
        let answer = connection.post("/v1/invites", &json!({})).await?;
        *told.entry(answer.status).or_default() += 1;
    }
    Ok(told)
}
