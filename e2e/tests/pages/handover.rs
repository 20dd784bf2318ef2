//! The hand-over of a new account: the password that only the browser keeps, to copy, to scan and to print.

use serde_json::{Value, json};
use tempfile::TempDir;
use vestibule_e2e::{Browser, Tab, Version};

use crate::appearance::read_code;
use crate::test_server::{Invite, PASSWORD, SEND, TestServer, close, fill};
use crate::versions::on_both_versions;

on_both_versions!(a_suggested_password_is_handed_over, errors_keep_what_was_typed);

const SHOWN_NOT: &str = "Use the password that you chose.";

/// Creates an account with the suggested password, and returns the password.
fn register(tab: &Tab, username: &str) -> String {
    fill(tab, username, PASSWORD);
    tab.click("#suggest").unwrap();
    let password = tab.value("#password").unwrap();
    assert_eq!(tab.follow(SEND).unwrap(), 200);
    password
}

/// The account in the QR code of the page.
fn scanned(tab: &Tab) -> Value {
    let directory = TempDir::new().unwrap();
    let picture = directory.path().join("code.png");
    tab.click("#other-device summary").unwrap();
    tab.picture("#other-device .qr svg", &picture).unwrap();
    serde_json::from_str(&read_code(&picture)).unwrap()
}

/// Copies with a button, and pastes into the form of another invite.
fn pasted(tab: &Tab, button: &str, other: &Invite) -> String {
    tab.click(button).unwrap();
    tab.until(button, "Copied").unwrap();
    let page = tab.address().unwrap();
    let origin = &page[..page.find("/invite/").unwrap()];
    tab.go(&format!("{origin}{}/register", other.path())).unwrap();
    tab.press("#username", "Control+V").unwrap();
    let text = tab.value("#username").unwrap();
    tab.go(&page).unwrap();
    text
}

fn a_suggested_password_is_handed_over(version: Version) {
    let test_server = TestServer::new(version);
    let invite = test_server.mint(&json!({ "kind": "account-and-contact", "inviter": "romeo" }));
    let tab = Browser::open(&invite.page("register")).unwrap();
    let password = register(&tab, "Gertrud");
    assert_eq!(tab.address().unwrap(), invite.page("welcome"));
    test_server.becomes(&invite, "used");
    // Also after a reload.
    for _ in 0..2 {
        assert_eq!(tab.text("#address").unwrap(), "gertrud@localhost");
        assert_eq!(tab.text("#password").unwrap(), password);
        assert!(tab.text(".lead").unwrap().starts_with("romeo is already in your contacts"));
        assert_eq!(tab.attribute("a.button[href*=message]", "href").unwrap(), "xmpp:romeo@localhost?message");
        let account = json!({ "protocol": "xmpp", "address": "gertrud@localhost", "password": password });
        assert_eq!(scanned(&tab), account);
        assert_eq!(tab.reload().unwrap(), 200);
    }
    assert!(test_server.can_log_in("gertrud", &password));
    // Another tab knows the account, but not the password; also if the first was discarded.
    let other = tab.beside(&invite.page("welcome")).unwrap();
    assert_eq!(other.text("#address").unwrap(), "gertrud@localhost");
    assert_eq!(other.text("#password").unwrap(), SHOWN_NOT);
    assert_eq!(other.count("#card-tools, #other-device, #copy-password").unwrap(), 0);
    close(tab);
    assert_eq!(other.reload().unwrap(), 200);
    assert_eq!(other.text("h1").unwrap(), "You’re in, gertrud!");
    close(other);
    // Another browser sees the page of the invite.
    let stranger = Browser::open(&format!("{}?device=windows", invite.link)).unwrap();
    assert_eq!(stranger.go(&invite.page("welcome")).unwrap(), 404);
    assert_eq!(stranger.address().unwrap(), invite.link);
    assert!(!stranger.html().unwrap().contains("gertrud"));
    close(stranger);
    for log in [test_server.vestibule.stderr(), test_server.prosody.log()] {
        assert!(!log.contains(&password), "a log contains the password");
    }
}

#[test]
fn address_and_password_are_copied() {
    let test_server = TestServer::new(Version::V012);
    let other = test_server.mint(&json!({}));
    for (host, username) in [("127.0.0.1", "juliet"), ("plain.example", "rosaline")] {
        let invite = test_server.mint(&json!({}));
        let tab = Browser::open(&invite.page("register").replace("127.0.0.1", host)).unwrap();
        let password = register(&tab, username);
        assert_eq!(tab.text("#password").unwrap(), password, "{host}");
        assert_eq!(pasted(&tab, "#copy-address", &other), format!("{username}@localhost"), "{host}");
        assert_eq!(pasted(&tab, "#copy-password", &other), password, "{host}");
        close(tab);
    }
}

#[test]
fn a_password_is_shown_only_for_its_form() {
    let test_server = TestServer::new(Version::V012);
    let invite = test_server.mint(&json!({ "max_uses": 5 }));
    let tab = Browser::open(&invite.page("register")).unwrap();
    let password = register(&tab, "juliet");
    assert_eq!(tab.text("#password").unwrap(), password);
    // The next person in this tab makes an error.
    assert_eq!(tab.go(&invite.page("register")).unwrap(), 200);
    assert_eq!(tab.value("#password").unwrap(), "");
    fill(&tab, "juliet", PASSWORD);
    assert_eq!(tab.follow(SEND).unwrap(), 409);
    assert_eq!(tab.go(&invite.page("welcome")).unwrap(), 200);
    assert_eq!(tab.text("#address").unwrap(), "juliet@localhost");
    assert_eq!(tab.text("#password").unwrap(), SHOWN_NOT);
    close(tab);
}

#[test]
fn kaidan_takes_the_account_from_a_link() {
    let test_server = TestServer::new(Version::V012);
    let invite = test_server.mint(&json!({}));
    let tab = Browser::open(&format!("{}?app=kaidan", invite.page("register"))).unwrap();
    fill(&tab, "juliet", "Zwölf; Boxkämpfer & 1 Wort");
    assert_eq!(tab.follow(SEND).unwrap(), 200);
    assert_eq!(
        tab.attribute("#log-in a", "href").unwrap(),
        "xmpp:juliet@localhost?login;password=Zw%C3%B6lf%3B%20Boxk%C3%A4mpfer%20%26%201%20Wort"
    );
    close(tab);
}

#[test]
fn the_page_works_without_scripts() {
    let test_server = TestServer::new(Version::V012);
    let invite = test_server.mint(&json!({}));
    let tab = Browser::open_without_scripts(&invite.page("register")).unwrap();
    assert!(tab.text("#password-hint").unwrap().contains("Write it down"));
    // Without scripts, the typed name is what a password manager saves.
    assert_eq!(tab.attribute("#username", "autocomplete").unwrap(), "username");
    fill(&tab, "not a name", PASSWORD);
    assert_eq!(tab.follow(SEND).unwrap(), 422);
    assert_eq!(tab.follow("#proposals a").unwrap(), 200);
    assert_eq!(tab.value("#username").unwrap(), "not.a.name");
    assert_eq!(tab.text("#preview").unwrap(), "Your address: not.a.name@localhost");
    tab.fill("#password", PASSWORD).unwrap();
    assert_eq!(tab.follow(SEND).unwrap(), 200);
    assert_eq!(tab.text("#address").unwrap(), "not.a.name@localhost");
    assert_eq!(tab.text("#password").unwrap(), SHOWN_NOT);
    assert_eq!(tab.count("main button, #other-device").unwrap(), 0);
    assert_eq!(tab.reload().unwrap(), 200);
    close(tab);
}

fn errors_keep_what_was_typed(version: Version) {
    let test_server = TestServer::new(version);
    test_server.prosody.add_account("romeo", PASSWORD).unwrap();
    let invite = test_server.mint(&json!({}));
    let tab = Browser::open(&invite.page("register")).unwrap();
    // The server finds out that the name is taken.
    fill(&tab, "romeo", "lamp orchid 48 kettle");
    assert_eq!(tab.follow(SEND).unwrap(), 409);
    assert_eq!(tab.value("#username").unwrap(), "romeo");
    assert_eq!(tab.value("#password").unwrap(), "lamp orchid 48 kettle");
    assert!(tab.text("#alert li").unwrap().starts_with("That username is taken"));
    // A free name solves it: the errors disappear.
    assert_eq!(tab.text("#proposals button:nth-child(2)").unwrap(), "romeo3");
    tab.click("#proposals button").unwrap();
    assert_eq!(tab.value("#username").unwrap(), "romeo2");
    assert_eq!(tab.count("#alert, #username-error, #proposals").unwrap(), 0);
    tab.until("#username[aria-invalid=false] ~ .at", "@").unwrap();
    // Password managers save the address.
    assert_eq!(tab.text("#preview").unwrap(), "Your address: romeo2@localhost");
    assert_eq!(tab.value("[autocomplete=username]").unwrap(), "romeo2@localhost");
    assert_eq!(tab.count("[autocomplete=username]").unwrap(), 1);
    assert_eq!(tab.follow(SEND).unwrap(), 200);
    assert_eq!(tab.text("#password").unwrap(), "lamp orchid 48 kettle");
    close(tab);
    assert!(test_server.can_log_in("romeo2", "lamp orchid 48 kettle"));
}
