//! The JSON API: single calls next to bare axum, pages of a long list, batches, and creates beside a flood of wrong
//! keys.

mod company;
mod redemptions;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};
use vestibule_e2e::Vestibule;

use crate::client::Connection;
use crate::error::{Context as _, Result};
use crate::load::{self, Pressure, Run, Series};
use crate::options::{Bench, CommonArgs};
use crate::report::Report;
use crate::store::Store;
use crate::wrk::{THREADS, Target};

pub(crate) use redemptions::claim_requests;

/// Connections of the single calls.
const CONNECTIONS: u32 = 64;
/// The most invites that a page may contain.
const LARGEST_PAGE: u64 = 500;

/// A part of the measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Creates, claims and completions next to bare axum
    Calls,
    /// Pages of a long list
    Pages,
    /// Batches, and creates beside them
    Batches,
    /// Creates beside a flood of wrong keys
    Flood,
}

/// The options of the measurement of the JSON API.
#[derive(Args, Clone, Debug)]
pub(crate) struct ApiArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// Measure only these parts
    #[arg(long, value_name = "PART,...", value_delimiter = ',')]
    only: Vec<Part>,
}

/// What every part needs.
struct Lab {
    bench: Bench,
    /// Runs clients.
    runtime: Runtime,
    /// The script that sends the same POST repeatedly.
    post: PathBuf,
    /// The script that sends the requests of a file.
    walk: PathBuf,
}

/// Measures, and writes or prints the page.
pub(crate) fn run(args: &ApiArgs) -> Result<()> {
    let bench = args.common.prepare("bench/RESULTS-api.md", !args.only.is_empty())?;
    let lab = Lab::new(bench)?;
    let has = |part| args.only.is_empty() || args.only.contains(&part);
    let mut series = Series::default();
    let mut report = Report::new("Results of the JSON API");
    if has(Part::Calls) {
        calls(&lab, &mut series)?;
    }
    if has(Part::Pages) {
        pages(&lab, &mut series)?;
    }
    if has(Part::Batches) {
        company::batches(&lab, &mut series, &mut report)?;
    }
    if has(Part::Flood) {
        company::flood(&lab, &mut series, &mut report)?;
    }
    report.loads(&lab.bench, &series);
    report.finish(&lab.bench, Some("NOTES-api.md"))
}

impl Lab {
    fn new(bench: Bench) -> Result<Self> {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let post = write(bench.scratch(), "post.lua", include_str!("../../load/post.lua"))?;
        let walk = walk_script(bench.scratch())?;
        Ok(Self { bench, runtime, post, walk })
    }

    /// `POST /v1/invites`.
    fn create(&self, server: &Vestibule, key: &str) -> Target {
        Target {
            url: format!("{}/v1/invites", server.url()),
            headers: vec![format!("Authorization: Bearer {key}")],
            script: Some(self.post.clone()),
            args: Vec::new(),
        }
    }

    /// The requests of a file, each sent once, see `walk.lua`.
    fn walk(&self, server: &Vestibule, key: &str, file: &Path) -> Target {
        let args = vec![file.into(), key.into(), THREADS.to_string().into()];
        Target { url: server.url(), headers: Vec::new(), script: Some(self.walk.clone()), args }
    }

    fn pressure(&self, connections: u32) -> Pressure {
        Pressure { connections, duration: self.bench.duration }
    }
}

/// Writes the script that sends the requests of a file.
pub(crate) fn walk_script(directory: &Path) -> Result<PathBuf> {
    write(directory, "walk.lua", include_str!("../../load/walk.lua"))
}

/// Writes a file for `wrk`.
pub(crate) fn write(directory: &Path, name: &str, text: &str) -> Result<PathBuf> {
    let path = directory.join(name);
    fs::write(&path, text).context(path.display())?;
    Ok(path)
}

/// Creates, claims and completions, each load between two loads on bare axum.
fn calls(lab: &Lab, series: &mut Series) -> Result<()> {
    let pressure = lab.pressure(CONNECTIONS);
    let empty = Store::prepare(&lab.bench, "empty", 0)?;
    let fastest = load::bare_axum(pressure)?.load.rate;
    let claims = redemptions::to_claim(&lab.bench, fastest)?;
    let completions = redemptions::to_complete(lab, &claims)?;
    for round in 1..=lab.bench.rounds {
        eprintln!("calls, round {round} of {}", lab.bench.rounds);
        for name in ["`GET /invites_api`", "`POST /v1/invites`"] {
            series.push(load::bare_axum(pressure)?);
            series.push(create(lab, &empty, name)?);
        }
        series.push(load::bare_axum(pressure)?);
        series.push(redemptions::claim(lab, &claims)?);
        series.push(load::bare_axum(pressure)?);
        series.push(redemptions::complete(lab, &completions)?);
    }
    series.push(load::bare_axum(pressure)?);
    Ok(())
}

fn create(lab: &Lab, store: &Store, name: &str) -> Result<Run> {
    let running = store.run(&lab.bench)?;
    let target = match name {
        "`GET /invites_api`" => Target::get(store.create_url(&running.server)),
        _ => lab.create(&running.server, &store.key),
    };
    let run = load::put(name, running.server.pid(), &target, lab.pressure(CONNECTIONS))?;
    run.check_kept(running.kill_and_count(&[])?)?;
    Ok(run)
}

/// The first page of a long list, and one from its middle.
fn pages(lab: &Lab, series: &mut Series) -> Result<()> {
    let invites = if lab.bench.quick { 10_000 } else { 1_000_000 };
    let store = Store::prepare(&lab.bench, "listed", invites)?;
    let running = store.run(&lab.bench)?;
    let first = format!("{}/v1/invites?limit=100", running.server.url());
    let cursor = lab.runtime.block_on(middle(&running.server, &store.key, invites))?;
    let pages = [("first page", first.clone()), ("middle page", format!("{first}&cursor={cursor}"))];
    let duration = lab.bench.duration.min(Duration::from_secs(2));
    for round in 1..=lab.bench.rounds {
        eprintln!("pages, round {round} of {}", lab.bench.rounds);
        for connections in [1, 8] {
            for (name, url) in &pages {
                let mut target = Target::get(url);
                target.headers.push(format!("Authorization: Bearer {}", store.key));
                let name = format!("`GET /v1/invites?limit=100`, {name} of {invites} invites");
                let pressure = Pressure { connections, duration };
                series.push(load::put(&name, running.server.pid(), &target, pressure)?);
            }
        }
    }
    Ok(())
}

/// Follows the cursors of a list to its middle.
async fn middle(server: &Vestibule, key: &str, invites: u64) -> Result<String> {
    let mut connection = Connection::open(server.addr(), key).await?;
    let mut cursor = String::new();
    for _ in 0..(invites / LARGEST_PAGE / 2).max(1) {
        let path = match cursor.as_str() {
            "" => format!("/v1/invites?limit={LARGEST_PAGE}"),
            _ => format!("/v1/invites?limit={LARGEST_PAGE}&cursor={cursor}"),
        };
        let page = connection.get(&path).await?.expect(200, &path)?;
        let next = page.body.get("next_cursor").and_then(Value::as_str);
        next.ok_or("the list ends before its middle")?.clone_into(&mut cursor);
    }
    Ok(cursor)
}
