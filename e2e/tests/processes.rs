//! Several processes on one database: commands work while the server is under load.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use common::{HOST, TestServer};
use vestibule_e2e::http::{Client, token_of};

/// Creates invites on its own connection until `done`, and returns all links.
fn writer(test_server: &TestServer, done: &Arc<AtomicBool>) -> JoinHandle<Vec<String>> {
    let (url, key, done) = (test_server.server.url(), test_server.key.clone(), Arc::clone(done));
    std::thread::spawn(move || {
        let client = Client::new();
        let mut links = Vec::new();
        while !done.load(Ordering::Relaxed) {
            let answer = client.mint(&url, &key).unwrap();
            assert_eq!(answer.status, 201, "{answer:?}");
            links.push(answer.location().unwrap().to_owned());
        }
        links
    })
}

#[test]
fn the_command_line_works_beside_a_busy_server_and_nothing_is_lost() {
    let test_server = TestServer::new();
    let done = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..2).map(|_| writer(&test_server, &done)).collect();
    let mut links = Vec::new();
    for round in 0..15 {
        links.extend(
            test_server.done(&["invites", "create", HOST, "--count", "7"]).lines().map(str::to_owned),
        );
        let key = test_server.server.create_key(HOST).unwrap();
        assert_eq!(
            test_server.client.mint(&test_server.server.url(), &key).unwrap().status,
            201,
            "a new key works immediately"
        );
        test_server.done(&["keys", "delete", HOST, key.split('/').next().unwrap()]);
        assert_eq!(
            test_server.client.mint(&test_server.server.url(), &key).unwrap().status,
            403,
            "a deleted key stops working immediately"
        );
        if round % 5 == 0 {
            let gone = links.remove(0);
            test_server.done(&["invites", "revoke", HOST, token_of(&gone)]);
            assert_eq!(test_server.status_of(&gone), 404);
        }
    }
    done.store(true, Ordering::Relaxed);
    for writer in writers {
        links.extend(writer.join().unwrap());
    }
    test_server.all_open(&links, "from both");
    // In addition: one invite of every short-lived key, and the revoked ones.
    assert_eq!(test_server.invites().len(), links.len() + 15 + 3);
}
