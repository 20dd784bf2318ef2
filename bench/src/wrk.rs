//! The load generator: runs `wrk` and reads what it prints.
//!
//! `wrk` is a closed loop: every connection asks again as soon as it is answered. So its latencies are those
//! of a saturated server, and connections = rate x mean latency.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use vestibule_e2e::{HarnessError, Process};

/// The threads that make load: as many as the smallest machine that is measured on has cores.
pub(crate) const THREADS: u32 = 2;
/// What [`Target::script`] prints at the end of a run that had more time than requests.
const RAN_OUT: &str = "Ran out of requests";
/// How long an answer may take before `wrk` calls it lost; far above what even a slow peer needs.
const ANSWER_WITHIN: &str = "30s";
/// How much longer than asked `wrk` may run before it is stopped.
const GRACE: Duration = Duration::from_secs(35);

/// What went wrong with a load run. Such a run has no figures.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WrkError {
    /// `wrk` is not there.
    #[error("`wrk` makes the load and is not installed: apt install wrk")]
    Missing,
    /// `wrk` could not be run to its end.
    #[error(transparent)]
    Harness(HarnessError),
    /// It gave up.
    #[error("wrk failed: {0}")]
    Failed(String),
    /// Its output lacks a figure.
    #[error("wrk printed no {what} that can be read:\n{output}")]
    Unreadable {
        /// The figure that is missing.
        what: &'static str,
        /// All that it printed.
        output: String,
    },
    /// The server did not always say yes.
    #[error("the run is invalid: {count} of {requests} answers were neither 2xx nor 3xx")]
    Refused {
        /// The answers with another status.
        count: u64,
        /// All answers.
        requests: u64,
    },
    /// Connections broke or answers never came.
    #[error("the run is invalid: wrk counted socket errors: {0}")]
    Socket(String),
    /// The script had no request left that was not made yet.
    #[error(
        "the run is invalid: it ran out of requests to make; this server is faster than was prepared for"
    )]
    RanOut,
    /// Not one answer came.
    #[error("the run is invalid: not one request was answered")]
    Nothing,
}

/// What is asked over and over.
#[derive(Clone, Debug, Default)]
pub(crate) struct Target {
    /// The address; with a script that writes whole requests, only the server in it counts.
    pub url: String,
    /// Headers, each as `Name: value`.
    pub headers: Vec<String>,
    /// A script of `wrk`, for anything but a GET.
    pub script: Option<PathBuf>,
    /// What the script is given.
    pub args: Vec<OsString>,
}

impl Target {
    /// `GET url`.
    pub(crate) fn get(url: impl Into<String>) -> Self {
        Self { url: url.into(), ..Self::default() }
    }
}

/// The figures of one valid run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Load {
    /// The answers that came, all of them 2xx or 3xx.
    pub requests: u64,
    /// Answers per second.
    pub rate: f64,
    /// Half of the answers came within this.
    pub p50: Duration,
    /// 99 of 100 answers came within this.
    pub p99: Duration,
    /// The slowest answer.
    pub max: Duration,
}

/// Checks that `wrk` is installed.
pub(crate) fn is_there() -> Result<(), WrkError> {
    Process::spawn(Command::new("wrk")).map(drop).map_err(not_started)
}

/// Asks over and over on `connections` connections for `duration`.
pub(crate) fn run(target: &Target, connections: u32, duration: Duration) -> Result<Load, WrkError> {
    let mut command = Command::new("wrk");
    command
        .args(["--timeout", ANSWER_WITHIN, "--latency"])
        .args(["--threads", &THREADS.min(connections).to_string()])
        .args(["--connections", &connections.to_string()])
        .args(["--duration", &format!("{}s", duration.as_secs().max(1))]);
    for header in &target.headers {
        command.args(["--header", header]);
    }
    if let Some(script) = &target.script {
        command.arg("--script").arg(script);
    }
    command.arg(&target.url).args(&target.args);
    let mut process = Process::spawn(command).map_err(not_started)?;
    let exit = process.wait(duration + GRACE).map_err(WrkError::Harness)?;
    let output = process.rest_of_stdout();
    if exit.success() { parse(&output) } else { Err(WrkError::Failed(output + &process.stderr())) }
}

fn not_started(error: HarnessError) -> WrkError {
    match error {
        HarnessError::Io { source, .. } if source.kind() == io::ErrorKind::NotFound => WrkError::Missing,
        other => WrkError::Harness(other),
    }
}

/// Reads the summary that `wrk --latency` prints.
pub(crate) fn parse(output: &str) -> Result<Load, WrkError> {
    let unreadable = |what| WrkError::Unreadable { what, output: output.to_owned() };
    let after =
        |start: &str| output.lines().find_map(|line| line.trim_start().strip_prefix(start)).map(str::trim);

    let requests = output
        .lines()
        .find_map(|line| line.trim_start().split_once(" requests in "))
        .and_then(|(count, _)| count.parse().ok())
        .ok_or_else(|| unreadable("number of requests"))?;
    if let Some(errors) = after("Socket errors:") {
        return Err(WrkError::Socket(errors.to_owned()));
    }
    if after(RAN_OUT).is_some() {
        return Err(WrkError::RanOut);
    }
    if let Some(count) = after("Non-2xx or 3xx responses:") {
        let count = count.parse().map_err(|_| unreadable("number of other answers"))?;
        return Err(WrkError::Refused { count, requests });
    }
    if requests == 0 {
        return Err(WrkError::Nothing);
    }
    Ok(Load {
        requests,
        rate: after("Requests/sec:").and_then(scaled).ok_or_else(|| unreadable("rate"))?,
        p50: after("50%").and_then(time).ok_or_else(|| unreadable("median latency"))?,
        p99: after("99%").and_then(time).ok_or_else(|| unreadable("99th percentile"))?,
        max: after("Latency")
            .and_then(|columns| columns.split_whitespace().nth(2))
            .and_then(time)
            .ok_or_else(|| unreadable("slowest answer"))?,
    })
}

/// A time as `wrk` writes it: `812.00us`, `3.41ms`, `1.20s`, `2.00m`, `1.00h`.
fn time(text: &str) -> Option<Duration> {
    let unit = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at_checked(unit)?;
    let seconds = match unit {
        "us" => 1e-6,
        "ms" => 1e-3,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return None,
    };
    Duration::try_from_secs_f64(number.parse::<f64>().ok()? * seconds).ok()
}

/// A count as `wrk` writes it: `940.12`, `48.50k`, `1.20M`.
fn scaled(text: &str) -> Option<f64> {
    let (number, factor) = match text.as_bytes().last()? {
        b'k' => (text.get(..text.len() - 1)?, 1e3),
        b'M' => (text.get(..text.len() - 1)?, 1e6),
        b'G' => (text.get(..text.len() - 1)?, 1e9),
        _ => (text, 1.0),
    };
    number.parse::<f64>().ok().filter(|n| n.is_finite() && *n >= 0.0).map(|n| n * factor)
}

#[cfg(test)]
#[path = "wrk_tests.rs"]
mod tests;
