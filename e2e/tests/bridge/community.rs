//! Debian's community modules give the same answers with Prosody's own invites and with the bridge.

use serde_json::{Value, json};
use vestibule_e2e::http::{Client, Response, exchange};
use vestibule_e2e::{Prosody, ProsodyBuilder, Version};

use crate::test_server::{Invite, PASSWORD, TestServer};
use crate::versions::on_both_versions;

on_both_versions!(
    community_pages_and_forms_work_as_with_prosodys_own_invites,
    the_page_of_another_module_is_kept,
    changes_by_event_handlers_before_creation_apply,
);

const MODULES: [&str; 5] =
    ["register_apps", "password_policy", "invites_page", "invites_register_web", "invites_tracking"];

fn with_modules(builder: ProsodyBuilder) -> ProsodyBuilder {
    MODULES
        .iter()
        .fold(builder.test_module("invites_probe"), |builder, name| builder.newer_community_module(name))
}

fn probe(prosody: &Prosody, steps: &Value) -> Value {
    let url = format!("{}/invites_probe", prosody.http_url());
    let answer = Client::new().send("POST", &url, &[], Some(steps.to_string().as_bytes())).unwrap();
    assert_eq!(answer.status, 200, "{answer:?}\n{}", prosody.log());
    serde_json::from_slice(&answer.body).expect("JSON")
}

/// Creates an invite by a call of another module.
fn made(prosody: &Prosody, call: &str, args: &Value) -> Value {
    let made = probe(prosody, &json!([{ "call": call, "args": args }]));
    let invite = made[0]["values"][0].clone();
    assert!(invite["token"].is_string(), "{made}\n{}", prosody.log());
    invite
}

fn token_of(invite: &Value) -> String {
    invite["token"].as_str().expect("a token").to_owned()
}

fn post(prosody: &Prosody, token: &str, user: &str, password: &str) -> Response {
    let body = format!("token={token}&user={user}&password={password}");
    let length = body.len().to_string();
    let headers =
        [("Content-Type", "application/x-www-form-urlencoded"), ("Content-Length", length.as_str())];
    exchange(prosody.http_addr(), "POST", "/register", &headers, body.as_bytes()).unwrap()
}

/// Returns the status, whether the page contains the invite for apps, and the messages of the form.
fn gist(answer: &Response) -> (u16, bool, Vec<&'static str>) {
    const WORDS: [&str; 5] =
        ["already in use", "must be at least", "successful", "Congratulations", "not allowed"];
    let text = answer.text();
    let messages = WORDS.into_iter().filter(|word| text.contains(word)).collect();
    (answer.status, answer.header("link").is_some_and(|link| link.starts_with("<xmpp:")), messages)
}

/// Opens a link of the module and registers twice.
fn journey(prosody: &Prosody) -> Vec<(u16, bool, Vec<&'static str>)> {
    let get = |path: &str| exchange(prosody.http_addr(), "GET", path, &[], b"").unwrap();
    let invite =
        made(prosody, "create_account", &json!([null, { "source": "admin@localhost/portal" }, 3600]));
    let token = token_of(&invite);
    let answers = [
        get(&format!("/invites_page?{token}")),
        get("/invites_page?nonsense"),
        get(&format!("/invites_page/setup/conversations?{token}")),
        get(&format!("/register?t={token}")),
        get("/register?t=nonsense"),
        post(prosody, &token, "romeo", "grenadine otter 71"),
        post(prosody, &token, "juliet", "x"),
        post(prosody, "nonsense", "juliet", "grenadine otter 71"),
        post(prosody, &token, "juliet", "grenadine otter 71"),
        post(prosody, &token, "nurse", "grenadine otter 71"),
        get(&format!("/invites_page?{token}")),
    ];
    let tracked = prosody.stored("invites_tracking", "juliet").unwrap_or_default();
    assert!(tracked.contains(&token) && tracked.contains("admin@localhost/portal"), "{tracked}");
    answers.iter().map(gist).collect()
}

fn community_pages_and_forms_work_as_with_prosodys_own_invites(version: Version) {
    let stock = with_modules(Prosody::builder().version(version).invites()).start().unwrap();
    let test_server = TestServer::with(version, with_modules);
    for prosody in [&stock, &test_server.prosody] {
        prosody.add_account("romeo", PASSWORD).unwrap();
    }
    let (expected, found) = (journey(&stock), journey(&test_server.prosody));
    assert_eq!(expected, found, "{}", test_server.prosody.log());
    assert_eq!((expected[0].0, expected[0].1, expected[8].0), (200, true, 200), "{expected:?}");
    let invite = test_server.invites()[0].clone();
    let invite = Invite { id: invite["id"].as_str().expect("an id").to_owned(), token: String::new() };
    assert_eq!(
        test_server.redeemed_by(&invite),
        ("juliet@localhost".to_owned(), "invites-register-web".to_owned())
    );
}

fn the_page_of_another_module_is_kept(version: Version) {
    let test_server = TestServer::with(version, with_modules);
    let invite = made(&test_server.prosody, "create_account", &json!([null, null, 3600]));
    let token = token_of(&invite);
    let page = invite["landing_page"].as_str().expect("a page").to_owned();
    assert!(page.contains("/invites_page?") && page.ends_with(&token), "{page}");
    let seen = probe(
        &test_server.prosody,
        &json!([{ "call": "get_account_invite_info", "args": [token] }, { "list": true }]),
    );
    assert_eq!(seen[0]["values"][0]["landing_page"], json!(page), "{seen}");
    assert_eq!(seen[1][0][1]["landing_page"], json!(page), "{seen}");
}

/// Like `mod_invites_default_group` with invites from apps.
fn changes_by_event_handlers_before_creation_apply(version: Version) {
    let test_server =
        TestServer::with(version, |builder| builder.test_module("invites_probe").test_module("witness"));
    test_server.prosody.add_account("romeo", PASSWORD).unwrap();
    probe(&test_server.prosody, &json!([{ "handlers": { "groups": ["default"] } }]));
    let wishes = json!({ "node": "urn:xmpp:invite#invite" });
    let answer = test_server.other_client("romeo@localhost").run("command", &wishes).unwrap();
    assert!(answer["form"]["uri"].is_string(), "{answer}\n{}", test_server.prosody.log());
    assert_eq!(test_server.invites()[0]["kind"], "contact", "{:?}", test_server.invites());
    let invite = made(&test_server.prosody, "create_contact", &json!(["romeo", true]));
    assert_eq!(invite["additional_data"]["groups"], json!(["default"]), "{invite}");
    assert_eq!(test_server.invites()[0]["groups"], json!(["default"]), "{:?}", test_server.invites());
    let invite = Invite { id: String::new(), token: token_of(&invite) };
    assert!(test_server.admitted(&invite).register("juliet", PASSWORD).unwrap().is_ok());
    let seen = || test_server.prosody.stored("witness", "juliet").unwrap_or_default();
    crate::common::eventually("the account is in the group", crate::test_server::SOON, || {
        seen().contains("default")
    });
}
