//! Privileges come only from the fields of an invite, not from its `data`.

use serde_json::{Value, json};
use vestibule_e2e::http::Client;
use vestibule_e2e::{ProsodyBuilder, Version};

use crate::test_server::{Invite, PASSWORD, SOON, TestServer};
use crate::versions::on_both_versions;

on_both_versions!(
    data_gives_no_role_and_no_group,
    data_takes_no_role_away,
    data_resets_no_password,
    data_is_passed_on_under_its_own_name,
    an_envelope_from_another_key_is_only_data,
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

fn seen_by_others(test_server: &TestServer, invite: &Invite) -> Value {
    let steps = json!([{ "call": "get", "args": [invite.token] }]);
    let url = format!("{}/invites_probe", test_server.prosody.http_url());
    let answer = Client::new().send("POST", &url, &[], Some(steps.to_string().as_bytes())).unwrap();
    let answer: Value = serde_json::from_slice(&answer.body).expect("JSON");
    answer[0]["values"][0]["additional_data"].clone()
}

/// Creates an invite with another key than the bridge's.
fn made_by_another_key(test_server: &TestServer, wishes: &Value) -> Invite {
    let key = test_server.vestibule.create_key_with("localhost", &["Portal", "--scope", "bridge"]).unwrap();
    let bearer = format!("Bearer {key}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let url = format!("{}/v1/invites", test_server.vestibule.url());
    let answer = Client::new().send("POST", &url, &headers, Some(wishes.to_string().as_bytes())).unwrap();
    let made: Value = serde_json::from_slice(&answer.body).expect("JSON");
    let text = |name: &str| made[name].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
    Invite { id: text("id"), token: text("token") }
}

fn joins(test_server: &TestServer, invite: &Invite) -> (String, String) {
    assert!(test_server.admitted(invite).register("juliet", PASSWORD).unwrap().is_ok());
    let seen = || test_server.prosody.stored("witness", "juliet");
    crate::common::eventually("other modules have handled the account", SOON, || seen().is_some());
    let roles = ["roles", "account_roles"]
        .map(|store| test_server.prosody.stored(store, "juliet").unwrap_or_default());
    (roles.concat(), seen().unwrap_or_default())
}

fn data_gives_no_role_and_no_group(version: Version) {
    let test_server = TestServer::with(version, with_modules);
    let data =
        json!({ "roles": admin(version), "groups": ["secret"], "source": "admin@localhost", "note": "x" });
    let invite = made_by_another_key(&test_server, &json!({ "data": data }));
    let (roles, seen) = joins(&test_server, &invite);
    assert!(!roles.contains("admin"), "{roles}");
    assert!(!seen.contains("secret") && !seen.contains("admin"), "{seen}");
}

fn data_takes_no_role_away(version: Version) {
    let test_server = TestServer::with(version, with_modules);
    let wishes =
        json!({ "roles": ["prosody:admin"], "groups": ["class"], "data": { "roles": "x", "groups": 7 } });
    let (roles, seen) = joins(&test_server, &test_server.mint(&wishes));
    assert!(roles.contains("prosody:admin"), "{roles}");
    assert!(seen.contains("class"), "{seen}");
}

fn data_resets_no_password(version: Version) {
    let test_server = TestServer::with(version, with_modules);
    test_server.prosody.add_account("admin", PASSWORD).unwrap();
    for data in [
        json!({ "allow_reset": "admin" }),
        json!({ "prosody": { "additional_data": { "allow_reset": "admin" } } }),
    ] {
        for invite in [
            test_server.mint(&json!({ "data": data })),
            made_by_another_key(&test_server, &json!({ "data": data })),
        ] {
            assert_eq!(seen_by_others(&test_server, &invite)["allow_reset"], Value::Null);
            assert!(!test_server.admitted(&invite).register("admin", "stolen").unwrap().is_ok());
            assert!(test_server.can_log_in("admin", PASSWORD));
        }
    }
}

fn data_is_passed_on_under_its_own_name(version: Version) {
    let test_server = TestServer::with(version, with_modules);
    let invite =
        made_by_another_key(&test_server, &json!({ "data": { "ticket": 4711, "source": "elsewhere" } }));
    let seen = seen_by_others(&test_server, &invite);
    assert_eq!(seen["data"], json!({ "ticket": 4711, "source": "elsewhere" }), "{seen}");
    assert!(seen["source"].as_str().is_some_and(|source| source.starts_with("api/token/")), "{seen}");
    assert_eq!(seen["ticket"], Value::Null, "{seen}");
}

fn an_envelope_from_another_key_is_only_data(version: Version) {
    let test_server = TestServer::with(version, with_modules);
    let envelope = json!({
        "additional_data": { "source": "admin@localhost", "roles": admin(version), "groups": ["secret"] },
        "landing_page": "https://evil.example/{token}", "fields": { "inviter": "admin", "jid": "admin@localhost" },
    });
    let invite = made_by_another_key(&test_server, &json!({ "data": { "prosody": envelope } }));
    let seen = seen_by_others(&test_server, &invite);
    assert_eq!(seen["roles"], Value::Null, "{seen}");
    assert_ne!(seen["source"], "admin@localhost", "{seen}");
    assert_eq!(seen["data"]["prosody"], envelope, "{seen}");
    let (roles, groups) = joins(&test_server, &invite);
    assert!(!roles.contains("admin") && !groups.contains("secret"), "{roles} {groups}");
}
