//! Loads on servers, and the figures of all runs.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;
use vestibule_e2e::{Process, Prosody};

use crate::error::{Context as _, Result};
use crate::report::{duration, shown};
use crate::stats::{median, paired_ratio};
use crate::store::HOST;
use crate::wrk::{self, Load, Target};

/// The name of the yardstick in tables.
const BARE_AXUM: &str = "bare axum, \"hi\"";
/// How long a yardstick may take to start.
const START_TIMEOUT: Duration = Duration::from_secs(10);
/// Processor time is counted in hundredths of a second on every Linux (`USER_HZ`).
const TICK: Duration = Duration::from_millis(10);

/// The strength of a load.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pressure {
    pub connections: u32,
    pub duration: Duration,
}

/// One load on one server.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    /// The server, as tables show it.
    pub server: String,
    pub connections: u32,
    pub load: Load,
    /// Processor time that the server used.
    pub processor: Duration,
    /// Resident memory of the server at the end, in KiB.
    pub resident: u64,
}

impl Run {
    /// Fails unless everything that was acknowledged was `found` after SIGKILL.
    pub(crate) fn check_kept(&self, found: u64) -> Result<()> {
        let acknowledged = self.load.requests;
        if found >= acknowledged {
            return Ok(());
        }
        Err(format!("{}: {acknowledged} were acknowledged, but only {found} found", self.server).into())
    }
}

/// Puts load on the server with the process id `pid`.
pub(crate) fn put(server: &str, pid: u32, target: &Target, pressure: Pressure) -> Result<Run> {
    let Pressure { connections, duration: time } = pressure;
    let before = processor_time(pid)?;
    let load = wrk::run(target, connections, time).context(format!("{server}, {connections} connections"))?;
    let processor = processor_time(pid)?.saturating_sub(before);
    let (rate, p99) = (load.rate, duration(load.p99));
    eprintln!("  {server}, {connections} connections: {rate:.0}/s, p99 {p99}");
    Ok(Run { server: server.to_owned(), connections, load, processor, resident: resident(pid)? })
}

/// Puts load on bare axum.
pub(crate) fn bare_axum(pressure: Pressure) -> Result<Run> {
    yardstick(BARE_AXUM, &["hi"], pressure)
}

/// Puts load on bare axum with one durable SQLite row per answer.
pub(crate) fn bare_row(scratch: &Path, pressure: Pressure) -> Result<Run> {
    let directory = TempDir::with_prefix_in("row-", scratch)?;
    let file = directory.path().join("rows.db");
    let args = ["insert", "--database", &file.to_string_lossy()];
    yardstick("bare axum and SQLite, one row per answer", &args, pressure)
}

fn yardstick(name: &str, args: &[&str], pressure: Pressure) -> Result<Run> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(args).args(["--listen", "127.0.0.1:0"]);
    let process = Process::spawn(command)?;
    let line = process.next_line(START_TIMEOUT)?;
    let url = line.strip_prefix("listening on ").ok_or_else(|| format!("{name} printed {line:?}"))?;
    put(name, process.pid(), &Target::get(url), pressure)
}

/// Puts load on Prosody with its original module.
pub(crate) fn prosody(pressure: Pressure) -> Result<Run> {
    let builder = Prosody::builder().host(HOST).module("http").module("invites").module("invites_api");
    // Debug messages to a file, the default of the harness, would slow it down.
    let server = builder.config("log = { error = \"*console\" }").start()?;
    let output = server.ctl(&["mod_invites_api", "create", HOST, "bench"])?;
    let key = output.text().lines().last().unwrap_or_default();
    let url = format!("{}/invites_api?key={key}", server.http_url());
    put("Prosody mod_invites_api", server.pid(), &Target::get(url), pressure)
}

/// The processor time that a process has used, in user and kernel mode.
fn processor_time(pid: u32) -> Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).context("reading /proc")?;
    parse_stat(&stat).ok_or_else(|| format!("/proc/{pid}/stat cannot be parsed").into())
}

fn parse_stat(stat: &str) -> Option<Duration> {
    // The second field is the name in parentheses, which may contain spaces and parentheses.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let (user, kernel): (u32, u32) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    TICK.checked_mul(user.checked_add(kernel)?)
}

/// The resident memory of a process in KiB.
pub(crate) fn resident(pid: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).context("reading /proc")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let value = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    value.ok_or_else(|| format!("/proc/{pid}/status cannot be parsed").into())
}

/// All runs of a measurement, in order.
#[derive(Debug, Default)]
pub(crate) struct Series(pub Vec<Run>);

impl Series {
    pub(crate) fn push(&mut self, run: Run) {
        self.0.push(run);
    }

    fn of<'a>(&'a self, server: &'a str, connections: u32) -> impl Iterator<Item = &'a Run> {
        self.0.iter().filter(move |run| run.server == server && run.connections == connections)
    }

    /// The median of a figure.
    fn median(&self, server: &str, connections: u32, figure: impl Fn(&Run) -> f64) -> Option<f64> {
        median(self.of(server, connections).map(figure))
    }

    /// The rate of a server divided by the mean rate of the bare axum runs before and after it; of these ratios
    /// the median. A slow drift of the system cancels out.
    fn to_bare_axum(&self, server: &str, connections: u32) -> Option<f64> {
        let alike: Vec<&Run> = self.0.iter().filter(|run| run.connections == connections).collect();
        let is_yardstick = |run: &&&Run| run.server == BARE_AXUM;
        let ratios =
            alike.iter().enumerate().filter(|(_, run)| run.server == server).filter_map(|(at, run)| {
                let before = alike.iter().take(at).rfind(is_yardstick)?;
                let after = alike.iter().skip(at).find(is_yardstick)?;
                Some(run.load.rate / f64::midpoint(before.load.rate, after.load.rate))
            });
        median(ratios)
    }

    /// The ratio of two servers, paired round by round; of these ratios the median.
    pub(crate) fn paired(&self, server: &str, other: &str, connections: u32) -> Option<f64> {
        let rates = |name| -> Vec<f64> { self.of(name, connections).map(|run| run.load.rate).collect() };
        paired_ratio(&rates(server), &rates(other))
    }

    /// One row per server and number of connections.
    pub(crate) fn rows(&self) -> Vec<Vec<String>> {
        let mut seen: Vec<(&str, u32)> = Vec::new();
        for run in &self.0 {
            if !seen.contains(&(run.server.as_str(), run.connections)) {
                seen.push((&run.server, run.connections));
            }
        }
        let row = |(server, connections): (&str, u32)| {
            let median = |figure: fn(&Run) -> f64| self.median(server, connections, figure);
            let time = |seconds: f64| duration(Duration::from_secs_f64(seconds));
            let ratio = self.to_bare_axum(server, connections).filter(|_| server != BARE_AXUM);
            let per_answer = median(|run| {
                let answers = u32::try_from(run.load.requests).unwrap_or(u32::MAX).max(1);
                (run.processor / answers).as_secs_f64()
            });
            let memory = self.of(server, connections).map(|run| run.resident).max().unwrap_or_default();
            vec![
                server.to_owned(),
                connections.to_string(),
                shown(median(|run| run.load.rate), |rate| format!("{rate:.0}")),
                shown(ratio, |ratio| format!("{ratio:.2}")),
                shown(median(|run| run.load.p50.as_secs_f64()), time),
                shown(median(|run| run.load.p99.as_secs_f64()), time),
                shown(per_answer, |seconds| format!("{:.1} µs", seconds * 1e6)),
                format!("{} MiB", memory / 1024),
            ]
        };
        seen.into_iter().map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(server: &str, connections: u32, rate: f64) -> Run {
        let time = Duration::from_millis(1);
        let load = Load { requests: 1000, rate, p50: time, p99: time * 2, max: time * 3 };
        Run { server: server.to_owned(), connections, load, processor: time * 20, resident: 20_480 }
    }

    #[test]
    fn a_rate_is_compared_with_its_neighbours() {
        // The system slows down between the two runs; runs of other servers and connections do not count.
        let series = Series(vec![
            run(BARE_AXUM, 64, 80_000.0),
            run("v", 64, 30_000.0),
            run("p", 64, 50.0),
            run(BARE_AXUM, 8, 10.0),
            run(BARE_AXUM, 64, 40_000.0),
            run("v", 64, 12_000.0),
            run(BARE_AXUM, 64, 20_000.0),
        ]);
        // 30/60 and 12/30.
        assert!((series.to_bare_axum("v", 64).unwrap() - 0.45).abs() < 1e-9);
        assert_eq!(series.to_bare_axum("v", 8), None);
        assert_eq!(series.paired("v", "p", 64), Some(600.0));
        assert_eq!(
            series.rows()[1],
            ["v", "64", "21000", "0.45", "1.00 ms", "2.00 ms", "20.0 µs", "20 MiB"].map(str::to_owned)
        );
    }

    #[test]
    fn processor_time_is_parsed_with_any_process_name() {
        let stat = "42 (a ) b) S 1 42 42 0 -1 4194560 1 2 3 4 250 50 0 0 20 0 5 0 100 1 2";
        assert_eq!(parse_stat(stat), Some(Duration::from_secs(3)));
        assert_eq!(parse_stat("42 (cut"), None);
        assert!(resident(std::process::id()).unwrap() > 0);
    }
}
