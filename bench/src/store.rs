//! Stores that already contain invites. Each is filled once and copied for every run, so that runs do not influence
//! each other.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;
use vestibule_e2e::{Process, Vestibule, VestibuleBuilder};

use crate::error::{Context as _, Result};
use crate::options::Bench;

/// The host of all invites.
pub(crate) const HOST: &str = "localhost";
/// How long filling a store may take.
const FILL_TIMEOUT: Duration = Duration::from_mins(5);

/// A filled store on disk, without a server.
#[derive(Debug)]
pub(crate) struct Store {
    pub invites: u64,
    /// An API key with every scope.
    pub key: String,
    /// The links of its invites, one per line.
    pub links: String,
    binary: PathBuf,
    directory: PathBuf,
}

/// A copy of a store with a server on it. Dropping it kills the server and removes the copy.
#[derive(Debug)]
pub(crate) struct Running {
    pub server: Vestibule,
    // Dropped after the server, which uses it.
    directory: TempDir,
}

impl Store {
    /// Creates a store with this many invites through the command line.
    pub(crate) fn prepare(bench: &Bench, name: &str, invites: u64) -> Result<Self> {
        let directory = bench.scratch().join(name);
        let mut server = serve(&bench.binary, &directory).start()?;
        let key = server.create_key_with(HOST, &["bench", "--scope", "bridge"])?;
        if !server.terminate()?.success() {
            return Err(format!("serve, then SIGTERM: {}", server.stderr()).into());
        }
        let mut links = String::new();
        if invites > 0 {
            let command = server.cli_command(&["invites", "create", HOST, "--count", &invites.to_string()]);
            let mut process = Process::spawn(command)?;
            if !process.wait(FILL_TIMEOUT)?.success() {
                return Err(format!("invites create: {}", process.stderr()).into());
            }
            links = process.rest_of_stdout();
        }
        Ok(Self { invites, key, links, binary: bench.binary.clone(), directory })
    }

    /// Copies this store into `bench`'s directory and starts a server on the copy, by `wrapper` if that is not empty.
    pub(crate) fn run_with(&self, bench: &Bench, wrapper: &[&str]) -> Result<Running> {
        let directory = TempDir::with_prefix_in("copy-", bench.scratch())?;
        copy_directory(&self.directory, directory.path()).context("copying a store")?;
        let server = serve(&self.binary, directory.path()).wrapper(wrapper).start()?;
        Ok(Running { server, directory })
    }

    /// Copies this store and starts a server on the copy.
    pub(crate) fn run(&self, bench: &Bench) -> Result<Running> {
        self.run_with(bench, &[])
    }

    /// The URL that creates an invite.
    pub(crate) fn create_url(&self, server: &Vestibule) -> String {
        format!("{}/invites_api?key={}", server.url(), self.key)
    }
}

impl Running {
    /// Kills the server (SIGKILL) and counts the invites in its store; `filter` as in `--state used`.
    pub(crate) fn kill_and_count(mut self, filter: &[&str]) -> Result<u64> {
        self.server.kill();
        count(&self.server, filter)
    }

    /// Kills the server and keeps its store. A second server recovers the store first, so that no later run pays
    /// for the kill.
    pub(crate) fn kill_and_keep(mut self, of: &Store) -> Result<Store> {
        self.server.kill();
        self.server.restart()?;
        self.server.terminate()?;
        drop(self.server);
        let (key, binary) = (of.key.clone(), of.binary.clone());
        Ok(Store { invites: of.invites, key, links: String::new(), binary, directory: self.directory.keep() })
    }
}

/// The number of invites in a store.
pub(crate) fn count(server: &Vestibule, filter: &[&str]) -> Result<u64> {
    let output = server.cli(&[&["invites", "count", HOST], filter].concat())?;
    output.text().parse().map_err(|_| format!("invites count: {output}").into())
}

fn serve(binary: &Path, data_dir: &Path) -> VestibuleBuilder {
    // The harness raises the limit for its own wrong keys; the shipped default is measured.
    let builder = Vestibule::builder().env("VESTIBULE_GUESS_RATE", "100/min");
    builder.binary(binary).data_dir(data_dir).host(HOST)
}

/// Copies a directory and flushes the copy, so that its writing does not fall into a run.
fn copy_directory(from: &Path, to: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir(&target)?;
            copy_directory(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
            File::open(&target)?.sync_all()?;
        }
    }
    File::open(to)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_directories_are_copied() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir(from.path().join("keys")).unwrap();
        fs::write(from.path().join("keys/seal"), "secret").unwrap();
        copy_directory(from.path(), to.path()).unwrap();
        assert_eq!(fs::read_to_string(to.path().join("keys/seal")).unwrap(), "secret");
        assert!(copy_directory(&from.path().join("none"), to.path()).is_err());
    }
}
