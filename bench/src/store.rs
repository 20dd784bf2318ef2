//! Stores that already hold invites: each is filled once, and copied for every run, so that no run sees what
//! the one before it left.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use vestibule_e2e::{CliOutput, HarnessError, Process, Vestibule, VestibuleBuilder};

use crate::error::BenchError;

/// The host that everything is minted for.
pub(crate) const HOST: &str = "localhost";
/// Filling a store may not take longer than this.
const FILLED_WITHIN: Duration = Duration::from_mins(5);

/// A filled store, at rest.
#[derive(Debug)]
pub(crate) struct Store {
    /// The invites in it.
    pub invites: u64,
    /// An API key.
    pub key: String,
    /// How long it took to make it, nearly all of it `invites create`.
    pub filled_in: Duration,
    binary: PathBuf,
    folder: PathBuf,
}

/// What to put into a store.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Filling<'a> {
    /// What its folder is called.
    pub name: &'a str,
    /// What its key may do.
    pub scope: &'a str,
    /// How many invites, each for one use.
    pub invites: u64,
}

/// A copy of a store with a server on it. Dropped, the server is killed and the copy removed.
#[derive(Debug)]
pub(crate) struct Running {
    /// The server.
    pub server: Vestibule,
    // After the server: it must be gone before its files are.
    folder: TempDir,
}

impl Store {
    /// Makes a store in a folder in `scratch`, through the command line. Beside it, the links of its invites,
    /// one a line.
    pub(crate) fn prepare(
        binary: &Path,
        scratch: &Path,
        filling: &Filling<'_>,
    ) -> Result<(Self, String), BenchError> {
        let &Filling { name, scope, invites } = filling;
        let folder = scratch.join(name);
        let start = Instant::now();
        let mut server = serve(binary, &folder).start()?;
        let key = server.create_key_with(HOST, &["bench", "--scope", scope])?;
        succeeded("serve, then SIGTERM", server.terminate()?.success(), || server.stderr())?;

        let mut links = String::new();
        if invites > 0 {
            let count = invites.to_string();
            let command = server.cli_command(&["invites", "create", HOST, "--count", &count]);
            let mut process = Process::spawn(command)?;
            let exit = process.wait(FILLED_WITHIN)?;
            succeeded("invites create", exit.success(), || process.stderr())?;
            links = process.rest_of_stdout();
        }
        let filled_in = start.elapsed();
        let found = count(&server, &[])?;
        if found != invites {
            return Err(BenchError::Prepared { wanted: invites, found });
        }
        Ok((Self { invites, key, filled_in, binary: binary.to_owned(), folder }, links))
    }

    /// Starts a server on a copy of this store; `scratch` is the folder for the copy.
    pub(crate) fn run(&self, scratch: &Path) -> Result<Running, BenchError> {
        let copy = TempDir::with_prefix_in("copy-", scratch).map_err(BenchError::io("making a folder"))?;
        copy_folder(&self.folder, copy.path())?;
        let server = serve(&self.binary, copy.path()).start()?;
        Ok(Running { server, folder: copy })
    }

    /// The address that mints.
    pub(crate) fn mint_url(&self, server: &Vestibule) -> String {
        format!("{}/invites_api?key={}", server.url(), self.key)
    }
}

impl Running {
    /// Kills the server (SIGKILL: what is not on disk by now is lost) and counts the invites in its store.
    pub(crate) fn kill_and_count(self) -> Result<u64, BenchError> {
        self.kill_and(|server| count(server, &[]))
    }

    /// Kills the server and looks at what it left; `look` may start it again.
    pub(crate) fn kill_and<T>(
        mut self,
        look: impl FnOnce(&mut Vestibule) -> Result<T, BenchError>,
    ) -> Result<T, BenchError> {
        self.server.kill();
        let found = look(&mut self.server);
        drop(self.server);
        self.folder.close().map_err(BenchError::io("removing a copy"))?;
        found
    }

    /// Kills the server and keeps what it left, which is a copy of `of` and what happened since. A second server
    /// has put it in order: nobody's run shall pay for the kill.
    pub(crate) fn kill_and_keep(mut self, of: &Store) -> Result<Store, BenchError> {
        self.server.restart()?;
        succeeded("serve, then SIGTERM", self.server.terminate()?.success(), || self.server.stderr())?;
        drop(self.server);
        Ok(Store {
            invites: of.invites,
            key: of.key.clone(),
            filled_in: of.filled_in,
            binary: of.binary.clone(),
            folder: self.folder.keep(),
        })
    }
}

fn serve(binary: &Path, data_dir: &Path) -> VestibuleBuilder {
    // The harness lets its own wrong keys pass; what is measured is what is shipped.
    let builder = Vestibule::builder().env("VESTIBULE_GUESS_RATE", "100/min");
    builder.binary(binary).data_dir(data_dir).host(HOST)
}

/// The number of invites in the store, as the command line tells it; `more` as in `--state used`.
pub(crate) fn count(server: &Vestibule, more: &[&str]) -> Result<u64, BenchError> {
    let output: CliOutput = server.cli(&[&["invites", "count", HOST], more].concat())?;
    match output.text().parse() {
        Ok(count) if output.success() => Ok(count),
        _ => Err(failed("invites count", output.to_string())),
    }
}

fn succeeded(command: &str, success: bool, output: impl FnOnce() -> String) -> Result<(), BenchError> {
    if success { Ok(()) } else { Err(failed(command, output())) }
}

fn failed(command: &str, output: String) -> BenchError {
    HarnessError::Command { command: command.to_owned(), output }.into()
}

/// Copies a folder and waits until the copy is on disk: its writing must not fall into the run.
fn copy_folder(from: &Path, to: &Path) -> Result<(), BenchError> {
    let io = |error| BenchError::io(format!("copying {}", from.display()))(error);
    for entry in fs::read_dir(from).map_err(io)? {
        let entry = entry.map_err(io)?;
        let target = to.join(entry.file_name());
        if entry.file_type().map_err(io)?.is_dir() {
            fs::create_dir(&target).map_err(io)?;
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target).map_err(io)?;
            File::open(&target).and_then(|file| file.sync_all()).map_err(io)?;
        }
    }
    File::open(to).and_then(|folder| folder.sync_all()).map_err(io)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_folders_in_folders() {
        let from = tempfile::tempdir().unwrap();
        let to = tempfile::tempdir().unwrap();
        fs::create_dir(from.path().join("keys")).unwrap();
        fs::write(from.path().join("keys/seal"), "secret").unwrap();
        fs::write(from.path().join("db"), "rows").unwrap();
        copy_folder(from.path(), to.path()).unwrap();
        assert_eq!(fs::read_to_string(to.path().join("keys/seal")).unwrap(), "secret");
        assert_eq!(fs::read_to_string(to.path().join("db")).unwrap(), "rows");
        assert!(copy_folder(&from.path().join("none"), to.path()).is_err());
    }
}
