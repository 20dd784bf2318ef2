//! The `keys` commands.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod common;

use common::{HOST, TestServer, misused};
use vestibule_e2e::Vestibule;

fn is_base64url(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

#[test]
fn create_prints_only_the_key_in_the_original_format() {
    let test_server = TestServer::new();
    for args in [&["keys", "create", HOST][..], &["mod_invites_api", "create", HOST, "Portal"]] {
        let output = test_server.server.cli(args).unwrap();
        assert!(output.success(), "{output}");
        let key = output.stdout.strip_suffix('\n').expect("one line");
        let (id, secret) = key.split_once('/').expect("ID/SECRET");
        assert!(is_base64url(id, 12) && is_base64url(secret, 36), "{key}");
        assert!(output.stderr.is_empty(), "{output}");
    }
}

#[test]
fn list_shows_ids_and_names() {
    let test_server = TestServer::new();
    let named = test_server.server.create_key_with(HOST, &["Our Portal"]).unwrap();
    let ids = [&test_server.key, &named].map(|key| key.split('/').next().unwrap());
    let mut wanted = [format!("{}\t<unknown>", ids[0]), format!("{}\tOur Portal", ids[1])];
    wanted.sort();
    for command in ["keys", "mod_invites_api"] {
        let text = test_server.done(&[command, "list", HOST]);
        let mut lines: Vec<&str> = text.lines().collect();
        lines.sort_unstable();
        assert_eq!(lines, wanted, "{command}");
        assert!(!text.contains(named.split('/').nth(1).unwrap()), "no secret in a list");
    }
    let list: serde_json::Value =
        serde_json::from_str(&test_server.done(&["--json", "keys", "list", HOST])).unwrap();
    let of = |id: &str| list.as_array().unwrap().iter().find(|key| key["id"] == id).unwrap().clone();
    assert_eq!(of(ids[1])["name"], "Our Portal");
    assert!(of(ids[0])["name"].is_null());
    assert!(!list.to_string().contains(named.split('/').nth(1).unwrap()), "no secret in JSON");
}

#[test]
fn delete_removes_one_key_and_rejects_unknown_ones() {
    let test_server = TestServer::new();
    let other = test_server.server.create_key(HOST).unwrap();
    let id = other.split('/').next().unwrap();
    assert_eq!(test_server.done(&["keys", "delete", HOST, id]), "");
    test_server.fails(&["keys", "delete", HOST, id], &[&format!("Error: key {id} not found")]);
    test_server.fails(&["mod_invites_api", "delete", HOST, id], &["Error: key not found"]);
    assert_eq!(test_server.done(&["keys", "list", HOST]).lines().count(), 1);
    test_server.mint();
}

#[test]
fn an_id_may_have_a_leading_dash() {
    let test_server = TestServer::new();
    for id in ["-abc", "-h0123456789", "-", "-_0123456789"] {
        test_server.fails(&["keys", "delete", HOST, id], &["Error: key", "not found"]);
        test_server.fails(&["mod_invites_api", "delete", HOST, id], &["Error: key not found"]);
    }
}

#[test]
fn an_unknown_host_is_rejected() {
    let test_server = TestServer::new();
    let nowhere = "nowhere.example";
    for args in [
        &["keys", "create", nowhere][..],
        &["keys", "list", nowhere],
        &["keys", "delete", nowhere, "AAAAAAAAAAAA"],
        &["mod_invites_api", "create", nowhere, "x"],
        &["mod_invites_api", "list", nowhere],
        &["mod_invites_api", "delete", nowhere, "AAAAAAAAAAAA"],
        &["invites", "create", nowhere],
        &["invites", "create", "juliet@nowhere.example"],
        &["invites", "list", nowhere],
        &["invites", "show", nowhere, "AAAAAAAAAAAA"],
        &["invites", "revoke", nowhere, "AAAAAAAAAAAA"],
        &["keys", "create", "not a host"],
        &["keys", "create", ""],
        &["keys", "create", "a..b"],
        &["invites", "list", "@"],
    ] {
        let output = test_server.server.cli(args).unwrap();
        assert_eq!(output.code(), Some(1), "{args:?}: {output}");
        let expected = match (args[0], args[2]) {
            ("mod_invites_api", _) => String::new(),
            (_, "") => ": none was given; this service serves localhost".to_owned(),
            (_, given) => {
                let given = given.trim_start_matches("juliet@");
                format!(": {given} is none; this service serves localhost")
            }
        };
        assert_eq!(output.stderr, format!("Error: please supply a valid host{expected}\n"), "{args:?}");
        assert_eq!(output.stdout, "", "{args:?}");
    }
}

#[test]
fn hosts_are_normalized_before_comparison() {
    let server = Vestibule::builder().host("Xn--Mller-kva.Example").start().unwrap();
    let test_server = |host: &str| server.cli(&["keys", "create", host]).unwrap();
    for host in ["xn--mller-kva.example", "XN--MLLER-KVA.EXAMPLE"] {
        assert!(test_server(host).success(), "{host}: {}", test_server(host));
    }
}

#[test]
fn a_host_is_stored_by_the_first_serve() {
    let mut test_server = TestServer::new();
    test_server.server.terminate().unwrap();
    let key = test_server.server.create_key(HOST).unwrap();
    test_server.server.restart().unwrap();
    assert_eq!(test_server.client.mint(&test_server.server.url(), &key).unwrap().status, 201);
}

#[test]
fn invalid_key_options_are_rejected() {
    let test_server = TestServer::new();
    for (option, values) in [
        ("--expires", &["", "7", "d", "-1d", "1.5h", "7 d", "0s", "99999999999999999999w", "1y"][..]),
        ("--rate", &["", "0/min", "2", "2/", "/min", "-1/min", "2/fortnight", "99999999999/s"]),
        ("--scope", &["", "invites", "invites:fly", "invites:create,nonsense"]),
    ] {
        for value in values {
            let option = format!("{option}={value}");
            let output = test_server.server.cli(&["keys", "create", HOST, "x", &option]).unwrap();
            assert!(matches!(output.code(), Some(1 | 2)), "{option}: {output}");
            assert_eq!(output.stdout, "", "{option}");
            assert!(!output.stderr.is_empty() && !output.stderr.contains("panicked"), "{option}: {output}");
        }
    }
    assert_eq!(test_server.done(&["keys", "list", HOST]).lines().count(), 1, "no key was created");
}

#[test]
fn wrong_usage_and_failure_have_different_exit_statuses() {
    let test_server = TestServer::new();
    for args in [
        &["keys"][..],
        &["keys", "create"],
        &["keys", "delete", HOST],
        &["keys", "invent", HOST],
        &["mod_invites_api"],
        &["mod_invites_api", "list"],
        &["mod_invites_api", "rename", HOST],
        &["invites", "create"],
        &["invites", "show", HOST],
        &["nonsense"],
        &["keys", "list", HOST, "--nonsense"],
        &["invites", "list", HOST, "--state", "sleeping"],
    ] {
        misused(&test_server.server.cli(args).unwrap());
    }
    for args in [&["--help"][..], &["keys", "--help"], &["--version"], &["serve", "--help"]] {
        let output = test_server.server.cli(args).unwrap();
        assert!(output.success() && output.stdout.to_lowercase().contains("vestibule"), "{args:?}: {output}");
    }
}

#[test]
fn a_whole_key_can_be_pasted_to_delete_it() {
    let test_server = TestServer::new();
    for paste in [|key: &str| format!(" {} ", key.split('/').next().unwrap()), |key: &str| format!("{key}\n")]
    {
        let key = test_server.server.create_key(HOST).unwrap();
        test_server.done(&["keys", "delete", " localhost/", &paste(&key)]);
        assert_eq!(test_server.client.mint(&test_server.server.url(), &key).unwrap().status, 403);
    }
}
