//! Vestibule away, silent, or talking nonsense: nobody is let in, nobody else is held up, and it passes.

use std::time::{Duration, Instant};

use serde_json::json;
use vestibule_e2e::xmpp::{Element, Reply};
use vestibule_e2e::{Version, Vestibule};

use crate::relay::{Mode, Relay};
use crate::scene::{PASSWORD, SOON, Scene, assert_refused};
use crate::versions::on_both_versions;

/// How long others may have to wait while somebody's question hangs.
const AT_ONCE: Duration = Duration::from_secs(1);
/// The end of an outage is logged after 10 seconds without a failure.
const QUIET: Duration = Duration::from_secs(20);

on_both_versions!(
    who_shows_a_token_while_vestibule_is_away_is_told_to_wait,
    who_registers_while_vestibule_is_away_is_told_to_wait,
    others_are_answered_while_vestibule_hangs,
    who_hangs_up_meanwhile_harms_nobody,
    nonsense_lets_nobody_in,
    a_key_that_is_revoked_lets_nobody_in,
    a_contact_request_is_an_ordinary_one_while_vestibule_is_away,
    trouble_is_logged_once_and_so_is_its_end,
    requests_that_fail_now_and_then_are_one_outage,
    trouble_of_those_who_make_invites_is_logged_once,
    a_registration_whose_completion_is_lost_is_told_later,
    a_completion_is_told_after_a_restart_of_prosody,
    a_claim_whose_answer_is_lost_can_be_made_again,
    an_address_that_is_none_lets_nobody_in,
);

/// A scene with a relay in between.
pub(crate) fn relayed(version: Version) -> (Scene, Relay) {
    let vestibule = Vestibule::builder().start().unwrap();
    let relay = Relay::start(Mode::To(vestibule.addr()));
    let url = relay.url();
    (Scene::asking(vestibule, &url, version, |builder| builder), relay)
}

fn assert_wait(reply: &Reply) {
    assert_refused(reply, "wait", "service-unavailable");
}

fn who_shows_a_token_while_vestibule_is_away_is_told_to_wait(version: Version) {
    let (mut scene, relay) = relayed(version);
    let invite = scene.mint(&json!({}));
    scene.vestibule.kill();
    let mut guest = scene.guest();
    assert_wait(&guest.preauth(&invite.token).unwrap());
    assert!(!guest.register("juliet", PASSWORD).unwrap().is_ok());
    scene.vestibule.restart().unwrap();
    relay.set(Mode::To(scene.vestibule.addr()));
    assert!(guest.preauth(&invite.token).unwrap().is_ok());
    assert!(guest.register("juliet", PASSWORD).unwrap().is_ok());
    scene.becomes(&invite, "used");
}

fn who_registers_while_vestibule_is_away_is_told_to_wait(version: Version) {
    let (mut scene, relay) = relayed(version);
    let invite = scene.mint(&json!({}));
    let mut guest = scene.admitted(&invite);
    scene.vestibule.kill();
    assert_wait(&guest.register("juliet", PASSWORD).unwrap());
    assert!(!scene.can_log_in("juliet", PASSWORD));
    scene.vestibule.restart().unwrap();
    relay.set(Mode::To(scene.vestibule.addr()));
    assert!(guest.register("juliet", PASSWORD).unwrap().is_ok());
    assert_eq!(scene.redeemed_by(&invite).0, "juliet@localhost");
}

fn others_are_answered_while_vestibule_hangs(version: Version) {
    let mut scene = Scene::new(version);
    let mut romeo = scene.member("romeo");
    let invite = scene.mint(&json!({}));
    let mut admitted = scene.admitted(&invite);
    scene.vestibule.pause();
    let mut guest = scene.guest();
    let payload = format!("<preauth xmlns='urn:xmpp:pars:0' token='{}'/>", invite.token);
    let shown = guest.ask("set", &payload).unwrap();
    let asked = admitted.ask_to_register("juliet", PASSWORD).unwrap();
    let started = Instant::now();
    let mut pings = 0;
    // As long as they hang, and a few times in any case.
    while started.elapsed() < Duration::from_secs(3) {
        assert!(romeo.ping(AT_ONCE).unwrap().is_ok());
        pings += 1;
    }
    assert!(pings > 3);
    assert!(scene.can_log_in("romeo", PASSWORD));
    assert_wait(&guest.answer(&shown, SOON).unwrap());
    assert_wait(&admitted.answer(&asked, SOON).unwrap());
    assert!(!scene.can_log_in("juliet", PASSWORD));
    scene.vestibule.resume();
    assert!(admitted.register("juliet", PASSWORD).unwrap().is_ok(), "{}", scene.prosody.log());
    assert_eq!(scene.redeemed_by(&invite).0, "juliet@localhost");
}

fn who_hangs_up_meanwhile_harms_nobody(version: Version) {
    let mut scene = Scene::new(version);
    let invite = scene.mint(&json!({ "max_uses": null }));
    let mut admitted: Vec<_> = (0..5).map(|_| scene.admitted(&invite)).collect();
    let mut guests: Vec<_> = (0..5).map(|_| scene.guest()).collect();
    scene.vestibule.pause();
    let payload = format!("<preauth xmlns='urn:xmpp:pars:0' token='{}'/>", invite.token);
    for (at, (admitted, guest)) in admitted.iter_mut().zip(&mut guests).enumerate() {
        admitted.ask_to_register(&format!("user{at}"), PASSWORD).unwrap();
        guest.ask("set", &payload).unwrap();
    }
    drop((admitted, guests));
    scene.vestibule.resume();
    scene.is_well("juliet");
    let log = scene.prosody.log();
    assert!(!log.to_lowercase().contains("traceback"), "{log}");
}

fn nonsense_lets_nobody_in(version: Version) {
    let (scene, relay) = relayed(version);
    let invite = scene.mint(&json!({}));
    let mut admitted = scene.admitted(&invite);
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
    for words in nonsense {
        let said = String::from_utf8_lossy(&words).into_owned();
        relay.set(Mode::Says(words));
        let mut guest = scene.guest();
        let shown = guest.preauth(&invite.token).unwrap_or_else(|error| panic!("{said}: {error}"));
        assert_eq!(shown.refusal().map(|(kind, _)| kind), Some("wait"), "{said}: {shown:?}");
        assert!(!guest.register("juliet", PASSWORD).unwrap().is_ok(), "{said}");
        let asked = admitted.register("juliet", PASSWORD).unwrap_or_else(|error| panic!("{said}: {error}"));
        assert!(!asked.is_ok(), "{said}");
    }
    assert!(!scene.can_log_in("juliet", PASSWORD));
    relay.set(Mode::To(scene.vestibule.addr()));
    assert!(admitted.register("juliet", PASSWORD).unwrap().is_ok());
}

fn a_key_that_is_revoked_lets_nobody_in(version: Version) {
    let scene = Scene::new(version);
    let invite = scene.mint(&json!({}));
    let mut admitted = scene.admitted(&invite);
    let (id, _) = scene.key.split_once('/').expect("ID/SECRET");
    let deleted = scene.vestibule.cli(&["keys", "delete", "localhost", id]).unwrap();
    assert!(deleted.success(), "{deleted}");
    assert!(!scene.guest().preauth(&invite.token).unwrap().is_ok());
    assert!(!admitted.register("juliet", PASSWORD).unwrap().is_ok());
    assert!(!scene.can_log_in("juliet", PASSWORD));
    let log = scene.prosody.log();
    assert!(log.contains("vestibule_key"), "an operator learns which setting it is: {log}");
    assert!(!log.contains(&scene.key), "the log holds the key");
}

fn a_contact_request_is_an_ordinary_one_while_vestibule_is_away(version: Version) {
    let mut scene = Scene::new(version);
    let (mut romeo, mut juliet) = (scene.member("romeo"), scene.member("juliet"));
    romeo.roster().unwrap();
    romeo.be_available().unwrap();
    let invite = scene.mint(&json!({ "kind": "contact", "inviter": "romeo" }));
    scene.vestibule.kill();
    juliet.subscribe("romeo@localhost", Some(&invite.token)).unwrap();
    let is_request = |stanza: &Element| stanza.is_stanza("presence", "subscribe");
    assert!(romeo.wait_for("the request", SOON, is_request).unwrap().is_from("juliet@localhost"));
    assert_eq!(romeo.roster().unwrap(), []);
    scene.vestibule.restart().unwrap();
    assert_eq!(scene.look_at(&invite)["state"], "pending");
}

fn trouble_is_logged_once_and_so_is_its_end(version: Version) {
    let (mut scene, relay) = relayed(version);
    scene.vestibule.kill();
    for _ in 0..20 {
        assert_wait(&scene.guest().preauth("nonsense").unwrap());
    }
    let lines = |words: &str| scene.prosody.log().lines().filter(|line| line.contains(words)).count();
    assert_eq!(lines("Vestibule cannot be asked"), 1, "{}", scene.prosody.log());
    assert_eq!(lines("Vestibule answers again"), 0);
    scene.vestibule.restart().unwrap();
    relay.set(Mode::To(scene.vestibule.addr()));
    for _ in 0..3 {
        scene.guest().preauth("nonsense").unwrap();
    }
    let lines = |words: &str| scene.prosody.log().lines().filter(|line| line.contains(words)).count();
    crate::common::eventually("its end is logged", QUIET, || lines("Vestibule answers again") > 0);
    assert_eq!(lines("Vestibule cannot be asked"), 1, "{}", scene.prosody.log());
    assert_eq!(lines("Vestibule answers again"), 1, "{}", scene.prosody.log());
}

fn requests_that_fail_now_and_then_are_one_outage(version: Version) {
    let (scene, relay) = relayed(version);
    for _ in 0..5 {
        relay.set(Mode::Says(Vec::new()));
        assert_wait(&scene.guest().preauth("nonsense").unwrap());
        relay.set(Mode::To(scene.vestibule.addr()));
        assert_refused(&scene.guest().preauth("nonsense").unwrap(), "cancel", "forbidden");
    }
    let lines = |words: &str| scene.prosody.log().lines().filter(|line| line.contains(words)).count();
    crate::common::eventually("its end is logged", QUIET, || lines("Vestibule answers again") > 0);
    assert_eq!(lines("Vestibule cannot be asked"), 1, "{}", scene.prosody.log());
    assert_eq!(lines("Vestibule answers again"), 1, "{}", scene.prosody.log());
}

fn trouble_of_those_who_make_invites_is_logged_once(version: Version) {
    let (mut scene, relay) = relayed(version);
    scene.prosody.add_account("romeo", PASSWORD).unwrap();
    scene.vestibule.kill();
    let api = format!("{}/invites_api?key={}", scene.prosody.http_url(), scene.key);
    let client = vestibule_e2e::http::Client::new();
    for _ in 0..3 {
        let wishes = json!({ "node": "urn:xmpp:invite#invite" });
        let answer = scene.other_client("romeo@localhost").run("command", &wishes).unwrap();
        assert!(answer["form"].is_null(), "{answer}");
        assert_eq!(client.get(&api).unwrap().status, 503);
    }
    let lines = |words: &str| scene.prosody.log().lines().filter(|line| line.contains(words)).count();
    assert_eq!(lines("Vestibule cannot be asked"), 1, "{}", scene.prosody.log());
    assert_eq!(lines("No invite was made"), 0, "{}", scene.prosody.log());
    assert_eq!(lines("cannot be passed on"), 1, "{}", scene.prosody.log());
    scene.vestibule.restart().unwrap();
    relay.set(Mode::To(scene.vestibule.addr()));
    assert_eq!(client.get(&api).unwrap().status, 201);
    let lines = |words: &str| scene.prosody.log().lines().filter(|line| line.contains(words)).count();
    crate::common::eventually("its end is logged", QUIET, || lines("are passed on again") == 1);
}

/// Lets the claim of a registration pass, and not its completion.
fn register_while_its_completion_is_lost(scene: &Scene, relay: &Relay) -> crate::scene::Invite {
    let invite = scene.mint(&json!({}));
    let mut guest = scene.admitted(&invite);
    relay.set(Mode::LosesCompletions(scene.vestibule.addr()));
    assert!(guest.register("juliet", PASSWORD).unwrap().is_ok());
    assert!(scene.can_log_in("juliet", PASSWORD));
    invite
}

fn a_registration_whose_completion_is_lost_is_told_later(version: Version) {
    let (scene, relay) = relayed(version);
    let invite = register_while_its_completion_is_lost(&scene, &relay);
    relay.set(Mode::To(scene.vestibule.addr()));
    crate::common::eventually("the completion is told", Duration::from_secs(50), || {
        scene.look_at(&invite)["redemptions"].as_array().is_some_and(|all| all.len() == 1)
    });
    assert_eq!(scene.redeemed_by(&invite), ("juliet@localhost".to_owned(), "ibr".to_owned()));
}

fn a_completion_is_told_after_a_restart_of_prosody(version: Version) {
    let (mut scene, relay) = relayed(version);
    let invite = register_while_its_completion_is_lost(&scene, &relay);
    let tried = |log: &str| log.contains("Vestibule cannot be asked");
    crate::common::eventually("the completion fails", SOON, || tried(&scene.prosody.log()));
    scene.prosody.restart().unwrap();
    relay.set(Mode::To(scene.vestibule.addr()));
    crate::common::eventually("the completion is told", Duration::from_secs(50), || {
        scene.look_at(&invite)["redemptions"].as_array().is_some_and(|all| all.len() == 1)
    });
}

fn a_claim_whose_answer_is_lost_can_be_made_again(version: Version) {
    let (scene, relay) = relayed(version);
    let invite = scene.mint(&json!({}));
    let mut guest = scene.admitted(&invite);
    relay.set(Mode::LosesAnswers(scene.vestibule.addr()));
    assert!(!guest.register("juliet", PASSWORD).unwrap().is_ok());
    assert!(!scene.can_log_in("juliet", PASSWORD));
    relay.set(Mode::To(scene.vestibule.addr()));
    assert!(guest.register("nurse", PASSWORD).unwrap().is_ok());
    assert_eq!(scene.redeemed_by(&invite).0, "nurse@localhost");
    assert!(relay.count() > 2);
}

fn an_address_that_is_none_lets_nobody_in(version: Version) {
    for url in ["http://127.0.0.1:1", "http://host.invalid", "ftp://127.0.0.1", "nonsense", ""] {
        let vestibule = Vestibule::builder().start().unwrap();
        let scene = Scene::asking(vestibule, url, version, |builder| builder);
        let invite = scene.mint(&json!({}));
        let mut guest = scene.guest();
        let reply = guest.preauth(&invite.token).unwrap_or_else(|error| panic!("{url}: {error}"));
        assert_eq!(reply.refusal(), Some(("wait", "service-unavailable")), "{url}: {reply:?}");
        assert!(!guest.register("juliet", PASSWORD).unwrap().is_ok(), "{url}");
        assert!(scene.prosody.log().contains("vestibule_url"), "{url}: {}", scene.prosody.log());
    }
}
