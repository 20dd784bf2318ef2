//! Full disks and read-only files: requests get a 503 without an acknowledgement, and succeed again without a restart
//! once writing is possible.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

#[path = "../common/mod.rs"]
mod common;
mod disk;

use std::time::Duration;

use common::TestServer;
use disk::{Locked, SmallDisk};
use vestibule_e2e::Vestibule;
use vestibule_e2e::http::Response;

/// The longest time until the server notices free space.
const RECOVERY: Duration = Duration::from_secs(15);
/// More creates than fit into the free pages of the database.
const ENOUGH: usize = 50_000;

#[test]
fn a_full_disk_loses_nothing_and_free_space_ends_the_outage() {
    let Some(disk) = SmallDisk::mount() else { return };
    let mut test_server =
        TestServer::of(Vestibule::builder().data_dir(disk.path().join("data")).start().unwrap());
    let mut links: Vec<String> = (0..200).map(|_| test_server.mint()).collect();
    assert_eq!(probe(&test_server, "/readyz"), 200);

    disk.fill();
    let refusal = mint_until_refused(&test_server, &mut links);
    assert_refusal(&refusal);
    for _ in 0..20 {
        // A page may still be free, so a create can succeed.
        let answer = test_server.client.mint(&test_server.server.url(), &test_server.key).unwrap();
        match answer.location() {
            Some(link) => links.push(link.to_owned()),
            None => assert_refusal(&answer),
        }
    }
    assert_eq!(probe(&test_server, "/healthz"), 200);
    becomes_ready(&test_server, false);
    for _ in 0..50 {
        let answer = test_server.client.mint(&test_server.server.url(), &test_server.key).unwrap();
        links.extend(answer.location().map(str::to_owned));
        assert_eq!(probe(&test_server, "/readyz"), 503, "a small successful write is no recovery");
    }
    let warnings = test_server.server.stderr().matches("changes cannot be saved").count();
    assert_eq!(warnings, 1, "{}", test_server.server.stderr());
    test_server.all_open(&links, "while the disk is full");

    disk.make_room();
    links.push(mint_again(&test_server));
    becomes_ready(&test_server, true);
    test_server.all_open(&links, "with room again");
    let count = test_server.invites().len();
    test_server.server.kill();
    test_server.server.restart().unwrap();
    test_server.all_open(&links, "after a kill");
    assert_eq!(test_server.invites().len(), count);
    assert_eq!(count, links.len(), "refused requests created nothing");
}

#[test]
fn the_command_line_reports_a_full_disk() {
    let Some(disk) = SmallDisk::mount() else { return };
    let test_server =
        TestServer::of(Vestibule::builder().data_dir(disk.path().join("data")).start().unwrap());
    disk.fill();
    mint_until_refused(&test_server, &mut Vec::new());
    let output = test_server.server.cli(&["invites", "create", common::HOST, "--count", "1000"]).unwrap();
    common::fails(&output, &["full"]);
    disk.make_room();
    assert_eq!(test_server.done(&["invites", "create", common::HOST, "--count", "10"]).lines().count(), 10);
}

#[test]
fn a_read_only_database_after_a_shutdown_can_be_read() {
    read_only_then_writable(|server| assert!(server.terminate().unwrap().success()));
}

#[test]
fn a_read_only_database_after_a_kill_can_be_read() {
    read_only_then_writable(Vestibule::kill);
}

fn read_only_then_writable(end: impl FnOnce(&mut Vestibule)) {
    let Some(locked) = Locked::new() else { return };
    let mut test_server = TestServer::of(locked.server(&[]));
    let links: Vec<String> = (0..20).map(|_| test_server.mint()).collect();
    end(&mut test_server.server);

    locked.lock();
    let server = locked.server(&Locked::as_nobody());
    let test_server = TestServer { server, ..test_server };
    let answer = test_server.client.mint(&test_server.server.url(), &test_server.key).unwrap();
    assert_refusal(&answer);
    assert_eq!(probe(&test_server, "/healthz"), 200);
    becomes_ready(&test_server, false);
    test_server.all_open(&links, "while the database is read-only");

    locked.unlock();
    let fresh = mint_again(&test_server);
    becomes_ready(&test_server, true);
    test_server.all_open(links.iter().chain([&fresh]), "writable again");
}

/// Waits until `/readyz` reports this; it may cache an answer briefly.
fn becomes_ready(test_server: &TestServer, ready: bool) {
    common::eventually("/readyz", RECOVERY, || (probe(test_server, "/readyz") == 200) == ready);
}

fn probe(test_server: &TestServer, path: &str) -> u16 {
    test_server.client.get(&format!("{}{path}", test_server.server.url())).unwrap().status
}

/// Creates invites and records their links until the server refuses.
fn mint_until_refused(test_server: &TestServer, links: &mut Vec<String>) -> Response {
    for _ in 0..ENOUGH {
        let answer = test_server.client.mint(&test_server.server.url(), &test_server.key).unwrap();
        match answer.location() {
            Some(link) => links.push(link.to_owned()),
            None => return answer,
        }
    }
    panic!("{ENOUGH} invites on a full disk: is it full?\n{}", test_server.server.stderr());
}

/// Repeats a create until it succeeds.
fn mint_again(test_server: &TestServer) -> String {
    let mut link = None;
    common::eventually("minting goes on", RECOVERY, || {
        let answer = test_server.client.mint(&test_server.server.url(), &test_server.key).unwrap();
        link = answer.location().map(str::to_owned);
        link.is_some()
    });
    link.unwrap()
}

/// Asserts a refusal with an instruction and without internal details.
fn assert_refusal(answer: &Response) {
    assert_eq!(answer.status, 503, "{answer:?}");
    assert_eq!(answer.location(), None);
    let seconds = answer.header("retry-after").map(str::parse::<u32>);
    assert!(matches!(seconds, Some(Ok(1..=600))), "{answer:?}");
    assert!(answer.header("content-type").is_some_and(|kind| kind.starts_with("text/plain")), "{answer:?}");
    let text = answer.text();
    assert!(text.len() > 20 && text.to_lowercase().contains("again"), "no instruction: {text:?}");
    assert!(!text.to_lowercase().contains("sqlite"), "internal details: {text:?}");
}
