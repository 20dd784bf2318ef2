//! The limiter slows down clients that guess tokens or keys, and no others.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod common;

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use common::TestServer;
use vestibule_e2e::http::{Client, Response, exchange, path_of, token_of};
use vestibule_e2e::xmpp::Stream;
use vestibule_e2e::{Prosody, Vestibule, VestibuleBuilder};

const BAD: &str = "198.51.100.7";
const GOOD: &str = "198.51.100.8";
/// The page of an unknown token.
const UNKNOWN: &str = "/invite/AAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A server that permits ten guesses an hour, so that the limit does not recover during a test.
fn strict(more: &[&str]) -> TestServer {
    let builder = Vestibule::builder().arg("--guess-rate").arg("10/h");
    TestServer::of(more.iter().fold(builder, VestibuleBuilder::arg).start().unwrap())
}

fn mint_as(base: &str, client: &Client, address: &str, key: &str) -> Response {
    let (url, bearer) = (format!("{base}/invites_api"), format!("Bearer {key}"));
    client.send("GET", &url, &[("x-forwarded-for", address), ("authorization", &bearer)], None).unwrap()
}

fn open_as(test_server: &TestServer, address: &str, path: &str) -> Response {
    let url = format!("{}{path}", test_server.server.url());
    test_server.client.send("GET", &url, &[("x-forwarded-for", address)], None).unwrap()
}

fn assert_too_many(answer: &Response) {
    assert_eq!(answer.status, 429, "{}", answer.text());
    let seconds: u32 = answer.header("retry-after").expect("Retry-After").parse().expect("whole seconds");
    assert!((1..=3600).contains(&seconds), "{seconds}");
}

#[test]
fn a_flood_of_wrong_keys_slows_its_own_address_only() {
    let test_server = strict(&[]);
    let (base, key, over) = (test_server.server.url(), test_server.key.as_str(), AtomicBool::new(false));
    thread::scope(|scope| {
        let honest = scope.spawn(|| {
            let (client, mut minted) = (Client::new(), 0);
            while !over.load(Ordering::SeqCst) || minted < 20 {
                assert_eq!(mint_as(&base, &client, GOOD, key).status, 201);
                minted += 1;
            }
        });
        let statuses: Vec<u16> =
            (0..200).map(|n| mint_as(&base, &test_server.client, BAD, &format!("{key}{n}")).status).collect();
        over.store(true, Ordering::SeqCst);
        honest.join().unwrap();
        assert!(statuses[..10].iter().all(|status| *status == 403), "{statuses:?}");
        assert!(statuses[10..].iter().all(|status| *status == 429), "{statuses:?}");
    });
    // A recently valid key does not count as a guess, whatever address presents it.
    assert_eq!(mint_as(&base, &test_server.client, BAD, key).status, 201);
    let new = test_server.server.create_key(common::HOST).unwrap();
    assert_too_many(&mint_as(&base, &test_server.client, BAD, &new));
    assert_eq!(open_as(&test_server, BAD, "/healthz").status, 200);
}

#[test]
fn a_flood_of_unknown_tokens_slows_its_own_address_only() {
    let test_server = strict(&[]);
    let link = test_server.mint();
    let page = path_of(&link);
    for n in 0..10 {
        assert_eq!(open_as(&test_server, BAD, &format!("/invite/{n:0>28}")).status, 404);
    }
    let answer = open_as(&test_server, BAD, page);
    assert_too_many(&answer);
    assert!(answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html")));
    assert!(answer.text().contains("Please wait"), "{}", answer.text());
    assert_eq!(open_as(&test_server, GOOD, page).status, 200);
}

#[test]
fn a_network_of_ipv6_addresses_is_one_client() {
    let test_server = strict(&[]);
    for n in 0..10 {
        assert_eq!(open_as(&test_server, &format!("2001:db8::{n}"), UNKNOWN).status, 404);
    }
    assert_too_many(&open_as(&test_server, "2001:db8::1:2:3:4", UNKNOWN));
    assert_eq!(open_as(&test_server, "2001:db8:0:1::1", UNKNOWN).status, 404);
}

#[test]
fn forged_headers_do_not_evade_the_limit_without_trusted_proxies() {
    let test_server = strict(&["--trusted-proxies", ""]);
    for n in 0..10 {
        assert_eq!(open_as(&test_server, &format!("198.51.100.{n}"), UNKNOWN).status, 404);
    }
    assert_too_many(&open_as(&test_server, "198.51.100.99", UNKNOWN));
}

#[test]
fn the_limit_recovers() {
    let test_server = TestServer::of(Vestibule::builder().arg("--guess-rate").arg("1/s").start().unwrap());
    assert_eq!(open_as(&test_server, BAD, UNKNOWN).status, 404);
    let link = test_server.mint();
    common::eventually("the limit has recovered", std::time::Duration::from_secs(10), || {
        open_as(&test_server, BAD, path_of(&link)).status == 200
    });
}

#[test]
fn the_limit_can_be_disabled() {
    let test_server = TestServer::of(Vestibule::builder().arg("--guess-rate").arg("off").start().unwrap());
    for _ in 0..300 {
        assert_eq!(open_as(&test_server, BAD, UNKNOWN).status, 404);
    }
}

/// The bridge, the proxy and other programs of the machine reach the service from one address.
#[test]
fn the_bridge_is_not_limited_by_others_on_its_machine() {
    let test_server = strict(&[]);
    let bridge = test_server.server.create_key_with(common::HOST, &["Prosody", "--scope", "bridge"]).unwrap();
    let prosody = Prosody::builder().bridge(&test_server.server.url(), &bridge).start().unwrap();
    let link = test_server.mint();
    let wrong = |n: usize| format!("/invites_api?key=abcdefghijkl/{n}");
    let unknown = |n: usize| format!("/invite/{n:0>28}");
    for n in 0..20 {
        // Through Prosody's own port, from another program, and from one that claims to be a proxy.
        exchange(prosody.http_addr(), "GET", &wrong(n), &[], b"").unwrap();
        exchange(test_server.server.addr(), "GET", &wrong(n), &[], b"").unwrap();
        exchange(test_server.server.addr(), "GET", &wrong(n), &[("X-Forwarded-For", "nonsense")], b"")
            .unwrap();
        exchange(test_server.server.addr(), "GET", &unknown(n), &[("Forwarded", "x")], b"").unwrap();
    }
    for answer in [
        exchange(prosody.http_addr(), "GET", &wrong(0), &[], b"").unwrap(),
        exchange(test_server.server.addr(), "GET", &wrong(0), &[], b"").unwrap(),
    ] {
        assert_too_many(&answer);
    }
    let mut guest = Stream::open(prosody.c2s_addr(), common::HOST).unwrap();
    assert!(guest.preauth(token_of(&link)).unwrap().is_ok(), "{}", prosody.log());
    assert!(guest.register("juliet", "secret").unwrap().is_ok(), "{}", prosody.log());
}
