//! An open page turns when somebody joins elsewhere: the laptop that shows the code, the phone behind an app.

use serde_json::json;
use vestibule_e2e::{Browser, Version};

use crate::messages::message;
use crate::test_server::{TestServer, close};
use crate::versions::on_both_versions;

on_both_versions!(
    an_open_page_turns_when_its_account_is_created,
    a_link_does_the_same_without_scripts,
    a_page_for_many_does_not_turn,
);

fn an_open_page_turns_when_its_account_is_created(version: Version) {
    let test_server = TestServer::new(version);
    let heading = message("joined-heading", &[]);
    // The first page, that of an app, and the one that said "not yet".
    for (number, page) in ["", "/apps/conversations", "/joined"].into_iter().enumerate() {
        let invite = test_server.mint(&json!({}));
        let tab = Browser::open(&format!("{}{page}?device=windows", invite.link)).unwrap();
        assert_ne!(tab.text("h1").unwrap(), heading);
        let username = format!("gertrud{number}");
        test_server.redeem(&invite, &username);
        tab.until("h1", &heading).unwrap();
        assert_eq!(tab.address().unwrap(), invite.page("joined?device=windows"));
        assert!(!tab.html().unwrap().contains(&username), "the page does not know who it was");
        // The link itself says that it has been used.
        assert_eq!(tab.go(&invite.link).unwrap(), 404);
        close(tab);
    }
    // A reset turns to the page of the used link.
    let invite = test_server.mint_reset("benvolio");
    let tab = Browser::open(&invite.link).unwrap();
    let fields = "password=vibu-kola-demi-fazo";
    assert_eq!(crate::test_server::post(&test_server.client, &invite.page("reset"), fields).0, 200);
    tab.until("h1", &message("reset-used-heading", &[])).unwrap();
    assert_eq!(tab.address().unwrap(), invite.link);
    close(tab);
}

fn a_link_does_the_same_without_scripts(version: Version) {
    let test_server = TestServer::new(version);
    let invite = test_server.mint(&json!({ "inviter_name": "Ann" }));
    let tab = Browser::open_without_scripts(&invite.link).unwrap();
    assert_eq!(tab.follow(".have a[href*='/joined']").unwrap(), 200);
    assert_eq!(tab.text("h1").unwrap(), message("not-joined-heading", &[]));
    test_server.redeem(&invite, "gertrud");
    assert_eq!(tab.follow("a.button[href*='/joined']").unwrap(), 200);
    assert_eq!(tab.text("h1").unwrap(), message("joined-heading", &[]));
    // Somebody else who holds the link can ask for an invitation of their own.
    assert_eq!(tab.text("form button").unwrap(), message("ask-again", &[("inviter", "Ann")]));
    close(tab);
}

fn a_page_for_many_does_not_turn(version: Version) {
    let test_server = TestServer::new(version);
    let invite = test_server.mint(&json!({ "max_uses": 2 }));
    let (_, page) = test_server.get(&invite.path());
    assert!(!page.contains("/state") && !page.contains("/joined"), "{page}");
}
