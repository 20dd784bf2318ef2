//! Pages of a long list.

use serde_json::Value;
use vestibule_e2e::Vestibule;

use super::{
    Call,
    lab::{Lab, load},
};
use crate::client::Connection;
use crate::error::BenchError;
use crate::subject::Run;
use crate::wrk::Target;

/// How many ask at once; the targets speak of the first.
pub(crate) const CONNECTIONS: [u32; 2] = [1, 8];
/// The most that a page may hold, for the walk to the middle.
const LARGEST: u64 = 500;

/// Reads the first page and one from the middle.
pub(crate) fn measure(lab: &Lab<'_>) -> Result<Vec<Run>, BenchError> {
    let (store, _) = lab.store("listed", lab.plan.listed)?;
    let running = lab.serve(&store)?;
    let first = format!("{}/v1/invites?limit=100", running.server.url());
    let cursor = lab.runtime.block_on(middle(&running.server, &store.key, lab.plan.listed))?;
    let pages = [(Call::FirstPage, first.clone()), (Call::MiddlePage, format!("{first}&cursor={cursor}"))];
    let mut runs = Vec::new();
    for round in 1..=lab.plan.common.rounds {
        eprintln!("pages, round {round} of {}", lab.plan.common.rounds);
        for connections in CONNECTIONS {
            for (call, url) in &pages {
                let mut target = Target::get(url);
                target.headers.push(format!("Authorization: Bearer {}", store.key));
                runs.push(load(*call, &running.server, &target, connections, lab.plan.page_duration)?);
            }
        }
    }
    Ok(runs)
}

/// Follows the list to its middle: where a page begins, only the page before it knows.
async fn middle(server: &Vestibule, key: &str, invites: u64) -> Result<String, BenchError> {
    let mut connection = Connection::open(server.addr(), key).await?;
    let mut cursor = String::new();
    for _ in 0..(invites / LARGEST / 2).max(1) {
        let path = match cursor.as_str() {
            "" => format!("/v1/invites?limit={LARGEST}"),
            _ => format!("/v1/invites?limit={LARGEST}&cursor={cursor}"),
        };
        let page = connection.get(&path).await?.expect(200, &path)?;
        let next = page.body.get("next_cursor").and_then(Value::as_str).ok_or_else(|| BenchError::Call {
            what: path,
            why: "the list ends before its middle".to_owned(),
        })?;
        next.clone_into(&mut cursor);
    }
    Ok(cursor)
}
