//! The load generator: runs `wrk` and parses its output.
//!
//! `wrk` is a closed loop: every connection sends the next request as soon as it is answered. Its latencies are those
//! of a saturated server, and connections = rate x mean latency.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use vestibule_e2e::Process;

use crate::error::{Context as _, Result};

/// Threads of `wrk`: as many as the smallest machine has cores.
pub(crate) const THREADS: u32 = 2;
/// Printed by a [`Target::script`] that had fewer requests than time.
const RAN_OUT: &str = "Ran out of requests";
/// Timeout of an answer, far above what even a slow server needs.
const ANSWER_TIMEOUT: &str = "30s";
/// How much longer than its duration `wrk` may run.
const GRACE: Duration = Duration::from_secs(35);

/// The request to repeat.
#[derive(Clone, Debug, Default)]
pub(crate) struct Target {
    /// The URL; a script that writes whole requests uses its server only.
    pub url: String,
    /// Headers, each as `Name: value`.
    pub headers: Vec<String>,
    /// A script of `wrk`, for anything but a GET.
    pub script: Option<PathBuf>,
    /// Arguments of the script.
    pub args: Vec<OsString>,
}

impl Target {
    /// `GET url`.
    pub(crate) fn get(url: impl Into<String>) -> Self {
        Self { url: url.into(), ..Self::default() }
    }
}

/// The figures of one valid run.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Load {
    /// Number of answers, all of them 2xx or 3xx.
    pub requests: u64,
    /// Answers per second.
    pub rate: f64,
    /// Median latency.
    pub p50: Duration,
    /// 99th percentile of the latency.
    pub p99: Duration,
    /// Highest latency.
    pub max: Duration,
}

/// Sends requests on `connections` connections for `duration`.
pub(crate) fn run(target: &Target, connections: u32, duration: Duration) -> Result<Load> {
    let mut command = Command::new("wrk");
    command
        .args(["--timeout", ANSWER_TIMEOUT, "--latency"])
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
    let mut process = Process::spawn(command).context("starting wrk (apt install wrk)")?;
    let exit = process.wait(duration + GRACE)?;
    let output = process.rest_of_stdout();
    if exit.success() { parse(&output) } else { Err(format!("wrk: {output}{}", process.stderr()).into()) }
}

/// Reads the summary of `wrk --latency`. A run with any error has no figures.
fn parse(output: &str) -> Result<Load> {
    let after =
        |start: &str| output.lines().find_map(|line| line.trim_start().strip_prefix(start)).map(str::trim);
    let requests = output.lines().find_map(|line| line.trim_start().split_once(" requests in "));
    let requests = requests.and_then(|(count, _)| count.parse().ok()).unwrap_or(0);
    if let Some(errors) = after("Socket errors:") {
        return Err(format!("socket errors: {errors}").into());
    }
    if after(RAN_OUT).is_some() {
        return Err("the load ran out of prepared requests: the server is faster than expected".into());
    }
    if let Some(count) = after("Non-2xx or 3xx responses:") {
        return Err(format!("{count} of {requests} answers were neither 2xx nor 3xx").into());
    }
    let slowest = after("Latency").and_then(|columns| columns.split_whitespace().nth(2));
    let figures = || {
        Some(Load {
            requests: Some(requests).filter(|requests| *requests > 0)?,
            rate: after("Requests/sec:").and_then(scaled)?,
            p50: after("50%").and_then(time)?,
            p99: after("99%").and_then(time)?,
            max: slowest.and_then(time)?,
        })
    };
    figures().ok_or_else(|| format!("wrk printed no usable figures:\n{output}").into())
}

/// Parses a time, such as `812.00us`, `3.41ms`, `1.20s`, `2.00m`, `1.00h`.
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

/// Parses a count, such as `940.12`, `48.50k`, `1.20M`.
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
mod tests {
    use super::*;

    const GOOD: &str = "Running 5s test @ http://127.0.0.1:1/\n  Thread Stats   Avg      Stdev     Max   +/- Stdev\n    \
         Latency     1.50ms  400.00us  20.10ms   90.00%\n  Latency Distribution\n     50%    1.40ms\n     99%    \
         3.41ms\n  250000 requests in 5.00s, 30.00MB read\nRequests/sec:  48.50k\n";

    #[test]
    fn a_summary_is_parsed() {
        let load = parse(GOOD).unwrap();
        assert_eq!((load.requests, load.rate), (250_000, 48_500.0));
        assert_eq!((load.p99, load.max), (Duration::from_micros(3410), Duration::from_micros(20_100)));
    }

    #[test]
    fn a_run_with_errors_has_no_figures() {
        for (more, message) in [
            ("  Socket errors: connect 0, read 3, write 0, timeout 0\n", "socket errors: connect 0, read 3"),
            ("  Non-2xx or 3xx responses: 7\n", "7 of 250000"),
            ("Ran out of requests\n", "ran out"),
        ] {
            let error = parse(&format!("{GOOD}{more}")).unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
        assert!(parse("").unwrap_err().to_string().contains("no usable figures"));
        assert!(parse(&GOOD.replace("250000", "0")).is_err());
    }

    #[test]
    fn units_are_scaled() {
        assert_eq!(time("812.00us"), Some(Duration::from_micros(812)));
        assert_eq!(time("2.00m"), Some(Duration::from_mins(2)));
        assert_eq!((time("5"), time("1.0x")), (None, None));
        assert_eq!((scaled("1.20M"), scaled("940.12"), scaled("x")), (Some(1_200_000.0), Some(940.12), None));
    }
}
