//! Forms in the browser that the bridge refuses.

use std::fs;

use serde_json::json;
use tempfile::TempDir;
use vestibule_e2e::http::Response;
use vestibule_e2e::{Version, Vestibule, free_port};

use crate::common::{HOST, eventually};
use crate::relay::{Mode, Relay};
use crate::test_server::{Invite, SOON, TestServer};
use crate::versions::on_both_versions;

on_both_versions!(a_second_form_right_behind_the_first_finds_the_invite_used);

fn send(test_server: &TestServer, invite: &Invite, username: &str) -> Response {
    let url = format!("{}/invite/{}/register", test_server.vestibule.url(), invite.token);
    let body = format!("username={username}&password=lamp+orchid+47+teapot");
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    vestibule_e2e::http::Client::new().send("POST", &url, &headers, Some(body.as_bytes())).unwrap()
}

fn a_second_form_right_behind_the_first_finds_the_invite_used(version: Version) {
    let (directory, c2s) = (TempDir::new().unwrap(), free_port().unwrap());
    let file = directory.path().join("vestibule.toml");
    fs::write(&file, format!("[hosts.\"{HOST}\".xmpp]\nc2s = \"127.0.0.1:{c2s}\"\ntls = \"none\"\n"))
        .unwrap();
    let vestibule = Vestibule::builder().host(HOST).arg("--config").arg(&file).start().unwrap();
    let relay = Relay::start(Mode::To(vestibule.addr()));
    let test_server = TestServer::asking(vestibule, &relay.url(), version, |builder| builder.c2s_port(c2s));
    for number in 0..10 {
        let invite = test_server.mint(&json!({}));
        let first = send(&test_server, &invite, &format!("first{number}"));
        assert!(matches!(first.status, 200 | 303), "{first:?}");
        let second = send(&test_server, &invite, &format!("second{number}"));
        assert_eq!(second.status, 404, "{}", second.text());
    }
    // The account is made, and Vestibule does not learn of it for a while.
    relay.set(Mode::LosesCompletions(test_server.vestibule.addr()));
    let invite = test_server.mint(&json!({}));
    send(&test_server, &invite, "juliet");
    eventually("juliet has an account", SOON, || {
        test_server.prosody.accounts().contains(&"juliet".to_owned())
    });
    let second = send(&test_server, &invite, "nurse");
    assert_eq!(second.status, 503, "{}", second.text());
    relay.set(Mode::To(test_server.vestibule.addr()));
    test_server.becomes(&invite, "used");
    assert_eq!(send(&test_server, &invite, "nurse").status, 404);
    let log = test_server.vestibule.stderr();
    assert!(!log.contains("refuses a valid invite"), "{log}");
}
