//! Other Prosody modules that use invites.

use std::path::Path;

use serde_json::{Value, json};
use vestibule_e2e::http::{Client, Response};
use vestibule_e2e::{ProsodyBuilder, Version, Vestibule};

use crate::common::HOST;
use crate::test_server::{Invite, PASSWORD, TestServer};
use crate::versions::on_both_versions;

/// The directory of the module that registers accounts over HTTP.
const MODULES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/prosody");

on_both_versions!(
    a_registration_by_another_module_uses_the_invite,
    a_registration_by_another_module_respects_names_and_uses,
    a_registration_by_another_module_adds_contacts,
    a_registration_by_another_module_fails_during_an_outage,
    the_landing_page_of_another_module_is_used,
);

fn with_web_form(builder: ProsodyBuilder) -> ProsodyBuilder {
    builder.plugin_path(Path::new(MODULES)).module("web_form")
}

pub(crate) fn register(test_server: &TestServer, token: &str, username: &str) -> Response {
    let url = format!("{}/web_form", test_server.prosody.http_url());
    let body = format!("token={token}&username={username}&password={PASSWORD}");
    let form = ("content-type", "application/x-www-form-urlencoded");
    Client::new().send("POST", &url, &[form], Some(body.as_bytes())).unwrap()
}

fn a_registration_by_another_module_uses_the_invite(version: Version) {
    let test_server = TestServer::with(version, with_web_form);
    let invite = test_server.mint(&json!({}));
    assert_eq!(register(&test_server, "nonsense", "juliet").status, 403);
    let answer = register(&test_server, &invite.token, "juliet");
    assert_eq!(answer.status, 201, "{answer:?}\n{}", test_server.prosody.log());
    assert!(test_server.can_log_in("juliet", PASSWORD));
    test_server.becomes(&invite, "used");
    assert_eq!(test_server.redeemed_by(&invite), ("juliet@localhost".to_owned(), "web-form".to_owned()));
    assert_eq!(register(&test_server, &invite.token, "nurse").status, 403);
}

fn a_registration_by_another_module_respects_names_and_uses(version: Version) {
    let test_server = TestServer::with(version, with_web_form);
    let bound = test_server.mint(&json!({ "username": "juliet" }));
    let many = test_server.mint(&json!({ "max_uses": null }));
    assert_eq!(register(&test_server, &many.token, "juliet").status, 409);
    assert_eq!(register(&test_server, &bound.token, "nurse").status, 409);
    for username in ["nurse", "peter"] {
        assert_eq!(register(&test_server, &many.token, username).status, 201);
    }
    assert_eq!(test_server.show(&many)["state"], "pending");
    assert_eq!(register(&test_server, &bound.token, "juliet").status, 201);
    assert!(test_server.can_log_in("juliet", PASSWORD));
}

fn a_registration_by_another_module_adds_contacts(version: Version) {
    let test_server = TestServer::with(version, with_web_form);
    let mut romeo = test_server.member("romeo");
    assert_eq!(romeo.roster().unwrap(), []);
    let invite = test_server.mint(&json!({ "kind": "account-and-contact", "inviter": "romeo" }));
    assert_eq!(register(&test_server, &invite.token, "juliet").status, 201);
    romeo.roster_push("juliet@localhost", "both").unwrap();
    test_server.becomes(&invite, "used");
    assert_eq!(test_server.redeemed_by(&invite).0, "juliet@localhost");
}

fn a_registration_by_another_module_fails_during_an_outage(version: Version) {
    let mut test_server = TestServer::with(version, with_web_form);
    let invite = test_server.mint(&json!({}));
    test_server.vestibule.kill();
    assert_eq!(register(&test_server, &invite.token, "juliet").status, 403);
    assert!(!test_server.can_log_in("juliet", PASSWORD));
}

fn the_landing_page_of_another_module_is_used(version: Version) {
    let test_server = TestServer::of(Vestibule::builder(), version, |builder| {
        builder
            .community_module("invites_page")
            .config("invites_page_external = true")
            .config("invites_page = \"https://pages.example/{host}?{invite.token}\"")
    });
    test_server.prosody.add_account("admin", PASSWORD).unwrap();
    let wishes = json!({ "node": "urn:xmpp:invite#create-account" });
    let answer = test_server.other_client("admin@localhost").run("command", &wishes).unwrap();
    let newest = |test_server: &TestServer| -> (Value, Invite) {
        let value = test_server.invites().into_iter().next().expect("an invite");
        let text = |name: &str| value[name].as_str().expect("text").to_owned();
        let invite = Invite { id: text("id"), token: text("token") };
        (value, invite)
    };
    let page = format!("https://pages.example/{HOST}?{}", newest(&test_server).1.token);
    assert_eq!(answer["form"]["landing-url"], page, "{answer}");
    if version == Version::V13 {
        let shown = test_server.prosody.ctl(&["shell", "invite", "create_account", HOST]).unwrap();
        assert!(shown.stdout.contains("https://pages.example/"), "{shown}");
    }
    let printed = test_server.prosody.ctl(&["mod_invites", "generate", HOST]).unwrap();
    let page = format!("https://pages.example/{HOST}?{}", newest(&test_server).1.token);
    assert_eq!(printed.text(), page, "{printed}");
}
