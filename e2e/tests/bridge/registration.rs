//! Registration in an app with an invite.

use serde_json::json;
use vestibule_e2e::Version;
use vestibule_e2e::xmpp::ns;

use crate::test_server::{PASSWORD, SOON, TestServer, assert_refused};
use crate::versions::on_both_versions;

on_both_versions!(
    features_offer_registration_by_token,
    an_invite_creates_one_account_and_records_it,
    registration_without_an_invite_is_refused,
    a_taken_name_releases_the_use,
    a_multi_use_invite_creates_several_accounts,
    an_invite_grants_its_role_whatever_its_data_contains,
    a_slow_registration_after_a_valid_token_succeeds,
    another_client_can_log_in_to_the_new_account,
    neither_tokens_nor_keys_are_logged,
);

fn features_offer_registration_by_token(version: Version) {
    let test_server = TestServer::new(version);
    let mut guest = test_server.guest();
    for ns in [ns::IBR_TOKEN, ns::INVITE] {
        assert!(guest.features().child("register", ns).is_some(), "{ns}: {:?}", guest.features());
    }
    test_server.prosody.add_account("romeo", PASSWORD).unwrap();
    assert!(guest.login("romeo", PASSWORD).unwrap());
    for ns in [ns::IBR_TOKEN, ns::INVITE] {
        assert!(guest.features().child("register", ns).is_none(), "{ns}: {:?}", guest.features());
    }
}

fn an_invite_creates_one_account_and_records_it(version: Version) {
    let test_server = TestServer::new(version);
    let invite = test_server.mint(&json!({}));
    let mut guest = test_server.admitted(&invite);
    assert!(guest.registration_form().unwrap().is_ok());
    assert!(guest.register("juliet", PASSWORD).unwrap().is_ok());
    assert!(test_server.can_log_in("juliet", PASSWORD));
    test_server.becomes(&invite, "used");
    assert_eq!(test_server.redeemed_by(&invite), ("juliet@localhost".to_owned(), "ibr".to_owned()));
    // On the same stream and on another.
    assert!(!guest.register("nurse", PASSWORD).unwrap().is_ok());
    assert_refused(&test_server.guest().preauth(&invite.token).unwrap(), "cancel", "forbidden");
    assert!(!test_server.can_log_in("nurse", PASSWORD));
}

fn registration_without_an_invite_is_refused(version: Version) {
    let test_server = TestServer::new(version);
    assert!(!test_server.guest().register("juliet", PASSWORD).unwrap().is_ok());
    assert!(!test_server.can_log_in("juliet", PASSWORD));
}

fn a_taken_name_releases_the_use(version: Version) {
    let test_server = TestServer::new(version);
    test_server.prosody.add_account("romeo", PASSWORD).unwrap();
    let invite = test_server.mint(&json!({}));
    let mut guest = test_server.admitted(&invite);
    let reply = guest.register("romeo", "another").unwrap();
    assert_eq!(reply.refusal(), Some(("cancel", "conflict")), "{reply:?}");
    assert!(!test_server.can_log_in("romeo", "another"));
    // Another client can claim it now.
    let claimed =
        test_server.api("POST", "/v1/redemptions", Some(&json!({ "token": invite.token, "username": "x" })));
    assert_eq!(claimed.0, 201, "{claimed:?}");
    let path = format!("/v1/redemptions/{}", claimed.1["claim"].as_str().expect("a claim"));
    assert_eq!(test_server.api("DELETE", &path, None).0, 204);
    assert!(guest.register("juliet", PASSWORD).unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&invite).0, "juliet@localhost");
}

fn a_multi_use_invite_creates_several_accounts(version: Version) {
    let test_server = TestServer::new(version);
    let invite = test_server.mint(&json!({ "max_uses": 2 }));
    for username in ["juliet", "nurse"] {
        assert!(test_server.admitted(&invite).register(username, PASSWORD).unwrap().is_ok());
        assert!(test_server.can_log_in(username, PASSWORD));
    }
    test_server.becomes(&invite, "used");
    assert!(!test_server.guest().preauth(&invite.token).unwrap().is_ok());

    let endless = test_server.mint(&json!({ "max_uses": null }));
    for username in ["tybalt", "paris", "peter"] {
        assert!(test_server.admitted(&endless).register(username, PASSWORD).unwrap().is_ok());
    }
    crate::common::eventually("three uses", SOON, || test_server.show(&endless)["uses"] == 3);
    assert_eq!(test_server.show(&endless)["state"], "pending");
}

fn an_invite_grants_its_role_whatever_its_data_contains(version: Version) {
    let test_server = TestServer::new(version);
    let wishes = json!({
        "groups": ["class 7b"], "roles": ["prosody:admin"], "note": "<&>",
        "data": { "ticket": 4711, "nested": { "a": [1, null, "b"] }, "roles": "not a list" },
    });
    let invite = test_server.mint(&wishes);
    assert!(test_server.admitted(&invite).register("juliet", PASSWORD).unwrap().is_ok());
    assert!(test_server.can_log_in("juliet", PASSWORD));
    test_server.becomes(&invite, "used");
    let roles = || {
        let stored = |store| test_server.prosody.stored(store, "juliet").unwrap_or_default();
        ["roles", "account_roles"].map(stored).concat()
    };
    crate::common::eventually("the role of the invite", SOON, || roles().contains("prosody:admin"));
}

fn a_slow_registration_after_a_valid_token_succeeds(version: Version) {
    let test_server = TestServer::new(version);
    let invite = test_server.mint(&json!({ "expires_in": "3s" }));
    let mut guest = test_server.admitted(&invite);
    test_server.becomes(&invite, "expired");
    assert!(guest.register("juliet", PASSWORD).unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&invite).0, "juliet@localhost");
    assert_refused(&test_server.guest().preauth(&invite.token).unwrap(), "cancel", "forbidden");
}

fn another_client_can_log_in_to_the_new_account(version: Version) {
    let test_server = TestServer::new(version);
    let invite = test_server.mint(&json!({}));
    assert!(test_server.admitted(&invite).register("juliet", PASSWORD).unwrap().is_ok());
    let welcome = test_server.other_client("juliet@localhost").run("login", &json!({})).unwrap();
    assert_eq!(welcome, json!({ "welcome": true }));
}

fn neither_tokens_nor_keys_are_logged(version: Version) {
    let test_server = TestServer::new(version);
    let invites = [test_server.mint(&json!({})), test_server.mint(&json!({ "username": "juliet" }))];
    for (invite, username) in invites.iter().zip(["romeo", "juliet"]) {
        assert!(test_server.admitted(invite).register(username, PASSWORD).unwrap().is_ok());
        test_server.becomes(invite, "used");
        assert!(!test_server.guest().preauth(&invite.token).unwrap().is_ok());
    }
    let (_, secret) = test_server.key.split_once('/').expect("ID/SECRET");
    let logs = [test_server.prosody.log(), test_server.vestibule.stderr()];
    for word in [secret, &invites[0].token, &invites[1].token] {
        assert!(logs.iter().all(|log| !log.contains(word)), "{word} is in {logs:?}");
    }
}
