//! Safety of the command line: escaped output, wrong usage, and permissions of the data.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod common;

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
};

use common::{HOST, TestServer, fails, misused, on};
use serde_json::json;
use tempfile::TempDir;

/// Characters that would forge a line, control a terminal, or change the writing direction.
const EVIL: &str = "\u{1b}]0;pwn\u{7}\u{1b}[2J\r\nFAKE-ID\tpending\u{9b}2J\u{202e}\u{200b}";

#[test]
fn untrusted_text_is_escaped_on_a_terminal() {
    let test_server = TestServer::new();
    let body = json!({ "note": EVIL, "data": { "key": "\u{9b}\u{202e}" } }).to_string();
    let headers =
        [("authorization", &*format!("Bearer {}", test_server.key)), ("content-type", "application/json")];
    let url = format!("{}/v1/invites", test_server.server.url());
    let answer = test_server.client.send("POST", &url, &headers, Some(body.as_bytes())).unwrap();
    assert_eq!(answer.status, 201, "{answer:?}");
    let id: serde_json::Value = serde_json::from_str(&answer.text()).unwrap();
    let id = id["id"].as_str().unwrap();

    let listed = test_server.done(&["invites", "list", HOST]);
    let shown = test_server.done(&["invites", "show", HOST, id]);
    assert_eq!(listed.lines().count(), 1, "{listed:?}");
    for printed in [&listed, &shown] {
        let bad = |letter: char| {
            (letter.is_control() && letter != '\n' && letter != '\t')
                || ('\u{200b}'..='\u{202e}').contains(&letter)
        };
        assert!(!printed.contains(bad), "{printed:?}");
        assert!(printed.contains("\\u{1b}]0;pwn") && printed.contains("\\u{202e}"), "{printed}");
        assert!(!printed.lines().any(|line| line.starts_with("FAKE")), "{printed}");
    }
    // JSON contains the original text, escaped.
    let json = [
        test_server.done(&["invites", "list", HOST, "--json"]),
        test_server.done(&["invites", "show", HOST, id, "--json"]),
    ];
    for printed in &json {
        let bad = |letter: char| letter.is_control() || ('\u{200b}'..='\u{202e}').contains(&letter);
        assert!(!printed.contains(bad), "{printed:?}");
        assert!(printed.contains("\\u009b2J\\u202e\\u200b"), "{printed}");
    }
    let shown: serde_json::Value = serde_json::from_str(&json[1]).unwrap();
    assert_eq!((&shown["note"], &shown["data"]["key"]), (&EVIL.into(), &"\u{9b}\u{202e}".into()));
    let output = test_server.server.cli(&["invites", "list", HOST, "--config", "/\u{1b}[2Jnowhere"]).unwrap();
    fails(&output, &["\\u{1b}[2Jnowhere"]);
}

#[test]
fn a_wrong_value_of_an_option_is_wrong_usage() {
    let test_server = TestServer::new();
    for args in [
        &["invites", "create", HOST, "--kind", "nope"][..],
        &["invites", "create", HOST, "--expires", "1month"],
        &["invites", "create", HOST, "--expires", "0d"],
        &["invites", "create", HOST, "--expires", "600w"],
        &["invites", "create", HOST, "--group", ""],
        &["invites", "create", HOST, "--role", "a\nb"],
        &["invites", "create", HOST, "--note", &"x".repeat(2001)],
        &["invites", "create", HOST, "--contact", "a b@localhost"],
        &["invites", "create", HOST, "--uses", "0"],
        &["invites", "create", "ann@localhost", "--uses", "3"],
        &["invites", "create", "ann@localhost", "--count", "3"],
        &["invites", "create", "a b@localhost"],
        &["invites", "create", HOST, "--kind", "password-reset"],
        &["invites", "create", HOST, "--kind", "contact"],
        &["invites", "create", HOST, "--kind", "account", "--contact", "ann"],
        &["invites", "create", "ann@localhost", "--kind", "contact", "--contact", "bob"],
        &["keys", "create", HOST, "na\u{1b}me"],
        &["keys", "create", HOST, &"x".repeat(201)],
        &["mod_invites_api", "create", HOST, "na\u{1b}me"],
        &["keys", "create", HOST, "x", "--rate", "60"],
        &["keys", "create", HOST, "x", "--scope", "nope"],
        &["keys", "create", HOST, "x", "--expires", "1month"],
        &["invites", "revoke", HOST, "--all"],
        &["invites", "show", HOST, "--all"],
        &["serve", "--log", "a=b=c"],
        &["serve", "--log", "nonsense="],
        &["serve", "--host", "host!"],
        &["keys", "list", HOST, "--database", "foo"],
        &["keys", "create", HOST, "x", "--expires", "-1d"],
        &["invites", "create", HOST, "--expires", "-1d"],
        &["serve", "--listen", "nowhere"],
        &["serve", "--host", "not a host"],
        &["serve", "--guess-rate", "slow"],
        &["serve", "--trusted-proxies", "nowhere"],
        &["serve", "--metrics-from", "nowhere"],
        &["serve", "--client-address", "x-client-ip"],
        &["serve", "--otlp-endpoint", "https://a.example"],
        &["serve", "--public-url", "nowhere"],
        &["demo", "--listen", "nowhere"],
    ] {
        misused(&test_server.server.cli(args).unwrap());
    }
    let output = test_server.server.cli(&["invites", "revoke", HOST, "--all"]).unwrap();
    assert!(output.stderr.contains("there is no option --all"), "{output}");
    assert!(test_server.invites().is_empty());
}

#[test]
fn user_input_is_escaped_on_a_terminal() {
    let test_server = TestServer::new();
    let evil = "pend\u{202e}ing\u{9b}\nX";
    for args in [&["invites", "list", HOST, "--state", evil][..], &[evil], &["keys", "list", HOST, evil]] {
        let output = test_server.server.cli(args).unwrap();
        misused(&output);
        assert!(output.stderr.contains("pend\\u{202e}ing\\u{9b}\\nX"), "{output}");
        assert!(output.stderr.lines().count() > 2, "the line breaks of the message are kept: {output}");
        assert!(!output.stderr.lines().any(|line| line.starts_with('X')), "{output}");
    }
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn data_accessible_to_other_users_is_rejected() {
    let mut test_server = TestServer::new();
    test_server.server.terminate().unwrap();
    let directory = test_server.server.data_dir().to_owned();
    let list = || on(&directory, &["keys", "list", HOST]);
    assert!(list().success(), "{}", list());
    for open in [0o777, 0o770, 0o722] {
        mode(&directory, open);
        fails(
            &list(),
            &["other users can write to the data directory", "chmod go-w", directory.to_str().unwrap()],
        );
    }
    mode(&directory, 0o750);
    assert!(list().success(), "other users may read the directory: {}", list());
    mode(&directory, 0o700);
    for name in ["vestibule.db", "vestibule.db-wal", "vestibule.db-shm", "seal.key"] {
        let path = directory.join(name);
        let made = !path.exists();
        if made {
            fs::write(&path, "").unwrap();
        }
        for open in [0o644, 0o640, 0o602] {
            mode(&path, open);
            fails(&list(), &["chmod 600", name]);
        }
        if made {
            fs::remove_file(&path).unwrap();
        } else {
            mode(&path, 0o600);
        }
    }
    assert!(list().success(), "{}", list());
}

#[test]
fn symbolic_links_in_place_of_data_are_rejected() {
    for name in ["vestibule.db", "vestibule.db-wal", "vestibule.db-shm", "seal.key"] {
        let (place, target) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        mode(place.path(), 0o700);
        let target = target.path().join("target");
        symlink(&target, place.path().join(name)).unwrap();
        let output = on(place.path(), &["serve", "--host", HOST, "--listen", "127.0.0.1:0"]);
        fails(&output, &["is a symbolic link", name]);
        assert!(!target.exists(), "nothing was created at the target of the link: {name}");
    }
}

#[test]
fn only_the_service_creates_data() {
    let place = TempDir::new().unwrap();
    let (directory, file) = (place.path().join("data"), place.path().join("x.db"));
    for args in [
        &["keys", "create", HOST][..],
        &["keys", "list", HOST],
        &["keys", "delete", HOST, "AAAAAAAAAAAA"],
        &["mod_invites_api", "create", HOST],
        &["mod_invites_api", "list", HOST],
        &["invites", "create", HOST],
        &["invites", "list", HOST],
        &["invites", "count", HOST],
        &["invites", "show", HOST, "AAAAAAAAAAAA"],
        &["invites", "revoke", HOST, "AAAAAAAAAAAA"],
        &["invites", "edit", HOST, "AAAAAAAAAAAA", "--restore"],
        &["members", "list"],
        &["members", "show", HOST, "ann"],
        &["members", "stop", HOST, "ann"],
        &["admin", "login-link", HOST],
        &["members", "allow", HOST, "ann"],
        &["members", "revoke", HOST, "ann", "--branch"],
        &["events", "--follow"],
        &["hosts", "list"],
        &["hosts", "remove", HOST, "--yes"],
        &["backup", "backup.db"],
    ] {
        let output = on(&directory, args);
        fails(&output, &[]);
        let expected = format!("Error: there is no Vestibule data in {}\n", directory.display());
        assert_eq!(output.stderr, expected, "{args:?}");
        let database = format!("sqlite:{}", file.display());
        let output = on(&directory, &[args, &["--database", &database]].concat());
        assert_eq!(output.stderr, format!("Error: there is no Vestibule data in {database}\n"), "{args:?}");
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0, "{args:?} made something");
    }
}

#[test]
fn data_may_be_outside_the_data_directory() {
    let mut test_server = TestServer::new();
    test_server.server.terminate().unwrap();
    let place = TempDir::new().unwrap();
    let directory = place.path().join("data");
    let there = |name: &str| test_server.server.data_dir().join(name).display().to_string();
    let (database, seal) = (format!("sqlite:{}", there("vestibule.db")), there("seal.key"));
    let output = on(&directory, &["keys", "list", HOST, "--database", &database, "--seal-key-file", &seal]);
    assert!(output.success(), "{output}");
    assert!(!directory.exists(), "no directory is created");
}

#[test]
fn a_file_url_with_a_password_is_rejected() {
    let place = TempDir::new().unwrap();
    let url = "sqlite://u:s3cret@h";
    for args in [
        &["keys", "list", HOST, "--database", url][..],
        &["serve", "--host", HOST, "--database", url],
        &["migrate-store", "--from", url, "--to", url],
    ] {
        let output = on(place.path(), args);
        misused(&output);
        assert!(!output.to_string().contains("s3cret"), "{output}");
    }
    let config = place.path().join("vestibule.toml");
    fs::write(&config, format!("database = \"{url}\"\n")).unwrap();
    let output = on(place.path(), &["keys", "list", HOST, "--config", config.to_str().unwrap()]);
    fails(&output, &["database: ", "sqlite:PATH"]);
    assert!(!output.to_string().contains("s3cret"), "{output}");
}

#[test]
fn a_database_password_is_never_printed() {
    let place = TempDir::new().unwrap();
    for url in [
        "postgres://u:S@s3cret/x@y@127.0.0.1:bad/x",
        "postgres://u:S/s3cret@127.0.0.1:1/x",
        "postgres://u:S?s3cret@127.0.0.1:1/x",
        "postgres://u:s3cret@127.0.0.1:1/x",
        "host=127.0.0.1 user=u password=s3cret dbname=x",
        "postgres://127.0.0.1:1/x?user=u&password=S&s3cret",
    ] {
        for args in [
            &["keys", "list", HOST, "--database", url, "--log", "trace"][..],
            &["migrate-store", "--from", url, "--to", url],
        ] {
            let output = on(place.path(), args);
            assert!(matches!(output.code(), Some(1 | 2)), "{output}");
            assert!(!output.to_string().contains("s3cret"), "{output}");
        }
    }
}
