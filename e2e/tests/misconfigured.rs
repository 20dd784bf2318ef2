//! XMPP servers with which every registration in the browser fails: the log names the host and the solution once, and
//! no use is lost.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod common;

use std::fs;

use common::{HOST, TestServer};
use tempfile::TempDir;
use vestibule_e2e::{Certificate, Prosody, ProsodyBuilder, Vestibule, free_port, http::token_of};

const PASSWORD: &str = "password=lamp+orchid+47+teapot";

/// Sends the form of a valid invite twice, with the XMPP server of `build`, which gets the URL and a key. Asserts that
/// the log has one warning that contains `texts`.
fn warns_once(build: impl FnOnce(ProsodyBuilder, &str, &str) -> ProsodyBuilder, texts: &[&str]) {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("vestibule.toml");
    let c2s = free_port().unwrap();
    fs::write(&file, format!("[hosts.\"{HOST}\".xmpp]\nc2s = \"127.0.0.1:{c2s}\"\ntls = \"none\"\n"))
        .unwrap();
    let test_server =
        TestServer::of(Vestibule::builder().host(HOST).arg("--config").arg(&file).start().unwrap());
    let key = test_server.server.create_key_with(HOST, &["Prosody", "--scope", "bridge"]).unwrap();
    let prosody = build(Prosody::builder().c2s_port(c2s), &test_server.server.url(), &key).start().unwrap();

    let link = test_server.mint();
    let token = token_of(&link);
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let url = format!("{}/invite/{token}/register", test_server.server.url());
    for name in ["juliet", "romeo"] {
        let body = format!("username={name}&{PASSWORD}");
        let answer = test_server.client.send("POST", &url, &headers, Some(body.as_bytes())).unwrap();
        assert!(answer.status >= 500, "{answer:?}\n{}", prosody.log());
    }
    let log = test_server.server.stderr();
    let warnings: Vec<_> =
        log.lines().filter(|line| line.contains("WARN") && line.contains(" fail")).collect();
    assert_eq!(warnings.len(), 1, "{log}");
    for word in [&[HOST], texts].concat() {
        assert!(warnings[0].contains(word), "no {word:?} in: {log}");
    }
    assert!(!log.contains(token) && !log.contains("teapot"), "{log}");
    let shown = &test_server.invites()[0];
    assert_eq!((shown["state"].as_str(), shown["uses"].as_u64()), (Some("pending"), Some(0)), "{shown}");
}

#[test]
fn a_server_without_the_bridge_is_logged() {
    let stock =
        |prosody: ProsodyBuilder, _: &str, _: &str| prosody.module("invites").module("invites_register");
    warns_once(stock, &["does not check invites with this service", "plugin_paths"]);
}

#[test]
fn a_server_with_additional_fields_is_logged() {
    warns_once(
        |prosody, url, key| {
            prosody.bridge(url, key).config("additional_registration_fields = { \"email+\" }")
        },
        &["(email)", "additional_registration_fields"],
    );
}

#[test]
fn a_server_that_requires_encryption_is_logged() {
    let certificate = Certificate::new(HOST, false).unwrap();
    warns_once(
        |prosody, url, key| prosody.bridge(url, key).encrypted(&certificate),
        &["encryption", "tls = \"starttls\""],
    );
}
