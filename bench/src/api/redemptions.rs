//! Claims and completions. Both need preparation: tokens to claim, and claims to complete.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::vec::IntoIter;

use serde_json::{Value, json};
use tokio::task::JoinSet;
use vestibule_e2e::http::token_of;

use super::{CONNECTIONS, Lab, write};
use crate::client::Connection;
use crate::error::{BenchError, Result};
use crate::load::{self, Run};
use crate::options::Bench;
use crate::store::{HOST, Store};

/// The most that redemptions reach of the rate of bare axum. No token is used twice, so there must be more tokens
/// than a run can use; a run that uses all of them fails.
const AT_MOST: f64 = 0.75;
/// A lower bound, in case bare axum was disturbed when its rate was taken.
const AT_LEAST: f64 = 40_000.0;
/// Clients that claim in preparation.
const CLIENTS: usize = 32;
/// More events than a store here ever contains.
const MANY: u64 = 1 << 32;

/// A store, and a file of requests to send to it.
#[derive(Debug)]
pub(super) struct Script {
    store: Store,
    requests: PathBuf,
    /// The number of events in the store before.
    events: u64,
}

/// One request per line, which claims one of the links for a username of its own.
pub(crate) fn claim_requests(links: &str) -> String {
    links.lines().enumerate().fold(String::new(), |mut text, (number, link)| {
        let body = json!({ "token": token_of(link), "username": format!("user{number}") });
        let _ = writeln!(text, "/v1/redemptions\t{body}");
        text
    })
}

/// Prepares single-use invites and a claim on each; `fastest` is the rate of bare axum.
pub(super) fn to_claim(bench: &Bench, fastest: f64) -> Result<Script> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive and far below 2^53"
    )]
    let invites = (fastest.max(AT_LEAST) * bench.duration.as_secs_f64() * AT_MOST) as u64;
    let store = Store::prepare(bench, "tokens", invites)?;
    let requests = write(bench.scratch(), "claims", &claim_requests(&store.links))?;
    eprintln!("{invites} invites to claim");
    // One event for the key, one for each invite.
    Ok(Script { events: invites + 1, store, requests })
}

/// Claims everything in `script` and prepares the completion of each claim. The server is killed in between: a lost
/// claim makes its completion, and so the run, fail.
pub(super) fn to_complete(lab: &Lab, script: &Script) -> Result<Script> {
    let text = std::fs::read_to_string(&script.requests)?;
    let body = |line: &str| Some(line.split_once('\t')?.1.to_owned());
    let bodies: Vec<String> = text.lines().filter_map(body).collect();
    let running = script.store.run(&lab.bench)?;
    let (addr, key) = (running.server.addr(), script.store.key.clone());
    let requests = lab.runtime.block_on(async {
        let mut clients = JoinSet::new();
        // In the order of creation.
        let bodies = Arc::new(Mutex::new(bodies.into_iter()));
        for _ in 0..CLIENTS {
            clients.spawn(claim_each(addr, key.clone(), Arc::clone(&bodies)));
        }
        let mut requests = Vec::new();
        while let Some(done) = clients.join_next().await {
            requests.extend(done??);
        }
        // Claim ids begin with the time: claims are completed in their order.
        requests.sort_unstable();
        Ok::<_, BenchError>(requests)
    })?;
    eprintln!("{} claims to complete", requests.len());
    let requests = write(lab.bench.scratch(), "completions", &requests.concat())?;
    Ok(Script { store: running.kill_and_keep(&script.store)?, requests, events: script.events })
}

/// Claims one remaining token after the other; returns the requests that complete the claims.
async fn claim_each(
    addr: SocketAddr,
    key: String,
    bodies: Arc<Mutex<IntoIter<String>>>,
) -> Result<Vec<String>> {
    let mut connection = Connection::open(addr, &key).await?;
    let mut requests = Vec::new();
    let next = || bodies.lock().unwrap_or_else(PoisonError::into_inner).next();
    while let Some(body) = next() {
        let body: Value = serde_json::from_str(&body)?;
        let answer = connection.post("/v1/redemptions", &body).await?.expect(201, "a claim")?;
        let username = body.get("username").and_then(Value::as_str).unwrap_or_default();
        let jid = json!({ "jid": format!("{username}@{HOST}") });
        requests.push(format!("/v1/redemptions/{}/complete\t{jid}\n", answer.text("claim")));
    }
    Ok(requests)
}

/// Measures claims. Each claim adds one event in its transaction, which is how kept claims are counted.
pub(super) fn claim(lab: &Lab, script: &Script) -> Result<Run> {
    let mut running = script.store.run(&lab.bench)?;
    let target = lab.walk(&running.server, &script.store.key, &script.requests);
    let pressure = lab.pressure(CONNECTIONS);
    let run = load::put("`POST /v1/redemptions`", running.server.pid(), &target, pressure)?;
    running.server.kill();
    running.server.restart()?;
    let events = lab.runtime.block_on(last_event(running.server.addr(), &script.store.key))?;
    run.check_kept(events.saturating_sub(script.events))?;
    Ok(run)
}

/// Measures completions. Every invite has one use, so each completion leaves a used invite.
pub(super) fn complete(lab: &Lab, script: &Script) -> Result<Run> {
    let running = script.store.run(&lab.bench)?;
    let target = lab.walk(&running.server, &script.store.key, &script.requests);
    let name = "`POST /v1/redemptions/{claim}/complete`";
    let run = load::put(name, running.server.pid(), &target, lab.pressure(CONNECTIONS))?;
    run.check_kept(running.kill_and_count(&["--state", "used"])?)?;
    Ok(run)
}

/// The number of events, by bisection: they are numbered from 1 without gaps.
async fn last_event(addr: SocketAddr, key: &str) -> Result<u64> {
    let mut connection = Connection::open(addr, key).await?;
    let (mut present, mut absent) = (0, MANY);
    while absent - present > 1 {
        let middle = u64::midpoint(present, absent);
        let path = format!("/v1/events?limit=1&cursor={}", middle - 1);
        let page = connection.get(&path).await?.expect(200, &path)?;
        let is_empty = page.body.get("items").and_then(Value::as_array).is_none_or(Vec::is_empty);
        if is_empty { absent = middle } else { present = middle }
    }
    Ok(present)
}
