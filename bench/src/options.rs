//! Options that every measurement has, and what they resolve to.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use tempfile::TempDir;
use vestibule_e2e::vestibule_binary;

use crate::error::{Context as _, Result};

/// File systems in memory: nothing on them is durable.
const IN_MEMORY: [&str; 2] = ["tmpfs", "ramfs"];

/// The options of every measurement.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct CommonArgs {
    /// Smoke run: one round of 1 s, small stores; prints instead of writing
    #[arg(long)]
    pub quick: bool,
    /// Print the results instead of writing them; a narrowed run always prints
    #[arg(long)]
    pub print: bool,
    /// Rounds; each measures every server once
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=50))]
    pub rounds: Option<u32>,
    /// Seconds of load on each server in each round
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=60))]
    pub seconds: Option<u64>,
    /// The binary to measure [default: the one next to this program]
    #[arg(long, value_name = "FILE")]
    pub vestibule: Option<PathBuf>,
    /// A directory on a disk for the stores (about 3 GB) [default: the target directory of this program]
    #[arg(long, value_name = "DIR")]
    pub scratch: Option<PathBuf>,
    /// The file to write the results to [default: the page in bench/]
    #[arg(long, value_name = "FILE", conflicts_with_all = ["quick", "print"])]
    pub results: Option<PathBuf>,
}

/// A measurement, ready to begin.
#[derive(Debug)]
pub(crate) struct Bench {
    pub quick: bool,
    pub rounds: u32,
    /// Load on each server in each round.
    pub duration: Duration,
    /// The binary to measure.
    pub binary: PathBuf,
    /// The file for the results; `None` prints them.
    pub results: Option<PathBuf>,
    scratch: TempDir,
}

impl CommonArgs {
    /// Where the results go. A narrowed run never replaces the page of a whole one unless the file is given.
    fn results(&self, page: &str, narrowed: bool) -> Option<PathBuf> {
        let narrowed =
            narrowed || self.quick || self.print || self.rounds.is_some() || self.seconds.is_some();
        self.results.clone().or((!narrowed).then(|| PathBuf::from(page)))
    }

    /// Resolves the options of a measurement with the results page `page`.
    pub(crate) fn prepare(&self, page: &str, narrowed: bool) -> Result<Bench> {
        let results = self.results(page, narrowed);
        if let Some(directory) = results.as_deref().and_then(Path::parent)
            && !directory.as_os_str().is_empty()
            && !directory.is_dir()
        {
            return Err(format!("there is no directory {}", directory.display()).into());
        }
        let default = if self.quick { 1 } else { 5 };
        Ok(Bench {
            quick: self.quick,
            rounds: self.rounds.unwrap_or(default),
            duration: Duration::from_secs(self.seconds.unwrap_or(u64::from(default))),
            binary: self.vestibule.clone().map_or_else(vestibule_binary, Ok)?,
            results,
            scratch: scratch(self.scratch.as_deref())?,
        })
    }
}

impl Bench {
    /// The directory for the stores, removed at the end.
    pub(crate) fn scratch(&self) -> &Path {
        self.scratch.path()
    }
}

fn scratch(given: Option<&Path>) -> Result<TempDir> {
    let this = std::env::current_exe().context("finding this program")?;
    let directory = given.or(this.ancestors().nth(2)).unwrap_or(Path::new("."));
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    match file_system(&mounts, directory) {
        Some(kind) if IN_MEMORY.contains(&kind) => {
            let directory = directory.display();
            Err(format!("{directory} is in memory ({kind}); choose a directory on a disk with --scratch")
                .into())
        }
        _ => TempDir::with_prefix_in("bench-", directory).context(directory.display()),
    }
}

/// The type of the file system that contains `directory`.
fn file_system<'a>(mounts: &'a str, directory: &Path) -> Option<&'a str> {
    let directory = directory.canonicalize().ok()?;
    let mounted = mounts.lines().filter_map(|line| {
        let mut columns = line.split(' ').skip(1);
        Some((columns.next()?, columns.next()?))
    });
    let above = mounted.filter(|(point, _)| directory.starts_with(point));
    above.max_by_key(|(point, _)| point.len()).map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_run_replaces_the_page() {
        let page = Some(PathBuf::from("bench/RESULTS.md"));
        let whole = CommonArgs::default();
        assert_eq!(whole.results("bench/RESULTS.md", false), page);
        assert_eq!(whole.results("bench/RESULTS.md", true), None);
        for narrowed in [
            CommonArgs { quick: true, ..whole.clone() },
            CommonArgs { print: true, ..whole.clone() },
            CommonArgs { rounds: Some(1), ..whole.clone() },
            CommonArgs { seconds: Some(1), ..whole.clone() },
        ] {
            assert_eq!(narrowed.results("bench/RESULTS.md", false), None);
            let given = CommonArgs { results: page.clone(), ..narrowed };
            assert_eq!(given.results("x.md", false), page);
        }
    }

    #[test]
    fn the_innermost_mount_counts() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().canonicalize().unwrap();
        let mounts = format!("a / ext4 rw 0 0\nb {} tmpfs rw 0 0\nc /none xfs rw 0 0\n", path.display());
        assert_eq!(file_system(&mounts, &path), Some("tmpfs"));
        assert_eq!(file_system("a / ext4 rw 0 0\n", &path), Some("ext4"));
    }
}
