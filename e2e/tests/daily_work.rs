//! The commands of every day: hosts, edits, filters, bulk revocation, members, events, configuration.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod common;

use std::time::Duration;

use common::{HOST, TestServer, eventually, fails, misused, on, redeem};
use serde_json::{Value, json};
use tempfile::TempDir;
use vestibule_e2e::{Process, Vestibule};

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Creates an invite and returns its id.
fn create(test_server: &TestServer, args: &[&str]) -> String {
    let address = if args.iter().any(|arg| arg.contains('@')) { &[][..] } else { &[HOST] };
    let made = test_server.done(&[&["invites", "create", "--json"], address, args].concat());
    json_of(&made)[0]["id"].as_str().unwrap().to_owned()
}

fn token_of(test_server: &TestServer, id: &str) -> String {
    let shown = json_of(&test_server.done(&["invites", "show", id, "--json"]));
    shown["token"].as_str().unwrap().to_owned()
}

fn ids(text: &str) -> Vec<&str> {
    text.lines().map(|line| line.split('\t').next().unwrap()).collect()
}

#[test]
fn the_only_host_need_not_be_named() {
    let test_server = TestServer::new();
    let id = create(&test_server, &["--note", "plain"]);
    assert_eq!(ids(&test_server.done(&["invites", "list"])), [&id]);
    assert_eq!(test_server.done(&["invites", "count"]), "1");
    assert!(test_server.done(&["invites", "show", &id]).contains(&id));
    assert_eq!(test_server.done(&["keys", "list"]).lines().count(), 1);
    let key = test_server.done(&["keys", "create", HOST]);
    test_server.done(&["keys", "delete", key.split('/').next().unwrap()]);
    assert_eq!(test_server.done(&["members", "list"]), "");
    test_server.done(&["invites", "revoke", &id]);
    test_server.fails(&["invites", "revoke", "nowhere.example"], &["please supply a valid host"]);
    test_server.fails(&["invites", "show", "nowhere.example", &id], &["please supply a valid host"]);

    let hosts_alone = [
        ["invites", "show", HOST],
        ["invites", "edit", HOST],
        ["keys", "delete", HOST],
        ["members", "show", HOST],
    ];
    let missing = |test_server: &TestServer| {
        for args in hosts_alone {
            let mut args = args.to_vec();
            args.extend((args[1] == "edit").then_some("--restore"));
            let output = test_server.server.cli(&args).unwrap();
            misused(&output);
            assert!(
                output.stderr.contains("the ID or username that belongs after it is missing"),
                "{output}"
            );
        }
    };
    missing(&test_server);
    test_server.done(&["hosts", "add", "other.example"]);
    missing(&test_server);
    for args in [&["invites", "list"][..], &["members", "list"], &["keys", "list"], &["events"]] {
        let output = test_server.server.cli(args).unwrap();
        misused(&output);
        assert!(output.stderr.contains("name the host, one of localhost, other.example"), "{output}");
    }
    assert_eq!(test_server.done(&["invites", "count", "other.example"]), "0");
}

#[test]
fn hosts_are_added_listed_and_removed() {
    let place = TempDir::new().unwrap();
    let directory = place.path().join("data");
    fails(&on(&directory, &["hosts", "list"]), &["there is no Vestibule data in"]);
    fails(&on(&directory, &["hosts", "remove", "a.example"]), &["there is no Vestibule data in"]);
    fails(&on(&directory, &["hosts", "add", "not a host"]), &["please supply a valid host"]);
    assert!(!directory.exists());
    // A host can be set up before the first start.
    for host in ["b.example", "a.example", "A.EXAMPLE"] {
        assert!(on(&directory, &["hosts", "add", host]).success());
    }
    let list = |args: &[&str]| on(&directory, &[&["hosts", "list"], args].concat()).stdout;
    assert_eq!(list(&[]), "a.example\nb.example\n");
    assert_eq!(json_of(&list(&["--json"])), json!([{ "host": "a.example" }, { "host": "b.example" }]));

    let key = on(&directory, &["keys", "create", "a.example", "Portal"]).stdout;
    let link = on(&directory, &["invites", "create", "a.example"]).stdout;
    let output = on(&directory, &["hosts", "remove", "a.example"]);
    fails(&output, &["1 key and 1 pending invite;", "--yes"]);
    assert!(on(&directory, &["hosts", "remove", "a.example", "--yes"]).success());
    assert_eq!(list(&[]), "b.example\n");
    fails(&on(&directory, &["invites", "list", "a.example"]), &["please supply a valid host"]);
    fails(&on(&directory, &["hosts", "remove", "a.example"]), &["please supply a valid host"]);

    let server = Vestibule::builder().data_dir(&directory).host("b.example").start().unwrap();
    let client = vestibule_e2e::http::Client::new();
    assert_eq!(client.mint(&server.url(), key.trim()).unwrap().status, 403);
    assert_eq!(client.open(&server.url(), link.trim()).unwrap().status, 404);
    assert!(server.cli(&["hosts", "add", "a.example"]).unwrap().success());
    assert_eq!(server.cli(&["invites", "count", "a.example"]).unwrap().text(), "1", "the past returns");
}

#[test]
fn an_invite_is_edited() {
    let test_server = TestServer::new();
    let id = create(&test_server, &["--note", "old", "--expires", "1d"]);
    let edit = |args: &[&str]| {
        json_of(&test_server.done(&[&["invites", "edit", HOST, &id, "--json"], args].concat()))
    };
    let before = json_of(&test_server.done(&["invites", "show", &id, "--json"]));
    let edited = edit(&["--expires", "7d", "--uses", "30", "--note", "new"]);
    assert_eq!((&edited["max_uses"], &edited["note"]), (&json!(30), &json!("new")));
    assert!(edited["expires_at"].as_str() > before["expires_at"].as_str(), "{edited}");
    assert_eq!(edit(&["--uses", "unlimited"])["max_uses"], Value::Null);
    assert_eq!(edit(&["--note", ""])["note"], Value::Null);
    let said = edit(&["--message", "Bring\ncake", "--inviter-name", "Ann Lee", "--language", "DE"]);
    assert_eq!(
        (&said["message"], &said["inviter_name"], &said["language"]),
        (&json!("Bring cake"), &json!("Ann Lee"), &json!("de"))
    );
    let shown = test_server.done(&["invites", "show", &id]);
    assert!(shown.contains("message\tBring cake") && shown.contains("inviter_name\tAnn Lee"), "{shown}");
    let silent = edit(&["--message", "", "--inviter-name", " ", "--language", ""]);
    assert_eq!(
        (&silent["message"], &silent["inviter_name"], &silent["language"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    test_server.done(&["invites", "revoke", &id]);
    assert_eq!(edit(&["--restore"])["state"], "pending");
    // The host can be left out, and nothing is printed.
    assert_eq!(test_server.done(&["invites", "edit", &id, "--note", "third"]), "");

    for args in [
        &["invites", "edit", HOST, &id][..],
        &["invites", "edit", HOST],
        &["invites", "edit", HOST, &id, "--uses", "0"],
        &["invites", "edit", HOST, &id, "--expires", "600w"],
        &["invites", "edit", HOST, &id, "--note", &"x".repeat(2001)],
        &["invites", "edit", HOST, &id, "--message", &"x".repeat(141)],
        &["invites", "edit", HOST, &id, "--inviter-name", "https://example.com"],
        &["invites", "edit", HOST, &id, "--language", "x y"],
    ] {
        misused(&test_server.server.cli(args).unwrap());
    }
    let unknown = "01JH8Z4V9RX3T5Y7B2N6M8K0QD";
    test_server.fails(&["invites", "edit", HOST, unknown, "--restore"], &["invite", unknown, "not found"]);
}

#[test]
fn invites_are_found_by_what_they_say_and_revoked_together() {
    let test_server = TestServer::new();
    let seven: Vec<String> =
        (0..3).map(|_| create(&test_server, &["--group", "7b", "--note", "Class"])).collect();
    let eight = create(&test_server, &["--group", "8a", "--note", "the other CLASS"]);
    let bound = create(&test_server, &["ann@localhost"]);
    let contact = create(&test_server, &["--contact", "bob"]);
    let minted = test_server.mint();
    let source = format!("api/token/{}", test_server.key.split('/').next().unwrap());
    let list = |args: &[&str]| {
        let text = test_server.done(&[&["invites", "list", HOST], args].concat());
        ids(&text).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let newest_first = |ids: &[&String]| ids.iter().rev().map(|id| (*id).clone()).collect::<Vec<_>>();
    assert_eq!(list(&["--group", "7b"]), newest_first(&seven.iter().collect::<Vec<_>>()));
    assert_eq!(list(&["--note", "class"]).len(), 4);
    assert_eq!(list(&["--note", "other", "--group", "8a"]), [&*eight]);
    assert_eq!(list(&["--username", "ann"]), [&*bound]);
    assert_eq!(list(&["--inviter", "bob@localhost"]), [&*contact]);
    assert_eq!(list(&["--kind", "account-and-contact"]), [&*contact]);
    assert_eq!(list(&["--source", &source]).len(), 1);
    assert_eq!(test_server.done(&["invites", "count", "--source", "cli"]), "6");
    misused(&test_server.server.cli(&["invites", "list", HOST, "--inviter", "a b"]).unwrap());

    // The API has the same filters.
    let key = test_server.server.create_key_with(HOST, &["--scope", "invites:read"]).unwrap();
    let url = format!("{}/v1/invites?group=7b&note=cLaSS&limit=2", test_server.server.url());
    let bearer = format!("Bearer {key}");
    let answer = test_server.client.send("GET", &url, &[("authorization", &*bearer)], None).unwrap();
    let page = json_of(&answer.text());
    assert_eq!(page["items"].as_array().unwrap().len(), 2, "{page}");

    test_server.fails(&["invites", "revoke", HOST, "--group", "7b"], &["3 invites", "--yes"]);
    assert_eq!(list(&["--state", "pending"]).len(), 7, "nothing was revoked");
    let output = test_server.server.cli(&["invites", "revoke", "--group", "7b", "--yes"]).unwrap();
    assert!(output.success() && output.stderr == "Revoked 3 invites.\n", "{output}");
    assert_eq!(list(&["--state", "revoked", "--group", "7b"]).len(), 3);
    let output = test_server.server.cli(&["invites", "revoke", "--group", "7b", "--yes", "--json"]).unwrap();
    assert_eq!(output.text(), "[]", "those that are over are left alone");

    // Several ids: all or, if one is wrong, none.
    let unknown = "01JH8Z4V9RX3T5Y7B2N6M8K0QD";
    let output = test_server.server.cli(&["invites", "revoke", HOST, &eight, unknown]).unwrap();
    fails(&output, &["invite", unknown, "not found"]);
    assert_eq!(list(&["--group", "8a", "--state", "pending"]).len(), 1);
    let output = test_server.server.cli(&["invites", "revoke", HOST, &eight, &eight]).unwrap();
    assert!(output.success() && output.stderr == "Revoked 1 invite.\n", "{output}");
    test_server.done(&["invites", "edit", HOST, &eight, "--restore"]);
    let several = ["invites", "revoke", &eight, &bound, &minted, "--json"];
    let revoked = json_of(&test_server.done(&several));
    assert_eq!(revoked[0]["id"], json!(eight));
    assert_eq!(revoked.as_array().unwrap().len(), 3);
    assert_eq!(list(&["--state", "pending"]), [&*contact]);
    for args in [
        &["invites", "revoke"][..],
        &["invites", "revoke", HOST],
        &["invites", "revoke", HOST, "--yes"],
        &["invites", "revoke", HOST, &contact, "--group", "7b", "--yes"],
    ] {
        misused(&test_server.server.cli(args).unwrap());
    }
    // An unset variable of a shell does not revoke everything.
    for option in ["--note", "--group", "--source", "--inviter", "--username", "--state", "--kind"] {
        for blank in ["", " "] {
            for command in ["revoke", "list", "count"] {
                let mut args = vec!["invites", command, HOST, option, blank];
                args.extend((command == "revoke").then_some("--yes"));
                misused(&test_server.server.cli(&args).unwrap());
            }
        }
    }
    assert_eq!(list(&["--state", "pending"]), [&*contact]);
}

#[test]
fn members_are_those_who_joined() {
    let test_server = TestServer::new();
    let bridge = test_server.server.create_key_with(HOST, &["Bridge", "--scope", "bridge"]).unwrap();
    let first = create(&test_server, &["--uses", "2"]);
    redeem(&test_server, &bridge, &token_of(&test_server, &first), "ann");
    let second = create(&test_server, &["--contact", "ann"]);
    redeem(&test_server, &bridge, &token_of(&test_server, &second), "bob");
    let text = test_server.done(&["members", "list", HOST]);
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(rows.iter().map(|row| row[0]).collect::<Vec<_>>(), ["bob", "ann"], "{text}");
    assert_eq!(rows[0][2..], ["web", &second, "ann", ""]);
    let list = json_of(&test_server.done(&["members", "list", "--json"]));
    assert_eq!(list[1]["username"], "ann");
    for user in ["ann", "ann@localhost", "ANN"] {
        let ann = json_of(&test_server.done(&["members", "show", user, "--json"]));
        assert_eq!((&ann["invite"], &ann["invited"]), (&json!(first), &json!(["bob"])));
    }
    assert!(test_server.done(&["members", "show", HOST, "bob"]).contains("invited_by\tann"));
    test_server.fails(&["members", "show", "carl"], &["member not found"]);

    let get = |path: &str| {
        let url = format!("{}/v1/{path}", test_server.server.url());
        let bearer = format!("Bearer {bridge}");
        let answer = test_server.client.send("GET", &url, &[("authorization", &*bearer)], None).unwrap();
        (answer.status, json_of(&answer.text()))
    };
    let (_, page) = get("members?limit=1");
    assert_eq!(page["items"][0]["username"], "bob");
    let (_, page) = get(&format!("members?limit=1&cursor={}", page["next_cursor"].as_str().unwrap()));
    assert_eq!(page["items"][0]["username"], "ann");
    assert_eq!(get("members/ann").1["invited"], json!(["bob"]));
    assert_eq!(get("members/carl").0, 404);
}

#[test]
fn a_member_is_stopped_and_its_branch_revoked() {
    let test_server = TestServer::new();
    let bridge = test_server.server.create_key_with(HOST, &["Bridge", "--scope", "bridge"]).unwrap();
    let from = |user: &str| create(&test_server, &["--contact", user]);
    redeem(&test_server, &bridge, &token_of(&test_server, &from("ann")), "bob");
    let pending = [from("ann"), from("bob"), from("carl")];
    assert_eq!(test_server.done(&["members", "stop", "ANN@localhost"]), "username\tann\nmay_invite\tfalse");
    let create_as = |user: &str| {
        let url = format!("{}/v1/invites", test_server.server.url());
        let bearer = format!("Bearer {bridge}");
        let body = json!({ "kind": "contact", "inviter": user }).to_string();
        let headers = [("authorization", &*bearer), ("content-type", "application/json")];
        let answer = test_server.client.send("POST", &url, &headers, Some(body.as_bytes())).unwrap();
        (answer.status, json_of(&answer.text())["type"].clone())
    };
    assert_eq!(create_as("ann"), (403, json!("urn:vestibule:problem:inviter-stopped")));
    assert_eq!(create_as("bob").0, 201);
    let revoked = json_of(&test_server.done(&["members", "revoke", HOST, "ann", "--branch", "--json"]));
    assert_eq!(revoked, json!({ "username": "ann", "revoked": 3 }));
    assert_eq!(test_server.done(&["members", "revoke", "carl"]), "username\tcarl\nrevoked\t1");
    for id in &pending {
        let shown = json_of(&test_server.done(&["invites", "show", id, "--json"]));
        assert_eq!(shown["state"], "revoked", "{shown}");
    }
    test_server.done(&["members", "allow", HOST, "ann"]);
    assert_eq!(create_as("ann").0, 201);
    let events = test_server.done(&["events"]);
    assert!(
        events.contains("member.stopped\tann\tcli") && events.contains("member.allowed\tann"),
        "{events}"
    );
}

#[test]
fn a_login_link_opens_the_console_once() {
    let test_server = TestServer::new();
    let base = test_server.server.url();
    let link = test_server.done(&["admin", "login-link", HOST, "--for", "ann"]);
    assert!(link.starts_with(&format!("{base}/admin/login/")), "{link}");
    let send = |method: &str, url: &str, cookie: &str| {
        test_server.client.send(method, url, &[("cookie", cookie)], None).unwrap()
    };
    assert_eq!(send("GET", &link, "").status, 200);
    let started = send("POST", &link, "");
    assert_eq!((started.status, started.location()), (303, Some("/admin/")));
    let cookie = started.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    assert_eq!(send("POST", &link, "").status, 404, "once");
    assert_eq!(send("GET", &format!("{base}/admin/"), "").status, 403);
    let id = create(&test_server, &["--note", "For the console"]);
    let list = send("GET", &format!("{base}/admin/invites?q=console"), &cookie);
    assert!(list.status == 200 && list.text().contains(&id) && list.text().contains("For the console"));
    let events = test_server.done(&["events"]);
    assert!(events.contains("session.started\tann\tweb/ann"), "{events}");
    let secret = link.rsplit('/').next().unwrap();
    assert!(!test_server.server.stderr().contains(secret), "no secret is logged");
    assert!(!test_server.server.stderr().contains(cookie.split_once('=').unwrap().1), "no secret is logged");
    let view = json_of(&test_server.done(&["admin", "login-link", "--json"]));
    assert!(view["link"].is_string() && view["expires_at"].is_string(), "{view}");
}

#[test]
fn events_are_followed() {
    let test_server = TestServer::new();
    let first = create(&test_server, &["--note", "secret note"]);
    let text = test_server.done(&["events"]);
    let last = text.lines().last().unwrap();
    let fields: Vec<&str> = last.split('\t').collect();
    assert_eq!(fields[2..5], ["invite.created", &first, "cli"], "{text}");
    let after = fields[0];
    assert_eq!(test_server.done(&["events", HOST, "--after", after]), "");

    let command = test_server.server.cli_command(&["events", "--follow", "--json", "--after", after]);
    let mut follower = Process::spawn(command).unwrap();
    let second = create(&test_server, &[]);
    test_server.done(&["invites", "revoke", &second]);
    for action in ["invite.created", "invite.revoked"] {
        let event = json_of(&follower.next_line(Duration::from_secs(20)).unwrap());
        assert_eq!((&event["action"], &event["subject"]), (&json!(action), &json!(second)));
    }
    follower.signal(rustix::process::Signal::TERM);
    assert!(follower.wait(Duration::from_secs(10)).unwrap().success());
}

#[test]
fn the_service_logs_who_came_in_and_no_secrets() {
    let mut test_server = TestServer::new();
    let bridge = test_server.server.create_key_with(HOST, &["Bridge", "--scope", "bridge"]).unwrap();
    let start = test_server.server.stderr();
    let start = start.lines().find(|line| line.contains("starting")).expect("a start line");
    let directory = test_server.server.data_dir().to_str().unwrap();
    for word in [env!("CARGO_PKG_VERSION"), directory, "localhost", "http://127.0.0.1"] {
        assert!(start.contains(word), "no {word} in {start}");
    }
    let link = test_server.mint();
    let note = "operator's own words";
    let id = create(&test_server, &["--note", note]);
    redeem(&test_server, &bridge, &token_of(&test_server, &id), "ann");
    let revoked = create(&test_server, &[]);
    test_server.done(&["invites", "revoke", &revoked]);
    let has = |log: &str, words: &[&str]| {
        log.lines()
            .any(|line| line.contains("vestibule::audit") && words.iter().all(|word| line.contains(word)))
    };
    eventually("the changes are logged", Duration::from_secs(10), || {
        let log = test_server.server.stderr();
        has(&log, &["invite created", &id, "by=cli"])
            && has(&log, &["invite redeemed", &id, "account=\"ann@localhost\""])
            && has(&log, &["invite revoked", &revoked])
    });
    // The last changes before a shutdown are logged too.
    let last = create(&test_server, &[]);
    assert!(test_server.server.terminate().unwrap().success());
    let log = test_server.server.stderr();
    assert!(has(&log, &["invite created", &last]), "{log}");
    let secret = test_server.key.split('/').nth(1).unwrap();
    for secret in [link.rsplit('/').next().unwrap(), secret, note] {
        assert!(!log.contains(secret), "{secret} is in the log: {log}");
    }
}

#[test]
fn many_changes_at_once_are_counted_in_the_log() {
    const COUNT: usize = 1_200;
    let test_server = TestServer::new();
    create(&test_server, &["--count", &COUNT.to_string()]);
    let counted = || {
        let log = test_server.server.stderr();
        let audit = log.lines().filter(|line| line.contains("vestibule::audit"));
        let (more, single): (Vec<_>, Vec<_>) = audit.partition(|line| line.contains("more events"));
        let count = |line: &&str| -> usize {
            line.split("count=").nth(1).unwrap().split_whitespace().next().unwrap().parse().unwrap()
        };
        (single.len(), more.iter().map(count).sum::<usize>())
    };
    eventually("all changes are logged or counted", Duration::from_secs(20), || {
        let (single, more) = counted();
        single + more == COUNT
    });
    assert!(counted().1 > 0, "{}", test_server.server.stderr());
}
