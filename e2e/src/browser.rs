//! A real browser: Debian's Chromium, controlled by the scripts in `browser/`.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use crate::{CliOutput, HarnessError};

/// The timeout of actions in the browser.
const LIMIT: Duration = Duration::from_secs(90);

/// The directory of the scripts.
const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/browser");

type Waiting = Arc<Mutex<HashMap<u64, Sender<Value>>>>;

/// Returns a command that runs one of the scripts.
fn browser_script(name: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(PathBuf::from(SCRIPTS).join(name));
    command
}

/// One browser for all tests of a program, because starting it takes longer than most tests. It ends with the
/// program, when its stdin is closed.
#[derive(Debug)]
pub struct Browser {
    stdin: Mutex<ChildStdin>,
    waiting: Waiting,
    last: AtomicU64,
    _child: Child,
}

impl Browser {
    /// Returns the browser of this program.
    ///
    /// # Errors
    /// If it does not start; `scripts/needs.sh` installs it.
    pub fn shared() -> Result<&'static Self, HarnessError> {
        static SHARED: OnceLock<Result<Browser, String>> = OnceLock::new();
        SHARED.get_or_init(|| Self::start().map_err(|error| error.to_string())).as_ref().map_err(|why| {
            HarnessError::NotReady { program: "chromium".to_owned(), why: why.clone(), output: String::new() }
        })
    }

    fn start() -> Result<Self, HarnessError> {
        let mut command = browser_script("driver.mjs");
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(HarnessError::io("starting node"))?;
        let missing = || HarnessError::NotReady {
            program: "node".to_owned(),
            why: "it has no stdin or stdout".to_owned(),
            output: String::new(),
        };
        let stdin = child.stdin.take().ok_or_else(missing)?;
        let stdout = child.stdout.take().ok_or_else(missing)?;
        let waiting = Waiting::default();
        let whose = Arc::clone(&waiting);
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let Ok(answer) = serde_json::from_str::<Value>(&line) else { continue };
                let id = answer["id"].as_u64().unwrap_or_default();
                let waits = whose.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
                if let Some(waits) = waits {
                    // The receiver is gone after a timeout.
                    let _ = waits.send(answer);
                }
            }
            // The browser has ended: all waiting receivers fail.
            whose.lock().unwrap_or_else(PoisonError::into_inner).clear();
        });
        Ok(Self { stdin: Mutex::new(stdin), waiting, last: AtomicU64::new(0), _child: child })
    }

    /// Opens a page in a new window.
    ///
    /// # Errors
    /// If the browser cannot be started, or the page cannot be loaded.
    pub fn open(url: &str) -> Result<Tab, HarnessError> {
        Self::open_as(&json!({ "url": url, "scripts": true }))
    }

    /// Like [`Browser::open`], without scripts.
    ///
    /// # Errors
    /// See [`Browser::open`].
    pub fn open_without_scripts(url: &str) -> Result<Tab, HarnessError> {
        Self::open_as(&json!({ "url": url, "scripts": false }))
    }

    fn open_as(how: &Value) -> Result<Tab, HarnessError> {
        let browser = Self::shared()?;
        let tab = Tab { browser, id: browser.last.fetch_add(1, Ordering::Relaxed) };
        tab.ask("open", how)?;
        Ok(tab)
    }
}

/// An open page. Parameters named `at` are CSS selectors.
#[derive(Debug)]
pub struct Tab {
    browser: &'static Browser,
    id: u64,
}

impl Tab {
    /// Opens another tab that shares the browser's state with this one.
    ///
    /// # Errors
    /// See [`Browser::open`].
    pub fn beside(&self, url: &str) -> Result<Self, HarnessError> {
        Browser::open_as(&json!({ "url": url, "beside": self.id }))
    }

    /// Opens an address and returns the status of the response.
    ///
    /// # Errors
    /// If there is no response.
    pub fn go(&self, url: &str) -> Result<u64, HarnessError> {
        Ok(self.ask("go", &json!({ "url": url }))?.as_u64().unwrap_or_default())
    }

    /// Sets the value of a field.
    ///
    /// # Errors
    /// If there is no such field.
    pub fn fill(&self, at: &str, text: &str) -> Result<(), HarnessError> {
        self.ask("fill", &json!({ "at": at, "text": text })).map(drop)
    }

    /// Types into a field, key by key.
    ///
    /// # Errors
    /// If there is no such field.
    pub fn type_into(&self, at: &str, text: &str) -> Result<(), HarnessError> {
        self.ask("type", &json!({ "at": at, "text": text })).map(drop)
    }

    /// Presses a key such as `Control+V`, with the focus on an element.
    ///
    /// # Errors
    /// If it does not exist.
    pub fn press(&self, at: &str, key: &str) -> Result<(), HarnessError> {
        self.ask("press", &json!({ "at": at, "key": key })).map(drop)
    }

    /// Saves a picture of an element as PNG.
    ///
    /// # Errors
    /// If it is not visible, or the file cannot be written.
    pub fn picture(&self, at: &str, path: &Path) -> Result<(), HarnessError> {
        self.ask("picture", &json!({ "at": at, "path": path })).map(drop)
    }

    /// Clicks an element.
    ///
    /// # Errors
    /// If it does not exist or is covered.
    pub fn click(&self, at: &str) -> Result<(), HarnessError> {
        self.ask("click", &json!({ "at": at })).map(drop)
    }

    /// Clicks an element that opens another page, and returns the status of its response.
    ///
    /// # Errors
    /// If it opens no page.
    pub fn follow(&self, at: &str) -> Result<u64, HarnessError> {
        Ok(self.ask("follow", &json!({ "at": at }))?.as_u64().unwrap_or_default())
    }

    /// Like [`Tab::follow`], but with two clicks, the second before the page handles the first.
    ///
    /// # Errors
    /// If it opens no page.
    pub fn follow_twice(&self, at: &str) -> Result<u64, HarnessError> {
        Ok(self.ask("followTwice", &json!({ "at": at }))?.as_u64().unwrap_or_default())
    }

    /// Goes back, and returns the status of the previous page.
    ///
    /// # Errors
    /// If there is no previous page.
    pub fn back(&self) -> Result<u64, HarnessError> {
        Ok(self.ask("back", &json!({}))?.as_u64().unwrap_or_default())
    }

    /// Reloads the page; a form is sent again.
    ///
    /// # Errors
    /// If there is no response.
    pub fn reload(&self) -> Result<u64, HarnessError> {
        Ok(self.ask("reload", &json!({}))?.as_u64().unwrap_or_default())
    }

    /// Returns the visible text of an element.
    ///
    /// # Errors
    /// If it is not there.
    pub fn text(&self, at: &str) -> Result<String, HarnessError> {
        Ok(self.ask("text", &json!({ "at": at }))?.as_str().unwrap_or_default().to_owned())
    }

    /// Returns the value of a field.
    ///
    /// # Errors
    /// If there is no such field.
    pub fn value(&self, at: &str) -> Result<String, HarnessError> {
        Ok(self.ask("value", &json!({ "at": at }))?.as_str().unwrap_or_default().to_owned())
    }

    /// Returns an attribute; empty if it is not set.
    ///
    /// # Errors
    /// If the element does not exist.
    pub fn attribute(&self, at: &str, name: &str) -> Result<String, HarnessError> {
        let is = self.ask("attribute", &json!({ "at": at, "name": name }))?;
        Ok(is.as_str().unwrap_or_default().to_owned())
    }

    /// Returns the number of visible elements.
    ///
    /// # Errors
    /// If the page is closed.
    pub fn count(&self, at: &str) -> Result<u64, HarnessError> {
        Ok(self.ask("count", &json!({ "at": at }))?.as_u64().unwrap_or_default())
    }

    /// Returns the current HTML of the page.
    ///
    /// # Errors
    /// If the page is closed.
    pub fn html(&self) -> Result<String, HarnessError> {
        Ok(self.ask("html", &json!({}))?.as_str().unwrap_or_default().to_owned())
    }

    /// Returns the address of the page.
    ///
    /// # Errors
    /// If the page is closed.
    pub fn address(&self) -> Result<String, HarnessError> {
        Ok(self.ask("address", &json!({}))?.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until an element contains this text.
    ///
    /// # Errors
    /// If it does not appear.
    pub fn until(&self, at: &str, text: &str) -> Result<(), HarnessError> {
        self.ask("until", &json!({ "at": at, "text": text })).map(drop)
    }

    /// Closes the tab and returns the errors of its pages, violations of their policy and requests to other servers.
    ///
    /// # Errors
    /// If the browser is gone.
    pub fn close(self) -> Result<Vec<String>, HarnessError> {
        let wrong = self.ask("close", &json!({}))?;
        Ok(wrong.as_array().into_iter().flatten().map(ToString::to_string).collect())
    }

    fn ask(&self, what: &str, how: &Value) -> Result<Value, HarnessError> {
        let failed = |why: String| HarnessError::Command { command: format!("{what} {how}"), output: why };
        let id = self.browser.last.fetch_add(1, Ordering::Relaxed);
        let mut wish = how.clone();
        for (name, value) in [("id", json!(id)), ("tab", json!(self.id)), ("do", json!(what))] {
            wish[name] = value;
        }
        let (send, answer) = channel();
        self.browser.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(id, send);
        let mut stdin = self.browser.stdin.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(stdin, "{wish}").map_err(HarnessError::io("sending a command to the browser"))?;
        drop(stdin);
        let answer = answer.recv_timeout(LIMIT).map_err(|error| failed(error.to_string()))?;
        match answer["error"].as_str() {
            Some(why) => Err(failed(why.to_owned())),
            None => Ok(answer["is"].clone()),
        }
    }
}

/// Runs one of the scripts and returns its output. An exit code is no error.
///
/// # Errors
/// If node is missing, or the script does not end within `limit`.
pub fn run_script(name: &str, args: &[&str], limit: Duration) -> Result<CliOutput, HarnessError> {
    let mut command = browser_script(name);
    command.args(args);
    CliOutput::within(limit, command)
}
