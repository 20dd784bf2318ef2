//! A private PostgreSQL server for tests and measurements.
//!
//! It runs Debian's package in a temporary directory, with a Unix socket and a loopback port. It never runs as root,
//! but as `nobody` instead. A watchdog ends it and removes the directory once the program that started it has ended in
//! any way.
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

/// The IDs of `nobody` and `nogroup` on Debian.
const NOBODY: u32 = 65_534;

/// The superuser of the server.
pub const USER: &str = "vestibule";

/// An error of a private server.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// An operation of the operating system failed.
    #[error("{what}: {error}")]
    Io {
        /// The failed operation.
        what: String,
        /// The error.
        error: io::Error,
    },
    /// PostgreSQL is not installed.
    #[error("there is no PostgreSQL in /usr/lib/postgresql; install the package postgresql")]
    Missing,
    /// A program of PostgreSQL failed.
    #[error("{program}: {output}")]
    Failed {
        /// The program.
        program: String,
        /// Its output.
        output: String,
    },
}

/// A running server. Dropping it ends it and removes its directory.
#[derive(Debug)]
pub struct Server {
    directory: PathBuf,
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
    /// Starts a new server with these settings (`name=value`).
    pub fn start(settings: &[&str]) -> Result<Self, ServerError> {
        Self::start_with(settings, &[])
    }

    /// Like [`Self::start`], with these files (name and content) in its data directory. Only the server can read them.
    pub fn start_with(settings: &[&str], files: &[(&str, &str)]) -> Result<Self, ServerError> {
        let place = tempfile::Builder::new().prefix("private-postgres-").tempdir();
        Self::start_in(place.map_err(failed("a temporary directory"))?.keep(), settings, files)
    }

    /// Like [`Self::start_with`], in an existing directory, which is removed at the end.
    pub fn start_in(
        directory: PathBuf,
        settings: &[&str],
        files: &[(&str, &str)],
    ) -> Result<Self, ServerError> {
        let port = free_port().map_err(failed("a free port"))?;
        let settings = settings.iter().map(|setting| (*setting).to_owned()).collect();
        let mut server = Self { directory, programs: programs()?, port, settings, running: None };
        server.make()?;
        for (name, content) in files {
            server.write(name, content)?;
        }
        server.resume_service()?;
        Ok(server)
    }

    fn make(&self) -> Result<(), ServerError> {
        let directory = &self.directory;
        fs::set_permissions(directory, fs::Permissions::from_mode(0o755))
            .map_err(failed("the directory's rights"))?;
        for name in ["data", "socket"] {
            let part = directory.join(name);
            fs::create_dir(&part).map_err(failed("a directory"))?;
            give_away(&part).map_err(failed("the directory's owner"))?;
        }
        let data = self.data();
        let mut initdb = self.program("initdb");
        initdb.args(["-U", USER, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D"]);
        output(initdb.arg(data)).map(drop)
    }

    /// Starts a server on this port with a copy of the data of this one, which must be stopped, and the next timeline,
    /// like a promoted standby.
    pub fn promoted_copy(&self, port: u16) -> Result<Self, ServerError> {
        let directory = tempfile::Builder::new().prefix("private-postgres-").tempdir();
        let directory = directory.map_err(failed("a temporary directory"))?.keep();
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o755))
            .map_err(failed("the directory's rights"))?;
        let socket = directory.join("socket");
        fs::create_dir(&socket).map_err(failed("a directory"))?;
        give_away(&socket).map_err(failed("the directory's owner"))?;
        output(Command::new("cp").arg("-a").arg(self.data()).arg(directory.join("data")))?;
        let (programs, settings) = (self.programs.clone(), self.settings.clone());
        let mut copy = Self { directory, programs, port, settings, running: None };
        copy.write("standby.signal", "")?;
        copy.resume_service()?;
        copy.sql("postgres", "SELECT pg_promote()")?;
        Ok(copy)
    }

    /// Writes a file into the data directory that only the server can read.
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
        self.running = Some(Watchdog::start(&server, &self.directory)?);
        Ok(())
    }

    /// Returns the URL of a database with the socket.
    pub fn url(&self, database: &str) -> String {
        let directory = self.socket().display().to_string().replace('/', "%2F");
        format!("postgres://{USER}@{directory}:{}/{database}", self.port)
    }

    /// Returns the port on 127.0.0.1.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Creates an empty database and returns its URL.
    pub fn create_database(&self, name: &str) -> Result<String, ServerError> {
        self.sql("postgres", &format!("CREATE DATABASE {name}"))?;
        Ok(self.url(name))
    }

    /// Runs SQL and returns its rows, unaligned, with fields separated by `|`.
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

    /// Returns a database as SQL that [`Server::sql`] of any version runs on an empty one.
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

    /// Writes an archive of a database (`pg_dump --format custom`), as an operator does.
    pub fn dump_archive(&self, database: &str, file: &Path) -> Result<(), ServerError> {
        let mut dump = self.client("pg_dump");
        dump.args(["--format", "custom", "--file"]).arg(file).arg(database);
        output(&mut dump).map(drop)
    }

    /// Restores an archive into a database (`pg_restore`), and replaces what is there.
    pub fn restore_archive(&self, file: &Path, database: &str) -> Result<(), ServerError> {
        let mut restore = self.client("pg_restore");
        restore.args(["--clean", "--if-exists", "--no-owner", "--exit-on-error", "--dbname", database]);
        output(restore.arg(file)).map(drop)
    }

    /// Returns a command of a client program, which connects with the socket.
    fn client(&self, name: &str) -> Command {
        let mut client = Command::new(self.programs.join(name));
        client.args(["-U", USER, "-p", &self.port.to_string(), "-h"]).arg(self.socket());
        client
    }

    /// Returns the log since the last start.
    pub fn log(&self) -> String {
        self.running.as_ref().map(Watchdog::log).unwrap_or_default()
    }

    /// Stops the server and its connections, and keeps its data.
    pub fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop();
        }
    }

    /// Kills every process of the server at once, like a crash of the machine that loses no data of the kernel.
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

    /// Stops every process of the server (SIGSTOP), so that it does not answer.
    pub fn freeze(&self) {
        self.signal_all(Signal::STOP);
    }

    /// Continues every process of the server (SIGCONT).
    pub fn thaw(&self) {
        self.signal_all(Signal::CONT);
    }

    /// Returns its directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    fn socket(&self) -> PathBuf {
        self.directory.join("socket")
    }

    /// Returns a command of a PostgreSQL program that does not run as root.
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

    /// Returns all processes of the server, the master first.
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
            None => drop(fs::remove_dir_all(&self.directory)),
        }
    }
}

/// Gives a file or directory to the user of the server.
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
        let directory = server.directory().to_owned();
        server.create_database("one").unwrap();
        server.sql("one", "CREATE TABLE kept AS SELECT 1 AS n").unwrap();
        server.kill();
        assert!(server.sql("one", "SELECT 1").is_err());
        server.resume_service().unwrap();
        assert_eq!(server.sql("one", "SELECT n FROM kept").unwrap(), "1");
        let master = server.master().unwrap();
        drop(server);
        assert!(!directory.exists());
        assert!(rustix::process::test_kill_process(master).is_err());
    }
}
