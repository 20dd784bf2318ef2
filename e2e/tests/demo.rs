//! `vestibule demo`: what the README promises works as printed.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;
use vestibule_e2e::http::Client;
use vestibule_e2e::{CliOutput, Process, vestibule_command};

/// How long it may stay silent: it may start a Prosody as well.
const PATIENCE: Duration = Duration::from_mins(1);

/// The first word of `text` that is a link to an invite.
fn link_in(text: &str) -> Option<String> {
    let is_link = |word: &&str| word.starts_with("http://") && word.contains("/invite/");
    text.split_whitespace().find(is_link).map(str::to_owned)
}

#[test]
fn the_printed_command_and_the_printed_link_work() {
    let folder = TempDir::new().unwrap();
    let mut command = vestibule_command(&["demo", "--listen", "127.0.0.1:0", "--data-dir"]).unwrap();
    command.arg(folder.path().join("data"));
    command.current_dir(folder.path());
    let mut demo = Process::spawn(command).unwrap();
    let (mut curl, mut link) = (None, None);
    while curl.is_none() || link.is_none() {
        let text = demo.next_line(PATIENCE).unwrap();
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

    demo.signal(rustix::process::Signal::TERM);
    assert_eq!(demo.wait(Duration::from_secs(20)).unwrap().code(), Some(0), "{}", demo.stderr());
}
