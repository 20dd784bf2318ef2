//! Creating and administering invites with ejabberd's own commands.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;
use vestibule_e2e::Vestibule;

use crate::test_server::{Invite, PASSWORD, TestServer};

const HOST: &str = "localhost";

fn token_of(uri: &str) -> &str {
    uri.split("preauth=").nth(1).and_then(|rest| rest.split(';').next()).expect("a token")
}

fn by_token<'a>(invites: &'a [Value], token: &str) -> &'a Value {
    invites.iter().find(|invite| invite["token"] == token).expect("the invite is Vestibule's")
}

#[test]
fn commands_create_list_and_revoke_invites_in_vestibule() {
    let test_server = TestServer::new();
    let ejabberd = &test_server.ejabberd;
    test_server.add_account("romeo");
    let created = ejabberd.done("generate_invite", &json!({ "host": HOST })).unwrap();
    let bound = ejabberd
        .done("generate_invite_with_username", &json!({ "host": HOST, "username": "Juliet" }))
        .unwrap();
    let reset = ejabberd.done("generate_reset_token", &json!({ "host": HOST, "username": "romeo" })).unwrap();
    let invites = test_server.invites();
    for (answer, kind, username, address) in [
        (&created, "account", Value::Null, "localhost"),
        (&bound, "account", json!("juliet"), "juliet@localhost"),
        (&reset, "password-reset", json!("romeo"), "romeo@localhost"),
    ] {
        let uri = answer["invite_uri"].as_str().expect("a URI");
        let token = token_of(uri);
        let invite = by_token(&invites, token);
        assert_eq!((&invite["kind"], &invite["username"]), (&json!(kind), &username), "{invite}");
        assert_eq!(uri, format!("xmpp:{address}?register;preauth={token}"));
        assert_eq!(answer["landing_page"], format!("https://example.com/invite/{token}"));
    }
    let listed = ejabberd.done("list_invites", &json!({ "host": HOST })).unwrap();
    let listed = listed.as_array().expect("a list");
    assert_eq!(listed.len(), 3, "{listed:?}");
    assert!(listed.iter().all(|invite| invite["valid"] == "true"), "{listed:?}");

    // A name that is taken or reserved.
    for (username, text) in [("romeo", "taken"), ("juliet", "reserved")] {
        let wish = json!({ "host": HOST, "username": username });
        let (status, answer) = ejabberd.command("generate_invite_with_username", &wish).unwrap();
        assert!(status >= 400 || answer.to_string().contains(text), "{status} {answer}");
    }
    assert_eq!(test_server.invites().len(), 3);

    let arguments = |answer: &Value| json!({ "host": HOST, "token": token_of(answer["invite_uri"].as_str().expect("a URI")) });
    ejabberd.done("expire_invite_by_token", &arguments(&created)).unwrap();
    ejabberd.done("delete_invite_by_token", &arguments(&bound)).unwrap();
    let invites = test_server.invites();
    for (answer, state) in [(&created, "revoked"), (&bound, "revoked"), (&reset, "pending")] {
        let token = token_of(answer["invite_uri"].as_str().expect("a URI"));
        assert_eq!(by_token(&invites, token)["state"], state);
    }
    let unknown = json!({ "host": HOST, "token": "VcIq2gJNYHnT3Uft7umcxo1tscEj" });
    let (_, answer) = ejabberd.command("delete_invite_by_token", &unknown).unwrap();
    assert_ne!(answer, json!(0), "an unknown token");
    assert_eq!(ejabberd.done("cleanup_expired_invite_tokens", &json!({})).unwrap(), json!(0));
}

#[test]
fn an_app_is_told_which_limit_is_reached() {
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("vestibule.toml");
    fs::write(&path, "[hosts.\"localhost\".limits]\nlive = 1\n").expect("a file");
    let vestibule = Vestibule::builder().env("VESTIBULE_CONFIG", path).start().unwrap();
    let url = vestibule.url();
    let test_server = TestServer::asking(vestibule, &url, |builder| builder);
    test_server.add_account("romeo");
    let run = || {
        let node = json!({ "node": "urn:xmpp:invite#invite", "fields": {} });
        test_server.other_client("romeo@localhost").run("command", &node).unwrap()
    };
    let first = run();
    assert_eq!(first["status"], "completed", "{first}");
    let second = run();
    let error = &second["error"];
    assert_eq!(
        (&error["type"], &error["condition"]),
        (&json!("wait"), &json!("resource-constraint")),
        "{second}"
    );
    let text = error["text"].as_str().expect("words");
    assert!(text.contains("romeo has 1 open invites, of at most 1"), "{text}");
    let body = json!({ "may_invite": false });
    assert_eq!(test_server.api("PATCH", "/v1/members/romeo", Some(&body)).0, 200);
    let stopped = run();
    assert_eq!(stopped["error"]["condition"], "not-allowed", "{stopped}");
    assert_eq!(test_server.invites().len(), 1);
    // The limits are those of members: a command of the administrator has none.
    test_server.ejabberd.done("generate_invite", &json!({ "host": HOST })).unwrap();
    test_server.assert_clean_log(&[]);
}

#[test]
fn an_app_creates_invites_by_command() {
    let mut test_server = TestServer::new();
    test_server.add_account("romeo");
    let run = |test_server: &TestServer, node: &str, fields: Value| {
        let wishes = json!({ "node": node, "fields": fields });
        test_server.other_client("romeo@localhost").run("command", &wishes).unwrap()
    };
    let contact = run(&test_server, "urn:xmpp:invite#invite", json!({}));
    let create = "urn:xmpp:invite#create-account";
    let account = run(&test_server, create, json!({ "username": "", "roster-subscription": "0" }));
    let friend = run(&test_server, create, json!({ "username": "juliet", "roster-subscription": "1" }));
    let invites = test_server.invites();
    let created = [&contact, &account, &friend].map(|answer| {
        let form = &answer["form"];
        let uri = form["uri"].as_str().unwrap_or_else(|| panic!("no URI: {answer}"));
        let invite = by_token(&invites, token_of(uri));
        assert_eq!(form["landing-url"], format!("https://example.com/invite/{}", token_of(uri)));
        // Of mod_invites' five days.
        assert_eq!(&form["expire"].as_str().unwrap()[..13], &invite["expires_at"].as_str().unwrap()[..13]);
        assert_eq!(invite["inviter"], "romeo", "{invite}");
        invite
    });
    let kinds = created.map(|invite| invite["kind"].as_str().expect("text"));
    assert_eq!(kinds, ["account-and-contact", "account", "account-and-contact"]);
    assert!(contact["form"]["uri"].as_str().unwrap().ends_with(";ibr=y"), "{contact}");
    assert_eq!(created[2]["username"], "juliet");

    // Both kinds of link lead to an account and a contact.
    for (invite, name) in [(created[0], "nurse"), (created[2], "juliet")] {
        let invite = Invite::of(invite);
        assert!(test_server.admitted(&invite).register(name, PASSWORD).unwrap().is_ok());
        let mut stream = test_server.logged_in(name, PASSWORD);
        assert_eq!(stream.roster().unwrap(), [("romeo@localhost".to_owned(), "both".to_owned())]);
    }
    // Refusals are errors that an app can show.
    let taken = run(&test_server, create, json!({ "username": "romeo" }));
    assert!(taken["error"]["text"].as_str().is_some_and(|text| !text.is_empty()), "{taken}");
    test_server.vestibule.kill();
    for (node, fields) in [("urn:xmpp:invite#invite", json!({})), (create, json!({ "username": "peter" }))] {
        let answer = run(&test_server, node, fields);
        assert_eq!(answer["error"]["condition"], "service-unavailable", "{answer}");
        assert_eq!(answer["error"]["type"], "wait", "{answer}");
    }
    let (status, answer) = test_server.ejabberd.command("generate_invite", &json!({ "host": HOST })).unwrap();
    assert!(status >= 400 || answer.to_string().contains("unreachable"), "{status} {answer}");
    test_server.assert_clean_log(&[]);
}
