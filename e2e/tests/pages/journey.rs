//! From a link to an account.

use serde_json::json;
use vestibule_e2e::{Browser, Version};

use crate::messages::message;
use crate::test_server::{PASSWORD, SEND, SOON, TestServer, close, fill, follow_to_the_form};
use crate::versions::on_both_versions;

on_both_versions!(
    a_link_leads_to_an_account,
    a_link_leads_to_an_account_without_scripts,
    a_reset_link_sets_a_password,
    a_reset_link_sets_a_password_without_scripts,
);

/// The landing page on a desktop.
fn landing_with_a_form(link: &str) -> String {
    format!("{link}?device=windows")
}

fn a_link_leads_to_an_account(version: Version) {
    let test_server = TestServer::new(version);
    let invite = test_server.mint(&json!({ "kind": "account-and-contact", "inviter": "romeo" }));
    let tab = Browser::open(&invite.link).unwrap();
    assert_eq!(tab.text("h1").unwrap(), message("invited-by-heading", &[("inviter", "romeo")]));
    assert_eq!(tab.go(&landing_with_a_form(&invite.link)).unwrap(), 200);
    follow_to_the_form(&tab);
    fill(&tab, "juliet", PASSWORD);
    assert_eq!(tab.follow(SEND).unwrap(), 200);
    assert_eq!(tab.text("h1").unwrap(), message("youre-in", &[("name", "juliet")]));
    assert_eq!(tab.text("#address").unwrap(), "juliet@localhost");
    let page = tab.html().unwrap();
    assert!(page.contains("https://chat.example.com/"), "the link to the web chat: {page}");
    // The script shows the password, which no answer contains.
    assert_eq!(tab.text("#password").unwrap(), PASSWORD);
    assert!(!tab.address().unwrap().contains("teapot"));
    close(tab);
    assert!(test_server.can_log_in("juliet", PASSWORD));
    let redeemed = test_server.redeemed_by(&invite);
    assert_eq!(redeemed, ("juliet@localhost".to_owned(), "ibr".to_owned()));
    let logs = [test_server.vestibule.stderr(), test_server.prosody.log()];
    assert!(logs.iter().all(|log| !log.contains(PASSWORD)), "a log contains the password");
}

fn a_link_leads_to_an_account_without_scripts(version: Version) {
    let test_server = TestServer::new(version);
    let invite = test_server.mint(&json!({ "username": "juliet" }));
    let tab = Browser::open_without_scripts(&landing_with_a_form(&invite.link)).unwrap();
    // The selected app is kept until the last page. What is folded opens without scripts.
    tab.click("#other-ways > summary").unwrap();
    assert_eq!(tab.follow("a[href*='/apps/gajim']").unwrap(), 200);
    assert_eq!(tab.follow("a[href*='/register']").unwrap(), 200);
    assert_eq!(tab.value("#username").unwrap(), "juliet@localhost");
    tab.fill("#password", PASSWORD).unwrap();
    assert_eq!(tab.follow(SEND).unwrap(), 200);
    assert_eq!(tab.text("#address").unwrap(), "juliet@localhost");
    let hint = message("setup-login-hint", &[("app", "Gajim")]);
    assert!(tab.text("main").unwrap().contains(&hint), "{}", tab.text("main").unwrap());
    close(tab);
    assert!(test_server.can_log_in("juliet", PASSWORD));
    test_server.becomes(&invite, "used");
}

fn a_reset_link_sets_a_password(version: Version) {
    reset(&TestServer::new(version), true);
}

fn a_reset_link_sets_a_password_without_scripts(version: Version) {
    reset(&TestServer::new(version), false);
}

fn reset(test_server: &TestServer, scripts: bool) {
    let invite = test_server.mint_reset("juliet");
    let open = if scripts { Browser::open } else { Browser::open_without_scripts };
    let tab = open(&invite.link).unwrap();
    assert_eq!(tab.follow("a[href*='/reset']").unwrap(), 200);
    assert!(tab.text(".lead").unwrap().contains("juliet@localhost"));
    tab.fill("#password", "short").unwrap();
    assert_eq!(tab.follow(SEND).unwrap(), 422);
    assert_eq!(tab.text("#password-error").unwrap(), message("password-short", &[("count", "8")]));
    assert!(test_server.can_log_in("juliet", "the old password"));
    tab.fill("#password", PASSWORD).unwrap();
    assert_eq!(tab.follow(SEND).unwrap(), 200);
    assert_eq!(tab.text("h1").unwrap(), message("reset-done-heading", &[]));
    close(tab);
    assert!(
        test_server.can_log_in("juliet", PASSWORD) && !test_server.can_log_in("juliet", "the old password")
    );
    crate::common::eventually("used", SOON, || test_server.show(&invite)["state"] == "used");
}
