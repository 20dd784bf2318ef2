//! The machine and the programs that the figures belong to.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use vestibule_e2e::CliOutput;

use crate::procfs::field;
use crate::stats::quantile;

/// How many flushes are timed.
const FLUSHES: u16 = 300;
const UNKNOWN: &str = "unknown";

/// What stands at the head of the results.
#[derive(Debug)]
pub(crate) struct Machine {
    /// Name and value, in the order in which they are shown.
    pub facts: Vec<(&'static str, String)>,
}

/// What one flush to disk costs: a 4 KiB write and `fdatasync`.
#[derive(Clone, Copy, Debug)]
struct Flush {
    median: Duration,
    slow: Duration,
}

/// Describes this machine; `scratch` is the folder in which the stores will lie.
pub(crate) fn describe(vestibule: &Path, scratch: &Path) -> io::Result<Machine> {
    let flush = time_flushes(&scratch.join("flush"))?;
    let mounts = read("/proc/self/mounts");
    let facts = vec![
        ("Processor", format!("{}, {} cores", processor(&read("/proc/cpuinfo")), cores()?)),
        ("Memory", format!("{} MiB", field(&read("/proc/meminfo"), "MemTotal:").unwrap_or_default() / 1024)),
        ("System", format!("{}, Linux {}", system(), read("/proc/sys/kernel/osrelease").trim())),
        (
            "Disk",
            format!(
                "{}; write of 4 KiB + fdatasync: median {:.2} ms, 99 % {:.2} ms ({FLUSHES} times)",
                file_system(&mounts, scratch).unwrap_or(UNKNOWN),
                flush.median.as_secs_f64() * 1e3,
                flush.slow.as_secs_f64() * 1e3,
            ),
        ),
        ("Vestibule", format!("{}, {}", version(vestibule), commit())),
        ("Bare axum", format!("axum {}, tokio {}", locked("axum"), locked("tokio"))),
        ("Compiler", answer("rustc", &["--version"])),
        (
            "Prosody",
            format!("prosody {}, prosody-modules {}", package("prosody"), package("prosody-modules")),
        ),
        ("Load", format!("wrk {}, 2 threads, on the same machine", package("wrk"))),
    ];
    Ok(Machine { facts })
}

/// The kind of file system that `folder` lies on.
pub(crate) fn file_system_of(folder: &Path) -> Option<String> {
    file_system(&read("/proc/self/mounts"), folder).map(str::to_owned)
}

fn file_system<'a>(mounts: &'a str, folder: &Path) -> Option<&'a str> {
    let folder = folder.canonicalize().ok()?;
    let mounted = mounts.lines().filter_map(|line| {
        let mut columns = line.split(' ').skip(1);
        Some((columns.next()?, columns.next()?))
    });
    mounted
        .filter(|(point, _)| folder.starts_with(point))
        .max_by_key(|(point, _)| point.len())
        .map(|(_, kind)| kind)
}

fn time_flushes(path: &Path) -> io::Result<Flush> {
    let mut file = File::create(path)?;
    let block = [0x5a_u8; 4096];
    let mut seconds = Vec::new();
    for _ in 0..FLUSHES {
        let start = Instant::now();
        file.write_all(&block)?;
        file.sync_data()?;
        seconds.push(start.elapsed().as_secs_f64());
    }
    fs::remove_file(path)?;
    let at = |share| Duration::from_secs_f64(quantile(seconds.iter().copied(), share).unwrap_or_default());
    Ok(Flush { median: at(0.5), slow: at(0.99) })
}

fn cores() -> io::Result<usize> {
    Ok(std::thread::available_parallelism()?.get())
}

fn processor(cpuinfo: &str) -> &str {
    cpuinfo
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or(std::env::consts::ARCH, |(_, name)| name)
}

fn system() -> String {
    read("/etc/os-release")
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="))
        .map_or_else(|| UNKNOWN.to_owned(), |name| name.trim_matches('"').to_owned())
}

fn version(vestibule: &Path) -> String {
    answer(&vestibule.to_string_lossy(), &["--version"])
}

/// The commit that was measured, as far as git knows it.
fn commit() -> String {
    let head = answer("git", &["rev-parse", "--short=10", "HEAD"]);
    if head == UNKNOWN {
        return "not from a commit".to_owned();
    }
    match answer("git", &["status", "--porcelain", "--", "crates", "Cargo.lock"]).as_str() {
        UNKNOWN => format!("commit {head}"),
        _ => format!("commit {head} and changes since"),
    }
}

fn package(name: &str) -> String {
    answer("dpkg-query", &["--show", "--showformat=${Version}", name])
}

/// The version of a crate in the lock file here.
fn locked(name: &str) -> String {
    version_in(&read("Cargo.lock"), name).unwrap_or(UNKNOWN).to_owned()
}

fn version_in<'a>(lock: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = lock.lines().skip_while(|line| *line != format!("name = \"{name}\""));
    lines.nth(1)?.strip_prefix("version = ").map(|version| version.trim_matches('"'))
}

/// The first line of what a command prints; `unknown` if it prints nothing or fails.
fn answer(program: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(program);
    command.args(arguments);
    CliOutput::of(command)
        .ok()
        .filter(CliOutput::success)
        .and_then(|output| output.text().lines().next().map(|line| line.trim().to_owned()))
        .filter(|line| !line.is_empty())
        .unwrap_or_else(|| UNKNOWN.to_owned())
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deepest_mount_wins() {
        let mounts = "/dev/vda / ext4 rw 0 0\nproc /proc proc rw 0 0\nnone /proc/sys sysfs ro 0 0\n";
        assert_eq!(file_system(mounts, Path::new("/proc")), Some("proc"));
        assert_eq!(file_system(mounts, Path::new("/")), Some("ext4"));
        assert_eq!(file_system("", Path::new("/")), None);
    }

    #[test]
    fn finds_a_crate_in_the_lock_file() {
        let lock = "[[package]]\nname = \"axum-core\"\nversion = \"0.5.1\"\n\n[[package]]\nname = \"axum\"\n\
                    version = \"0.8.9\"\n";
        assert_eq!(version_in(lock, "axum"), Some("0.8.9"));
        assert_eq!(version_in(lock, "tokio"), None);
    }

    #[test]
    fn names_the_processor() {
        assert_eq!(processor("processor\t: 0\nmodel name\t: AMD EPYC\nstepping\t: 1\n"), "AMD EPYC");
        assert_eq!(processor(""), std::env::consts::ARCH);
    }

    #[test]
    fn a_program_that_is_not_there_has_no_version() {
        assert_eq!(answer("vestibule-bench-no-such-program", &[]), UNKNOWN);
    }
}
