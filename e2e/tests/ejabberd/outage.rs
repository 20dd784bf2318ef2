//! Vestibule is unreachable, hangs or sends invalid responses: nobody registers, others are not delayed, and it recovers.

use std::time::{Duration, Instant};

use serde_json::json;
use vestibule_e2e::Vestibule;

use crate::common::{HOST, eventually};
use crate::races::LEASE;
use crate::relay::Mode;
use crate::test_server::{PASSWORD, SOON, TestServer, assert_refused};

/// The longest wait of others while a request hangs.
const AT_ONCE: Duration = Duration::from_secs(1);
/// The end of an outage is logged after 10 seconds without a failure.
const QUIET: Duration = Duration::from_secs(30);

const BEGAN: &str = "Vestibule is unreachable";
const ENDED: &str = "Vestibule answers again";

#[test]
fn an_outage_is_answered_with_wait_and_logged_once() {
    let (mut test_server, relay) = TestServer::relayed();
    let invite = test_server.create(&json!({}));
    let mut admitted = test_server.admitted(&invite);
    test_server.vestibule.kill();
    for _ in 0..5 {
        let mut guest = test_server.guest();
        assert_refused(&guest.preauth(&invite.token).unwrap(), "wait", "service-unavailable");
        assert_refused(&guest.register("nurse", PASSWORD).unwrap(), "wait", "service-unavailable");
        assert_refused(&admitted.register("juliet", PASSWORD).unwrap(), "wait", "service-unavailable");
    }
    assert!(test_server.ejabberd.add_account("peter", PASSWORD).is_err());
    assert_eq!(test_server.ejabberd.accounts().unwrap(), Vec::<String>::new());
    eventually("its begin is logged", SOON, || test_server.logged(BEGAN) > 0);
    assert_eq!(
        (test_server.logged(BEGAN), test_server.logged(ENDED)),
        (1, 0),
        "{}",
        test_server.ejabberd.log()
    );
    test_server.vestibule.restart().unwrap();
    relay.set(Mode::To(test_server.vestibule.addr()));
    assert!(admitted.register("juliet", PASSWORD).unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&invite).0, "juliet@localhost");
    eventually("its end is logged", QUIET, || test_server.logged(ENDED) > 0);
    assert_eq!(
        (test_server.logged(BEGAN), test_server.logged(ENDED)),
        (1, 1),
        "{}",
        test_server.ejabberd.log()
    );
    test_server.assert_clean_log(&[&invite]);
}

#[test]
fn others_are_answered_while_vestibule_hangs() {
    let mut test_server = TestServer::new();
    let mut romeo = test_server.member("romeo");
    let invite = test_server.create(&json!({}));
    let mut admitted = test_server.admitted(&invite);
    let mut guests: Vec<_> = (0..40).map(|_| test_server.guest()).collect();
    test_server.vestibule.pause();
    let payload = format!("<preauth xmlns='urn:xmpp:pars:0' token='{}'/>", invite.token);
    let shown: Vec<_> = guests.iter_mut().map(|guest| guest.ask("set", &payload).unwrap()).collect();
    let asked = admitted.ask_to_register("juliet", PASSWORD).unwrap();
    let (started, mut slowest, mut pings) = (Instant::now(), Duration::ZERO, 0);
    while started.elapsed() < Duration::from_secs(3) {
        let sent = Instant::now();
        assert!(romeo.ping(AT_ONCE).unwrap().is_ok());
        slowest = slowest.max(sent.elapsed());
        pings += 1;
    }
    println!("{pings} pings, the slowest took {slowest:?}");
    assert!(test_server.can_log_in("romeo", PASSWORD));
    for (guest, id) in guests.iter_mut().zip(&shown) {
        assert_refused(&guest.answer(id, SOON).unwrap(), "wait", "service-unavailable");
    }
    assert_refused(&admitted.answer(&asked, SOON).unwrap(), "wait", "service-unavailable");
    test_server.vestibule.resume();
    assert!(admitted.register("juliet", PASSWORD).unwrap().is_ok(), "{}", test_server.ejabberd.log());
    assert_eq!(test_server.redeemed_by(&invite).0, "juliet@localhost");
}

#[test]
fn an_invalid_response_admits_nobody() {
    let (test_server, relay) = TestServer::relayed();
    let invite = test_server.create(&json!({}));
    let mut admitted = test_server.admitted(&invite);
    let answer = |status: &str, kind: &str, body: &str| {
        let head = format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n", body.len());
        format!("{head}Connection: close\r\n\r\n{body}").into_bytes()
    };
    let json = "application/json";
    let text = "{\"admission\": \"x\", \"id\": \"x\", \"state\": \"pending\", \"kind\": \"account\", \"created_at\": \"x\", \
                \"expires_at\": \"2030-01-01T00:00:00Z\"}";
    let nonsense = [
        Vec::new(),
        b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(),
        answer("500 Internal Server Error", "text/plain", "oops"),
        answer("502 Bad Gateway", "text/html", "<h1>Bad Gateway</h1>"),
        answer("200 OK", "text/html", "<h1>It works!</h1>"),
        answer("200 OK", json, "{"),
        answer("200 OK", json, "[]"),
        answer("200 OK", json, "{}"),
        answer("200 OK", json, "true"),
        answer("201 Created", json, "{}"),
        answer("200 OK", json, "{\"admission\": 1, \"kind\": [], \"created_at\": {}, \"expires_at\": false}"),
        answer("200 OK", json, text),
        answer("204 No Content", json, ""),
        answer("302 Found", json, "{}"),
        answer("404 Not Found", "text/plain", "404"),
        answer("403 Forbidden", json, "{\"type\": 7}"),
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".to_vec(),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{".to_vec(),
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}".to_vec(),
        vec![0xff; 4096],
    ];
    for bytes in nonsense {
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        relay.set(Mode::Says(bytes));
        let mut guest = test_server.guest();
        let reply = guest.preauth(&invite.token).unwrap_or_else(|error| panic!("{shown}: {error}"));
        assert_eq!(reply.refusal().map(|(kind, _)| kind), Some("wait"), "{shown}: {reply:?}");
        assert!(!guest.register("juliet", PASSWORD).unwrap().is_ok(), "{shown}");
        let reply = admitted.register("juliet", PASSWORD).unwrap_or_else(|error| panic!("{shown}: {error}"));
        assert!(!reply.is_ok(), "{shown}");
    }
    assert_eq!(test_server.ejabberd.accounts().unwrap(), Vec::<String>::new());
    relay.set(Mode::To(test_server.vestibule.addr()));
    assert!(admitted.register("juliet", PASSWORD).unwrap().is_ok());
    test_server.assert_clean_log(&[&invite]);
}

#[test]
fn a_wrong_key_admits_nobody() {
    let vestibule = Vestibule::builder().host(HOST).host("other.example").start().unwrap();
    let url = vestibule.url();
    let others = vestibule.create_key_with("other.example", &["ejabberd", "--scope", "bridge"]).unwrap();
    let unscoped = vestibule.create_key(HOST).unwrap();
    let test_server = TestServer::asking(vestibule, &url, |builder| builder);
    let invite = test_server.create(&json!({}));
    let foreign = test_server.vestibule.cli(&["invites", "create", "other.example"]).unwrap();
    let foreign = foreign.text().rsplit('/').next().expect("a token").to_owned();
    let mut admitted = test_server.admitted(&invite);
    let (id, _) = test_server.key.split_once('/').expect("ID/SECRET");
    let wrong = format!("{id}/{}", "x".repeat(36));
    for (key, text) in [
        (others.as_str(), "vestibule_key is the key of another host"),
        (unscoped.as_str(), "vestibule_key; make one with"),
        (wrong.as_str(), "vestibule_key; make one with"),
    ] {
        test_server.ejabberd.configure_bridge(&url, key).unwrap();
        for token in [&invite.token, &foreign] {
            let reply = test_server.guest().preauth(token).unwrap();
            assert!(!reply.is_ok(), "{key}: {reply:?}");
        }
        assert!(!admitted.register("juliet", PASSWORD).unwrap().is_ok());
        eventually("the cause is logged", SOON, || test_server.logged(text) > 0);
        assert!(
            !test_server.ejabberd.log().contains(key.split_once('/').unwrap().1),
            "the log contains a key"
        );
    }
    assert_eq!(test_server.ejabberd.accounts().unwrap(), Vec::<String>::new());
    test_server.ejabberd.configure_bridge(&url, &test_server.key).unwrap();
    assert!(admitted.register("juliet", PASSWORD).unwrap().is_ok());
}

#[test]
fn a_claim_with_a_lost_answer_can_be_repeated() {
    let (test_server, relay) = TestServer::relayed();
    let invite = test_server.create(&json!({}));
    let mut guest = test_server.admitted(&invite);
    relay.set(Mode::LosesAnswers(test_server.vestibule.addr()));
    for _ in 0..2 {
        assert_refused(&guest.register("juliet", PASSWORD).unwrap(), "wait", "service-unavailable");
    }
    assert!(test_server.ejabberd.accounts().unwrap().is_empty());
    relay.set(Mode::To(test_server.vestibule.addr()));
    // With another name: the claim for the first one is found and replaced.
    assert!(guest.register("nurse", PASSWORD).unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&invite).0, "nurse@localhost");
}

#[test]
fn a_completion_survives_the_end_of_both() {
    let (mut test_server, relay) = TestServer::relayed();
    let (invite, next) = (test_server.create(&json!({})), test_server.create(&json!({})));
    let mut guest = test_server.admitted(&invite);
    let mut other = test_server.admitted(&next);
    relay.set(Mode::LosesCompletions(test_server.vestibule.addr()));
    assert!(guest.register("juliet", PASSWORD).unwrap().is_ok());
    assert!(test_server.can_log_in("juliet", PASSWORD));
    eventually("the completion fails", SOON, || test_server.logged(BEGAN) > 0);
    // It is sent before the next claim.
    assert_refused(&other.register("nurse", PASSWORD).unwrap(), "wait", "service-unavailable");
    assert_eq!(test_server.show(&invite)["uses"], 0);
    test_server.vestibule.kill();
    test_server.ejabberd.kill_and_restart().unwrap();
    assert_refused(&test_server.guest().preauth(&next.token).unwrap(), "wait", "service-unavailable");
    test_server.vestibule.restart().unwrap();
    relay.set(Mode::To(test_server.vestibule.addr()));
    let mut other = test_server.admitted(&next);
    assert!(other.register("nurse", PASSWORD).unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&invite), ("juliet@localhost".to_owned(), "ibr".to_owned()));
    assert_eq!(test_server.redeemed_by(&next).0, "nurse@localhost");
}

#[test]
fn a_registration_that_a_crash_interrupts_is_redeemed_or_free() {
    let mut test_server = TestServer::new();
    let mut free = Vec::new();
    for round in 0..4 {
        let invite = test_server.create(&json!({}));
        let name = format!("guest{round}");
        let mut guest = test_server.admitted(&invite);
        guest.ask_to_register(&name, PASSWORD).unwrap();
        // At different times of a registration, which takes a few milliseconds.
        crate::races::pause(round);
        test_server.ejabberd.kill_and_restart().unwrap();
        if test_server.ejabberd.accounts().unwrap().contains(&name) {
            assert_eq!(test_server.redeemed_by(&invite).0, format!("{name}@localhost"));
        } else {
            free.push(invite);
        }
    }
    // A use whose claim was not on disk yet is free again when the lease ends.
    for invite in &free {
        test_server.assert_unspent_within(invite, LEASE);
    }
}
