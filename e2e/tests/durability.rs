//! A 201 means that the invite is on disk. The server is killed repeatedly under load, and all acknowledged invites
//! must open afterwards. After a kill the kernel keeps its caches, after a power cut it does not, so the calls that
//! sync the journal are counted too.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod common;

use std::collections::HashSet;
use std::fs;
use std::process::Command;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use common::{TestServer, eventually};
use tempfile::TempDir;
use vestibule_e2e::Process;
use vestibule_e2e::http::Client;

const ROUNDS: usize = 20;
const WRITERS: usize = 8;
/// The timeout of an acknowledgement.
const TIMEOUT: Duration = Duration::from_secs(30);

#[test]
fn acknowledged_invites_survive_sigkill() {
    let mut test_server = TestServer::new();
    let mut links = Vec::new();
    for round in 0..ROUNDS {
        let from = links.len();
        let (send, acknowledged) = channel();
        let writers: Vec<JoinHandle<()>> = (0..WRITERS).map(|_| writer(&test_server, send.clone())).collect();
        drop(send);
        // Each round kills after another number of acknowledgements, from one to some hundreds.
        for _ in 0..=(round * 67) % 400 {
            links.push(acknowledged.recv_timeout(TIMEOUT).expect("minting goes on"));
        }
        test_server.server.kill();
        for writer in writers {
            writer.join().unwrap();
        }
        links.extend(acknowledged.try_iter());
        test_server.server.restart().unwrap();
        test_server.all_open(&links[from..], &format!("after kill {}", round + 1));
    }
    test_server.all_open(&links, "at the end");
    assert_eq!(links.iter().collect::<HashSet<_>>().len(), links.len(), "all links are distinct");
    let kept = test_server.invites().len();
    assert!(kept >= links.len() && kept <= links.len() + ROUNDS * WRITERS, "{kept} kept, {}", links.len());
}

/// An environment variable that skips the test where tracing is not permitted.
const NO_STRACE: &str = "VESTIBULE_E2E_NO_STRACE";

#[test]
fn every_answer_waits_for_the_disk() {
    if std::env::var_os(NO_STRACE).is_some() {
        eprintln!("skipped: {NO_STRACE} is set");
        return;
    }
    let directory = TempDir::new().unwrap();
    let trace = directory.path().join("trace");
    let test_server = TestServer::new();
    let mut strace = Command::new("strace");
    strace.args([
        "-f",
        "-qq",
        "-y",
        "-e",
        "trace=fsync,fdatasync",
        "-p",
        &test_server.server.pid().to_string(),
    ]);
    strace.arg("-o").arg(&trace);
    let mut tracer = Process::spawn(strace).expect("strace (`apt-get install strace`)");
    let syncs = || {
        let text = fs::read_to_string(&trace).unwrap_or_default();
        text.lines().filter(|line| line.contains("-wal>")).count()
    };
    eventually("strace is attached", TIMEOUT, || {
        assert!(
            !tracer.has_ended(),
            "strace is not permitted (set {NO_STRACE}=1 to skip): {}",
            tracer.stderr()
        );
        test_server.mint();
        syncs() > 0
    });
    for count in 1..=20 {
        let before = syncs();
        test_server.mint();
        assert!(syncs() > before, "create {count} was acknowledged before its journal was synced");
    }
    drop(tracer);
}

/// Creates invites on one connection until the server ends.
fn writer(test_server: &TestServer, acknowledged: Sender<String>) -> JoinHandle<()> {
    let (url, key) = (test_server.server.url(), test_server.key.clone());
    std::thread::spawn(move || {
        let client = Client::new();
        while let Ok(answer) = client.mint(&url, &key) {
            assert_eq!(answer.status, 201, "{answer:?}");
            let link = answer.location().expect("a Location").to_owned();
            if acknowledged.send(link).is_err() {
                break;
            }
        }
    })
}
