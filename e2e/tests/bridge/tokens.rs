//! Invalid tokens and hostile input.

use serde_json::json;
use vestibule_e2e::{Version, Vestibule};

use crate::common::HOST;
use crate::test_server::{PASSWORD, TestServer, assert_refused};
use crate::versions::on_both_versions;

on_both_versions!(
    an_invalid_token_admits_nobody,
    a_token_of_another_host_is_unknown,
    a_contact_token_creates_no_account,
    an_invite_revoked_after_its_check_admits_nobody,
    hostile_tokens_and_names_are_harmless,
    guessing_tokens_does_not_affect_others,
);

fn an_invalid_token_admits_nobody(version: Version) {
    let test_server = TestServer::new(version);
    let expired = test_server.mint(&json!({ "expires_in": "1s" }));
    let revoked = test_server.mint(&json!({}));
    assert_eq!(test_server.api("DELETE", &format!("/v1/invites/{}", revoked.id), None).0, 204);
    let used = test_server.mint(&json!({}));
    assert!(test_server.admitted(&used).register("romeo", PASSWORD).unwrap().is_ok());
    test_server.becomes(&used, "used");
    test_server.becomes(&expired, "expired");
    for token in [&expired.token, &revoked.token, &used.token, "nonsense", ""] {
        let mut guest = test_server.guest();
        assert_refused(&guest.preauth(token).unwrap(), "cancel", "forbidden");
        assert!(!guest.register("juliet", PASSWORD).unwrap().is_ok(), "{token}");
    }
    assert!(!test_server.can_log_in("juliet", PASSWORD));
}

fn a_token_of_another_host_is_unknown(version: Version) {
    let vestibule = Vestibule::builder().host(HOST).host("other.example");
    let test_server = TestServer::of(vestibule, version, |builder| builder);
    let minted = test_server.vestibule.cli(&["invites", "create", "other.example", "--json"]).unwrap();
    let minted = minted.json().expect("JSON");
    let invite = minted.as_array().map_or(&minted, |all| &all[0]);
    let token = invite["token"].as_str().expect("a token");
    assert_refused(&test_server.guest().preauth(token).unwrap(), "cancel", "forbidden");
}

fn a_contact_token_creates_no_account(version: Version) {
    let test_server = TestServer::new(version);
    let invite = test_server.mint(&json!({ "kind": "contact", "inviter": "romeo" }));
    let mut guest = test_server.guest();
    assert_refused(&guest.preauth(&invite.token).unwrap(), "cancel", "forbidden");
    assert!(!guest.register("juliet", PASSWORD).unwrap().is_ok());
    assert_eq!(test_server.show(&invite)["state"], "pending");
}

fn an_invite_revoked_after_its_check_admits_nobody(version: Version) {
    let test_server = TestServer::new(version);
    let invite = test_server.mint(&json!({}));
    let mut guest = test_server.admitted(&invite);
    assert_eq!(test_server.api("DELETE", &format!("/v1/invites/{}", invite.id), None).0, 204);
    assert_refused(&guest.register("juliet", PASSWORD).unwrap(), "cancel", "forbidden");
    assert!(!test_server.can_log_in("juliet", PASSWORD));
}

fn hostile_tokens_and_names_are_harmless(version: Version) {
    let test_server = TestServer::new(version);
    let long = "x".repeat(10_000);
    let hostile = [
        &long,
        "<preauth/>",
        "&amp;",
        "'\"",
        "../../v1/keys",
        "a/b?c#d",
        "%00%2F",
        "\\",
        "\"}",
        "{{",
        "%s%d%n",
        "\u{442}\u{43e}\u{43a}\u{435}\u{43d}",
        "\u{1F512}",
        " ",
        "null",
        "true",
        "-1",
    ];
    for token in hostile {
        let mut guest = test_server.guest();
        assert_refused(&guest.preauth(token).unwrap(), "cancel", "forbidden");
        assert!(!guest.register("juliet", PASSWORD).unwrap().is_ok(), "{token}");
    }
    let mut guest = test_server.guest();
    assert!(!guest.request("set", "<preauth xmlns='urn:xmpp:pars:0'/>").unwrap().is_ok());
    let invite = test_server.mint(&json!({}));
    let mut guest = test_server.admitted(&invite);
    let long = "x".repeat(1024);
    for username in ["", " ", &long, "a@b", "a/b", "a b", "<a>", "\u{200e}", "../a"] {
        let reply = guest.register(username, PASSWORD).unwrap();
        assert!(!reply.is_ok(), "{username:?} was registered");
    }
    assert!(guest.register("juliet", PASSWORD).unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&invite).0, "juliet@localhost");
    test_server.assert_works("nurse");
}

fn guessing_tokens_does_not_affect_others(version: Version) {
    let vestibule = Vestibule::builder().arg("--guess-rate").arg("10/h");
    let test_server = TestServer::of(vestibule, version, |builder| builder);
    for n in 0..30 {
        let reply = test_server.guest().preauth(&format!("nonsense{n}")).unwrap();
        assert_refused(&reply, "cancel", "forbidden");
    }
    test_server.assert_works("juliet");
}
