//! Single creates beside other work: batches, and a flood of wrong keys.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::Lab;
use crate::client::Connection;
use crate::error::Result;
use crate::load::{self, Run, Series};
use crate::report::{Report, duration, shown};
use crate::stats::{median, quantile};
use crate::store::Store;

/// Connections of the single creates.
const CONNECTIONS: u32 = 8;
/// Connections of the flood.
const FLOOD_CONNECTIONS: u32 = 16;
/// The client address of the flood, as a reverse proxy reports it.
const FLOOD_ADDRESS: &str = "198.51.100.7";

/// Runs `load` while `work` runs beside it. The work ends soon after its flag is set.
fn beside<T, F>(
    lab: &Lab,
    work: impl FnOnce(Arc<AtomicBool>) -> F,
    load: impl FnOnce() -> Result<Run>,
) -> Result<(Run, T)>
where
    T: Send + 'static,
    F: Future<Output = Result<T>> + Send + 'static,
{
    let stop = Arc::new(AtomicBool::new(false));
    let work = lab.runtime.spawn(work(Arc::clone(&stop)));
    let run = load();
    stop.store(true, Ordering::Relaxed);
    let done = lab.runtime.block_on(work)?;
    Ok((run?, done?))
}

/// Times batches, then creates alone and beside batches, in turns.
pub(super) fn batches(lab: &Lab, series: &mut Series, report: &mut Report) -> Result<()> {
    let (size, enough) = if lab.bench.quick { (1_000, 2) } else { (10_000, 5) };
    let store = Store::prepare(&lab.bench, "batches", 0)?;
    let running = store.run(&lab.bench)?;
    let (addr, key) = (running.server.addr(), store.key.clone());
    let target = lab.create(&running.server, &key);
    let create = |name: &str| load::put(name, running.server.pid(), &target, lab.pressure(CONNECTIONS));
    let never = Arc::new(AtomicBool::new(false));
    let alone = lab.runtime.block_on(send_batches(addr, key.clone(), size, enough, never))?;
    let mut beside_creates = Vec::new();
    let mut acknowledged = 0;
    for round in 1..=lab.bench.rounds {
        eprintln!("batches, round {round} of {}", lab.bench.rounds);
        let single = create("`POST /v1/invites`, alone")?;
        let work = |stop| send_batches(addr, key.clone(), size, usize::MAX, stop);
        let (run, times) = beside(lab, work, || create("`POST /v1/invites`, beside batches"))?;
        acknowledged += single.load.requests + run.load.requests;
        beside_creates.extend(times);
        series.push(single);
        series.push(run);
    }
    acknowledged += (alone.len() + beside_creates.len()) as u64 * size;
    let found = running.kill_and_count(&[])?;
    if found < acknowledged {
        return Err(
            format!("batches: {acknowledged} invites were acknowledged, but only {found} found").into()
        );
    }
    let row = |name: &str, times: &[Duration]| {
        let seconds = || times.iter().map(Duration::as_secs_f64);
        let time = |value| shown(value, |seconds| duration(Duration::from_secs_f64(seconds)));
        vec![
            name.to_owned(),
            times.len().to_string(),
            time(median(seconds())),
            time(quantile(seconds(), 1.0)),
        ]
    };
    let text = format!("Batches of {size} invites, until the whole answer was read.");
    let rows = [row("alone", &alone), row("beside creates", &beside_creates)];
    report.section("Batches", &text, &["", "batches", "median", "slowest"], &rows);
    Ok(())
}

/// Sends batches one after the other, `enough` of them or until `stop` is set.
async fn send_batches(
    addr: SocketAddr,
    key: String,
    size: u64,
    enough: usize,
    stop: Arc<AtomicBool>,
) -> Result<Vec<Duration>> {
    let mut connection = Connection::open(addr, &key).await?;
    let mut times = Vec::new();
    while times.len() < enough && !stop.load(Ordering::Relaxed) {
        let start = Instant::now();
        let answer = connection.post("/v1/invites/batch", &json!({ "count": size })).await?;
        times.push(start.elapsed());
        let answer = answer.expect(201, "a batch")?;
        let created = answer.body.get("items").and_then(Value::as_array).map_or(0, Vec::len);
        if created as u64 != size {
            return Err(format!("a batch created {created} invites instead of {size}").into());
        }
    }
    Ok(times)
}

/// Creates alone and beside a flood of wrong keys, in turns.
pub(super) fn flood(lab: &Lab, series: &mut Series, report: &mut Report) -> Result<()> {
    let store = Store::prepare(&lab.bench, "flooded", 0)?;
    let running = store.run(&lab.bench)?;
    let (addr, key) = (running.server.addr(), store.key.clone());
    let target = lab.create(&running.server, &key);
    let create = |name: &str| load::put(name, running.server.pid(), &target, lab.pressure(CONNECTIONS));
    let mut answers = BTreeMap::<u16, u64>::new();
    let mut acknowledged = 0;
    for round in 1..=lab.bench.rounds {
        eprintln!("flood, round {round} of {}", lab.bench.rounds);
        let single = create("`POST /v1/invites`, without a flood")?;
        let work = |stop| send_flood(addr, key.clone(), stop);
        let (run, statuses) = beside(lab, work, || create("`POST /v1/invites`, beside a flood"))?;
        acknowledged += single.load.requests + run.load.requests;
        series.push(single);
        series.push(run);
        for status in statuses {
            *answers.entry(status).or_default() += 1;
        }
    }
    let found = running.kill_and_count(&[])?;
    if found < acknowledged {
        return Err(format!("flood: {acknowledged} invites were acknowledged, but only {found} found").into());
    }
    let text =
        format!("Answers to the flood: wrong keys on {FLOOD_CONNECTIONS} connections of another address.");
    let rows: Vec<_> =
        answers.iter().map(|(status, count)| vec![status.to_string(), count.to_string()]).collect();
    report.section("Flood", &text, &["status", "answers"], &rows);
    Ok(())
}

/// Sends wrong keys until `stop` is set; returns the status of each answer.
async fn send_flood(addr: SocketAddr, key: String, stop: Arc<AtomicBool>) -> Result<Vec<u16>> {
    let mut clients = JoinSet::new();
    for number in 0..FLOOD_CONNECTIONS {
        let (key, stop) = (format!("{key}{number}"), Arc::clone(&stop));
        clients.spawn(async move {
            let mut connection = Connection::open(addr, &key).await?.with("x-forwarded-for", FLOOD_ADDRESS);
            let mut statuses = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                statuses.push(connection.post("/v1/invites", &json!({})).await?.status);
            }
            Ok::<_, crate::error::BenchError>(statuses)
        });
    }
    let mut statuses = Vec::new();
    while let Some(done) = clients.join_next().await {
        statuses.extend(done??);
    }
    Ok(statuses)
}
