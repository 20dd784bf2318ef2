//! A shell that runs the server, and ends it when this process ends.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::{Arc, Mutex, PoisonError, mpsc::channel},
    thread,
    time::Duration,
};

use crate::{ServerError, failed};

/// Waits for one line or the end of its stdin, which is closed if this process ends in any way. Without a line it
/// removes the directory too. `exec 2>/dev/null` leaves stderr to the server, so that the log ends with it.
const SCRIPT: &str = r#"
trap '' INT HUP
directory=$1; shift
"$@" &
server=$!
exec 2>/dev/null
read -r order || order=end
kill -CONT "$server"
kill -QUIT "$server"
wait "$server"
[ "$order" = stop ] || rm -rf "$directory"
"#;

/// The log message of a ready server.
const READY: &str = "database system is ready to accept ";

/// The timeout of a start.
const LIMIT: Duration = Duration::from_mins(1);

#[derive(Debug)]
pub(crate) struct Watchdog {
    shell: Child,
    orders: Option<ChildStdin>,
    log: Arc<Mutex<String>>,
}

impl Watchdog {
    /// Starts the server and waits until it is ready.
    pub(crate) fn start(server: &Command, directory: &Path) -> Result<Self, ServerError> {
        let mut shell = Command::new("sh");
        shell
            .args(["-c", SCRIPT, "watchdog"])
            .arg(directory)
            .arg(server.get_program())
            .args(server.get_args());
        shell.current_dir("/").env("LC_ALL", "C.UTF-8");
        shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut shell = shell.spawn().map_err(failed("starting a shell"))?;
        let orders = shell.stdin.take();
        let log = Arc::new(Mutex::new(String::new()));
        let (ready, is_ready) = channel();
        if let Some(lines) = shell.stderr.take() {
            let log = Arc::clone(&log);
            thread::spawn(move || {
                for line in BufReader::new(lines).lines().map_while(Result::ok) {
                    let is_ready = line.contains(READY);
                    let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
                    log.push_str(&line);
                    log.push('\n');
                    drop(log);
                    if is_ready {
                        let _ = ready.send(());
                    }
                }
            });
        }
        let watchdog = Self { shell, orders, log };
        if is_ready.recv_timeout(LIMIT).is_ok() {
            return Ok(watchdog);
        }
        let output = watchdog.log();
        watchdog.end();
        Err(ServerError::Failed { program: "postgres".to_owned(), output })
    }

    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends the server.
    pub(crate) fn stop(mut self) {
        if let Some(mut orders) = self.orders.take() {
            let _ = orders.write_all(b"stop\n");
        }
        let _ = self.shell.wait();
    }

    /// Ends the server and removes its directory.
    pub(crate) fn end(mut self) {
        drop(self.orders.take());
        let _ = self.shell.wait();
    }
}
