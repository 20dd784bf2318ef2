//! A Debian system in a container, booted by systemd.

use std::io;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;
use tempfile::TempDir;
use vestibule_e2e::{CliOutput, Process};

/// The timeout of a boot.
const BOOT: Duration = Duration::from_mins(1);
/// The timeout of a command.
const COMMAND: Duration = Duration::from_mins(1);
/// The directory inside with the files of the test.
const SHARED: &str = "/packages";

/// A running system. Its changes are in memory and lost at the end.
pub(crate) struct Machine {
    process: Process,
    /// The process ID of its init.
    init: String,
    _directory: TempDir,
}

impl Machine {
    /// Boots the system that `scripts/needs.sh` has installed; `shared` appears there as `/packages`.
    pub(crate) fn boot(shared: &Path) -> Self {
        let system = repository().join("target/debian");
        assert!(system.join("usr/lib/systemd").exists(), "run scripts/needs.sh, which installs a Debian");
        let directory = TempDir::new().unwrap();
        let address = directory.path().join("notify");
        let socket = UnixDatagram::bind(&address).unwrap();
        socket.set_read_timeout(Some(BOOT)).unwrap();
        let mut nspawn = Command::new("systemd-nspawn");
        nspawn
            .arg("--directory")
            .arg(&system)
            .arg(format!("--bind-ro={}:{SHARED}", shared.display()))
            .args(["--quiet", "--boot", "--notify-ready=yes", "--volatile=overlay", "--private-network"])
            .args(["--register=no", "--keep-unit", "--console=pipe"])
            .env("NOTIFY_SOCKET", &address);
        let process = Process::spawn(nspawn).unwrap();
        let mut init = None;
        loop {
            let message = message(&socket)
                .unwrap_or_else(|error| panic!("the system has not booted: {error}\n{}", process.stderr()));
            let leader = message.lines().find_map(|line| line.strip_prefix("X_NSPAWN_LEADER_PID="));
            init = leader.map(str::to_owned).or(init);
            if message.lines().any(|line| line == "READY=1") {
                break;
            }
        }
        Self { process, init: init.expect("systemd-nspawn reports the process ID"), _directory: directory }
    }

    /// Runs a shell command inside.
    pub(crate) fn run(&self, command: &str) -> CliOutput {
        let mut nsenter = Command::new("nsenter");
        nsenter
            .args(["--target", &self.init, "--mount", "--uts", "--ipc", "--pid", "--net", "--root", "--wd"])
            .args(["--", "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive"])
            .args(["sh", "-c", command]);
        CliOutput::within(COMMAND, nsenter).unwrap()
    }

    /// Runs a shell command that must end with 0, and returns the trimmed stdout.
    pub(crate) fn done(&self, command: &str) -> String {
        let output = self.run(command);
        assert!(
            output.success(),
            "{command}: {output}\n{}",
            self.run("journalctl --no-pager -u vestibule | tail -n 20")
        );
        output.text().to_owned()
    }

    /// Asks its HTTP server with the curl of this system.
    pub(crate) fn curl(&self, args: &[&str]) -> String {
        let mut curl = Command::new("nsenter");
        curl.args(["--target", &self.init, "--net", "--", "curl", "-sS", "--max-time", "20"]).args(args);
        let output = CliOutput::within(COMMAND, curl).unwrap();
        assert!(output.success(), "{args:?}: {output}");
        output.stdout
    }

    /// A property of the service, as in `systemctl show`.
    pub(crate) fn property(&self, name: &str) -> String {
        self.done(&format!("systemctl show --value --property {name} vestibule.service"))
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.process.signal(Signal::TERM);
        let _ = self.process.wait(BOOT);
    }
}

fn message(socket: &UnixDatagram) -> io::Result<String> {
    let mut message = [0; 4096];
    let length = socket.recv(&mut message)?;
    Ok(String::from_utf8_lossy(&message[..length]).into_owned())
}

/// The directory of the sources.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}
