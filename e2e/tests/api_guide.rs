//! Runs the examples of `docs/api.md`, on a host that is not the guide's, twice.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod common;

use std::{
    io::Write,
    process::{Command, Stdio},
};

use common::TestServer;
use vestibule_e2e::Vestibule;

/// Not the host of the guide: the examples work on any.
const HOST: &str = "club.example";
const GUIDE: &str = include_str!("../../docs/api.md");

/// Returns the code blocks of the guide: language and text.
fn blocks() -> Vec<(&'static str, &'static str)> {
    let mut blocks = Vec::new();
    for part in GUIDE.split("\n```").skip(1).step_by(2) {
        let (language, text) = part.split_once('\n').unwrap();
        blocks.push((language, text));
    }
    blocks
}

/// Runs the only block in `language` and returns its output.
fn run(language: &str, program: &str, test_server: &TestServer) -> String {
    let blocks = blocks();
    let mut found = blocks.iter().filter(|(name, _)| *name == language);
    let (_, text) = found.next().expect("no block in this language");
    assert!(found.next().is_none(), "more than one block in {language}");
    let args = ["keys", "create", HOST, "Guide"];
    let scopes = ["--scope", "invites:create,invites:contact,invites:read,invites:manage,redeem"];
    let key = test_server.done(&[&args[..], &scopes[..]].concat());
    let place = tempfile::tempdir().unwrap();
    let mut child = Command::new(program)
        // A shell ends at the first failure.
        .args(if language == "sh" { &["-eu", "-"][..] } else { &["-"] })
        .env("VESTIBULE_URL", test_server.server.url())
        .env("VESTIBULE_KEY", key)
        .current_dir(place.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program}: {error}; run scripts/needs.sh"));
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    let printed = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success(), "{printed}\n{}", String::from_utf8_lossy(&done.stderr));
    printed
}

fn test_server() -> TestServer {
    TestServer::of(Vestibule::builder().host("localhost").host(HOST).start().unwrap())
}

/// Returns the output in the guide, the block after the example.
fn promised(language: &str) -> &'static str {
    let blocks = blocks();
    let at = blocks.iter().position(|(name, _)| *name == language).unwrap();
    let (kind, text) = blocks[at + 1];
    assert_eq!(kind, "text", "the output of the {language} block follows it");
    text.trim()
}

#[test]
fn the_curl_examples_work_twice() {
    let test_server = test_server();
    for count in ["32", "64"] {
        let printed = run("sh", "sh", &test_server);
        assert!(printed.contains("\"username\":\"ann-"), "{printed}");
        assert!(printed.contains("\n31\n"), "a header and thirty invites: {printed}");
        assert_eq!(test_server.done(&["invites", "count", HOST]).trim(), count);
    }
}

#[test]
fn the_python_example_works_twice() {
    let test_server = test_server();
    for _ in 0..2 {
        assert_eq!(run("python", "python3", &test_server).trim(), promised("python"));
    }
}

#[test]
fn the_javascript_example_works_twice() {
    let test_server = test_server();
    for _ in 0..2 {
        assert_eq!(run("js", "node", &test_server).trim(), promised("js"));
    }
}
