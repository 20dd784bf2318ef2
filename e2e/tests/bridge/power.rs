//! What lets somebody do more than anybody comes from the invite alone: `data` is whoever made the invite's own notes.

use serde_json::{Value, json};
use vestibule_e2e::http::Client;
use vestibule_e2e::{ProsodyBuilder, Version};

use crate::scene::{Invite, PASSWORD, SOON, Scene};
use crate::versions::on_both_versions;

on_both_versions!(
    data_gives_no_role_and_no_group,
    data_takes_no_role_away,
    data_resets_no_password,
    data_is_handed_on_under_its_own_name,
    an_envelope_that_another_key_made_is_only_data,
);

fn with_modules(builder: ProsodyBuilder) -> ProsodyBuilder {
    builder.test_module("witness").test_module("invites_probe")
}

fn admin(version: Version) -> Value {
    match version {
        Version::V012 => json!({ "prosody:admin": true }),
        Version::V13 => json!(["prosody:admin"]),
    }
}

fn seen_by_others(scene: &Scene, invite: &Invite) -> Value {
    let steps = json!([{ "call": "get", "args": [invite.token] }]);
    let url = format!("{}/invites_probe", scene.prosody.http_url());
    let answer = Client::new().send("POST", &url, &[], Some(steps.to_string().as_bytes())).unwrap();
    let answer: Value = serde_json::from_slice(&answer.body).expect("JSON");
    answer[0]["values"][0]["additional_data"].clone()
}

/// An invite that a key made which is not the bridge's.
fn made_by_another_key(scene: &Scene, wishes: &Value) -> Invite {
    let key = scene.vestibule.create_key_with("localhost", &["Portal", "--scope", "bridge"]).unwrap();
    let bearer = format!("Bearer {key}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let url = format!("{}/v1/invites", scene.vestibule.url());
    let answer = Client::new().send("POST", &url, &headers, Some(wishes.to_string().as_bytes())).unwrap();
    let made: Value = serde_json::from_slice(&answer.body).expect("JSON");
    let text = |name: &str| made[name].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
    Invite { id: text("id"), token: text("token") }
}

fn joins(scene: &Scene, invite: &Invite) -> (String, String) {
    assert!(scene.admitted(invite).register("juliet", PASSWORD).unwrap().is_ok());
    let seen = || scene.prosody.stored("witness", "juliet");
    crate::common::eventually("other modules have seen the account", SOON, || seen().is_some());
    let roles =
        ["roles", "account_roles"].map(|store| scene.prosody.stored(store, "juliet").unwrap_or_default());
    (roles.concat(), seen().unwrap_or_default())
}

fn data_gives_no_role_and_no_group(version: Version) {
    let scene = Scene::with(version, with_modules);
    let data =
        json!({ "roles": admin(version), "groups": ["secret"], "source": "admin@localhost", "note": "x" });
    let invite = made_by_another_key(&scene, &json!({ "data": data }));
    let (roles, seen) = joins(&scene, &invite);
    assert!(!roles.contains("admin"), "{roles}");
    assert!(!seen.contains("secret") && !seen.contains("admin"), "{seen}");
}

fn data_takes_no_role_away(version: Version) {
    let scene = Scene::with(version, with_modules);
    let wishes =
        json!({ "roles": ["prosody:admin"], "groups": ["class"], "data": { "roles": "x", "groups": 7 } });
    let (roles, seen) = joins(&scene, &scene.mint(&wishes));
    assert!(roles.contains("prosody:admin"), "{roles}");
    assert!(seen.contains("class"), "{seen}");
}

fn data_resets_no_password(version: Version) {
    let scene = Scene::with(version, with_modules);
    scene.prosody.add_account("admin", PASSWORD).unwrap();
    for data in [
        json!({ "allow_reset": "admin" }),
        json!({ "prosody": { "additional_data": { "allow_reset": "admin" } } }),
    ] {
        for invite in
            [scene.mint(&json!({ "data": data })), made_by_another_key(&scene, &json!({ "data": data }))]
        {
            assert_eq!(seen_by_others(&scene, &invite)["allow_reset"], Value::Null);
            assert!(!scene.admitted(&invite).register("admin", "stolen").unwrap().is_ok());
            assert!(scene.can_log_in("admin", PASSWORD));
        }
    }
}

fn data_is_handed_on_under_its_own_name(version: Version) {
    let scene = Scene::with(version, with_modules);
    let invite = made_by_another_key(&scene, &json!({ "data": { "ticket": 4711, "source": "elsewhere" } }));
    let seen = seen_by_others(&scene, &invite);
    assert_eq!(seen["data"], json!({ "ticket": 4711, "source": "elsewhere" }), "{seen}");
    assert!(seen["source"].as_str().is_some_and(|source| source.starts_with("api/token/")), "{seen}");
    assert_eq!(seen["ticket"], Value::Null, "{seen}");
}

fn an_envelope_that_another_key_made_is_only_data(version: Version) {
    let scene = Scene::with(version, with_modules);
    let envelope = json!({
        "additional_data": { "source": "admin@localhost", "roles": admin(version), "groups": ["secret"] },
        "landing_page": "https://evil.example/{token}", "fields": { "inviter": "admin", "jid": "admin@localhost" },
    });
    let invite = made_by_another_key(&scene, &json!({ "data": { "prosody": envelope } }));
    let seen = seen_by_others(&scene, &invite);
    assert_eq!(seen["roles"], Value::Null, "{seen}");
    assert_ne!(seen["source"], "admin@localhost", "{seen}");
    assert_eq!(seen["data"]["prosody"], envelope, "{seen}");
    let (roles, groups) = joins(&scene, &invite);
    assert!(!roles.contains("admin") && !groups.contains("secret"), "{roles} {groups}");
}
