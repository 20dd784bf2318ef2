//! The number of Prosody's connections to Vestibule is bounded under any load on its HTTP port.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use vestibule_e2e::http::Client;
use vestibule_e2e::{Version, Vestibule};

use crate::relay::{Mode, Relay};
use crate::test_server::TestServer;
use crate::versions::on_both_versions;

/// The limits of the modules for registrations and for `/invites_api` together.
const CONNECTIONS: usize = 16;
const CLIENTS: usize = 5;
const FLOOD: Duration = Duration::from_secs(3);

on_both_versions!(
    wrong_keys_do_not_exhaust_file_descriptors,
    requests_beyond_the_capacity_are_refused_at_once,
);

fn wrong_keys_do_not_exhaust_file_descriptors(version: Version) {
    let test_server = TestServer::new(version);
    test_server.assert_works("first");
    let before = test_server.prosody.open_files().unwrap();
    let (done, sent, most) = (AtomicBool::new(false), AtomicUsize::new(0), AtomicUsize::new(0));
    let url = format!("{}/invites_api?key=abcd/efgh", test_server.prosody.http_url());
    thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                let client = Client::new();
                while !done.load(Ordering::SeqCst) {
                    let answer = client.send("POST", &url, &[], Some(b"")).unwrap();
                    assert!(matches!(answer.status, 403 | 503), "{answer:?}");
                    sent.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        let until = Instant::now() + FLOOD;
        let mut at = 0;
        while Instant::now() < until {
            most.fetch_max(test_server.prosody.open_files().unwrap(), Ordering::SeqCst);
            test_server.assert_works(&format!("guest{at}"));
            at += 1;
        }
        done.store(true, Ordering::SeqCst);
    });
    let (sent, most) = (sent.into_inner(), most.into_inner());
    println!("{sent} requests, {before} files before, {most} at most");
    // The clients, the streams of the registrations, and a margin for closing connections.
    assert!(most <= before + CONNECTIONS + CLIENTS + 10, "{most} files are open, {before} were before");
}

fn requests_beyond_the_capacity_are_refused_at_once(version: Version) {
    let vestibule = Vestibule::builder().start().unwrap();
    let relay = Relay::start(Mode::To(vestibule.addr()));
    let mut test_server = TestServer::asking(vestibule, &relay.url(), version, |builder| builder);
    test_server.vestibule.pause();
    let url = format!("{}/invites_api?key=abcd/efgh", test_server.prosody.http_url());
    let fastest = thread::scope(|scope| {
        let clients: Vec<_> = (0..40)
            .map(|_| {
                scope.spawn(|| {
                    let began = Instant::now();
                    let answer = Client::new().send("GET", &url, &[], None).unwrap();
                    assert_eq!(answer.status, 503, "{answer:?}");
                    began.elapsed()
                })
            })
            .collect();
        let mut times: Vec<_> = clients.into_iter().map(|client| client.join().unwrap()).collect();
        times.sort();
        times[10]
    });
    test_server.vestibule.resume();
    // Twenty wait for five seconds, the others are refused immediately.
    assert!(fastest < Duration::from_secs(4), "{fastest:?}");
    test_server.assert_works("juliet");
}
