//! The servers that are measured, each started anew for every run.

use std::fmt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;
use vestibule_e2e::{HarnessError, Process, Prosody};

use crate::api::Call;
use crate::disturbance::Watch;
use crate::error::BenchError;
use crate::format::{duration, grouped, per_second};
use crate::procfs::{self, Memory, Usage};
use crate::store::{HOST, Store};
use crate::wrk::{self, Load, Target};

/// How long the bare axum may take to be ready.
const READY: Duration = Duration::from_secs(10);

/// A server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// Axum answering "hi".
    Hi,
    /// Axum with one durable row in SQLite for each answer, and nothing else.
    Row,
    /// Vestibule on a store that already holds invites.
    Vestibule {
        /// How many.
        invites: u64,
    },
    /// Prosody with its original module, on an empty store.
    Prosody,
    /// One call of Vestibule's APIs.
    Call(Call),
    /// The first page of an invited person.
    Landing,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hi => f.write_str("bare axum, \"hi\""),
            Self::Row => f.write_str("bare axum and SQLite, a row an answer"),
            Self::Vestibule { invites } => write!(f, "Vestibule, {} invites", grouped(*invites)),
            Self::Prosody => f.write_str("Prosody mod_invites_api, 0 invites"),
            Self::Call(call) => call.fmt(f),
            Self::Landing => f.write_str("`GET /invite/{token}`"),
        }
    }
}

/// One load on one server.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    /// The server.
    pub subject: Subject,
    /// How many connections made load.
    pub connections: u32,
    /// What came back.
    pub load: Load,
    /// What the load cost the server.
    pub usage: Usage,
    /// What it held in memory at the end.
    pub memory: Memory,
    /// The share of the processors that others took meanwhile, 0 to 1.
    pub others: f64,
}

impl Run {
    /// Fails unless all that was acknowledged was `found` after SIGKILL.
    pub(crate) fn is_kept(&self, found: u64) -> Result<(), BenchError> {
        let acknowledged = self.load.requests;
        if found >= acknowledged {
            return Ok(());
        }
        Err(BenchError::Lost { run: name(self.subject, self.connections), acknowledged, found })
    }

    /// Says on stderr what came of it.
    pub(crate) fn told(self) -> Self {
        let (rate, p99) = (per_second(self.load.rate), duration(self.load.p99));
        let others = self.others * 100.0;
        eprintln!("  {}: {rate}/s, p99 {p99}; others took {others:.0} % of the machine", self.subject);
        self
    }
}

/// Load of a certain strength.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pressure {
    /// Connections that ask all the time.
    pub connections: u32,
    /// For how long.
    pub duration: Duration,
}

/// Puts load on the bare axum.
pub(crate) fn hi(pressure: Pressure) -> Result<Run, BenchError> {
    yardstick(Subject::Hi, &["hi"], pressure)
}

/// Puts load on the bare axum with SQLite, on a new file in `scratch`.
pub(crate) fn row(scratch: &Path, pressure: Pressure) -> Result<Run, BenchError> {
    let folder = TempDir::with_prefix_in("row-", scratch).map_err(BenchError::io("making a folder"))?;
    let file = folder.path().join("rows.db");
    yardstick(Subject::Row, &["insert", "--database", &file.to_string_lossy()], pressure)
}

fn yardstick(subject: Subject, args: &[&str], pressure: Pressure) -> Result<Run, BenchError> {
    let this = std::env::current_exe().map_err(BenchError::io("finding this program"))?;
    let mut command = Command::new(this);
    command.args(args).args(["--listen", "127.0.0.1:0"]);
    let process = Process::spawn(command)?;
    let line = process.next_line(READY)?;
    let url = line.strip_prefix("listening on ").ok_or_else(|| HarnessError::NotReady {
        program: subject.to_string(),
        why: format!("its first line was {line:?}"),
        output: process.stderr(),
    })?;
    load(subject, process.pid(), &Target::get(url), pressure)
}

/// Puts load on Vestibule with a copy of `store`, kills it, and checks that what it acknowledged is there.
pub(crate) fn vestibule(store: &Store, scratch: &Path, pressure: Pressure) -> Result<Run, BenchError> {
    let subject = Subject::Vestibule { invites: store.invites };
    let running = store.run(scratch)?;
    let target = Target::get(store.mint_url(&running.server));
    let run = load(subject, running.server.pid(), &target, pressure)?;
    let grew = running.kill_and_count()?.saturating_sub(store.invites);
    run.is_kept(grew)?;
    Ok(run)
}

/// Puts load on Prosody with its original module.
pub(crate) fn prosody(pressure: Pressure) -> Result<Run, BenchError> {
    let server = Prosody::builder()
        .host(HOST)
        .module("http")
        .module("invites")
        .module("invites_api")
        // Debug messages to a file, the default of the harness, would slow it.
        .config("log = { error = \"*console\" }")
        .start()?;
    let output = server.ctl(&["mod_invites_api", "create", HOST, "bench"])?;
    let key = output.text().lines().last().unwrap_or_default();
    if !output.success() || !key.contains('/') {
        let command = "prosodyctl mod_invites_api create".to_owned();
        return Err(HarnessError::Command { command, output: output.to_string() }.into());
    }
    let url = format!("{}/invites_api?key={key}", server.http_url());
    load(Subject::Prosody, server.pid(), &Target::get(url), pressure)
}

/// Puts load on the server with this process id.
pub(crate) fn load(
    subject: Subject,
    pid: u32,
    target: &Target,
    pressure: Pressure,
) -> Result<Run, BenchError> {
    let watch = || BenchError::io(format!("watching {subject}"));
    let before = procfs::usage(pid).map_err(watch())?;
    let machine = Watch::begin(&[pid]).map_err(watch())?;
    let load = wrk::run(target, pressure.connections, pressure.duration)
        .map_err(|source| BenchError::Load { run: name(subject, pressure.connections), source })?;
    let others = machine.end().map_err(watch())?;
    let after = procfs::usage(pid).map_err(watch())?;
    let memory = procfs::memory(pid).map_err(watch())?;
    let usage = Usage {
        processor: after.processor.saturating_sub(before.processor),
        written: after.written.saturating_sub(before.written),
    };
    Ok(Run { subject, connections: pressure.connections, load, usage, memory, others })
}

fn name(subject: Subject, connections: u32) -> String {
    format!("{subject}, {connections} connections")
}
