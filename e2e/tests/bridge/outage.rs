//! Vestibule is unreachable, hangs or sends invalid responses: nobody registers, others are not delayed, and it
//! recovers.

use std::time::{Duration, Instant};

use serde_json::json;
use vestibule_e2e::xmpp::{Element, Reply};
use vestibule_e2e::{Version, Vestibule};

use crate::relay::{Mode, Relay};
use crate::test_server::{PASSWORD, SOON, TestServer, assert_refused};
use crate::versions::on_both_versions;

/// The longest wait of others while a request hangs.
const AT_ONCE: Duration = Duration::from_secs(1);
/// The end of an outage is logged after 10 seconds without a failure.
const QUIET: Duration = Duration::from_secs(20);

on_both_versions!(
    a_token_during_an_outage_is_answered_with_wait,
    a_registration_during_an_outage_is_answered_with_wait,
    others_are_answered_while_vestibule_hangs,
    a_client_that_disconnects_during_an_outage_is_harmless,
    an_invalid_response_admits_nobody,
    a_deleted_key_admits_nobody,
    a_contact_request_during_an_outage_is_an_ordinary_one,
    an_outage_and_its_end_are_logged_once,
    intermittent_failures_are_one_outage,
    failures_of_creates_are_logged_once,
    a_lost_completion_is_sent_again,
    a_completion_is_sent_after_a_restart_of_prosody,
    a_claim_with_a_lost_answer_can_be_repeated,
    an_invalid_address_admits_nobody,
);

/// Creates a test server with a relay.
pub(crate) fn relayed(version: Version) -> (TestServer, Relay) {
    let vestibule = Vestibule::builder().start().unwrap();
    let relay = Relay::start(Mode::To(vestibule.addr()));
    let url = relay.url();
    (TestServer::asking(vestibule, &url, version, |builder| builder), relay)
}

fn assert_wait(reply: &Reply) {
    assert_refused(reply, "wait", "service-unavailable");
}

fn a_token_during_an_outage_is_answered_with_wait(version: Version) {
    let (mut test_server, relay) = relayed(version);
    let invite = test_server.mint(&json!({}));
    test_server.vestibule.kill();
    let mut guest = test_server.guest();
    assert_wait(&guest.preauth(&invite.token).unwrap());
    assert!(!guest.register("juliet", PASSWORD).unwrap().is_ok());
    test_server.vestibule.restart().unwrap();
    relay.set(Mode::To(test_server.vestibule.addr()));
    assert!(guest.preauth(&invite.token).unwrap().is_ok());
    assert!(guest.register("juliet", PASSWORD).unwrap().is_ok());
    test_server.becomes(&invite, "used");
}

fn a_registration_during_an_outage_is_answered_with_wait(version: Version) {
    let (mut test_server, relay) = relayed(version);
    let invite = test_server.mint(&json!({}));
    let mut guest = test_server.admitted(&invite);
    test_server.vestibule.kill();
    assert_wait(&guest.register("juliet", PASSWORD).unwrap());
    assert!(!test_server.can_log_in("juliet", PASSWORD));
    test_server.vestibule.restart().unwrap();
    relay.set(Mode::To(test_server.vestibule.addr()));
    assert!(guest.register("juliet", PASSWORD).unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&invite).0, "juliet@localhost");
}

fn others_are_answered_while_vestibule_hangs(version: Version) {
    let mut test_server = TestServer::new(version);
    let mut romeo = test_server.member("romeo");
    let invite = test_server.mint(&json!({}));
    let mut admitted = test_server.admitted(&invite);
    test_server.vestibule.pause();
    let mut guest = test_server.guest();
    let payload = format!("<preauth xmlns='urn:xmpp:pars:0' token='{}'/>", invite.token);
    let shown = guest.ask("set", &payload).unwrap();
    let asked = admitted.ask_to_register("juliet", PASSWORD).unwrap();
    let started = Instant::now();
    let mut pings = 0;
    // While they hang, and at least a few times.
    while started.elapsed() < Duration::from_secs(3) {
        assert!(romeo.ping(AT_ONCE).unwrap().is_ok());
        pings += 1;
    }
    assert!(pings > 3);
    assert!(test_server.can_log_in("romeo", PASSWORD));
    assert_wait(&guest.answer(&shown, SOON).unwrap());
    assert_wait(&admitted.answer(&asked, SOON).unwrap());
    assert!(!test_server.can_log_in("juliet", PASSWORD));
    test_server.vestibule.resume();
    assert!(admitted.register("juliet", PASSWORD).unwrap().is_ok(), "{}", test_server.prosody.log());
    assert_eq!(test_server.redeemed_by(&invite).0, "juliet@localhost");
}

fn a_client_that_disconnects_during_an_outage_is_harmless(version: Version) {
    let mut test_server = TestServer::new(version);
    let invite = test_server.mint(&json!({ "max_uses": null }));
    let mut admitted: Vec<_> = (0..5).map(|_| test_server.admitted(&invite)).collect();
    let mut guests: Vec<_> = (0..5).map(|_| test_server.guest()).collect();
    test_server.vestibule.pause();
    let payload = format!("<preauth xmlns='urn:xmpp:pars:0' token='{}'/>", invite.token);
    for (at, (admitted, guest)) in admitted.iter_mut().zip(&mut guests).enumerate() {
        admitted.ask_to_register(&format!("user{at}"), PASSWORD).unwrap();
        guest.ask("set", &payload).unwrap();
    }
    drop((admitted, guests));
    test_server.vestibule.resume();
    test_server.assert_works("juliet");
    let log = test_server.prosody.log();
    assert!(!log.to_lowercase().contains("traceback"), "{log}");
}

fn an_invalid_response_admits_nobody(version: Version) {
    let (test_server, relay) = relayed(version);
    let invite = test_server.mint(&json!({}));
    let mut admitted = test_server.admitted(&invite);
    let answer = |status: &str, kind: &str, body: &str| {
        let head = format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n", body.len());
        format!("{head}Connection: close\r\n\r\n{body}").into_bytes()
    };
    let json = "application/json";
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
        answer("200 OK", json, "{\"token\": 1, \"kind\": [], \"created_at\": {}, \"expires_at\": false}"),
        answer("302 Found", json, "{}"),
        answer("404 Not Found", "text/plain", "404"),
        answer("403 Forbidden", json, "{\"type\": 7}"),
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".to_vec(),
    ];
    for text in nonsense {
        let shown_bytes = String::from_utf8_lossy(&text).into_owned();
        relay.set(Mode::Says(text));
        let mut guest = test_server.guest();
        let shown = guest.preauth(&invite.token).unwrap_or_else(|error| panic!("{shown_bytes}: {error}"));
        assert_eq!(shown.refusal().map(|(kind, _)| kind), Some("wait"), "{shown_bytes}: {shown:?}");
        assert!(!guest.register("juliet", PASSWORD).unwrap().is_ok(), "{shown_bytes}");
        let asked =
            admitted.register("juliet", PASSWORD).unwrap_or_else(|error| panic!("{shown_bytes}: {error}"));
        assert!(!asked.is_ok(), "{shown_bytes}");
    }
    assert!(!test_server.can_log_in("juliet", PASSWORD));
    relay.set(Mode::To(test_server.vestibule.addr()));
    assert!(admitted.register("juliet", PASSWORD).unwrap().is_ok());
}

fn a_deleted_key_admits_nobody(version: Version) {
    let test_server = TestServer::new(version);
    let invite = test_server.mint(&json!({}));
    let mut admitted = test_server.admitted(&invite);
    let (id, _) = test_server.key.split_once('/').expect("ID/SECRET");
    let deleted = test_server.vestibule.cli(&["keys", "delete", "localhost", id]).unwrap();
    assert!(deleted.success(), "{deleted}");
    assert!(!test_server.guest().preauth(&invite.token).unwrap().is_ok());
    assert!(!admitted.register("juliet", PASSWORD).unwrap().is_ok());
    assert!(!test_server.can_log_in("juliet", PASSWORD));
    let log = test_server.prosody.log();
    assert!(log.contains("vestibule_key"), "the log names the setting: {log}");
    assert!(!log.contains(&test_server.key), "the log contains the key");
}

fn a_contact_request_during_an_outage_is_an_ordinary_one(version: Version) {
    let mut test_server = TestServer::new(version);
    let (mut romeo, mut juliet) = (test_server.member("romeo"), test_server.member("juliet"));
    romeo.roster().unwrap();
    romeo.be_available().unwrap();
    let invite = test_server.mint(&json!({ "kind": "contact", "inviter": "romeo" }));
    test_server.vestibule.kill();
    juliet.subscribe("romeo@localhost", Some(&invite.token)).unwrap();
    let is_request = |stanza: &Element| stanza.is_stanza("presence", "subscribe");
    assert!(romeo.wait_for("the request", SOON, is_request).unwrap().is_from("juliet@localhost"));
    assert_eq!(romeo.roster().unwrap(), []);
    test_server.vestibule.restart().unwrap();
    assert_eq!(test_server.show(&invite)["state"], "pending");
}

fn an_outage_and_its_end_are_logged_once(version: Version) {
    let (mut test_server, relay) = relayed(version);
    test_server.vestibule.kill();
    for _ in 0..20 {
        assert_wait(&test_server.guest().preauth("nonsense").unwrap());
    }
    let lines = |text: &str| test_server.prosody.log().lines().filter(|line| line.contains(text)).count();
    assert_eq!(lines("Vestibule is unreachable"), 1, "{}", test_server.prosody.log());
    assert_eq!(lines("Vestibule answers again"), 0);
    test_server.vestibule.restart().unwrap();
    relay.set(Mode::To(test_server.vestibule.addr()));
    for _ in 0..3 {
        test_server.guest().preauth("nonsense").unwrap();
    }
    let lines = |text: &str| test_server.prosody.log().lines().filter(|line| line.contains(text)).count();
    crate::common::eventually("its end is logged", QUIET, || lines("Vestibule answers again") > 0);
    assert_eq!(lines("Vestibule is unreachable"), 1, "{}", test_server.prosody.log());
    assert_eq!(lines("Vestibule answers again"), 1, "{}", test_server.prosody.log());
}

fn intermittent_failures_are_one_outage(version: Version) {
    let (test_server, relay) = relayed(version);
    for _ in 0..5 {
        relay.set(Mode::Says(Vec::new()));
        assert_wait(&test_server.guest().preauth("nonsense").unwrap());
        relay.set(Mode::To(test_server.vestibule.addr()));
        assert_refused(&test_server.guest().preauth("nonsense").unwrap(), "cancel", "forbidden");
    }
    let lines = |text: &str| test_server.prosody.log().lines().filter(|line| line.contains(text)).count();
    crate::common::eventually("its end is logged", QUIET, || lines("Vestibule answers again") > 0);
    assert_eq!(lines("Vestibule is unreachable"), 1, "{}", test_server.prosody.log());
    assert_eq!(lines("Vestibule answers again"), 1, "{}", test_server.prosody.log());
}

fn failures_of_creates_are_logged_once(version: Version) {
    let (mut test_server, relay) = relayed(version);
    test_server.prosody.add_account("romeo", PASSWORD).unwrap();
    test_server.vestibule.kill();
    let api = format!("{}/invites_api?key={}", test_server.prosody.http_url(), test_server.key);
    let client = vestibule_e2e::http::Client::new();
    for _ in 0..3 {
        let wishes = json!({ "node": "urn:xmpp:invite#invite" });
        let answer = test_server.other_client("romeo@localhost").run("command", &wishes).unwrap();
        assert!(answer["form"].is_null(), "{answer}");
        assert_eq!(client.get(&api).unwrap().status, 503);
    }
    let lines = |text: &str| test_server.prosody.log().lines().filter(|line| line.contains(text)).count();
    assert_eq!(lines("Vestibule is unreachable"), 1, "{}", test_server.prosody.log());
    assert_eq!(lines("No invite was made"), 0, "{}", test_server.prosody.log());
    assert_eq!(lines("cannot be passed on"), 1, "{}", test_server.prosody.log());
    test_server.vestibule.restart().unwrap();
    relay.set(Mode::To(test_server.vestibule.addr()));
    assert_eq!(client.get(&api).unwrap().status, 201);
    let lines = |text: &str| test_server.prosody.log().lines().filter(|line| line.contains(text)).count();
    crate::common::eventually("its end is logged", QUIET, || lines("are passed on again") == 1);
}

/// Registers, and loses the completion of the claim.
fn register_while_its_completion_is_lost(
    test_server: &TestServer,
    relay: &Relay,
) -> crate::test_server::Invite {
    let invite = test_server.mint(&json!({}));
    let mut guest = test_server.admitted(&invite);
    relay.set(Mode::LosesCompletions(test_server.vestibule.addr()));
    assert!(guest.register("juliet", PASSWORD).unwrap().is_ok());
    assert!(test_server.can_log_in("juliet", PASSWORD));
    invite
}

fn a_lost_completion_is_sent_again(version: Version) {
    let (test_server, relay) = relayed(version);
    let invite = register_while_its_completion_is_lost(&test_server, &relay);
    relay.set(Mode::To(test_server.vestibule.addr()));
    crate::common::eventually("the completion is sent", Duration::from_secs(50), || {
        test_server.show(&invite)["redemptions"].as_array().is_some_and(|all| all.len() == 1)
    });
    assert_eq!(test_server.redeemed_by(&invite), ("juliet@localhost".to_owned(), "ibr".to_owned()));
}

fn a_completion_is_sent_after_a_restart_of_prosody(version: Version) {
    let (mut test_server, relay) = relayed(version);
    let invite = register_while_its_completion_is_lost(&test_server, &relay);
    let tried = |log: &str| log.contains("Vestibule is unreachable");
    crate::common::eventually("the completion fails", SOON, || tried(&test_server.prosody.log()));
    test_server.prosody.restart().unwrap();
    relay.set(Mode::To(test_server.vestibule.addr()));
    crate::common::eventually("the completion is sent", Duration::from_secs(50), || {
        test_server.show(&invite)["redemptions"].as_array().is_some_and(|all| all.len() == 1)
    });
}

fn a_claim_with_a_lost_answer_can_be_repeated(version: Version) {
    let (test_server, relay) = relayed(version);
    let invite = test_server.mint(&json!({}));
    let mut guest = test_server.admitted(&invite);
    relay.set(Mode::LosesAnswers(test_server.vestibule.addr()));
    assert!(!guest.register("juliet", PASSWORD).unwrap().is_ok());
    assert!(!test_server.can_log_in("juliet", PASSWORD));
    relay.set(Mode::To(test_server.vestibule.addr()));
    assert!(guest.register("nurse", PASSWORD).unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&invite).0, "nurse@localhost");
    assert!(relay.count() > 2);
}

fn an_invalid_address_admits_nobody(version: Version) {
    for url in ["http://127.0.0.1:1", "http://host.invalid", "ftp://127.0.0.1", "nonsense", ""] {
        let vestibule = Vestibule::builder().start().unwrap();
        let test_server = TestServer::asking(vestibule, url, version, |builder| builder);
        let invite = test_server.mint(&json!({}));
        let mut guest = test_server.guest();
        let reply = guest.preauth(&invite.token).unwrap_or_else(|error| panic!("{url}: {error}"));
        assert_eq!(reply.refusal(), Some(("wait", "service-unavailable")), "{url}: {reply:?}");
        assert!(!guest.register("juliet", PASSWORD).unwrap().is_ok(), "{url}");
        assert!(test_server.prosody.log().contains("vestibule_url"), "{url}: {}", test_server.prosody.log());
    }
}
