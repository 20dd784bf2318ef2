//! Batches: how long one takes, and what single mints beside them notice.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{
    Call,
    lab::{Lab, load},
};
use crate::client::Connection;
use crate::error::BenchError;
use crate::subject::Run;

/// How many mint singly.
pub(crate) const CONNECTIONS: u32 = 8;

/// Batches that were made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Batches {
    /// How long each took with nothing else going on, until its whole answer was read.
    pub alone: Vec<Duration>,
    /// How long each took beside single mints.
    pub beside: Vec<Duration>,
}

/// Times batches, then mints alone and beside batches, in turns.
pub(crate) fn measure(lab: &Lab<'_>) -> Result<(Batches, Vec<Run>), BenchError> {
    let (store, _) = lab.store("batches", 0)?;
    let running = lab.serve(&store)?;
    let (addr, size) = (running.server.addr(), lab.plan.batch);
    let target = lab.mint(&running.server, &store.key);
    let mint = |call| load(call, &running.server, &target, CONNECTIONS, lab.plan.common.duration);
    let enough = lab.plan.batches as usize;
    let never = Arc::new(AtomicBool::new(false));
    let alone = lab.runtime.block_on(batches(addr, store.key.clone(), size, enough, never))?;
    let (mut runs, mut beside) = (Vec::new(), Vec::new());
    for round in 1..=lab.plan.common.rounds {
        eprintln!("batches, round {round} of {}", lab.plan.common.rounds);
        runs.push(mint(Call::MintAlone)?);
        let company = |over| batches(addr, store.key.clone(), size, usize::MAX, over);
        let minting = || mint(Call::MintBesideBatches);
        let (run, made) = lab.beside(company, minting)?;
        runs.push(run);
        beside.extend(made);
    }
    let acknowledged =
        runs.iter().map(|run| run.load.requests).sum::<u64>() + (alone.len() + beside.len()) as u64 * size;
    let found = running.kill_and_count()?;
    if found < acknowledged {
        let run = "batches and mints beside them".to_owned();
        return Err(BenchError::Lost { run, acknowledged, found });
    }
    Ok((Batches { alone, beside }, runs))
}

/// Makes batches one after the other, `enough` of them or until it is `over`.
async fn batches(
    addr: SocketAddr,
    key: String,
    size: u64,
    enough: usize,
    over: Arc<AtomicBool>,
) -> Result<Vec<Duration>, BenchError> {
    let mut connection = Connection::open(addr, &key).await?;
    let mut times = Vec::new();
    while times.len() < enough && !over.load(Ordering::Relaxed) {
        let start = Instant::now();
        let answer = connection.post("/v1/invites/batch", &json!({ "count": size })).await?;
        times.push(start.elapsed());
        let answer = answer.expect(201, "a batch")?;
        let made = answer.body.get("items").and_then(Value::as_array).map_or(0, Vec::len);
        if made as u64 != size {
            let why = format!("{made} invites instead of {size}");
            return Err(BenchError::Call { what: "a batch".to_owned(), why });
        }
    }
    Ok(times)
}
