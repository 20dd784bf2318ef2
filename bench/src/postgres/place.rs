//! A store, the nodes on it, and load on them.

use std::cell::Cell;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use private_postgres::Server;
use serde_json::json;
use tempfile::TempDir;
use vestibule_e2e::http::token_of;
use vestibule_e2e::{HarnessError, Vestibule};

use super::{Figure, Row, failed};
use crate::error::BenchError;
use crate::store::HOST;
use crate::wrk::{self, THREADS};

/// Connections that ask all the time, over all nodes.
const CONNECTIONS: u32 = 64;
/// Tokens for each second of claims; a run that takes all of them fails.
const CLAIMS: u64 = 60_000;

/// Whom a load asks for what.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    /// Mints, of the node with this number.
    Mint(usize),
}

/// A store and the nodes on it.
pub(crate) struct Place {
    nodes: Vec<Vestibule>,
    key: String,
    folder: TempDir,
    /// Invites that must be there.
    acknowledged: Cell<u64>,
}

impl Place {
    /// One node on a file.
    pub(crate) fn file(binary: &Path) -> Result<Self, BenchError> {
        Self::new(binary, None, 1)
    }

    /// So many nodes on a new database of the server.
    pub(crate) fn server(
        binary: &Path,
        server: &Server,
        name: &str,
        count: usize,
    ) -> Result<Self, BenchError> {
        let url = server.create_database(name).map_err(failed)?;
        Self::new(binary, Some(&url), count)
    }

    fn new(binary: &Path, url: Option<&str>, count: usize) -> Result<Self, BenchError> {
        let target = binary.parent().unwrap_or(Path::new("."));
        let folder = TempDir::with_prefix_in("bench-", target).map_err(BenchError::io("making a folder"))?;
        let mut nodes = Vec::new();
        for number in 0..count {
            let mut node = Vestibule::builder()
                .binary(binary)
                .host(HOST)
                .data_dir(folder.path().join(format!("node{number}")))
                .env("VESTIBULE_SEAL_KEY_FILE", folder.path().join("seal.key"));
            if let Some(url) = url {
                node = node.env("VESTIBULE_DATABASE", url);
            }
            nodes.push(node.start()?);
        }
        let first = nodes.first().ok_or_else(|| failure("starting nodes", "none was asked for"))?;
        let key = first.create_key_with(HOST, &["bench", "--scope", "bridge"])?;
        Ok(Self { nodes, key, folder, acknowledged: Cell::new(0) })
    }

    /// Mints so many invites beforehand; their links.
    pub(crate) fn fill(&self, count: u32) -> Result<String, BenchError> {
        let count_text = count.to_string();
        let args = ["invites", "create", HOST, "--count", &count_text];
        let output = self.nodes.first().map(|node| node.cli(&args)).transpose()?;
        let output = output.filter(vestibule_e2e::CliOutput::success).ok_or_else(|| {
            HarnessError::Command { command: args.join(" "), output: "it failed".to_owned() }
        })?;
        self.acknowledged.set(self.acknowledged.get() + u64::from(count));
        Ok(output.stdout)
    }

    /// Puts load on nodes, all at once; the slowest p99 of them counts.
    pub(crate) fn load(
        &self,
        row: Row,
        targets: &[Target],
        duration: Duration,
    ) -> Result<Figure, BenchError> {
        let share = CONNECTIONS / u32::try_from(targets.len()).unwrap_or(1).max(1);
        let loads: Vec<_> = targets
            .iter()
            .filter_map(|Target::Mint(node)| self.nodes.get(*node))
            .map(|node| {
                let target = wrk::Target::get(format!("{}/invites_api?key={}", node.url(), self.key));
                thread::spawn(move || wrk::run(&target, share, duration))
            })
            .collect();
        let mut figure = Figure { row, rate: 0.0, p99: Duration::ZERO };
        for load in loads {
            let load = load.join().map_err(|_| failure("making load", "a thread panicked"))?;
            let load = load.map_err(|source| BenchError::Load { run: format!("{row:?}"), source })?;
            figure.rate += load.rate;
            figure.p99 = figure.p99.max(load.p99);
            self.acknowledged.set(self.acknowledged.get() + load.requests);
        }
        Ok(figure)
    }

    /// Claims invites that are made beforehand.
    pub(crate) fn claims(&self, row: Row, duration: Duration) -> Result<Figure, BenchError> {
        let count = u32::try_from(CLAIMS * duration.as_secs()).unwrap_or(u32::MAX);
        let links = self.fill(count)?;
        let requests: String = links.lines().enumerate().fold(String::new(), |mut text, (number, link)| {
            let body = json!({ "token": token_of(link), "username": format!("user{number}") });
            // Writing to a string cannot fail.
            let _ = writeln!(text, "/v1/redemptions\t{body}");
            text
        });
        let file = self.folder.path().join("claims");
        std::fs::write(&file, requests).map_err(BenchError::io("writing the claims"))?;
        let node = self.nodes.first().ok_or_else(|| failure("claiming", "there is no node"))?;
        let target = wrk::Target {
            url: node.url(),
            script: Some(script(&self.folder)?),
            args: vec![file.into(), self.key.clone().into(), THREADS.to_string().into()],
            ..wrk::Target::default()
        };
        let load = wrk::run(&target, CONNECTIONS, duration)
            .map_err(|source| BenchError::Load { run: format!("{row:?}"), source })?;
        Ok(Figure { row, rate: load.rate, p99: load.p99 })
    }

    /// Kills the nodes; all that was acknowledged must be there.
    pub(crate) fn nothing_is_lost(mut self) -> Result<(), BenchError> {
        for node in &mut self.nodes {
            node.kill();
        }
        let counted = self.nodes.first().map(|node| node.cli(&["invites", "count", HOST])).transpose()?;
        let found = counted.and_then(|output| output.text().parse().ok()).unwrap_or(0);
        let acknowledged = self.acknowledged.get();
        if found >= acknowledged {
            return Ok(());
        }
        Err(BenchError::Lost { run: "all mints".to_owned(), acknowledged, found })
    }
}

fn script(folder: &TempDir) -> Result<PathBuf, BenchError> {
    let path = folder.path().join("walk.lua");
    std::fs::write(&path, include_str!("../../load/walk.lua")).map_err(BenchError::io("writing a script"))?;
    Ok(path)
}

fn failure(what: &str, why: &str) -> BenchError {
    BenchError::Call { what: what.to_owned(), why: why.to_owned() }
}
