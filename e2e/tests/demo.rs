//! `vestibule demo` works as described in the README.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod common;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use common::eventually;
use rustix::process::Signal;
use tempfile::TempDir;
use vestibule_e2e::http::{Client, token_of};
use vestibule_e2e::{CliOutput, Process, vestibule_command};

/// The timeout of a line of output, including the start of a Prosody.
const TIMEOUT: Duration = Duration::from_mins(1);

/// The last line of the introduction.
const LAST: &str = "Press Ctrl-C to stop.";

/// The Prosodys of concurrent demos may choose the same port.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Returns the first link to an invite in `text`.
fn link_in(text: &str) -> Option<String> {
    let is_link = |word: &&str| word.starts_with("http://") && word.contains("/invite/");
    text.split_whitespace().find(is_link).map(str::to_owned)
}

/// Returns the link that creates an invite at each visit.
fn bookmark_in(text: &str) -> String {
    let word = text.split_whitespace().find(|word| word.ends_with("&redirect=1"));
    word.unwrap_or_else(|| panic!("no bookmark in: {text}")).to_owned()
}

/// Starts a demo with a data directory in `directory`.
fn start(directory: &Path, env: Option<(&str, &str)>) -> Process {
    let mut command = vestibule_command(&["demo", "--listen", "127.0.0.1:0", "--data-dir"]).unwrap();
    command.arg(directory.join("data")).current_dir(directory);
    command.envs(env);
    Process::spawn(command).unwrap()
}

/// Returns the output up to [`LAST`].
fn introduction(demo: &Process) -> String {
    let mut text = String::new();
    while !text.trim_end().ends_with(LAST) {
        text += &(demo.next_line(TIMEOUT).unwrap() + "\n");
    }
    text
}

fn ends_well(demo: &mut Process) {
    demo.signal(Signal::TERM);
    assert_eq!(demo.wait(Duration::from_secs(20)).unwrap().code(), Some(0), "{}", demo.stderr());
}

/// Returns the path of the log of the demo's Prosody.
fn log_in(text: &str) -> PathBuf {
    let log = text.split_whitespace().find(|word| word.ends_with("prosody.log"));
    PathBuf::from(log.unwrap_or_else(|| panic!("no log in: {text}")))
}

fn is_running(pid: &str) -> bool {
    Path::new("/proc").join(pid.trim()).exists()
}

/// A minimal XMPP client that registers.
struct Stream(TcpStream);

impl Stream {
    fn open(address: &str) -> Self {
        let tcp = TcpStream::connect(address).unwrap();
        tcp.set_read_timeout(Some(TIMEOUT)).unwrap();
        let mut stream = Self(tcp);
        stream.ask(
            "<stream:stream to='localhost' version='1.0' xmlns='jabber:client' \
             xmlns:stream='http://etherx.jabber.org/streams'>",
            "</stream:features>",
        );
        stream
    }

    /// Sends `xml` and returns the reply up to `end`.
    fn ask(&mut self, xml: &str, end: &str) -> String {
        self.0.write_all(xml.as_bytes()).unwrap();
        let (mut seen, mut chunk) = (String::new(), [0; 4096]);
        while !(seen.contains(end) && seen.ends_with('>')) {
            let read = self.0.read(&mut chunk).unwrap();
            assert!(read > 0, "the stream ended: {seen}");
            seen += &String::from_utf8_lossy(&chunk[..read]);
        }
        seen
    }

    /// Registers with a token and returns whether it succeeded.
    fn register(&mut self, token: &str, username: &str) -> bool {
        let token = format!(
            "<iq type='set' id='token' to='localhost'><preauth xmlns='urn:xmpp:pars:0' token='{token}'/></iq>"
        );
        let answer = self.ask(&token, "token");
        if !answer.contains("result") {
            return false;
        }
        let account = format!(
            "<iq type='set' id='account'><query xmlns='jabber:iq:register'><username>{username}</username>\
             <password>secret</password></query></iq>"
        );
        self.ask(&account, "account").contains("result")
    }
}

#[test]
fn the_printed_command_and_the_printed_link_work() {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let directory = TempDir::new().unwrap();
    let mut demo = start(directory.path(), None);
    let (mut curl, mut link) = (None, None);
    while curl.is_none() || link.is_none() {
        let text = demo.next_line(TIMEOUT).unwrap();
        if text.trim_start().trim_start_matches("$ ").starts_with("curl ") {
            curl = Some(text.trim_start().trim_start_matches("$ ").to_owned());
        } else if let Some(found) = link_in(&text) {
            link = Some(found);
        }
    }
    let (curl, link) = (curl.unwrap(), link.unwrap());
    let client = Client::new();
    assert_eq!(client.get(&link).unwrap().status, 200, "{link}");

    let mut typed = Command::new("sh");
    typed.args(["-c", &curl]);
    let output = CliOutput::of(typed).unwrap();
    assert!(output.success(), "{curl}: {output}");
    let fresh = link_in(&output.stdout).unwrap_or_else(|| panic!("{curl} shows no link: {output}"));
    assert_ne!(fresh, link);
    assert_eq!(client.get(&fresh).unwrap().status, 200, "{fresh}");
    // The Prosody may still be starting.
    ends_well(&mut demo);
}

#[test]
fn the_link_leads_to_an_account() {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let directory = TempDir::new().unwrap();
    let mut demo = start(directory.path(), None);
    let text = introduction(&demo);
    let link = link_in(&text).unwrap();
    let mut words = text.split_whitespace().map(|word| word.trim_end_matches(','));
    let c2s = words.rfind(|word| word.starts_with("127.0.0.1:")).expect("the address for clients");
    let log = log_in(&text);
    let logged = || std::fs::read_to_string(&log).unwrap_or_default();
    let pid = std::fs::read_to_string(log.with_file_name("prosody.pid")).unwrap();

    assert!(!Stream::open(c2s).register("AAAAAAAAAAAAAAAAAAAAAAAAAAAA", "mercutio"), "{}", logged());
    assert!(Stream::open(c2s).register(token_of(&link), "juliet"), "{text}\n{}", logged());
    assert!(!Stream::open(c2s).register(token_of(&link), "romeo"), "the invite works once");
    assert_eq!(Client::new().get(&link).unwrap().status, 404, "the invite is used");
    let mut command = vestibule_command(&["invites", "show", "localhost", &link, "--json"]).unwrap();
    command.arg("--data-dir").arg(directory.path().join("data"));
    let shown = CliOutput::of(command).unwrap().json().unwrap();
    assert_eq!(shown["state"], "used", "{shown}");
    assert_eq!(shown["redemptions"][0]["username"], "juliet", "{shown}");

    assert!(is_running(&pid));
    ends_well(&mut demo);
    assert!(!is_running(&pid), "nothing is left");
    assert!(!log.exists(), "nothing is left");
    let mut command = vestibule_command(&["keys", "list", "localhost"]).unwrap();
    command.arg("--data-dir").arg(directory.path().join("data"));
    assert_eq!(CliOutput::of(command).unwrap().text().lines().count(), 1, "the key of the bridge is deleted");
}

#[test]
fn the_prosody_of_a_demo_ends_with_it() {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let directory = TempDir::new().unwrap();
    let mut demo = start(directory.path(), None);
    let log = log_in(&introduction(&demo));
    let pid = std::fs::read_to_string(log.with_file_name("prosody.pid")).unwrap();
    assert!(is_running(&pid));
    demo.kill();
    eventually("the end of its Prosody", TIMEOUT, || !is_running(&pid));
    // The killed demo could not remove it.
    std::fs::remove_dir_all(log.parent().and_then(Path::parent).unwrap()).unwrap();
}

#[test]
fn a_demo_deletes_what_a_killed_one_left_and_tells_what_it_deleted() {
    let directory = TempDir::new().unwrap();
    let temporary = directory.path().join("tmp");
    std::fs::create_dir(&temporary).unwrap();
    std::fs::write(temporary.join("vestibule-demo-file"), "not a directory").unwrap();
    let start = || {
        let mut command = vestibule_command(&["demo", "--listen", "127.0.0.1:0", "--prosody", ""]).unwrap();
        command.env("TMPDIR", &temporary).current_dir(directory.path());
        Process::spawn(command).unwrap()
    };
    let left = || {
        let entries = std::fs::read_dir(&temporary).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.is_dir()).collect::<Vec<_>>()
    };
    let mut killed = start();
    introduction(&killed);
    let abandoned = left();
    assert_eq!(abandoned.len(), 1);
    let mut running = start();
    introduction(&running);
    assert_eq!(left().len(), 2, "the directory of a running demo stays");
    killed.kill();

    let mut demo = start();
    let text = introduction(&demo);
    assert!(text.contains(&format!("left: {}\n", abandoned[0].display())), "{text}");
    assert!(!abandoned[0].exists());
    assert_eq!(Client::new().get(&bookmark_in(&text)).unwrap().status, 303, "{text}");
    for demo in [&mut running, &mut demo] {
        ends_well(demo);
        let rest = demo.rest_of_stdout();
        assert!(rest.contains("The demo has ended. It deleted "), "{rest}");
    }
    assert!(left().is_empty());
    assert!(temporary.join("vestibule-demo-file").exists());
    let entries = std::fs::read_dir(directory.path()).unwrap().count();
    assert_eq!(entries, 1, "nothing else is written");
}

#[test]
fn the_demo_runs_without_prosody() {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let directory = TempDir::new().unwrap();
    let broken = directory.path().join("broken");
    std::fs::write(&broken, "#!/bin/sh\necho this one is broken\nexit 3\n").unwrap();
    std::fs::set_permissions(&broken, std::fs::Permissions::from_mode(0o755)).unwrap();
    let nowhere = directory.path().to_str().unwrap();
    for (env, words) in [
        (("PATH", nowhere), &["Accounts need an XMPP server", "install Prosody"][..]),
        (("VESTIBULE_DEMO_PROSODY", ""), &["Accounts need an XMPP server", "install Prosody"]),
        (("VESTIBULE_DEMO_PROSODY", "/nonexistent"), &["Accounts need an XMPP server", "cannot be started"]),
        (
            ("VESTIBULE_DEMO_PROSODY", broken.to_str().unwrap()),
            &["exit status: 3", "continues without", "\n  this one is broken\n"],
        ),
    ] {
        let mut demo = start(directory.path(), Some(env));
        let text = introduction(&demo);
        assert!(words.iter().all(|word| text.contains(word)), "{words:?}: {text}");
        assert_eq!(Client::new().get(&link_in(&text).unwrap()).unwrap().status, 200, "{text}");
        ends_well(&mut demo);
    }
}
