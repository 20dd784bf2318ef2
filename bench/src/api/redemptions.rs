//! What claims and completions need beforehand: tokens to claim, and claims to complete.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use std::vec::IntoIter;

use serde_json::{Value, json};
use tokio::task::JoinSet;
use vestibule_e2e::http::token_of;

use super::{lab::Lab, loads::Script};
use crate::client::Connection;
use crate::error::BenchError;
use crate::format::{duration, grouped};
use crate::store::HOST;

/// The most that a redemption reaches of what the bare axum does. No token is used twice, so there must be
/// more of them than a run can take; a run that takes all of them fails.
const AT_MOST: f64 = 0.75;
/// Should the bare axum be disturbed just when its rate is taken.
const AT_LEAST: f64 = 40_000.0;
/// Clients that claim beforehand.
const CLIENTS: usize = 32;
/// More events than there ever are here.
const MANY: u64 = 1 << 32;

/// One-use invites, and a claim on each by another username; `fastest` is what the bare axum does in a second.
pub(crate) fn to_claim(lab: &Lab<'_>, fastest: f64) -> Result<Script, BenchError> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rate times seconds is positive and far below 2^53"
    )]
    let invites = (fastest.max(AT_LEAST) * lab.plan.common.duration.as_secs_f64() * AT_MOST) as u64;
    let (store, links) = lab.store("tokens", invites)?;
    let requests: String = links.lines().enumerate().fold(String::new(), |mut text, (number, link)| {
        let body = json!({ "token": token_of(link), "username": format!("user{number}") });
        // Writing to a string cannot fail.
        let _ = writeln!(text, "/v1/redemptions\t{body}");
        text
    });
    let file = lab.write("claims", &requests)?;
    let running = lab.serve(&store)?;
    let events = lab.runtime.block_on(last_event(running.server.addr(), &store.key))?;
    running.kill_and_count()?;
    eprintln!("{} invites to claim", grouped(invites));
    Ok(Script { store, requests: file, events })
}

/// The claims that come of `script`, and the completion of each. The server was killed between: if one of its
/// claims was lost, its completion is refused, and so is the run.
pub(crate) fn to_complete(lab: &Lab<'_>, script: &Script) -> Result<Script, BenchError> {
    let start = Instant::now();
    let text = std::fs::read_to_string(&script.requests).map_err(BenchError::io("reading the claims"))?;
    let bodies: Vec<String> =
        text.lines().filter_map(|line| Some(line.split_once('\t')?.1.to_owned())).collect();
    let count = grouped(bodies.len() as u64);
    let running = lab.serve(&script.store)?;
    let (addr, key) = (running.server.addr(), script.store.key.clone());
    let requests = lab.runtime.block_on(async {
        let mut clients = JoinSet::new();
        // In the order in which they were minted, whoever of the clients is faster.
        let bodies = Arc::new(Mutex::new(bodies.into_iter()));
        for _ in 0..CLIENTS {
            clients.spawn(claim_each(addr, key.clone(), Arc::clone(&bodies)));
        }
        let mut requests = Vec::new();
        while let Some(done) = clients.join_next().await {
            requests.extend(done.map_err(|error| failed(&error.to_string()))??);
        }
        // Names of claims begin with the time: what was claimed first is completed first.
        requests.sort_unstable();
        Ok::<_, BenchError>(requests.concat())
    })?;
    let file = lab.write("completions", &requests)?;
    let store = running.kill_and_keep(&script.store)?;
    eprintln!("{count} claims to complete, made in {}", duration(start.elapsed()));
    Ok(Script { store, requests: file, events: script.events })
}

/// Claims one after the other of those that are left, and returns their completions.
async fn claim_each(
    addr: SocketAddr,
    key: String,
    bodies: Arc<Mutex<IntoIter<String>>>,
) -> Result<Vec<String>, BenchError> {
    let mut connection = Connection::open(addr, &key).await?;
    let mut requests = Vec::new();
    let next = || bodies.lock().unwrap_or_else(PoisonError::into_inner).next();
    while let Some(body) = next() {
        let body: Value = serde_json::from_str(&body).map_err(|error| failed(&error.to_string()))?;
        let answer = connection.post("/v1/redemptions", &body).await?.expect(201, "a claim")?;
        let username = body.get("username").and_then(Value::as_str).unwrap_or_default();
        let jid = json!({ "jid": format!("{username}@{HOST}") });
        requests.push(format!("/v1/redemptions/{}/complete\t{jid}\n", answer.text("claim")));
    }
    Ok(requests)
}

fn failed(why: &str) -> BenchError {
    BenchError::Call { what: "claiming beforehand".to_owned(), why: why.to_owned() }
}

/// The number of events in the log: they are counted from 1 on, without a gap.
pub(crate) async fn last_event(addr: SocketAddr, key: &str) -> Result<u64, BenchError> {
    let mut connection = Connection::open(addr, key).await?;
    let (mut there, mut not_there) = (0, MANY);
    while not_there - there > 1 {
        let middle = u64::midpoint(there, not_there);
        let path = format!("/v1/events?limit=1&cursor={}", middle - 1);
        let page = connection.get(&path).await?.expect(200, &path)?;
        let is_empty = page.body.get("items").and_then(Value::as_array).is_none_or(Vec::is_empty);
        if is_empty {
            not_there = middle;
        } else {
            there = middle;
        }
    }
    Ok(there)
}
