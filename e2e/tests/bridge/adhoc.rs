//! Creating invites in an app (XEP-0401), with an existing client library.

use serde_json::{Value, json};
use vestibule_e2e::Version;

use crate::test_server::{Invite, PASSWORD, TestServer};
use crate::versions::on_both_versions;

const INVITE: &str = "urn:xmpp:invite#invite";
const CREATE_ACCOUNT: &str = "urn:xmpp:invite#create-account";
const RESET: &str = "xmpp:prosody.im/mod_invites_adhoc#password-reset";

on_both_versions!(
    a_member_invites_a_contact,
    contacts_may_register_if_members_may_invite,
    members_create_nothing_without_the_contact_permission,
    an_admin_creates_an_account_invite,
    an_admin_creates_a_bound_invite_that_adds_a_contact,
    an_admin_creates_a_reset_link,
    a_member_cannot_create_account_or_reset_invites,
    an_invalid_username_creates_nothing,
    a_command_reports_an_outage,
);

/// Runs a command as a new account with these form fields.
fn run(test_server: &TestServer, username: &str, node: &str, fields: &Value) -> Value {
    let jid = format!("{username}@localhost");
    test_server.other_client(&jid).run("command", &json!({ "node": node, "fields": fields })).unwrap()
}

fn with_accounts(test_server: TestServer) -> TestServer {
    for username in ["admin", "romeo"] {
        test_server.prosody.add_account(username, PASSWORD).unwrap();
    }
    test_server
}

/// Returns the only invite, and asserts that it is the one in the answer.
fn only_invite(test_server: &TestServer, answer: &Value) -> Value {
    assert_eq!(answer["status"], "completed", "{answer}");
    let form = &answer["form"];
    assert_eq!(form["FORM_TYPE"], "urn:xmpp:invite#invitation", "{answer}");
    let invites = test_server.invites();
    assert_eq!(invites.len(), 1, "{invites:?}");
    let invite = invites[0].clone();
    assert_eq!((&form["uri"], &form["landing-url"]), (&invite["uri"], &invite["url"]));
    let seconds = |time: &Value| time.as_str().expect("a time").get(..19).expect("seconds").to_owned();
    assert_eq!(seconds(&form["expire"]), seconds(&invite["expires_at"]));
    invite
}

/// Asserts that the command was refused and created nothing.
fn assert_nothing_created(test_server: &TestServer, answer: &Value) {
    let refused = answer["error"].is_object()
        || answer["notes"].as_array().is_some_and(|notes| notes.iter().any(|note| note[0] == "error"));
    assert!(refused, "{answer}");
    assert!(answer["form"].is_null(), "{answer}");
    assert_eq!(test_server.invites(), Vec::<Value>::new());
}

fn a_member_invites_a_contact(version: Version) {
    let test_server = with_accounts(TestServer::new(version));
    let answer = run(&test_server, "romeo", INVITE, &json!({}));
    let invite = only_invite(&test_server, &answer);
    assert_eq!((&invite["kind"], &invite["inviter"]), (&json!("contact"), &json!("romeo")), "{invite}");
}

fn contacts_may_register_if_members_may_invite(version: Version) {
    let test_server =
        with_accounts(TestServer::with(version, |builder| builder.config("allow_user_invites = true")));
    let answer = run(&test_server, "romeo", INVITE, &json!({}));
    let invite = only_invite(&test_server, &answer);
    let wanted = (&json!("account-and-contact"), &json!("romeo"));
    assert_eq!((&invite["kind"], &invite["inviter"]), wanted, "{invite}");
}

fn members_create_nothing_without_the_contact_permission(version: Version) {
    let test_server =
        with_accounts(TestServer::with(version, |builder| builder.config("allow_contact_invites = false")));
    assert_nothing_created(&test_server, &run(&test_server, "romeo", INVITE, &json!({})));
    let invite = only_invite(&test_server, &run(&test_server, "admin", INVITE, &json!({})));
    assert_eq!(invite["inviter"], "admin");
}

fn an_admin_creates_an_account_invite(version: Version) {
    let test_server = with_accounts(TestServer::new(version));
    let answer = run(&test_server, "admin", CREATE_ACCOUNT, &json!({}));
    let asked = answer["asked"].as_object().expect("a form");
    assert_eq!(asked["FORM_TYPE"], CREATE_ACCOUNT, "{answer}");
    assert!(asked.contains_key("username") && asked.contains_key("roster-subscription"), "{answer}");
    let invite = only_invite(&test_server, &answer);
    assert_eq!((&invite["kind"], &invite["username"]), (&json!("account"), &Value::Null), "{invite}");
}

fn an_admin_creates_a_bound_invite_that_adds_a_contact(version: Version) {
    let test_server = with_accounts(TestServer::new(version));
    let fields = json!({ "username": "Juliet", "roster-subscription": true });
    let invite = only_invite(&test_server, &run(&test_server, "admin", CREATE_ACCOUNT, &fields));
    let found = json!([invite["kind"], invite["username"], invite["inviter"]]);
    assert_eq!(found, json!(["account-and-contact", "juliet", "admin"]), "{invite}");
    let text = |name: &str| invite[name].as_str().expect("text").to_owned();
    let invite = Invite { id: text("id"), token: text("token") };
    assert!(!test_server.admitted(&invite).register("nurse", PASSWORD).unwrap().is_ok());
    assert!(test_server.admitted(&invite).register("juliet", PASSWORD).unwrap().is_ok());
    let roster = test_server.other_client("juliet@localhost").run("roster", &json!({})).unwrap();
    assert_eq!(roster["admin@localhost"]["subscription"], "both", "{roster}");
}

fn an_admin_creates_a_reset_link(version: Version) {
    let test_server = with_accounts(TestServer::new(version));
    let answer = run(&test_server, "admin", RESET, &json!({ "accountjid": "romeo@localhost" }));
    let invite = only_invite(&test_server, &answer);
    assert_eq!(
        (&invite["kind"], &invite["username"]),
        (&json!("password-reset"), &json!("romeo")),
        "{invite}"
    );
}

fn a_member_cannot_create_account_or_reset_invites(version: Version) {
    let test_server =
        with_accounts(TestServer::with(version, |builder| builder.config("allow_user_invites = true")));
    assert_nothing_created(
        &test_server,
        &run(&test_server, "romeo", CREATE_ACCOUNT, &json!({ "username": "juliet" })),
    );
    assert_nothing_created(
        &test_server,
        &run(&test_server, "romeo", RESET, &json!({ "accountjid": "admin@localhost" })),
    );
    let offered = test_server.other_client("romeo@localhost").run("commands", &json!({})).unwrap();
    assert!(offered[INVITE].is_string() && offered[CREATE_ACCOUNT].is_null(), "{offered}");
}

fn an_invalid_username_creates_nothing(version: Version) {
    let test_server = with_accounts(TestServer::new(version));
    for username in ["a b", "a@b", "a/b", "<a>"] {
        assert_nothing_created(
            &test_server,
            &run(&test_server, "admin", CREATE_ACCOUNT, &json!({ "username": username })),
        );
    }
    for jid in ["romeo@elsewhere.example", "localhost", "not an address"] {
        assert_nothing_created(
            &test_server,
            &run(&test_server, "admin", RESET, &json!({ "accountjid": jid })),
        );
    }
}

fn a_command_reports_an_outage(version: Version) {
    let mut test_server = with_accounts(TestServer::new(version));
    test_server.vestibule.kill();
    let answer = run(&test_server, "romeo", INVITE, &json!({}));
    assert!(answer["form"].is_null(), "{answer}");
    assert!(answer.to_string().contains("try again later"), "{answer}");
}
