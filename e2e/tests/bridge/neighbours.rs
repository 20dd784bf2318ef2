//! Other modules of Prosody, which know invites and not Vestibule.

use std::path::Path;

use serde_json::{Value, json};
use vestibule_e2e::http::{Client, Response};
use vestibule_e2e::{ProsodyBuilder, Version, Vestibule};

use crate::common::HOST;
use crate::scene::{Invite, PASSWORD, Scene};
use crate::versions::on_both_versions;

/// Where the module is that registers people over HTTP.
const MODULES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/prosody");

on_both_versions!(
    a_module_that_registers_people_uses_an_invite_up,
    a_module_that_registers_people_is_bound_by_names_and_uses,
    a_module_that_registers_people_makes_contacts,
    where_vestibule_is_away_a_module_registers_nobody,
    a_landing_page_of_anothers_is_what_links_lead_to,
);

fn with_web_form(builder: ProsodyBuilder) -> ProsodyBuilder {
    builder.plugin_path(Path::new(MODULES)).module("web_form")
}

pub(crate) fn register(scene: &Scene, token: &str, username: &str) -> Response {
    let url = format!("{}/web_form", scene.prosody.http_url());
    let body = format!("token={token}&username={username}&password={PASSWORD}");
    let form = ("content-type", "application/x-www-form-urlencoded");
    Client::new().send("POST", &url, &[form], Some(body.as_bytes())).unwrap()
}

fn a_module_that_registers_people_uses_an_invite_up(version: Version) {
    let scene = Scene::with(version, with_web_form);
    let invite = scene.mint(&json!({}));
    assert_eq!(register(&scene, "nonsense", "juliet").status, 403);
    let answer = register(&scene, &invite.token, "juliet");
    assert_eq!(answer.status, 201, "{answer:?}\n{}", scene.prosody.log());
    assert!(scene.can_log_in("juliet", PASSWORD));
    scene.becomes(&invite, "used");
    assert_eq!(scene.redeemed_by(&invite), ("juliet@localhost".to_owned(), "web-form".to_owned()));
    assert_eq!(register(&scene, &invite.token, "nurse").status, 403);
}

fn a_module_that_registers_people_is_bound_by_names_and_uses(version: Version) {
    let scene = Scene::with(version, with_web_form);
    let bound = scene.mint(&json!({ "username": "juliet" }));
    let many = scene.mint(&json!({ "max_uses": null }));
    assert_eq!(register(&scene, &many.token, "juliet").status, 409);
    assert_eq!(register(&scene, &bound.token, "nurse").status, 409);
    for username in ["nurse", "peter"] {
        assert_eq!(register(&scene, &many.token, username).status, 201);
    }
    assert_eq!(scene.look_at(&many)["state"], "pending");
    assert_eq!(register(&scene, &bound.token, "juliet").status, 201);
    assert!(scene.can_log_in("juliet", PASSWORD));
}

fn a_module_that_registers_people_makes_contacts(version: Version) {
    let scene = Scene::with(version, with_web_form);
    let mut romeo = scene.member("romeo");
    assert_eq!(romeo.roster().unwrap(), []);
    let invite = scene.mint(&json!({ "kind": "account-and-contact", "inviter": "romeo" }));
    assert_eq!(register(&scene, &invite.token, "juliet").status, 201);
    romeo.roster_push("juliet@localhost", "both").unwrap();
    scene.becomes(&invite, "used");
    assert_eq!(scene.redeemed_by(&invite).0, "juliet@localhost");
}

fn where_vestibule_is_away_a_module_registers_nobody(version: Version) {
    let mut scene = Scene::with(version, with_web_form);
    let invite = scene.mint(&json!({}));
    scene.vestibule.kill();
    assert_eq!(register(&scene, &invite.token, "juliet").status, 403);
    assert!(!scene.can_log_in("juliet", PASSWORD));
}

fn a_landing_page_of_anothers_is_what_links_lead_to(version: Version) {
    let scene = Scene::of(Vestibule::builder(), version, |builder| {
        builder
            .community_module("invites_page")
            .config("invites_page_external = true")
            .config("invites_page = \"https://pages.example/{host}?{invite.token}\"")
    });
    scene.prosody.add_account("admin", PASSWORD).unwrap();
    let wishes = json!({ "node": "urn:xmpp:invite#create-account" });
    let answer = scene.other_client("admin@localhost").run("command", &wishes).unwrap();
    let newest = |scene: &Scene| -> (Value, Invite) {
        let value = scene.invites().into_iter().next().expect("an invite");
        let text = |name: &str| value[name].as_str().expect("text").to_owned();
        let invite = Invite { id: text("id"), token: text("token") };
        (value, invite)
    };
    let page = format!("https://pages.example/{HOST}?{}", newest(&scene).1.token);
    assert_eq!(answer["form"]["landing-url"], page, "{answer}");
    if version == Version::V13 {
        let shown = scene.prosody.ctl(&["shell", "invite", "create_account", HOST]).unwrap();
        assert!(shown.stdout.contains("https://pages.example/"), "{shown}");
    }
    let printed = scene.prosody.ctl(&["mod_invites", "generate", HOST]).unwrap();
    let page = format!("https://pages.example/{HOST}?{}", newest(&scene).1.token);
    assert_eq!(printed.text(), page, "{printed}");
}
