//! Commands of `prosodyctl`.

use serde_json::{Value, json};
use vestibule_e2e::http::Client;
use vestibule_e2e::{CliOutput, Version};

use crate::common::HOST;
use crate::test_server::{Invite, PASSWORD, TestServer, assert_refused};
use crate::versions::on_both_versions;

on_both_versions!(
    generate_creates_the_requested_invite,
    generate_reports_errors,
    an_admin_invite_creates_an_admin,
    key_commands_print_the_messages_of_the_original,
    names_of_keys_are_escaped_on_a_terminal,
    an_empty_key_id_deletes_nothing,
    a_key_of_an_unserved_host_cannot_be_created,
    commands_report_an_outage,
);

fn done(test_server: &TestServer, args: &[&str]) -> String {
    let output = test_server.prosody.ctl(args).unwrap();
    assert!(output.success(), "{args:?}: {output}\n{}", test_server.prosody.log());
    output.stdout
}

fn fails(test_server: &TestServer, args: &[&str]) -> CliOutput {
    let output = test_server.prosody.ctl(args).unwrap();
    assert!(!output.success(), "{args:?}: {output}");
    output
}

/// Returns the newest invite, and asserts that its link was printed.
fn newest(test_server: &TestServer, printed: &str) -> (Value, Invite) {
    let value = test_server.invites().into_iter().next().expect("an invite");
    let url = value["url"].as_str().expect("a link");
    assert!(printed.split_whitespace().any(|word| word == url), "{url} is not in {printed}");
    let invite = Invite {
        id: value["id"].as_str().expect("an id").to_owned(),
        token: value["token"].as_str().expect("a token").to_owned(),
    };
    (value, invite)
}

/// Returns kind, username, inviter, roles and groups.
fn gist(value: &Value) -> Value {
    json!([value["kind"], value["username"], value["inviter"], value["roles"], value["groups"]])
}

fn generate_creates_the_requested_invite(version: Version) {
    let test_server = TestServer::new(version);
    test_server.prosody.add_account("romeo", PASSWORD).unwrap();
    let cases: [(&[&str], Value); 5] = [
        (&[], json!(["account", null, null, [], []])),
        (&["--reset", "romeo"], json!(["password-reset", "romeo", null, [], []])),
        (&["--admin"], json!(["account", null, null, ["prosody:admin"], []])),
        (&["--role", "teacher"], json!(["account", null, null, ["teacher"], []])),
        (&["--group", "a", "--group", "b"], json!(["account", null, null, [], ["a", "b"]])),
    ];
    for (args, wanted) in cases {
        let printed = done(&test_server, &[&["mod_invites", "generate", HOST], args].concat());
        let (value, invite) = newest(&test_server, &printed);
        assert_eq!(printed.lines().count(), 1, "one line for scripts: {printed}");
        assert_eq!(gist(&value), wanted, "{args:?}");
        assert!(test_server.guest().preauth(&invite.token).unwrap().is_ok(), "{args:?}");
    }
}

fn generate_reports_errors(version: Version) {
    let test_server = TestServer::new(version);
    for args in
        [&[][..], &["nowhere.example"], &[HOST, "--reset"], &[HOST, "--role", ""], &[HOST, "--nonsense"]]
    {
        let output = fails(&test_server, &[&["mod_invites", "generate"], args].concat());
        assert!(!output.stdout.is_empty(), "{args:?}: {output}");
        assert!(!output.stdout.contains("traceback"), "{args:?}: {output}");
    }
    assert_eq!(test_server.invites(), Vec::<Value>::new());
}

fn an_admin_invite_creates_an_admin(version: Version) {
    let test_server = TestServer::new(version);
    let invite = test_server.mint(&json!({ "roles": ["prosody:admin"] }));
    assert!(test_server.admitted(&invite).register("juliet", PASSWORD).unwrap().is_ok());
    let wishes = json!({ "node": "urn:xmpp:invite#create-account" });
    let answer = test_server.other_client("juliet@localhost").run("command", &wishes).unwrap();
    assert_eq!(answer["status"], "completed", "{answer}");
}

fn key_commands_print_the_messages_of_the_original(version: Version) {
    let test_server = TestServer::new(version);
    let made = done(&test_server, &["mod_invites_api", "create", HOST, "My portal"]);
    let key = made.trim();
    let (id, _) = key.split_once('/').expect("ID/SECRET");
    let minted = Client::new().mint(&test_server.prosody.http_url(), key).unwrap();
    assert_eq!(minted.status, 201, "{minted:?}");
    let unnamed = done(&test_server, &["mod_invites_api", "create", HOST]);
    let (unnamed, _) = unnamed.split_once('/').expect("ID/SECRET");
    let listed = done(&test_server, &["mod_invites_api", "list", HOST]);
    for line in [format!("{id}\tMy portal"), format!("{unnamed}\t<unknown>")] {
        assert!(listed.lines().any(|known| known == line), "{line} is not in {listed}");
    }
    done(&test_server, &["mod_invites_api", "delete", HOST, id]);
    assert!(!done(&test_server, &["mod_invites_api", "list", HOST]).contains(id));
    let output = fails(&test_server, &["mod_invites_api", "delete", HOST, id]);
    assert!(output.stdout.contains("key not found"), "{output}");
    assert_eq!(Client::new().mint(&test_server.prosody.http_url(), key).unwrap().status, 403);
}

fn names_of_keys_are_escaped_on_a_terminal(version: Version) {
    let test_server = TestServer::new(version);
    let name = "a\u{202e}b\u{2066}c\u{200b}d\u{2028}e\u{ad} \u{fc} \u{1f389}";
    let created = test_server.vestibule.cli(&["keys", "create", HOST, name]).unwrap();
    assert!(created.success(), "{created}");
    let listed = done(&test_server, &["mod_invites_api", "list", HOST]);
    let shown = "\ta\\u{202e}b\\u{2066}c\\u{200b}d\\u{2028}e\\u{ad} \u{fc} \u{1f389}";
    assert!(listed.lines().any(|line| line.ends_with(shown)), "{listed:?}");
}

fn an_empty_key_id_deletes_nothing(version: Version) {
    let test_server = TestServer::new(version);
    let output = fails(&test_server, &["mod_invites_api", "delete", HOST, ""]);
    assert_eq!(output.stdout, "Error: please supply a key ID\n", "{output}");
}

fn a_key_of_an_unserved_host_cannot_be_created(version: Version) {
    let test_server = TestServer::new(version);
    for args in [&["create", "nowhere.example"][..], &["list"], &["nonsense", HOST], &["delete", HOST]] {
        let output = fails(&test_server, &[&["mod_invites_api"], args].concat());
        assert!(!output.stdout.is_empty() && !output.to_string().contains("traceback"), "{output}");
    }
}

fn commands_report_an_outage(version: Version) {
    let mut test_server = TestServer::new(version);
    test_server.vestibule.kill();
    for args in [&["mod_invites", "generate", HOST][..], &["mod_invites_api", "create", HOST]] {
        let output = fails(&test_server, args);
        assert!(output.to_string().contains("Vestibule is unreachable"), "{output}");
        assert!(!output.to_string().contains("traceback"), "{output}");
    }
}

/// Commands of 13.
mod shell {
    use super::*;

    #[test]
    fn create_account_creates_the_requested_invite() {
        let test_server = TestServer::new(Version::V13);
        let cases: [(&[&str], Value); 4] = [
            (&[HOST], json!(["account", null, null, [], []])),
            (&["juliet@localhost"], json!(["account", "juliet", null, [], []])),
            (&["--admin", HOST], json!(["account", null, null, ["prosody:admin"], []])),
            (
                &["--role", "prosody:member", "--group", "a", HOST],
                json!(["account", null, null, ["prosody:member"], ["a"]]),
            ),
        ];
        for (args, wanted) in cases {
            let printed = done(&test_server, &[&["shell", "invite", "create_account"], args].concat());
            assert_eq!(gist(&newest(&test_server, &printed).0), wanted, "{args:?}");
        }
        done(&test_server, &["shell", "invite", "create_account", "--expires-after", "1h", HOST]);
        let newest = &test_server.invites()[0];
        let hour =
            |name: &str| newest[name].as_str().expect("a time").get(11..13).expect("an hour").to_owned();
        assert_ne!(hour("created_at"), hour("expires_at"), "{newest}");
    }

    #[test]
    fn create_contact_and_create_reset_create_the_requested_invites() {
        let test_server = TestServer::new(Version::V13);
        test_server.prosody.add_account("romeo", PASSWORD).unwrap();
        let cases: [(&[&str], Value); 3] = [
            (&["create_contact", "romeo@localhost"], json!(["contact", null, "romeo", [], []])),
            (
                &["create_contact", "--allow-registration", "romeo@localhost"],
                json!(["account-and-contact", null, "romeo", [], []]),
            ),
            (&["create_reset", "romeo@localhost"], json!(["password-reset", "romeo", null, [], []])),
        ];
        for (args, wanted) in cases {
            let printed = done(&test_server, &[&["shell", "invite"], args].concat());
            assert_eq!(gist(&newest(&test_server, &printed).0), wanted, "{args:?}");
        }
    }

    #[test]
    fn invites_can_be_listed_shown_and_deleted() {
        let test_server = TestServer::new(Version::V13);
        let bound =
            test_server.mint(&json!({ "username": "juliet", "note": "new colleague \u{202e}\nOK: forged" }));
        let other = test_server.mint(&json!({}));
        let listed = done(&test_server, &["shell", "invite", "list", HOST]);
        assert!(listed.contains(&bound.token) && listed.contains(&other.token), "{listed}");
        let shown = done(&test_server, &["shell", "invite", "show", HOST, &bound.token]);
        assert!(!shown.contains('\u{202e}') && !shown.lines().any(|line| line == "OK: forged"), "{shown}");
        assert!(shown.contains("juliet@localhost") && shown.contains("new colleague"), "{shown}");
        done(&test_server, &["shell", "invite", "delete", HOST, &bound.token]);
        assert_eq!(test_server.show(&bound)["state"], "revoked");
        assert_refused(&test_server.guest().preauth(&bound.token).unwrap(), "cancel", "forbidden");
        let listed = done(&test_server, &["shell", "invite", "list", HOST]);
        assert!(!listed.contains(&bound.token) && listed.contains(&other.token), "{listed}");
        fails(&test_server, &["shell", "invite", "show", HOST, "nonsense"]);
        // As with Prosody's own: deleting an unknown invite succeeds.
        done(&test_server, &["shell", "invite", "delete", HOST, "nonsense"]);
    }

    #[test]
    fn a_list_can_exceed_one_page() {
        let test_server = TestServer::new(Version::V13);
        let (status, batch) = test_server.api("POST", "/v1/invites/batch", Some(&json!({ "count": 600 })));
        assert_eq!(status, 201, "{batch}");
        let listed = done(&test_server, &["shell", "invite", "list", HOST]);
        let links = test_server.api("GET", "/v1/invites?limit=500", None).1;
        let oldest = links["items"][499]["token"].as_str().expect("a token").to_owned();
        assert!(listed.contains(&oldest));
        assert!(listed.contains("600 pending invites"), "{}", listed.lines().last().unwrap_or_default());
    }

    #[test]
    fn the_shell_reports_an_outage() {
        let mut test_server = TestServer::new(Version::V13);
        test_server.vestibule.kill();
        let output = fails(&test_server, &["shell", "invite", "create_account", HOST]);
        assert!(!output.to_string().contains("traceback"), "{output}");
        assert!(output.to_string().contains("Vestibule is unreachable"), "{output}");
    }
}
