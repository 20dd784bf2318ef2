//! The demo's Prosody.

use std::{
    ffi::OsStr,
    fs::{self, OpenOptions},
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use rustix::process::{Pid, Signal, geteuid, kill_process};
use tokio::{
    process::{Child, Command},
    time::{sleep, timeout},
};
use vestibule_xmpp::{Limits, features_at};

use super::bridge::Bridge;

/// Timeout of the start.
const START_TIMEOUT: Duration = Duration::from_secs(10);

/// Polling interval during the start.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// Timeout of the shutdown.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// Number of log lines that are shown after a failed start.
const SHOWN_LINES: usize = 5;

/// A running Prosody. Its stdin is a pipe from this process: it stops when the pipe closes, even if this process is
/// killed.
pub(super) struct Prosody {
    child: Child,
    pub(super) c2s: SocketAddr,
    pub(super) log: PathBuf,
}

impl Prosody {
    /// Starts `program` in `directory`. The error is `NotFound` if the program does not exist.
    pub(super) fn start(program: &OsStr, directory: &Path, bridge: &Bridge) -> io::Result<Self> {
        let c2s = bridge.c2s;
        bridge.write(directory, c2s, geteuid().is_root())?;
        let log = directory.join("prosody.log");
        let open_log = || OpenOptions::new().create(true).append(true).open(&log);
        let child = Command::new(program)
            .arg("--config")
            .arg(directory.join("prosody.cfg.lua"))
            .arg("-F")
            .current_dir(directory)
            .stdin(Stdio::piped())
            .stdout(open_log()?)
            .stderr(open_log()?)
            .kill_on_drop(true)
            .spawn()?;
        Ok(Self { child, c2s, log })
    }

    /// Waits until it offers registration by invite. The error is the reason why it does not.
    pub(super) async fn ready(&mut self, bridge: &Bridge) -> Result<(), String> {
        let address = self.c2s.to_string();
        let feature = format!("urn:vestibule:demo:{}", bridge.id());
        let limits = Limits { total: START_TIMEOUT, ..Limits::default() };
        let child = &mut self.child;
        let poll = async {
            loop {
                if let Ok(Some(status)) = child.try_wait() {
                    return Err(format!("it ended ({status})"));
                }
                if let Ok(offered) = features_at(&address, &bridge.host, &limits).await
                    && offered.by_invite()
                    && offered.offer(&feature)
                {
                    return Ok(());
                }
                sleep(POLL_INTERVAL).await;
            }
        };
        let timed_out = |_| Err(format!("it was not ready within {} seconds", START_TIMEOUT.as_secs()));
        timeout(START_TIMEOUT, poll).await.unwrap_or_else(timed_out)
    }

    /// The last lines of the log.
    pub(super) fn last_log_lines(&self) -> Vec<String> {
        let bytes = fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<_> = text.lines().map(str::to_owned).collect();
        lines[lines.len().saturating_sub(SHOWN_LINES)..].to_vec()
    }

    /// Stops it and waits.
    pub(super) async fn end(mut self) {
        let pid = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(pid) = pid {
            let _ = kill_process(pid, Signal::TERM);
        }
        if timeout(STOP_TIMEOUT, self.child.wait()).await.is_err() {
            let _ = self.child.kill().await;
        }
    }
}

/// A free port, but none that an installed Prosody uses, which may only be stopped for a moment. Prosody cannot choose
/// a port itself.
pub(super) fn free_address() -> io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}
