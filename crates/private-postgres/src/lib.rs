//! A PostgreSQL server of its own for tests and measurements.
//!
//! It is Debian's package, run in a temporary folder on a socket there, or on a port of the loopback
//! interface. It never runs as root; where we are, it runs as `nobody`. A watchdog ends it and removes the
//! folder when whoever started it is gone, however that ended.
#![forbid(unsafe_code)]

mod ports;
mod programs;
mod watchdog;

use std::{
    fs, io,
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
    process::Command,
};

use rustix::{
    event::{PollFd, PollFlags, poll},
    process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open},
};

pub use ports::free_port;

use crate::{programs::programs, watchdog::Watchdog};

/// The ids of `nobody` and `nogroup` on Debian.
const NOBODY: u32 = 65_534;

/// The user that the server knows; it may do everything.
pub const USER: &str = "vestibule";

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// A program, a file or a folder.
    #[error("{what}: {error}")]
    Io {
        /// What was tried.
        what: String,
        /// Why it failed.
        error: io::Error,
    },
    /// PostgreSQL is not installed.
    #[error("there is no PostgreSQL in /usr/lib/postgresql; install the package postgresql")]
    Missing,
    /// A program of PostgreSQL's failed.
    #[error("{program}: {output}")]
    Failed {
        /// Which.
        program: String,
        /// What it wrote.
        output: String,
    },
}

/// A server. Dropping it ends it and removes its folder.
#[derive(Debug)]
pub struct Server {
    folder: PathBuf,
    programs: PathBuf,
    port: u16,
    settings: Vec<String>,
    /// `None` while it is stopped.
    running: Option<Watchdog>,
}

fn failed(what: impl Into<String>) -> impl FnOnce(io::Error) -> ServerError {
    let what = what.into();
    move |error| ServerError::Io { what, error }
}

impl Server {
    /// Makes a server with these settings (`name=value`) and starts it.
    pub fn start(settings: &[&str]) -> Result<Self, ServerError> {
        Self::start_with(settings, &[])
    }

    /// The same with these files (name and content) in its data folder, for it alone to read.
    pub fn start_with(settings: &[&str], files: &[(&str, &str)]) -> Result<Self, ServerError> {
        let place = tempfile::Builder::new().prefix("private-postgres-").tempdir();
        Self::start_in(place.map_err(failed("a temporary folder"))?.keep(), settings, files)
    }

    /// The same in a folder that is there; it is removed in the end.
    pub fn start_in(folder: PathBuf, settings: &[&str], files: &[(&str, &str)]) -> Result<Self, ServerError> {
        let port = free_port().map_err(failed("a free port"))?;
        let settings = settings.iter().map(|setting| (*setting).to_owned()).collect();
        let mut server = Self { folder, programs: programs()?, port, settings, running: None };
        server.make()?;
        for (name, content) in files {
            server.write(name, content)?;
        }
        server.resume_service()?;
        Ok(server)
    }

    fn make(&self) -> Result<(), ServerError> {
        let folder = &self.folder;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
            .map_err(failed("the folder's rights"))?;
        for name in ["data", "socket"] {
            let part = folder.join(name);
            fs::create_dir(&part).map_err(failed("a folder"))?;
            give_away(&part).map_err(failed("the folder's owner"))?;
        }
        let data = self.data();
        let mut initdb = self.program("initdb");
        initdb.args(["-U", USER, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D"]);
        output(initdb.arg(data)).map(drop)
    }

    /// A server of its own on this port that begins with the data of this one, which must be stopped, as a standby
    /// that was promoted: its timeline is the next one.
    pub fn promoted_copy(&self, port: u16) -> Result<Self, ServerError> {
        let folder = tempfile::Builder::new().prefix("private-postgres-").tempdir();
        let folder = folder.map_err(failed("a temporary folder"))?.keep();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755))
            .map_err(failed("the folder's rights"))?;
        let socket = folder.join("socket");
        fs::create_dir(&socket).map_err(failed("a folder"))?;
        give_away(&socket).map_err(failed("the folder's owner"))?;
        output(Command::new("cp").arg("-a").arg(self.data()).arg(folder.join("data")))?;
        let (programs, settings) = (self.programs.clone(), self.settings.clone());
        let mut copy = Self { folder, programs, port, settings, running: None };
        copy.write("standby.signal", "")?;
        copy.resume_service()?;
        copy.sql("postgres", "SELECT pg_promote()")?;
        Ok(copy)
    }

    /// Writes a file into the data folder, for the server alone to read.
    pub fn write(&self, name: &str, content: &str) -> Result<(), ServerError> {
        let path = self.data().join(name);
        fs::write(&path, content).map_err(failed(name))?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).map_err(failed(name))?;
        give_away(&path).map_err(failed(name))
    }

    /// Starts the server again after [`Server::stop`] or [`Server::kill`].
    pub fn resume_service(&mut self) -> Result<(), ServerError> {
        let mut server = self.program("postgres");
        server.arg("-D").arg(self.data()).args(["-c", &format!("port={}", self.port)]);
        server.args(["-c", "listen_addresses=127.0.0.1"]);
        server.args(["-c", &format!("unix_socket_directories={}", self.socket().display())]);
        for setting in ["shared_buffers=64MB", "max_connections=300"] {
            server.args(["-c", setting]);
        }
        for setting in &self.settings {
            server.args(["-c", setting]);
        }
        self.running = Some(Watchdog::start(&server, &self.folder)?);
        Ok(())
    }

    /// The URL of a database, over the socket.
    pub fn url(&self, database: &str) -> String {
        let folder = self.socket().display().to_string().replace('/', "%2F");
        format!("postgres://{USER}@{folder}:{}/{database}", self.port)
    }

    /// The port on 127.0.0.1.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Makes an empty database; the answer is its URL.
    pub fn create_database(&self, name: &str) -> Result<String, ServerError> {
        self.sql("postgres", &format!("CREATE DATABASE {name}"))?;
        Ok(self.url(name))
    }

    /// Runs SQL; the answer is its rows, unaligned, fields separated by `|`.
    pub fn sql(&self, database: &str, sql: &str) -> Result<String, ServerError> {
        let mut psql = Command::new(self.programs.join("psql"));
        psql.args([
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-U",
            USER,
            "-p",
            &self.port.to_string(),
        ]);
        psql.arg("-h").arg(self.socket()).args(["-d", database, "-c", sql]);
        output(&mut psql).map(|text| text.trim_end().to_owned())
    }

    /// A database as SQL that [`Server::sql`] of any version runs on an empty one.
    pub fn dump(&self, database: &str) -> Result<String, ServerError> {
        let mut dump = Command::new(self.programs.join("pg_dump"));
        dump.args(["--inserts", "--no-owner", "--no-privileges", "--no-comments", "-U", USER]);
        dump.args(["-p", &self.port.to_string(), "-h"]).arg(self.socket()).arg(database);
        let text = output(&mut dump)?;
        // Other versions know no commands of psql and no settings of this one.
        let portable = |line: &&str| {
            !["--", "\\", "SET ", "SELECT pg_catalog.set_config"].iter().any(|start| line.starts_with(start))
        };
        let mut lines: Vec<_> = text.lines().filter(portable).collect();
        lines.dedup_by(|line, before| line.is_empty() && before.is_empty());
        Ok(lines.join("\n"))
    }

    /// What the server has written to its log since it was started last.
    pub fn log(&self) -> String {
        self.running.as_ref().map(Watchdog::log).unwrap_or_default()
    }

    /// Stops the server, cutting its connections; its data stays.
    pub fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop();
        }
    }

    /// Ends every process of the server at once, as a crash of its machine would (but what it had handed to
    /// the system is kept).
    pub fn kill(&mut self) {
        let processes = self.processes();
        let open = |process: &Pid| pidfd_open(*process, PidfdFlags::empty()).ok();
        let handles: Vec<_> = processes.iter().filter_map(open).collect();
        for process in processes {
            let _ = kill_process(process, Signal::KILL);
        }
        for handle in &handles {
            let _ = poll(&mut [PollFd::new(handle, PollFlags::IN)], None);
        }
        self.stop();
    }

    /// Halts every process of the server: it is there, and does not answer.
    pub fn freeze(&self) {
        self.signal_all(Signal::STOP);
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        self.signal_all(Signal::CONT);
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn socket(&self) -> PathBuf {
        self.folder.join("socket")
    }

    /// A program of PostgreSQL's, to be run as somebody who may not do everything.
    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        let mut command = if rustix::process::geteuid().is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        command.current_dir("/").env("LC_ALL", "C.UTF-8");
        command
    }

    fn master(&self) -> Option<Pid> {
        let text = fs::read_to_string(self.data().join("postmaster.pid")).ok()?;
        Pid::from_raw(text.lines().next()?.trim().parse().ok()?)
    }

    /// Every process of the server, its master first.
    fn processes(&self) -> Vec<Pid> {
        let (Some(_), Some(master)) = (&self.running, self.master()) else { return Vec::new() };
        let id = master.as_raw_nonzero();
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
        let children = children.split_whitespace().filter_map(|child| child.parse().ok());
        std::iter::once(master).chain(children.filter_map(Pid::from_raw)).collect()
    }

    fn signal_all(&self, signal: Signal) {
        for process in self.processes() {
            let _ = kill_process(process, signal);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        match self.running.take() {
            Some(running) => running.end(),
            None => drop(fs::remove_dir_all(&self.folder)),
        }
    }
}

/// Makes a file or folder the server's own.
fn give_away(path: &Path) -> io::Result<()> {
    if rustix::process::geteuid().is_root() { chown(path, Some(NOBODY), Some(NOBODY)) } else { Ok(()) }
}

fn output(command: &mut Command) -> Result<String, ServerError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let done = command.output().map_err(failed(program.clone()))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if done.status.success() {
        return Ok(text(&done.stdout));
    }
    Err(ServerError::Failed { program, output: text(&done.stdout) + &text(&done.stderr) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_starts_and_removes_its_directory() {
        let mut server = Server::start(&["fsync=off"]).unwrap();
        let folder = server.folder().to_owned();
        server.create_database("one").unwrap();
        server.sql("one", "CREATE TABLE kept AS SELECT 1 AS n").unwrap();
        server.kill();
        assert!(server.sql("one", "SELECT 1").is_err());
        server.resume_service().unwrap();
        assert_eq!(server.sql("one", "SELECT n FROM kept").unwrap(), "1");
        let master = server.master().unwrap();
        drop(server);
        assert!(!folder.exists());
        assert!(rustix::process::test_kill_process(master).is_err());
    }
}
