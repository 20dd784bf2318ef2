//! `/invite/{token}/register` and `/reset`: accounts and new passwords from the browser.

use vestibule_core::{AccountChange, Draft, Kind};
use vestibule_web::SiteSettings;

use super::html::{assert_links, assert_safe, assert_says, assert_shows, page_of, unescaped, words};
use crate::surfaces::{
    log,
    messages::message,
    test_server::{Answer, TestServer, name},
};

/// A strong password.
pub(super) const GOOD: &str = "rako-nemi-tusa-lopi";

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// Sends the form, and follows the redirect after success with its cookie, like a browser.
pub(super) async fn send(server: &TestServer, path: &str, fields: &[(&str, &str)]) -> Answer {
    let answer = post(server, path, fields).await;
    if answer.status.as_u16() != 303 {
        return answer;
    }
    let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    server.send("GET", answer.header("location").unwrap(), &[("cookie", &cookie)]).await
}

/// Sends the form.
pub(super) async fn post(server: &TestServer, path: &str, fields: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    server.send_body("POST", path, &[FORM, ("sec-fetch-site", "same-origin")], body).await
}

pub(super) async fn register(server: &TestServer, path: &str, username: &str, password: &str) -> Answer {
    send(server, path, &[("username", username), ("password", password)]).await
}

/// Asserts that the answer is the page of a new account.
pub(super) fn assert_welcome(answer: &Answer, address: &str) {
    assert_eq!(answer.status.as_u16(), 200, "{}", words(&answer.body));
    assert_safe(answer, address);
    assert_says(answer, &[address]);
    assert_shows(answer, &["your-address", "your-password", "setup-login"]);
}

#[tokio::test]
async fn an_account_is_created_in_the_browser() {
    log::listen();
    let webchat_url = Some("https://chat.example.com/".to_owned());
    let server = TestServer::of_site(SiteSettings { webchat_url, ..SiteSettings::default() }).await;
    let minted = server.mint(Draft::default()).await;
    let page = format!("{}/register", page_of(&minted.token));
    let form = server.get(&page).await;
    assert_safe(&form, "form");
    assert_shows(&form, &["register-heading", "username-label", "password-label"]);
    assert_says(&form, &[&message("password-hint", &[("count", "8")])]);
    let password = "Zwölf <Boxkämpfer> & \"ein\" Wort?";
    let answer = register(&server, &page, " Juliet ", password).await;
    assert_welcome(&answer, "juliet@example.com");
    assert_says(&answer, &[&message("youre-in", &[("name", "juliet")]), "Conversations"]);
    assert_shows(&answer, &["welcome-webchat"]);
    assert_links(&answer, "https://chat.example.com/");
    assert_eq!(server.registrar.registered(), [("juliet".to_owned(), password.to_owned())]);
    let log = log::heard();
    for part in [password, "Boxk"] {
        assert!(!format!("{answer:?}").contains(part) && !log.contains(part), "{part}");
    }
    assert!(!log.contains(minted.token.expose()));
}

#[tokio::test]
async fn the_next_steps_are_those_of_the_app() {
    let server = TestServer::open().await;
    let page = page_of(&server.mint(Draft::default()).await.token);
    let answer = register(&server, &format!("{page}/register?app=gajim"), "juliet", GOOD).await;
    assert_welcome(&answer, "juliet@example.com");
    for key in ["setup-install", "setup-login-hint"] {
        assert_says(&answer, &[&message(key, &[("app", "Gajim")])]);
    }
}

#[tokio::test]
async fn the_form_shows_a_bound_name_and_accepts_no_other() {
    let server = TestServer::open().await;
    let minted = server.mint(Draft { username: Some(name("juliet")), ..Draft::default() }).await;
    let page = format!("{}/register", page_of(&minted.token));
    let form = server.get(&page).await;
    assert_says(&form, &[&message("join-name-kept", &[("address", "juliet@example.com")])]);
    // Password managers save the address.
    assert!(form.body.contains("value=\"juliet@example.com\" autocomplete=\"username\" readonly"));
    let answer = register(&server, &page, "romeo", GOOD).await;
    assert_eq!(answer.status.as_u16(), 422);
    assert_says(&answer, &[&message("name-not-yours", &[("username", "juliet")])]);
    assert_welcome(&register(&server, &page, "juliet@example.com", GOOD).await, "juliet@example.com");
}

#[tokio::test]
async fn a_reset_sets_the_password_of_its_account_only() {
    let server = TestServer::open().await;
    let draft = Draft { kind: Kind::PasswordReset, username: Some(name("carol")), ..Draft::default() };
    let page = format!("{}/reset", page_of(&server.mint(draft).await.token));
    server.registrar.has_account("carol", "the old password");
    let form = server.get(&page).await;
    assert_safe(&form, "form");
    let carol = [("address", "carol@example.com")];
    assert_says(&form, &[&message("reset-form-heading", &[]), &message("reset-form-lead", &carol)]);
    assert!(form.body.contains("value=\"carol@example.com\" autocomplete=\"username\" readonly"));
    let weak = send(&server, &page, &[("password", "carol123")]).await;
    assert_eq!(weak.status.as_u16(), 422);
    assert_shows(&weak, &["password-weak"]);
    let answer = send(&server, &page, &[("username", "mallory"), ("password", GOOD)]).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    assert_safe(&answer, "done");
    assert_says(&answer, &[&message("reset-done-heading", &[]), &message("reset-done", &carol)]);
    assert_eq!(server.registrar.registered(), [("carol".to_owned(), GOOD.to_owned())]);
    assert!(!answer.body.contains(GOOD));
    assert!(!unescaped(&answer.body).contains("mallory"));
}

#[tokio::test]
async fn a_username_is_checked_while_it_is_typed() {
    let server = TestServer::open().await;
    let page = page_of(&server.mint(Draft::default()).await.token);
    server.mint(Draft { username: Some(name("taken")), ..Draft::default() }).await;
    // Accounts created with any invite are known.
    for username in ["anna", "max", "gone"] {
        let other = server.mint(Draft::default()).await;
        server.redeem(&other, username).await;
    }
    server
        .invite_service
        .store()
        .account_changed(&server.operator, &name("gone"), AccountChange::Deleted)
        .await
        .unwrap();
    for (typed, expected) in [
        ("anna", Some("name-taken-try")),
        ("MAX@example.com", Some("name-taken-try")),
        ("gone", None),
        ("admin", Some("name-refused")),
        ("%D0%B0dmin", Some("name-refused")),
        ("juliet", None),
        ("Juliet@EXAMPLE.com", None),
        ("", Some("name-empty")),
        ("a%20b", Some("name-invalid-try")),
        ("a@elsewhere.example", Some("name-invalid-try")),
        ("%3Cscript%3E", Some("name-invalid-try")),
        ("%20@%20/", Some("name-invalid")),
        ("Taken", Some("name-taken-try")),
    ] {
        let answer = server.get(&format!("{page}/username?name={typed}")).await;
        assert_eq!(answer.header("content-type"), Some("application/json"), "{typed}");
        let verdict: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        match expected {
            None => assert!(verdict["fault"].is_null(), "{typed}: {verdict}"),
            Some(key) => {
                assert_eq!(unescaped(verdict["fault"].as_str().unwrap()), message(key, &[]), "{typed}");
            }
        }
    }
}
