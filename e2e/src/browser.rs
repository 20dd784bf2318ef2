//! A real browser: Debian's Chromium, which the scripts in `browser/` steer.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use crate::{CliOutput, HarnessError};

/// How long anything in the browser may take on a busy machine.
const LIMIT: Duration = Duration::from_secs(90);

/// Where the scripts are.
const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/browser");

type Waiting = Arc<Mutex<HashMap<u64, Sender<Value>>>>;

/// A command that runs one of the scripts.
fn browser_script(name: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(PathBuf::from(SCRIPTS).join(name));
    command
}

/// One browser for all tests of a program: starting it costs more than most tests do. It ends with that program, when
/// its stdin ends.
#[derive(Debug)]
pub struct Browser {
    stdin: Mutex<ChildStdin>,
    waiting: Waiting,
    last: AtomicU64,
    _child: Child,
}

impl Browser {
    /// The browser of this program.
    ///
    /// # Errors
    /// When it does not start; `scripts/needs.sh` brings it.
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
                    // Who has given up does not want the answer.
                    let _ = waits.send(answer);
                }
            }
            // Nobody shall wait for a browser that is gone.
            whose.lock().unwrap_or_else(PoisonError::into_inner).clear();
        });
        Ok(Self { stdin: Mutex::new(stdin), waiting, last: AtomicU64::new(0), _child: child })
    }

    /// Opens a page in a window of its own.
    ///
    /// # Errors
    /// When the browser cannot be started, or there is no page.
    pub fn open(url: &str) -> Result<Tab, HarnessError> {
        Self::open_as(&json!({ "url": url, "scripts": true }))
    }

    /// The same, where pages run no scripts.
    ///
    /// # Errors
    /// As [`Browser::open`].
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

/// A page that is open. What is named `at` is a CSS selector.
#[derive(Debug)]
pub struct Tab {
    browser: &'static Browser,
    id: u64,
}

impl Tab {
    /// One more tab, beside this one: they share what the browser remembers.
    ///
    /// # Errors
    /// As [`Browser::open`].
    pub fn beside(&self, url: &str) -> Result<Self, HarnessError> {
        Browser::open_as(&json!({ "url": url, "beside": self.id }))
    }

    /// Goes to an address; the status of the answer.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn go(&self, url: &str) -> Result<u64, HarnessError> {
        Ok(self.ask("go", &json!({ "url": url }))?.as_u64().unwrap_or_default())
    }

    /// Fills a field at once.
    ///
    /// # Errors
    /// When there is no such field.
    pub fn fill(&self, at: &str, text: &str) -> Result<(), HarnessError> {
        self.ask("fill", &json!({ "at": at, "text": text })).map(drop)
    }

    /// Types into a field, key by key.
    ///
    /// # Errors
    /// When there is no such field.
    pub fn type_into(&self, at: &str, text: &str) -> Result<(), HarnessError> {
        self.ask("type", &json!({ "at": at, "text": text })).map(drop)
    }

    /// Clicks.
    ///
    /// # Errors
    /// When it is not there, or something lies on it.
    pub fn click(&self, at: &str) -> Result<(), HarnessError> {
        self.ask("click", &json!({ "at": at })).map(drop)
    }

    /// Clicks on what leads to another page; the status of that.
    ///
    /// # Errors
    /// When it does not lead anywhere.
    pub fn follow(&self, at: &str) -> Result<u64, HarnessError> {
        Ok(self.ask("follow", &json!({ "at": at }))?.as_u64().unwrap_or_default())
    }

    /// The same with two clicks, before the page can do anything about the first.
    ///
    /// # Errors
    /// When it does not lead anywhere.
    pub fn follow_twice(&self, at: &str) -> Result<u64, HarnessError> {
        Ok(self.ask("followTwice", &json!({ "at": at }))?.as_u64().unwrap_or_default())
    }

    /// The browser's Back button; the status of the page before.
    ///
    /// # Errors
    /// When there is nothing to go back to.
    pub fn back(&self) -> Result<u64, HarnessError> {
        Ok(self.ask("back", &json!({}))?.as_u64().unwrap_or_default())
    }

    /// Loads the page again: what was sent for it is sent again.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn reload(&self) -> Result<u64, HarnessError> {
        Ok(self.ask("reload", &json!({}))?.as_u64().unwrap_or_default())
    }

    /// What people read.
    ///
    /// # Errors
    /// When it is not there.
    pub fn text(&self, at: &str) -> Result<String, HarnessError> {
        Ok(self.ask("text", &json!({ "at": at }))?.as_str().unwrap_or_default().to_owned())
    }

    /// What stands in a field.
    ///
    /// # Errors
    /// When there is no such field.
    pub fn value(&self, at: &str) -> Result<String, HarnessError> {
        Ok(self.ask("value", &json!({ "at": at }))?.as_str().unwrap_or_default().to_owned())
    }

    /// An attribute; empty where it is not set.
    ///
    /// # Errors
    /// When the element is not there.
    pub fn attribute(&self, at: &str, name: &str) -> Result<String, HarnessError> {
        let is = self.ask("attribute", &json!({ "at": at, "name": name }))?;
        Ok(is.as_str().unwrap_or_default().to_owned())
    }

    /// How many of them can be seen.
    ///
    /// # Errors
    /// When the page is gone.
    pub fn count(&self, at: &str) -> Result<u64, HarnessError> {
        Ok(self.ask("count", &json!({ "at": at }))?.as_u64().unwrap_or_default())
    }

    /// The whole page as it is now.
    ///
    /// # Errors
    /// When the page is gone.
    pub fn html(&self) -> Result<String, HarnessError> {
        Ok(self.ask("html", &json!({}))?.as_str().unwrap_or_default().to_owned())
    }

    /// The address of the page.
    ///
    /// # Errors
    /// When the page is gone.
    pub fn address(&self) -> Result<String, HarnessError> {
        Ok(self.ask("address", &json!({}))?.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until an element holds this text.
    ///
    /// # Errors
    /// When it does not come.
    pub fn until(&self, at: &str, text: &str) -> Result<(), HarnessError> {
        self.ask("until", &json!({ "at": at, "text": text })).map(drop)
    }

    /// Closes it and says what was wrong with its pages: errors, violations of the policy, requests to others.
    ///
    /// # Errors
    /// When the browser is gone.
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
        writeln!(stdin, "{wish}").map_err(HarnessError::io("asking the browser"))?;
        drop(stdin);
        let answer = answer.recv_timeout(LIMIT).map_err(|error| failed(error.to_string()))?;
        match answer["error"].as_str() {
            Some(why) => Err(failed(why.to_owned())),
            None => Ok(answer["is"].clone()),
        }
    }
}

/// Runs one of the scripts to its end; what it printed. An exit code is no error.
///
/// # Errors
/// When node is missing, or the script does not end within `limit`.
pub fn run_script(name: &str, args: &[&str], limit: Duration) -> Result<CliOutput, HarnessError> {
    let mut command = browser_script(name);
    command.args(args);
    CliOutput::within(limit, command)
}
