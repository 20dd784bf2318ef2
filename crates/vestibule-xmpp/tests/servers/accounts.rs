//! Successful registrations.

use serde_json::json;
use vestibule_e2e::Version;

use crate::{installation::Installation, test_server::PASSWORD, versions::on_both_versions};

on_both_versions!(
    a_token_creates_an_account,
    a_bound_token_creates_its_account,
    a_shared_token_creates_as_many_accounts_as_it_has_uses,
    a_password_can_contain_any_typed_character,
    a_reset_sets_a_new_password,
);

fn a_token_creates_an_account(version: Version) {
    let installation = Installation::new(version);
    let invite = installation.mint(&json!({}));
    assert_eq!(installation.register(&invite, "juliet", PASSWORD), Ok(()));
    assert!(installation.can_log_in("juliet", PASSWORD));
    assert!(!installation.can_log_in("juliet", "another"));
    installation.test_server.becomes(&invite, "used");
    assert_eq!(
        installation.test_server.redeemed_by(&invite),
        ("juliet@localhost".to_owned(), "ibr".to_owned())
    );
}

fn a_bound_token_creates_its_account(version: Version) {
    let installation = Installation::new(version);
    let invite = installation.bound("juliet");
    assert_eq!(installation.register(&invite, "juliet", PASSWORD), Ok(()));
    assert!(installation.can_log_in("juliet", PASSWORD));
    installation.test_server.becomes(&invite, "used");
}

fn a_shared_token_creates_as_many_accounts_as_it_has_uses(version: Version) {
    let installation = Installation::new(version);
    let invite = installation.mint(&json!({ "max_uses": 2 }));
    assert_eq!(installation.register(&invite, "juliet", PASSWORD), Ok(()));
    assert_eq!(installation.register(&invite, "romeo", PASSWORD), Ok(()));
    installation.test_server.becomes(&invite, "used");
    assert!(installation.register(&invite, "mercutio", PASSWORD).is_err());
}

fn a_password_can_contain_any_typed_character(version: Version) {
    let installation = Installation::new(version);
    let invite = installation.mint(&json!({ "max_uses": null }));
    let long = "x".repeat(1000);
    for (username, password) in [
        ("a", "<>&\"'"),
        ("b", "]]><!-- &amp; --> \\ ' \" = ,"),
        ("c", "пароль 密码"),
        ("d", "e\u{301}te\u{301}"),
        ("e", &long),
        ("jürgen", "Jürgens"),
    ] {
        assert_eq!(installation.register(&invite, username, password), Ok(()), "{password}");
        assert!(installation.can_log_in(username, password), "{password}");
    }
    assert!(installation.can_log_in("d", "été"), "a normalized password is the same password");
}

fn a_reset_sets_a_new_password(version: Version) {
    let installation = Installation::new(version);
    for username in ["romeo", "mercutio"] {
        installation.test_server.prosody.add_account(username, PASSWORD).unwrap();
    }
    let invite = installation.mint(&json!({ "kind": "password-reset", "username": "romeo" }));
    assert!(installation.register(&invite, "mercutio", "new").is_err());
    assert!(installation.can_log_in("mercutio", PASSWORD));
    assert_eq!(installation.register(&invite, "romeo", "new & better"), Ok(()));
    assert!(installation.can_log_in("romeo", "new & better"));
    assert!(!installation.can_log_in("romeo", PASSWORD));
    installation.test_server.becomes(&invite, "used");
}
