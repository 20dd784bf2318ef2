//! The `invites` commands.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod common;

use common::{HOST, TestServer};
use serde_json::{Value, json};
use vestibule_e2e::http::token_of;

/// Returns the invite of a link from `show --json`.
fn show(test_server: &TestServer, link: &str) -> Value {
    serde_json::from_str(&test_server.done(&["invites", "show", HOST, token_of(link), "--json"]))
        .expect("JSON")
}

/// Creates an invite and returns its link and the output of `show`.
fn create(test_server: &TestServer, whom: &str, more: &[&str]) -> (String, Value) {
    let link = test_server.done(&[&["invites", "create", whom], more].concat());
    assert_eq!(link.lines().count(), 1, "{link}");
    let invite = show(test_server, &link);
    assert_eq!(invite["url"], link.as_str());
    (link, invite)
}

#[test]
fn every_kind_has_the_uri_that_clients_expect() {
    let test_server = TestServer::new();
    for (whom, more, kind, uri) in [
        (HOST, &[][..], "account", "xmpp:localhost?register;preauth=TOKEN"),
        ("juliet@localhost", &[], "account", "xmpp:juliet@localhost?register;preauth=TOKEN"),
        (
            HOST,
            &["--kind", "account-and-contact", "--contact", "romeo"],
            "account-and-contact",
            "xmpp:romeo@localhost?roster;preauth=TOKEN;ibr=y",
        ),
        (
            HOST,
            &["--kind", "contact", "--contact", "romeo"],
            "contact",
            "xmpp:romeo@localhost?roster;preauth=TOKEN",
        ),
        (
            "juliet@localhost",
            &["--kind", "password-reset"],
            "password-reset",
            "xmpp:juliet@localhost?register;preauth=TOKEN",
        ),
    ] {
        // The first invite reserves its name, so each invite has another one.
        let (link, invite) = create(&test_server, whom, more);
        let uri = uri.replace("TOKEN", token_of(&link));
        assert_eq!((&invite["kind"], &invite["uri"]), (&json!(kind), &json!(uri)), "{invite}");
        let page = test_server.client.open(&test_server.server.url(), &link).unwrap();
        assert_eq!(page.status, 200, "{kind}");
        assert_eq!(page.all("link"), [format!("<{uri}>; rel=\"alternate\"")], "{kind}");
        test_server.done(&["invites", "revoke", HOST, token_of(&link)]);
    }
}

#[test]
fn show_prints_what_was_requested() {
    let test_server = TestServer::new();
    let more = ["--uses", "5", "--expires", "2h", "--group", "staff", "--group", "north", "--role"];
    let more = [&more[..], &["prosody:admin", "--note", "for the choir: \"soprano\" <b>"]].concat();
    let said =
        ["--message", " See you\non Sunday! 🎶 ", "--inviter-name", "Änne Müller", "--language", "pt_br"];
    let more = [&more[..], &said].concat();
    let (_, invite) = create(&test_server, HOST, &more);
    assert_eq!(invite["max_uses"], 5);
    assert_eq!(invite["groups"], json!(["staff", "north"]));
    assert_eq!(invite["roles"], json!(["prosody:admin"]));
    assert_eq!(invite["note"], "for the choir: \"soprano\" <b>");
    assert_eq!(invite["message"], "See you on Sunday! 🎶");
    assert_eq!((&invite["inviter_name"], &invite["language"]), (&json!("Änne Müller"), &json!("pt-BR")));
    assert_eq!(invite["source"], "cli");
    assert_eq!(invite["uses"], 0);
    assert_eq!(invite["state"], "pending");
    assert_eq!(invite["username"], Value::Null);
    let (_, bound) = create(&test_server, "juliet@localhost", &[]);
    assert_eq!((&bound["username"], &bound["max_uses"]), (&json!("juliet"), &json!(1)));
    assert_eq!(
        (&bound["message"], &bound["inviter_name"], &bound["language"]),
        (&json!(null), &json!(null), &json!(null))
    );
    let (_, open) = create(&test_server, HOST, &["--uses", "unlimited"]);
    assert_eq!(open["max_uses"], Value::Null);
}

#[test]
fn show_and_revoke_take_the_id_or_the_token() {
    let test_server = TestServer::new();
    let (link, invite) = create(&test_server, HOST, &[]);
    let id = invite["id"].as_str().expect("an id");
    let shown = test_server.done(&["invites", "show", HOST, id]);
    assert!(shown.contains(id) && shown.contains(&link) && shown.contains("pending"), "{shown}");
    assert_eq!(test_server.done(&["invites", "show", HOST, token_of(&link)]), shown);
    test_server.done(&["invites", "revoke", HOST, id]);
    assert_eq!(show(&test_server, &link)["state"], "revoked");
    test_server.done(&["invites", "revoke", HOST, token_of(&link)]);
    for unknown in ["AAAAAAAAAAAA", "-abc", "A".repeat(5000).as_str(), "%", ""] {
        for verb in ["show", "revoke"] {
            test_server.fails(&["invites", verb, HOST, unknown], &["Error: invite", " not found"]);
        }
    }
}

#[test]
fn count_creates_as_many_working_links() {
    let test_server = TestServer::new();
    let text = test_server.done(&["invites", "create", HOST, "--count", "25"]);
    let links: Vec<String> = text.lines().map(str::to_owned).collect();
    assert_eq!(links.len(), 25);
    test_server.all_open(&links, "made by --count");
    assert_eq!(test_server.invites().len(), 25);
}

#[test]
fn list_shows_states_and_filters_by_them() {
    let test_server = TestServer::new();
    let (pending, _) = create(&test_server, HOST, &[]);
    let (revoked, _) = create(&test_server, HOST, &[]);
    test_server.done(&["invites", "revoke", HOST, token_of(&revoked)]);
    for (state, links) in [("pending", vec![&pending]), ("revoked", vec![&revoked]), ("used", vec![])] {
        let text = test_server.done(&["invites", "list", HOST, "--state", state, "--json"]);
        let list: Value = serde_json::from_str(&text).unwrap();
        let urls: Vec<&str> =
            list.as_array().unwrap().iter().map(|one| one["url"].as_str().unwrap()).collect();
        assert_eq!(urls, links, "{state}");
        let table = test_server.done(&["invites", "list", HOST, "--state", state]);
        assert_eq!(
            table.contains(token_of(&pending)) || table.contains("pending"),
            state == "pending",
            "{table}"
        );
    }
    assert_eq!(test_server.invites().len(), 2);
}

#[test]
fn a_reserved_name_cannot_be_reserved_twice() {
    let test_server = TestServer::new();
    let (link, _) = create(&test_server, "juliet@localhost", &[]);
    test_server.fails(&["invites", "create", "juliet@localhost"], &["reserved"]);
    test_server.fails(&["invites", "create", "JULIET@localhost"], &["reserved"]);
    test_server.done(&["invites", "revoke", HOST, token_of(&link)]);
    create(&test_server, "juliet@localhost", &[]);
}

#[test]
fn invalid_requests_create_nothing() {
    let test_server = TestServer::new();
    let long = format!("{}@localhost", "a".repeat(1100));
    for args in [
        &[HOST, "--expires", "soon"][..],
        &[HOST, "--expires", "0s"],
        &[HOST, "--expires", "99999999999w"],
        &[HOST, "--uses", "0"],
        &[HOST, "--uses", "-1"],
        &[HOST, "--uses", "many"],
        &[HOST, "--count", "0"],
        &[HOST, "--count", "-5"],
        &[HOST, "--message", "a\u{7}b"],
        &[HOST, "--message", &"字".repeat(141)],
        &[HOST, "--inviter-name", "ann@localhost"],
        &[HOST, "--inviter-name", &"x".repeat(65)],
        &["juliet@localhost", "--kind", "password-reset", "--inviter-name", "Ann"],
        &[HOST, "--language", "German"],
        &[HOST, "--kind", "friend"],
        &[HOST, "--kind", "contact"],
        &[HOST, "--kind", "password-reset"],
        &[HOST, "--kind", "account", "--contact", "romeo"],
        &["juliet@localhost", "--count", "2"],
        &["juliet@localhost", "--uses", "2"],
        &["juliet capulet@localhost"],
        &["@localhost"],
        &["juliet@localhost/balcony"],
        &["a@b@localhost"],
        &[long.as_str()],
        &[HOST, "--kind", "contact", "--contact", "not a name"],
    ] {
        let output = test_server.server.cli(&[&["invites", "create"], args].concat()).unwrap();
        assert!(matches!(output.code(), Some(1 | 2)), "{args:?}: {output}");
        assert_eq!(output.stdout, "", "{args:?}");
        assert!(!output.stderr.is_empty() && !output.stderr.contains("panicked"), "{args:?}: {output}");
        if output.code() == Some(1) {
            assert_eq!(output.stderr.lines().count(), 1, "one clear line: {args:?}: {output}");
        }
    }
    assert_eq!(test_server.invites().len(), 0, "no invite was created");
}

#[test]
fn every_command_shows_the_same_invite_as_json() {
    let test_server = TestServer::new();
    let read = |args: &[&str]| -> Value { serde_json::from_str(&test_server.done(args)).expect("JSON") };
    let created = read(&["invites", "create", "juliet@localhost", "--note", "n", "--json"]);
    let created = &created.as_array().expect("a list")[0];
    let id = created["id"].as_str().unwrap();
    let fields = "id host kind token url uri username inviter groups roles max_uses uses state created_at \
                  expires_at revoked_at renewal_requested_at source note data message inviter_name language";
    let names: Vec<&str> = created.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names.join(" "), fields);
    assert_eq!(&read(&["invites", "list", HOST, "--json"])[0], created);
    let mut shown = read(&["invites", "show", HOST, id, "--json"]);
    assert_eq!(shown.as_object_mut().unwrap().remove("redemptions"), Some(json!([])));
    assert_eq!(&shown, created);
    assert_eq!(read(&["invites", "count", HOST, "--json"]), json!({ "count": 1 }));
    let revoked = read(&["invites", "revoke", HOST, id, "--json"]);
    assert_eq!((&revoked["state"], &revoked["id"]), (&json!("revoked"), &json!(id)));
    assert!(revoked["revoked_at"].is_string(), "{revoked}");
    assert_eq!(revoked["url"], created["url"]);
    assert_eq!(read(&["invites", "list", HOST, "--state", "pending", "--json"]), json!([]));
}

#[test]
fn pasted_text_is_understood() {
    let test_server = TestServer::new();
    let (link, invite) = create(&test_server, " xmpp:juliet@localhost/ ", &[]);
    let (token, id) = (token_of(&link), invite["id"].as_str().unwrap().to_owned());
    for pasted in [
        format!("{link}/"),
        format!("{link}."),
        format!("<{link}/register?lang=de>"),
        format!(" {token}\n"),
        format!("{token})"),
        format!("https://elsewhere.example/?u={}", link.replace('/', "%2F").replace(':', "%3A")),
        format!("xmpp:juliet@localhost?register;preauth={token}"),
        format!("-- {token}"),
        format!("=3D{token}"),
        link.replace(token, &format!("{} {}", &token[..14], &token[14..])),
        format!("{}\r\n> {}", &token[..9], &token[9..]),
        format!(" {id} "),
        format!("{id}."),
    ] {
        for host in [HOST, " localhost ", "localhost/", "xmpp:localhost"] {
            let shown: Value =
                serde_json::from_str(&test_server.done(&["invites", "show", host, &pasted, "--json"]))
                    .unwrap();
            assert_eq!(shown["id"], id.as_str(), "{host} {pasted}");
        }
    }
    test_server.fails(
        &["invites", "show", HOST, &format!("{token}x")],
        &[&format!("invite {}... not found", &token[..6])],
    );
    test_server.done(&["invites", "revoke", HOST, &format!("see {link}/, please")]);
    assert_eq!(test_server.status_of(&link), 404);
}
