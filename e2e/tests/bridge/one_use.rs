//! One use creates one account, even with pipelined requests and disconnects.
//!
//! `VESTIBULE_RACE_TOKENS` sets the number of tokens of each test.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use vestibule_e2e::http::Client;
use vestibule_e2e::xmpp::Stream;
use vestibule_e2e::{ProsodyBuilder, Version};

use crate::common::{HOST, eventually};
use crate::test_server::{Invite, PASSWORD, TestServer, assert_refused, registration};
use crate::versions::on_both_versions;

/// Longer than the lease of a claim, which is one minute.
const LEASE: Duration = Duration::from_secs(75);
const LIMIT: Duration = Duration::from_mins(1);
const STREAMS: usize = 4;

on_both_versions!(
    one_of_several_pipelined_registrations_creates_an_account,
    an_invite_for_many_creates_one_account_per_token_check,
    a_mistyped_name_can_be_corrected_on_the_same_stream,
    a_held_use_is_answered_with_wait,
    a_reload_of_the_module_does_not_skip_claims,
    an_interrupted_registration_is_redeemed_or_has_no_account,
);

/// Returns the number of tokens.
fn tokens() -> usize {
    std::env::var("VESTIBULE_RACE_TOKENS").ok().and_then(|text| text.parse().ok()).unwrap_or(60)
}

fn role(version: Version) -> &'static str {
    match version {
        Version::V012 => "teacher",
        Version::V13 => "prosody:member",
    }
}

/// Adds modules that read the invite of a new account.
fn watched(builder: ProsodyBuilder) -> ProsodyBuilder {
    builder.test_module("witness")
}

/// Opens a stream with a checked token. On a busy machine, guests may be asked to wait.
fn admitted(c2s: SocketAddr, token: &str) -> Stream {
    let mut guest = Stream::open(c2s, HOST).unwrap();
    eventually("the token is checked", LEASE, || match guest.preauth(token).unwrap().refusal() {
        None => true,
        Some((kind, condition)) => {
            assert_eq!(kind, "wait", "{condition}");
            false
        }
    });
    guest
}

/// Runs `work` for every invite on a few threads, with a function that opens a stream for it, under additional load.
fn for_each_beside_load(
    test_server: &TestServer,
    invites: &[Invite],
    work: impl Fn(usize, &dyn Fn() -> Stream) + Sync,
) {
    let (c2s, docs) = (test_server.prosody.c2s_addr(), format!("{}/docs", test_server.vestibule.url()));
    let (next, done) = (AtomicUsize::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        for _ in 0..3 {
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
                    loop {
                        let at = next.fetch_add(1, Ordering::SeqCst);
                        let Some(invite) = invites.get(at) else { break };
                        work(at, &|| admitted(c2s, &invite.token));
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

/// Asserts that the invite was redeemed once, by this account.
fn assert_redeemed_by(test_server: &TestServer, invite: &Invite, username: &str) {
    eventually(&format!("{username} is recorded"), LIMIT, || test_server.show(invite)["state"] == "used");
    let now = test_server.show(invite);
    assert_eq!(now["uses"], 1, "{now}");
    assert_eq!(now["redemptions"].as_array().map(Vec::len), Some(1), "{now}");
    assert_eq!(now["redemptions"][0]["jid"], format!("{username}@localhost"), "{now}");
    assert_ne!(now["redemptions"][0]["over_use"], json!(true), "{now}");
}

/// Asserts that no claim holds a use of the invite.
fn assert_use_is_free(test_server: &TestServer, invite: &Invite) {
    let body = json!({ "token": invite.token, "username": "somebodyelse" });
    let mut claimed = (0, Value::Null);
    eventually("the use is free", LEASE, || {
        claimed = test_server.api("POST", "/v1/redemptions", Some(&body));
        claimed.0 == 201
    });
    let path = format!("/v1/redemptions/{}", claimed.1["claim"].as_str().expect("a claim"));
    assert_eq!(test_server.api("DELETE", &path, None).0, 204);
}

fn one_of_several_pipelined_registrations_creates_an_account(version: Version) {
    let test_server = TestServer::new(version);
    let invites: Vec<_> = (0..tokens()).map(|_| test_server.mint(&json!({}))).collect();
    let successful = AtomicUsize::new(0);
    for_each_beside_load(&test_server, &invites, |at, guest| {
        let all: String = (0..6).map(|n| registration(&format!("r{n}"), &format!("t{at}n{n}"))).collect();
        eventually("one of six is let in", 2 * LEASE, || {
            let mut guest = guest();
            guest.send(&all).unwrap();
            let replies: Vec<_> = (0..6).map(|n| guest.answer(&format!("r{n}"), LIMIT).unwrap()).collect();
            let is_in = replies.iter().filter(|reply| reply.is_ok()).count();
            successful.fetch_add(is_in, Ordering::SeqCst);
            // All were asked to wait: they try again.
            let waits = replies.iter().all(|reply| reply.refusal().is_some_and(|(kind, _)| kind == "wait"));
            assert!(is_in > 0 || waits, "{replies:?}");
            is_in > 0
        });
    });
    let accounts = test_server.prosody.accounts();
    assert_eq!(
        accounts.len(),
        invites.len(),
        "accounts; {} registrations succeeded",
        successful.into_inner()
    );
    for (at, invite) in invites.iter().enumerate() {
        let prefix = format!("t{at}n");
        let mine: Vec<_> = accounts.iter().filter(|name| name.starts_with(&prefix)).collect();
        assert_eq!(mine.len(), 1, "{mine:?}");
        assert_redeemed_by(&test_server, invite, mine[0]);
    }
}

fn an_invite_for_many_creates_one_account_per_token_check(version: Version) {
    let test_server = TestServer::new(version);
    let invite = test_server.mint(&json!({ "max_uses": null }));
    let mut guest = test_server.admitted(&invite);
    guest.send(&["juliet", "nurse", "peter"].map(|name| registration(name, name)).concat()).unwrap();
    assert!(guest.answer("juliet", LIMIT).unwrap().is_ok());
    for name in ["nurse", "peter"] {
        assert_refused(&guest.answer(name, LIMIT).unwrap(), "cancel", "forbidden");
    }
    assert_eq!(test_server.prosody.accounts(), ["juliet"]);
    let reply = guest.preauth(&invite.token).unwrap();
    assert!(reply.is_ok(), "{reply:?}");
    assert!(guest.register("nurse", PASSWORD).unwrap().is_ok());
    eventually("two uses", LIMIT, || test_server.show(&invite)["uses"] == 2);
}

fn a_mistyped_name_can_be_corrected_on_the_same_stream(version: Version) {
    let test_server = TestServer::new(version);
    test_server.prosody.add_account("romeo", PASSWORD).unwrap();
    test_server.mint(&json!({ "username": "benvolio" }));
    let invite = test_server.mint(&json!({}));
    let mut guest = test_server.admitted(&invite);
    let names = ["romeo", "benvolio", "", "juliet", "nurse"];
    guest.send(&names.map(|name| registration(&format!("n{name}"), name)).concat()).unwrap();
    let successful: Vec<_> =
        names.iter().filter(|name| guest.answer(&format!("n{name}"), LIMIT).unwrap().is_ok()).collect();
    assert_eq!(successful, [&"juliet"]);
    assert_redeemed_by(&test_server, &invite, "juliet");
}

fn a_held_use_is_answered_with_wait(version: Version) {
    let test_server = TestServer::new(version);
    let invite = test_server.mint(&json!({}));
    let mut guest = test_server.admitted(&invite);
    let body = json!({ "token": invite.token, "username": "nurse" });
    let (status, claimed) = test_server.api("POST", "/v1/redemptions", Some(&body));
    assert_eq!(status, 201, "{claimed}");
    assert_refused(&guest.register("juliet", PASSWORD).unwrap(), "wait", "resource-constraint");
    assert_eq!(test_server.prosody.accounts(), Vec::<String>::new());
    let path = format!("/v1/redemptions/{}", claimed["claim"].as_str().expect("a claim"));
    assert_eq!(test_server.api("DELETE", &path, None).0, 204);
    assert!(guest.register("juliet", PASSWORD).unwrap().is_ok());
    assert_redeemed_by(&test_server, &invite, "juliet");
}

fn a_reload_of_the_module_does_not_skip_claims(version: Version) {
    let test_server = TestServer::new(version);
    let (invite, revoked) = (test_server.mint(&json!({})), test_server.mint(&json!({})));
    let mut guests = [&invite, &invite, &revoked].map(|invite| test_server.admitted(invite));
    test_server.reload_module();
    assert_eq!(test_server.api("DELETE", &format!("/v1/invites/{}", revoked.id), None).0, 204);
    assert!(guests[0].register("juliet", PASSWORD).unwrap().is_ok(), "{}", test_server.prosody.log());
    assert_redeemed_by(&test_server, &invite, "juliet");
    for guest in &mut guests[1..] {
        assert!(!guest.register("nurse", PASSWORD).unwrap().is_ok());
    }
    assert_eq!(test_server.prosody.accounts(), ["juliet"]);
    test_server.assert_works("peter");
}

/// Registers and disconnects, at times from before the request is complete to after its answer.
#[allow(clippy::disallowed_methods, reason = "the test varies the time of the disconnect")]
fn register_and_hang_up(at: usize, guest: &dyn Fn() -> Stream) {
    let mut guest = guest();
    let text = registration("r", &format!("guest{at}"));
    let moment = at % 15;
    match moment {
        0 => guest.send(&text[..text.len() - 9]).unwrap(),
        14 => {
            guest.send(&text).unwrap();
            let _ = guest.answer("r", LIMIT).unwrap();
        }
        _ => {
            guest.send(&text).unwrap();
            // Steps of two milliseconds over the duration of a registration.
            thread::sleep(Duration::from_millis(2 * (moment as u64 - 1)));
        }
    }
    if at.is_multiple_of(2) { guest.reset().unwrap() } else { drop(guest) }
}

fn an_interrupted_registration_is_redeemed_or_has_no_account(version: Version) {
    let test_server = TestServer::with(version, watched);
    test_server.prosody.add_account("romeo", PASSWORD).unwrap();
    let wishes = json!({ "kind": "account-and-contact", "inviter": "romeo", "groups": ["montague"], "roles": [role(version)] });
    let invites: Vec<_> = (0..tokens()).map(|_| test_server.mint(&wishes)).collect();
    for_each_beside_load(&test_server, &invites, register_and_hang_up);
    // Registrations end roughly in their order; this is the last one.
    test_server.assert_works("last");
    let mut made = 0;
    for (at, invite) in invites.iter().enumerate() {
        let username = format!("guest{at}");
        if test_server.prosody.accounts().contains(&username) {
            made += 1;
            assert_redeemed_by(&test_server, invite, &username);
            let stored = |store: &str| test_server.prosody.stored(store, &username).unwrap_or_default();
            let roster = stored("roster");
            assert!(roster.contains("romeo@localhost") && roster.contains("both"), "{username}: {roster}");
            let roles = match version {
                Version::V012 => stored("roles"),
                Version::V13 => stored("account_roles"),
            };
            assert!(roles.contains(role(version)), "{username}: {roles}");
            let seen = stored("witness");
            assert!(seen.contains("montague") && seen.contains(&invite.token), "{username}: {seen}");
            assert_refused(&test_server.guest().preauth(&invite.token).unwrap(), "cancel", "forbidden");
        } else {
            assert_use_is_free(&test_server, invite);
            let second = format!("second{at}");
            eventually("the second one is let in", LEASE, || {
                let reply = admitted(test_server.prosody.c2s_addr(), &invite.token)
                    .register(&second, PASSWORD)
                    .unwrap();
                let refusal = reply.refusal();
                assert!(refusal.is_none_or(|(kind, _)| kind == "wait"), "{second}: {reply:?}");
                refusal.is_none()
            });
            assert_redeemed_by(&test_server, invite, &second);
        }
    }
    println!("{made} of {} have an account despite the disconnect", invites.len());
    let log = test_server.prosody.log().to_lowercase();
    assert!(!log.contains("traceback"), "{log}");
}
