//! Nodes on PostgreSQL next to SQLite: creates by one node and by two, creates into a large store, and claims.
//!
//! All servers share one machine with the load and with PostgreSQL, so the ratios describe a machine, not a node that
//! has a machine of its own.

use std::cell::Cell;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use clap::Args;
use private_postgres::Server;
use tempfile::TempDir;
use vestibule_e2e::Vestibule;

use crate::api::{claim_requests, walk_script};
use crate::error::{Context as _, Result};
use crate::options::{Bench, CommonArgs};
use crate::report::{Report, duration};
use crate::stats::median;
use crate::store::{HOST, count};
use crate::wrk::{self, Load, THREADS, Target};

/// Connections over all nodes.
const CONNECTIONS: u32 = 64;
/// Tokens for each second of claims; a run that uses all of them fails.
const CLAIMS_PER_SECOND: u64 = 60_000;
/// A new server creates each WAL file before it writes to it, and all commits wait for that. This creates as many as
/// the runs will fill, as a server has them that has run for a while.
const CREATE_WAL_FILES: &str = "DO $$ BEGIN FOR n IN 1..120 LOOP \
     PERFORM pg_logical_emit_message(false, 'bench', 'next'); PERFORM pg_switch_wal(); END LOOP; END $$";

/// The options of the measurement of PostgreSQL.
#[derive(Args, Clone, Debug)]
pub(crate) struct PostgresArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// Invites in the large store
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    invites: u32,
}

/// Measures, and writes or prints the page.
pub(crate) fn run(args: &PostgresArgs) -> Result<()> {
    let bench = args.common.prepare("bench/RESULTS-postgres.md", false)?;
    let invites = if bench.quick { 2_000 } else { args.invites };
    let settings =
        ["shared_buffers=256MB", "min_wal_size=2GB", "max_wal_size=4GB", "checkpoint_timeout=15min"];
    let server = Server::start(&settings)?;
    let file = Cluster::start(&bench, None, 1)?;
    let small = Cluster::start(&bench, Some(&server.create_database("small")?), 2)?;
    let large = Cluster::start(&bench, Some(&server.create_database("large")?), 1)?;
    large.fill(invites)?;
    if !bench.quick {
        server.sql("postgres", CREATE_WAL_FILES)?;
        server.sql("postgres", "CHECKPOINT")?;
    }
    let large_name = format!("creates, PostgreSQL, one node, {invites} invites");
    let mut figures: Vec<(&str, Vec<Load>)> = Vec::new();
    for round in 1..=bench.rounds {
        eprintln!("round {round} of {}", bench.rounds);
        let loads = [
            ("creates, SQLite", file.creates(1, bench.duration)?),
            ("creates, PostgreSQL, one node", small.creates(1, bench.duration)?),
            (large_name.as_str(), large.creates(1, bench.duration)?),
            ("creates, PostgreSQL, two nodes, 32 connections each", small.creates(2, bench.duration)?),
            ("claims, SQLite", file.claims(bench.duration)?),
            ("claims, PostgreSQL, one node", small.claims(bench.duration)?),
        ];
        for (name, load) in loads {
            eprintln!("  {name}: {:.0}/s, p99 {}", load.rate, duration(load.p99));
            match figures.iter_mut().find(|(known, _)| *known == name) {
                Some((_, loads)) => loads.push(load),
                None => figures.push((name, vec![load])),
            }
        }
    }
    for cluster in [file, small, large] {
        cluster.check_kept()?;
    }
    let mut report = Report::new("Results of PostgreSQL");
    let text = format!(
        "Medians of {} rounds of {} s at {CONNECTIONS} connections, PostgreSQL {} with {}. After the runs the nodes \
         are killed, and everything that was acknowledged must be in the store.",
        bench.rounds,
        bench.duration.as_secs(),
        server.sql("postgres", "SHOW server_version")?,
        settings.join(", ")
    );
    report.section("Loads", &text, &["", "answers/s", "÷ SQLite", "p99"], &rows(&figures));
    report.finish(&bench, None)
}

/// One row per load. A rate is divided by that of the same call on SQLite.
fn rows(figures: &[(&str, Vec<Load>)]) -> Vec<Vec<String>> {
    let rate = |loads: &[Load]| median(loads.iter().map(|load| load.rate)).unwrap_or(f64::NAN);
    let row = |(name, loads): &(&str, Vec<Load>)| {
        let call = name.split(',').next().unwrap_or_default();
        let base = figures.iter().find(|(other, _)| *other == format!("{call}, SQLite"));
        let ratio = rate(loads) / base.map_or(f64::NAN, |(_, loads)| rate(loads));
        let p99 = median(loads.iter().map(|load| load.p99.as_secs_f64())).unwrap_or_default();
        let p99 = duration(Duration::from_secs_f64(p99));
        vec![(*name).to_owned(), format!("{:.0}", rate(loads)), format!("{ratio:.2}"), p99]
    };
    figures.iter().map(row).collect()
}

/// A store and the nodes on it.
struct Cluster {
    nodes: Vec<Vestibule>,
    key: String,
    directory: TempDir,
    /// Invites that must be in the store.
    acknowledged: Cell<u64>,
}

impl Cluster {
    /// Starts nodes on a database, or on a SQLite file.
    fn start(bench: &Bench, database: Option<&str>, count: usize) -> Result<Self> {
        let directory = TempDir::with_prefix_in("cluster-", bench.scratch())?;
        let node = |number| {
            let mut node = Vestibule::builder()
                .binary(&bench.binary)
                .host(HOST)
                .data_dir(directory.path().join(format!("node{number}")))
                .env("VESTIBULE_SEAL_KEY_FILE", directory.path().join("seal.key"));
            if let Some(url) = database {
                node = node.env("VESTIBULE_DATABASE", url);
            }
            node.start()
        };
        let nodes = (0..count).map(node).collect::<Result<Vec<_>, _>>()?;
        let first = nodes.first().ok_or("a cluster needs a node")?;
        let key = first.create_key_with(HOST, &["bench", "--scope", "bridge"])?;
        Ok(Self { nodes, key, directory, acknowledged: Cell::new(0) })
    }

    /// Creates invites through the command line; returns their links.
    fn fill(&self, count: u32) -> Result<String> {
        let node = self.nodes.first().ok_or("a cluster needs a node")?;
        let output = node.cli(&["invites", "create", HOST, "--count", &count.to_string()])?;
        if !output.success() {
            return Err(format!("invites create: {output}").into());
        }
        self.acknowledged.set(self.acknowledged.get() + u64::from(count));
        Ok(output.stdout)
    }

    /// Puts load on this many nodes at once; the p99 is that of the slowest.
    fn creates(&self, nodes: u32, duration: Duration) -> Result<Load> {
        let start = |node: &Vestibule| {
            let target = Target::get(format!("{}/invites_api?key={}", node.url(), self.key));
            thread::spawn(move || wrk::run(&target, CONNECTIONS / nodes, duration))
        };
        let nodes = usize::try_from(nodes).unwrap_or(usize::MAX);
        let threads: Vec<_> = self.nodes.iter().take(nodes).map(start).collect();
        let mut total = Load::default();
        for thread in threads {
            let load = thread.join().map_err(|_| "a load thread panicked")??;
            total.requests += load.requests;
            total.rate += load.rate;
            total.p99 = total.p99.max(load.p99);
        }
        self.acknowledged.set(self.acknowledged.get() + total.requests);
        Ok(total)
    }

    /// Claims invites that are created in preparation.
    fn claims(&self, duration: Duration) -> Result<Load> {
        let count = u32::try_from(CLAIMS_PER_SECOND * duration.as_secs()).unwrap_or(u32::MAX);
        let file = self.directory.path().join("claims");
        fs::write(&file, claim_requests(&self.fill(count)?)).context("writing the claims")?;
        let node = self.nodes.first().ok_or("a cluster needs a node")?;
        let args = vec![file.into(), self.key.clone().into(), THREADS.to_string().into()];
        let script = Some(walk_script(Path::new(self.directory.path()))?);
        let target = Target { url: node.url(), headers: Vec::new(), script, args };
        wrk::run(&target, CONNECTIONS, duration)
    }

    /// Kills the nodes and checks that everything acknowledged is in the store.
    fn check_kept(mut self) -> Result<()> {
        for node in &mut self.nodes {
            node.kill();
        }
        let found = self.nodes.first().map_or(Ok(0), |node| count(node, &[]))?;
        let acknowledged = self.acknowledged.get();
        if found >= acknowledged {
            return Ok(());
        }
        Err(format!("{acknowledged} invites were acknowledged, but only {found} found").into())
    }
}
