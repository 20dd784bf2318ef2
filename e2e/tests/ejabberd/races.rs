//! One use creates one account, even with pipelined requests, disconnects and load.
//!
//! `VESTIBULE_RACE_TOKENS` sets the number of tokens of each test.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use vestibule_e2e::http::Client;
use vestibule_e2e::xmpp::Stream;

use crate::common::{HOST, eventually};
use crate::test_server::{Invite, PASSWORD, TestServer, assert_refused};

/// Longer than the lease of a claim, which is one minute.
pub(crate) const LEASE: Duration = Duration::from_secs(75);
const LIMIT: Duration = Duration::from_mins(1);
const STREAMS: usize = 8;

fn tokens() -> usize {
    std::env::var("VESTIBULE_RACE_TOKENS").ok().and_then(|text| text.parse().ok()).unwrap_or(60)
}

/// Waits for a time within a registration.
#[allow(clippy::disallowed_methods, reason = "the test varies the time of an interruption")]
pub(crate) fn pause(round: usize) {
    thread::sleep(Duration::from_millis(2 * round as u64));
}

fn registration(id: &str, username: &str) -> String {
    format!(
        "<iq type='set' id='{id}'><query xmlns='jabber:iq:register'><username>{username}</username>\
         <password>{PASSWORD}</password></query></iq>"
    )
}

/// Runs `work` for every invite on several threads, beside load on Vestibule and ejabberd.
fn for_each_beside_load(test_server: &TestServer, invites: &[Invite], work: impl Fn(usize, &Invite) + Sync) {
    let docs = format!("{}/docs", test_server.vestibule.url());
    let (next, done) = (AtomicUsize::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let client = Client::new();
                while !done.load(Ordering::SeqCst) {
                    let _ = client.get(&docs);
                }
            });
        }
        let workers: Vec<_> = (0..STREAMS)
            .map(|_| {
                scope.spawn(|| {
                    while let at = next.fetch_add(1, Ordering::SeqCst)
                        && let Some(invite) = invites.get(at)
                    {
                        work(at, invite);
                    }
                })
            })
            .collect();
        let ended: Vec<_> = workers.into_iter().map(thread::ScopedJoinHandle::join).collect();
        done.store(true, Ordering::SeqCst);
        for worker in ended {
            worker.expect("a worker without a panic");
        }
    });
}

#[test]
fn one_of_several_pipelined_registrations_creates_an_account() {
    let test_server = TestServer::new();
    let invites: Vec<_> = (0..tokens()).map(|_| test_server.create(&json!({}))).collect();
    let started = Instant::now();
    for_each_beside_load(&test_server, &invites, |at, invite| {
        let all: String = (0..6).map(|n| registration(&format!("r{n}"), &format!("t{at}n{n}"))).collect();
        eventually("one of six is let in", 2 * LEASE, || {
            let mut guest = test_server.admitted(invite);
            guest.send(&all).unwrap();
            let replies: Vec<_> = (0..6).map(|n| guest.answer(&format!("r{n}"), LIMIT).unwrap()).collect();
            let is_in = replies.iter().filter(|reply| reply.is_ok()).count();
            // All were asked to wait: they try again.
            let waits = replies.iter().all(|reply| reply.refusal().is_some_and(|(kind, _)| kind == "wait"));
            assert!(is_in == 1 || waits, "{replies:?}");
            is_in > 0
        });
    });
    println!("{} tokens, six registrations each: {:?}", invites.len(), started.elapsed());
    let accounts = test_server.ejabberd.accounts().unwrap();
    assert_eq!(accounts.len(), invites.len());
    for (at, invite) in invites.iter().enumerate() {
        let (jid, _) = test_server.redeemed_by(invite);
        assert!(jid.starts_with(&format!("t{at}n")), "{jid}");
        assert!(accounts.contains(&jid.replace("@localhost", "")), "{jid}");
        assert_eq!(test_server.show(invite)["redemptions"][0]["over_use"], json!(false));
    }
    test_server.assert_clean_log(&[]);
}

#[test]
fn streams_with_one_token_create_one_account() {
    let test_server = TestServer::new();
    let invite = test_server.create(&json!({}));
    let names = ["abraham", "balthasar", "gregory", "peter", "sampson"];
    let mut streams = names.map(|_| test_server.admitted(&invite));
    let asked: Vec<_> = streams
        .iter_mut()
        .zip(names)
        .map(|(stream, name)| stream.ask_to_register(name, PASSWORD).unwrap())
        .collect();
    let replies: Vec<_> =
        streams.iter_mut().zip(&asked).map(|(stream, id)| stream.answer(id, LIMIT).unwrap()).collect();
    let let_in: Vec<_> =
        names.into_iter().zip(&replies).filter(|(_, reply)| reply.is_ok()).map(|(name, _)| name).collect();
    assert_eq!(let_in.len(), 1, "{replies:?}");
    assert_eq!(test_server.ejabberd.accounts().unwrap(), let_in);
    assert_eq!(test_server.redeemed_by(&invite).0, format!("{}@localhost", let_in[0]));

    // One name with several tokens.
    let invites = names.map(|_| test_server.create(&json!({})));
    let mut streams: Vec<_> = invites.iter().map(|invite| test_server.admitted(invite)).collect();
    let asked: Vec<_> = streams
        .iter_mut()
        .zip(names)
        .map(|(stream, password)| stream.ask_to_register("juliet", password).unwrap())
        .collect();
    let is_in: Vec<_> = streams
        .iter_mut()
        .zip(&asked)
        .map(|(stream, id)| stream.answer(id, LIMIT).unwrap().is_ok())
        .collect();
    assert_eq!(is_in.iter().filter(|is_in| **is_in).count(), 1, "{is_in:?}");
    for ((invite, password), is_in) in invites.iter().zip(names).zip(is_in) {
        assert_eq!(test_server.can_log_in("juliet", password), is_in, "{password}");
        if is_in { test_server.becomes(invite, "used") } else { test_server.assert_unspent(invite) }
    }
}

#[test]
fn an_interrupted_registration_is_redeemed_or_has_no_account() {
    let test_server = TestServer::new();
    test_server.add_account("romeo");
    let request = json!({ "kind": "account-and-contact", "inviter": "romeo" });
    let invites: Vec<_> = (0..tokens()).map(|_| test_server.create(&request)).collect();
    for_each_beside_load(&test_server, &invites, |at, invite| {
        let mut guest = test_server.admitted(invite);
        guest.send(&registration("r", &format!("guest{at}"))).unwrap();
        pause(at % 10);
        if at.is_multiple_of(2) { guest.reset().unwrap() } else { drop(guest) }
    });
    test_server.assert_works("last");
    for (at, invite) in invites.iter().enumerate() {
        let name = format!("guest{at}");
        if test_server.ejabberd.accounts().unwrap().contains(&name) {
            assert_eq!(test_server.redeemed_by(invite).0, format!("{name}@localhost"));
            let mut guest = Stream::open(test_server.ejabberd.c2s_addr(), HOST).unwrap();
            assert_refused(&guest.preauth(&invite.token).unwrap(), "cancel", "forbidden");
        } else {
            assert_eq!(test_server.show(invite)["uses"], 0);
        }
    }
    test_server.assert_clean_log(&[]);
}
