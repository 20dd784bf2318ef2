//! Instruction counts of single requests on SQLite, measured by valgrind's callgrind. They hardly depend on the load
//! of the machine, so a regression shows where rates are too noisy.
//!
//! A server runs under callgrind twice for each request, with few repetitions and with more; the difference divided by
//! the number of additional requests leaves out the start and the end of the process.

use clap::Args;
use serde_json::json;
use tokio::runtime::Runtime;
use vestibule_e2e::http::token_of;

use crate::client::Connection;
use crate::error::{Context as _, Result};
use crate::options::{Bench, CommonArgs};
use crate::report::Report;
use crate::store::Store;

/// Requests of the shorter and of the longer run.
const REQUESTS: [u64; 2] = [100, 500];
/// Deviations from the expected counts up to this are normal, in percent.
const TOLERANCE: f64 = 5.0;
/// Expected instructions per request, of a release build on x86-64.
const EXPECTED: [(Request, f64); 3] =
    [(Request::Create, 137_000.0), (Request::Claim, 164_000.0), (Request::Page, 81_000.0)];

/// The options of the instruction counts.
#[derive(Args, Clone, Debug)]
pub(crate) struct InstructionsArgs {
    #[command(flatten)]
    common: CommonArgs,
}

/// A request that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Request {
    Create,
    Claim,
    Page,
}

/// Counts, and prints the table.
pub(crate) fn run(args: &InstructionsArgs) -> Result<()> {
    let mut common = args.common.clone();
    common.print = common.results.is_none();
    let bench = common.prepare("", true)?;
    let [few, many] = if bench.quick { [5, 10] } else { REQUESTS };
    let store = Store::prepare(&bench, "instructions", many)?;
    let runtime = Runtime::new().context("starting threads")?;
    let mut rows = Vec::new();
    for (request, expected) in EXPECTED {
        let count = |repeat| total(&bench, &runtime, &store, request, repeat);
        let (short, long) = (count(few)?, count(many)?);
        #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
        let each = long.saturating_sub(short) as f64 / (many - few) as f64;
        let change = (each / expected - 1.0) * 100.0;
        let verdict = if change.abs() <= TOLERANCE { "as expected" } else { "look at this" };
        eprintln!("  {request:?}: {each:.0} instructions");
        rows.push(vec![
            format!("{request:?}").to_lowercase(),
            format!("{each:.0}"),
            format!("{expected:.0}"),
            format!("{change:+.1} %"),
            verdict.to_owned(),
        ]);
    }
    let mut report = Report::new("Instructions per request");
    let text = format!(
        "SQLite, one connection, {many} requests minus {few}. The expected counts are those of a release build; they \
         are in src/instructions.rs."
    );
    report.section("Counts", &text, &["request", "instructions", "expected", "change", ""], &rows);
    report.finish(&bench, None)
}

/// The instructions of a server that answers `repeat` requests.
fn total(bench: &Bench, runtime: &Runtime, store: &Store, request: Request, repeat: u64) -> Result<u64> {
    let out = format!("--callgrind-out-file={}", bench.scratch().join("callgrind.out").display());
    let mut running = store.run_with(bench, &["valgrind", "--tool=callgrind", &out])?;
    let (addr, key) = (running.server.addr(), store.key.as_str());
    runtime.block_on(async {
        let mut connection = Connection::open(addr, key).await?;
        let mut links = store.links.lines().cycle();
        for number in 0..repeat {
            let token = links.next().map(token_of).unwrap_or_default();
            match request {
                Request::Create => connection.post("/v1/invites", &json!({})).await?.expect(201, "a create"),
                Request::Claim => {
                    let body = json!({ "token": token, "username": format!("user{number}") });
                    connection.post("/v1/redemptions", &body).await?.expect(201, "a claim")
                }
                Request::Page => connection.get(&format!("/invite/{token}")).await?.expect(200, "a page"),
            }?;
        }
        Ok::<_, crate::error::BenchError>(())
    })?;
    running.server.terminate()?;
    collected(&running.server.stderr())
}

/// The total in callgrind's output: a line `==PID== Collected : 123`.
fn collected(output: &str) -> Result<u64> {
    let mut counts = output.lines().filter_map(|line| line.split_once("Collected :")?.1.trim().parse().ok());
    counts.next_back().ok_or_else(|| format!("callgrind printed no total:\n{output}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_found_in_the_output() {
        let output = "==7== Callgrind\n==7== \n==7== Events    : Ir\n==7== Collected : 48213\n";
        assert_eq!(collected(output).unwrap(), 48_213);
        assert!(collected("nothing").is_err());
    }
}
