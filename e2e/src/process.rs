//! A child process with captured output.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open};

use crate::HarnessError;

/// The exit status of a process.
pub type Exit = ExitStatus;

/// A running child process. Its output is kept in memory. Dropping it kills it.
#[derive(Debug)]
pub struct Process {
    program: String,
    child: Child,
    /// Locked, so that threads of a test can share a server.
    lines: Mutex<Receiver<String>>,
    stderr: Arc<Mutex<Vec<u8>>>,
    readers: Vec<JoinHandle<()>>,
}

impl Process {
    /// Starts `command` with an empty stdin. Its stdout can be read by lines; its stderr is kept.
    ///
    /// # Errors
    /// If the program cannot be started.
    pub fn spawn(mut command: Command) -> Result<Self, HarnessError> {
        let program = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(HarnessError::io(format!("starting {program}")))?;
        let (send, lines) = channel();
        let stderr = Arc::new(Mutex::new(Vec::new()));
        let mut readers = Vec::new();
        if let Some(out) = child.stdout.take() {
            readers.push(std::thread::spawn(move || {
                for line in BufReader::new(out).lines().map_while(Result::ok) {
                    // Later lines are read even without a receiver, so that the child never blocks.
                    let _ = send.send(line);
                }
            }));
        }
        if let Some(err) = child.stderr.take() {
            let kept = Arc::clone(&stderr);
            readers.push(std::thread::spawn(move || keep(err, &kept)));
        }
        Ok(Self { program, child, lines: Mutex::new(lines), stderr, readers })
    }

    /// Returns the process ID.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Returns its stderr so far.
    pub fn stderr(&self) -> String {
        let bytes = self.stderr.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Returns the next line of its stdout, without the line break.
    ///
    /// # Errors
    /// If it ends, or prints nothing for `limit`.
    pub fn next_line(&self, limit: Duration) -> Result<String, HarnessError> {
        self.received().recv_timeout(limit).map_err(|error| HarnessError::NotReady {
            program: self.program.clone(),
            why: match error {
                RecvTimeoutError::Timeout => format!("no line on stdout within {limit:?}"),
                RecvTimeoutError::Disconnected => "its stdout ended".to_owned(),
            },
            output: self.stderr(),
        })
    }

    fn received(&self) -> MutexGuard<'_, Receiver<String>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns all unread lines of its stdout; complete only after [`Process::wait`].
    pub fn rest_of_stdout(&self) -> String {
        self.received().try_iter().fold(String::new(), |text, line| text + &line + "\n")
    }

    /// Returns whether it has ended.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Sends a signal if it still runs.
    pub fn signal(&mut self, signal: Signal) {
        // After a wait, the ID may belong to another process.
        if self.has_ended() {
            return;
        }
        if let Some(pid) = pid_of(&self.child) {
            let _ = kill_process(pid, signal);
        }
    }

    /// Waits for its end and returns the exit status. All of its output has been read then.
    ///
    /// # Errors
    /// If it is still running after `limit`.
    pub fn wait(&mut self, limit: Duration) -> Result<Exit, HarnessError> {
        if !ends_within(&self.child, limit) {
            return Err(HarnessError::StillRunning {
                program: self.program.clone(),
                pid: self.pid(),
                waited: limit,
                output: self.stderr(),
            });
        }
        let exit = self.child.wait().map_err(HarnessError::io(format!("waiting for {}", self.program)))?;
        for reader in self.readers.drain(..) {
            let _ = reader.join();
        }
        Ok(exit)
    }

    /// Kills it (SIGKILL) and waits for its end.
    pub fn kill(&mut self) {
        self.signal(Signal::KILL);
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

fn pid_of(child: &Child) -> Option<Pid> {
    i32::try_from(child.id()).ok().and_then(Pid::from_raw)
}

/// Returns whether the child has ended within `limit`. A pidfd becomes readable when its process ends, so no polling
/// is needed.
fn ends_within(child: &Child, limit: Duration) -> bool {
    let Some(pid) = pid_of(child) else { return false };
    let Ok(handle) = pidfd_open(pid, PidfdFlags::empty()) else {
        // No such process: its status was read already.
        return true;
    };
    let timeout = Timespec::try_from(limit).ok();
    poll(&mut [PollFd::new(&handle, PollFlags::IN)], timeout.as_ref()).is_ok_and(|ready| ready > 0)
}

/// Copies a stream into memory.
fn keep(mut from: impl Read, into: &Mutex<Vec<u8>>) {
    let mut chunk = [0_u8; 8192];
    while let Ok(read @ 1..) = from.read(&mut chunk) {
        if let Some(part) = chunk.get(..read) {
            into.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(part);
        }
    }
}
