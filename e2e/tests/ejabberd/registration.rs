//! Registration in apps.

use serde_json::json;
use vestibule_e2e::EjabberdBuilder;
use vestibule_e2e::xmpp::{Reply, ns};

use crate::common::{HOST, eventually};
use crate::test_server::{PASSWORD, SOON, TestServer, assert_refused};

#[test]
fn an_app_registers_with_a_token_once() {
    let test_server = TestServer::new();
    let mut guest = test_server.guest();
    for feature in [ns::IBR_TOKEN, ns::INVITE] {
        assert!(guest.features().child("register", feature).is_some(), "{:?}", guest.features());
    }
    let (invite, other) = (test_server.create(&json!({})), test_server.create(&json!({})));
    assert!(guest.preauth(&invite.token).unwrap().is_ok());
    // The second token on a stream replaces the first one.
    assert!(guest.preauth(&other.token).unwrap().is_ok());
    assert!(guest.preauth(&invite.token).unwrap().is_ok());
    assert!(guest.register("Juliet", PASSWORD).unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&invite), ("juliet@localhost".to_owned(), "ibr".to_owned()));
    assert_refused(&guest.register("nurse", PASSWORD).unwrap(), "cancel", "forbidden");
    assert!(test_server.can_log_in("juliet", PASSWORD));
    test_server.assert_unspent(&other);
    assert_eq!(test_server.ejabberd.accounts().unwrap(), ["juliet"]);
    test_server.assert_clean_log(&[&invite, &other]);
}

#[test]
fn a_token_that_is_not_good_is_refused_with_a_reason() {
    let test_server = TestServer::new();
    let [used, revoked, expired, contact] = [
        json!({}),
        json!({}),
        json!({ "expires_in": "1s" }),
        json!({ "kind": "contact", "inviter": "romeo" }),
    ]
    .map(|request| test_server.create(&request));
    assert!(test_server.admitted(&used).register("juliet", PASSWORD).unwrap().is_ok());
    test_server.becomes(&used, "used");
    test_server.revoke(&revoked);
    test_server.becomes(&expired, "expired");
    let unknown = "VcIq2gJNYHnT3Uft7umcxo1tscEj";
    for token in
        [&used.token, &revoked.token, &expired.token, &contact.token, unknown, "nonsense", "", "a b<c>"]
    {
        let mut guest = test_server.guest();
        assert_refused(&guest.preauth(token).unwrap(), "cancel", "forbidden");
        assert!(!guest.register("nurse", PASSWORD).unwrap().is_ok(), "{token}");
    }
    assert_eq!(test_server.ejabberd.accounts().unwrap(), ["juliet"]);
}

#[test]
fn a_token_that_ends_after_its_check_is_decided_by_the_claim() {
    let test_server = TestServer::new();
    let (expired, revoked) = (test_server.create(&json!({})), test_server.create(&json!({})));
    let (mut late, mut refused) = (test_server.admitted(&expired), test_server.admitted(&revoked));
    test_server.revoke(&revoked);
    let edited =
        test_server.vestibule.cli(&["invites", "edit", HOST, &expired.id, "--expires", "1s"]).unwrap();
    assert!(edited.success(), "{edited}");
    test_server.becomes(&expired, "expired");
    assert_refused(&refused.register("nurse", PASSWORD).unwrap(), "cancel", "forbidden");
    // Expiry counts at the check only (XEP-0445 section 4).
    assert!(late.register("juliet", PASSWORD).unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&expired).0, "juliet@localhost");
}

#[test]
fn a_bound_name_is_enforced_and_filled_in() {
    let test_server = TestServer::new();
    let bound = test_server.create(&json!({ "username": "juliet" }));
    let mut guest = test_server.admitted(&bound);
    let Reply::Ok(answer) = guest.registration_form().unwrap() else { panic!("no form") };
    let query = answer.child("query", ns::REGISTER).expect("a form");
    assert_eq!(query.child("username", ns::REGISTER).expect("a field").text, "juliet", "{answer:?}");
    for name in ["nurse", "julie", "juliet2"] {
        assert_refused(&guest.register(name, PASSWORD).unwrap(), "modify", "not-acceptable");
    }
    assert_eq!(test_server.show(&bound)["uses"], 0);
    assert!(guest.register("juliet", PASSWORD).unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&bound).0, "juliet@localhost");
}

#[test]
fn a_reserved_name_is_refused_on_every_path() {
    let test_server = TestServer::with(EjabberdBuilder::open_registration);
    let bound = test_server.create(&json!({ "username": "juliet" }));
    let other = test_server.create(&json!({}));
    assert_refused(&test_server.guest().register("Juliet", PASSWORD).unwrap(), "cancel", "conflict");
    assert_refused(&test_server.admitted(&other).register("juliet", PASSWORD).unwrap(), "cancel", "conflict");
    // The commands of operators, and ejabberd's page of registration, create no account either.
    assert!(test_server.ejabberd.add_account("juliet", PASSWORD).is_err());
    let form = format!("username=juliet&host=localhost&password={PASSWORD}&password2={PASSWORD}");
    let url = format!("{}/new/new", test_server.ejabberd.http_url());
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let _ = test_server.client.send("POST", &url, &headers, Some(form.as_bytes())).unwrap();
    assert_eq!(test_server.ejabberd.accounts().unwrap(), Vec::<String>::new());
    // Others still can.
    assert!(test_server.guest().register("romeo", PASSWORD).unwrap().is_ok());
    test_server.add_account("nurse");
    assert!(test_server.admitted(&bound).register("juliet", PASSWORD).unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&bound).0, "juliet@localhost");
    test_server.assert_unspent(&other);
}

#[test]
fn a_refused_registration_spends_nothing_and_can_be_corrected() {
    let test_server = TestServer::with(|builder| builder.password_strength(40));
    let strong = "fajk3&Jdl29!kdW";
    test_server.ejabberd.add_account("romeo", strong).unwrap();
    test_server.create(&json!({ "username": "benvolio" }));
    let invite = test_server.create(&json!({}));
    let mut guest = test_server.admitted(&invite);
    for taken in ["romeo", "benvolio"] {
        assert_refused(&guest.register(taken, strong).unwrap(), "cancel", "conflict");
    }
    assert_refused(&guest.register("juliet", "abc").unwrap(), "modify", "not-acceptable");
    assert!(!guest.register("", strong).unwrap().is_ok());
    assert!(!guest.register("a@b", strong).unwrap().is_ok());
    test_server.assert_unspent(&invite);
    assert!(guest.register("juliet", strong).unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&invite).0, "juliet@localhost");
    test_server.assert_clean_log(&[&invite]);
}

#[test]
fn an_invite_for_many_creates_one_account_per_token_check() {
    let test_server = TestServer::new();
    let invite = test_server.create(&json!({ "max_uses": null }));
    let mut guest = test_server.admitted(&invite);
    let asked = ["juliet", "nurse", "peter"].map(|name| guest.ask_to_register(name, PASSWORD).unwrap());
    assert!(guest.answer(&asked[0], SOON).unwrap().is_ok());
    for id in &asked[1..] {
        assert_refused(&guest.answer(id, SOON).unwrap(), "cancel", "forbidden");
    }
    assert!(guest.preauth(&invite.token).unwrap().is_ok());
    assert!(guest.register("nurse", PASSWORD).unwrap().is_ok());
    eventually("two uses", SOON, || test_server.show(&invite)["uses"] == 2);
}

#[test]
fn a_held_use_is_answered_with_wait() {
    let test_server = TestServer::new();
    let invite = test_server.create(&json!({}));
    let mut guest = test_server.admitted(&invite);
    let body = json!({ "token": invite.token, "username": "nurse" });
    let (status, claimed) = test_server.api("POST", "/v1/redemptions", Some(&body));
    assert_eq!(status, 201, "{claimed}");
    assert_refused(&guest.register("juliet", PASSWORD).unwrap(), "wait", "resource-constraint");
    let path = format!("/v1/redemptions/{}", claimed["claim"].as_str().expect("a claim"));
    assert_eq!(test_server.api("DELETE", &path, None).0, 204);
    assert!(guest.register("juliet", PASSWORD).unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&invite).0, "juliet@localhost");
}
