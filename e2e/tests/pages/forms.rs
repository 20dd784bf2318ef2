//! Forms in a browser: invalid names, weak passwords, repeats, Back, two tabs, and late submission.

use serde_json::json;
use vestibule_e2e::{Browser, Tab, Version};

use crate::messages::message;
use crate::test_server::{Invite, PASSWORD, SEND, TestServer, close, fill, follow_to_the_form};
use crate::versions::on_both_versions;

on_both_versions!(
    invalid_usernames_are_reported_beside_the_field,
    a_double_click_creates_one_account,
    reloading_and_going_back_are_harmless,
    one_invite_in_two_tabs_creates_one_account,
    a_form_of_a_revoked_invite_shows_the_revocation,
);

/// Runs `each` on a form with scripts and without.
fn both(test_server: &TestServer, each: impl Fn(&Tab, &Invite)) {
    for open in [Browser::open, Browser::open_without_scripts] {
        let invite = test_server.mint(&json!({}));
        let tab = open(&invite.page("register")).unwrap();
        each(&tab, &invite);
        close(tab);
    }
}

fn invalid_usernames_are_reported_beside_the_field(version: Version) {
    let test_server = TestServer::new(version);
    test_server.prosody.add_account("romeo", PASSWORD).unwrap();
    test_server.mint(&json!({ "username": "rosaline" }));
    both(&test_server, |tab, invite| {
        for (name, status, key) in [
            ("not a name", 422, "name-invalid-try"),
            ("juliet@elsewhere.example", 422, "name-invalid-try"),
            ("romeo", 409, "name-taken-try"),
            ("rosaline", 409, "name-taken-try"),
        ] {
            fill(tab, name, PASSWORD);
            assert_eq!(tab.follow(SEND).unwrap(), status, "{name}");
            let error = tab.text("#username-error").unwrap();
            assert_eq!(error, message(key, &[]), "{name}");
            assert_eq!(tab.value("#username").unwrap(), name, "the input is kept");
            let password = if tab.count("#tools").unwrap() > 0 { PASSWORD } else { "" };
            assert_eq!(tab.value("#password").unwrap(), password, "the script keeps the password");
            assert!(!tab.html().unwrap().contains(PASSWORD), "the answer does not contain it");
        }
        assert_eq!(test_server.show(invite)["state"], "pending");
    });
}

#[test]
fn invalid_passwords_are_reported_beside_the_field() {
    let test_server = TestServer::new(Version::V012);
    both(&test_server, |tab, invite| {
        for (password, key) in [
            ("kq7-wzx", "password-short"),
            ("password1", "password-weak"),
            ("juliet123", "password-weak"),
            ("aaaaaaaaaaaa", "password-weak"),
        ] {
            fill(tab, "juliet", password);
            assert_eq!(tab.follow(SEND).unwrap(), 422, "{password}");
            let error = tab.text("#password-error").unwrap();
            let values: &[_] = if key == "password-short" { &[("count", "8")] } else { &[] };
            assert_eq!(error, message(key, values), "{password}");
            assert_eq!(tab.value("#username").unwrap(), "juliet");
            assert!(!tab.html().unwrap().contains(password), "{password}");
        }
        assert_eq!(test_server.show(invite)["state"], "pending");
    });
}

#[test]
fn the_script_helps_to_fill_in() {
    let test_server = TestServer::new(Version::V012);
    test_server.mint(&json!({ "username": "rosaline" }));
    let invite = test_server.mint(&json!({}));
    let tab = Browser::open(&invite.page("register")).unwrap();
    tab.type_into("#username", "not a name").unwrap();
    tab.until("#username-error", &message("name-invalid-try", &[])).unwrap();
    assert_eq!(tab.attribute("#username", "aria-invalid").unwrap(), "true");
    tab.fill("#username", "").unwrap();
    tab.type_into("#username", "rosaline").unwrap();
    tab.until("#username-error", &message("name-taken-try", &[])).unwrap();
    tab.type_into("#username", "2").unwrap();
    tab.until("#username[aria-invalid=false] ~ .at", "@localhost").unwrap();
    assert_eq!(tab.text("#username-error").unwrap(), "");

    tab.type_into("#password", "aaaa").unwrap();
    tab.until("#strength", &message("strength-weak", &[])).unwrap();
    assert_eq!(tab.attribute("#password", "type").unwrap(), "password");
    tab.click("#show").unwrap();
    assert_eq!(tab.attribute("#password", "type").unwrap(), "text");
    tab.click("#show").unwrap();
    assert_eq!(tab.attribute("#password", "type").unwrap(), "password");
    tab.click("#suggest").unwrap();
    let suggested = tab.value("#password").unwrap();
    assert_eq!(tab.attribute("#password", "type").unwrap(), "text", "it is visible");
    tab.click("#suggest").unwrap();
    assert_ne!(tab.value("#password").unwrap(), suggested, "another one");
    let suggested = tab.value("#password").unwrap();
    assert_eq!(tab.follow(SEND).unwrap(), 200, "a suggested password is accepted: {suggested}");
    close(tab);
    assert!(test_server.can_log_in("rosaline2", &suggested));
}

fn a_double_click_creates_one_account(version: Version) {
    let test_server = TestServer::new(version);
    for (open, name) in
        [(Browser::open as fn(&str) -> _, "juliet"), (Browser::open_without_scripts, "rosaline")]
    {
        let invite = test_server.mint(&json!({ "max_uses": 5 }));
        let tab = open(&invite.page("register")).unwrap();
        fill(&tab, name, PASSWORD);
        assert_eq!(tab.follow_twice(SEND).unwrap(), 200);
        assert_eq!(tab.text("h1").unwrap(), message("youre-in", &[("name", name)]));
        close(tab);
        assert_eq!(test_server.redeemed_by(&invite).0, format!("{name}@localhost"));
        assert_eq!(test_server.show(&invite)["uses"], 1);
    }
}

fn reloading_and_going_back_are_harmless(version: Version) {
    let test_server = TestServer::new(version);
    let mut names = ["juliet", "rosaline"].into_iter();
    for open in [Browser::open, Browser::open_without_scripts] {
        let name = names.next().unwrap();
        let invite = test_server.mint(&json!({}));
        // From the landing page, where Back ends.
        let tab = open(&format!("{}?device=windows", invite.link)).unwrap();
        follow_to_the_form(&tab);
        fill(&tab, name, PASSWORD);
        assert_eq!(tab.follow(SEND).unwrap(), 200);
        test_server.becomes(&invite, "used");
        // The page has an address of its own.
        assert_eq!(tab.address().unwrap(), format!("{}?device=windows", invite.page("welcome")));
        assert_eq!(tab.reload().unwrap(), 200);
        assert_eq!(tab.text("h1").unwrap(), message("youre-in", &[("name", name)]));
        // Pages are not cached, so the browser requests it again.
        assert_eq!(tab.back().unwrap(), 404);
        assert_eq!(tab.text("h1").unwrap(), message("used-heading", &[]));
        assert!(tab.text("main").unwrap().contains(&message("used-advice", &[])));
        close(tab);
        assert_eq!(test_server.redeemed_by(&invite).0, format!("{name}@localhost"));
    }
}

fn one_invite_in_two_tabs_creates_one_account(version: Version) {
    let test_server = TestServer::new(version);
    let invite = test_server.mint(&json!({}));
    let first = Browser::open(&invite.page("register")).unwrap();
    let second = first.beside(&invite.page("register")).unwrap();
    fill(&first, "juliet", PASSWORD);
    fill(&second, "rosaline", PASSWORD);
    // At the same time.
    let [a, b] = std::thread::scope(|scope| {
        let tabs = [&first, &second].map(|tab| scope.spawn(|| tab.follow(SEND).unwrap()));
        tabs.map(|tab| tab.join().unwrap())
    });
    assert_eq!([a, b].iter().filter(|status| **status == 200).count(), 1, "{a} {b}");
    let (winner, loser, name, other) =
        if a == 200 { (first, second, "juliet", "rosaline") } else { (second, first, "rosaline", "juliet") };
    assert_eq!(winner.text("h1").unwrap(), message("youre-in", &[("name", name)]));
    test_server.becomes(&invite, "used");
    assert_eq!(test_server.redeemed_by(&invite).0, format!("{name}@localhost"));
    assert!(test_server.can_log_in(name, PASSWORD) && !test_server.can_log_in(other, PASSWORD));
    // The loser sees the used invite, at the latest after reopening the form.
    loser.go(&invite.page("register")).unwrap();
    assert_eq!(loser.text("h1").unwrap(), message("used-heading", &[]));
    close(winner);
    close(loser);
}

fn a_form_of_a_revoked_invite_shows_the_revocation(version: Version) {
    let test_server = TestServer::new(version);
    both(&test_server, |tab, invite| {
        fill(tab, "juliet", PASSWORD);
        test_server.revoke(invite);
        assert_eq!(tab.follow(SEND).unwrap(), 404);
        assert_eq!(tab.text("h1").unwrap(), message("revoked-heading", &[]));
        assert!(!test_server.can_log_in("juliet", PASSWORD));
    });
}
