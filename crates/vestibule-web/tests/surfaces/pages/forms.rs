//! `/invite/{token}/register` and `/reset`: accounts and passwords, made in the browser.

use vestibule_core::{AccountChange, Draft, Kind};
use vestibule_web::SiteSettings;

use super::parts::{assert_links, assert_safe, assert_says, page_of, unescaped, words};
use crate::surfaces::{
    bench::{Answer, Bench, name},
    log,
};

/// A password that nobody guesses.
pub(super) const GOOD: &str = "rako-nemi-tusa-lopi";

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// Sends the form.
pub(super) async fn send(bench: &Bench, path: &str, fields: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    bench.send_body("POST", path, &[FORM, ("sec-fetch-site", "same-origin")], body).await
}

pub(super) async fn register(bench: &Bench, path: &str, username: &str, password: &str) -> Answer {
    send(bench, path, &[("username", username), ("password", password)]).await
}

/// Panics unless it is the page for somebody who has got in.
pub(super) fn assert_welcome(answer: &Answer, address: &str) {
    assert_eq!(answer.status.as_u16(), 200, "{}", words(&answer.body));
    assert_safe(answer, address);
    assert_says(answer, &["Your address is", address, "What comes next"]);
}

#[tokio::test]
async fn an_account_is_made_in_the_browser() {
    log::listen();
    let webchat_url = Some("https://chat.example.com/".to_owned());
    let bench = Bench::of_site(SiteSettings { webchat_url, ..SiteSettings::default() }).await;
    let minted = bench.mint(Draft::default()).await;
    let page = format!("{}/register", page_of(&minted.token));
    let form = bench.get(&page).await;
    assert_safe(&form, "form");
    assert_says(&form, &["Create your account", "Username", "Password", "At least 8 characters."]);
    let password = "Zwölf <Boxkämpfer> & \"ein\" Wort?";
    let answer = register(&bench, &page, " Juliet ", password).await;
    assert_welcome(&answer, "juliet@example.com");
    assert_says(&answer, &["Welcome, juliet!", "Chat in the browser", "Conversations"]);
    assert_links(&answer, "https://chat.example.com/");
    assert_eq!(bench.registrar.registered(), [("juliet".to_owned(), password.to_owned())]);
    let log = log::heard();
    for part in [password, "Boxk"] {
        assert!(!format!("{answer:?}").contains(part) && !log.contains(part), "{part}");
    }
    assert!(!log.contains(minted.token.expose()));
}

#[tokio::test]
async fn the_next_steps_are_those_of_the_app() {
    let bench = Bench::open().await;
    let page = page_of(&bench.mint(Draft::default()).await.token);
    let answer = register(&bench, &format!("{page}/register?app=gajim"), "juliet", GOOD).await;
    assert_welcome(&answer, "juliet@example.com");
    assert_says(&answer, &["Install Gajim", "Open Gajim and log in"]);
    assert!(!words(&answer.body).contains("Conversations"), "{}", answer.body);
}

#[tokio::test]
async fn a_kept_name_stands_in_the_form_and_no_other_will_do() {
    let bench = Bench::open().await;
    let minted = bench.mint(Draft { username: Some(name("juliet")), ..Draft::default() }).await;
    let page = format!("{}/register", page_of(&minted.token));
    assert!(bench.get(&page).await.body.contains("value=\"juliet\""));
    let answer = register(&bench, &page, "romeo", GOOD).await;
    assert_eq!(answer.status.as_u16(), 422);
    assert_says(&answer, &["This invitation is for juliet. Please use that name."]);
    assert_welcome(&register(&bench, &page, "juliet@example.com", GOOD).await, "juliet@example.com");
}

#[tokio::test]
async fn a_new_password_is_set_for_its_account_alone() {
    let bench = Bench::open().await;
    let draft = Draft { kind: Kind::PasswordReset, username: Some(name("carol")), ..Draft::default() };
    let page = format!("{}/reset", page_of(&bench.mint(draft).await.token));
    bench.registrar.has_account("carol", "the old password");
    let form = bench.get(&page).await;
    assert_safe(&form, "form");
    assert_says(&form, &["New password", "For your account carol@example.com."]);
    let weak = send(&bench, &page, &[("password", "carol123")]).await;
    assert_eq!(weak.status.as_u16(), 422);
    assert_says(&weak, &["easy to guess"]);
    let answer = send(&bench, &page, &[("username", "mallory"), ("password", GOOD)]).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    assert_safe(&answer, "done");
    assert_says(&answer, &["Your new password is set", "log in to carol@example.com"]);
    assert_eq!(bench.registrar.registered(), [("carol".to_owned(), GOOD.to_owned())]);
    assert!(!answer.body.contains(GOOD));
    assert!(!unescaped(&answer.body).contains("mallory"));
}

#[tokio::test]
async fn a_name_is_judged_while_it_is_typed() {
    let bench = Bench::open().await;
    let page = page_of(&bench.mint(Draft::default()).await.token);
    bench.mint(Draft { username: Some(name("taken")), ..Draft::default() }).await;
    // Those that came by an invite are known, whichever it was.
    for username in ["anna", "max", "gone"] {
        let other = bench.mint(Draft::default()).await;
        bench.redeem(&other, username).await;
    }
    bench
        .invite_service
        .store()
        .account_changed(&bench.operator, &name("gone"), AccountChange::Deleted)
        .await
        .unwrap();
    for (typed, expected) in [
        ("anna", Some("This name is taken.")),
        ("MAX@example.com", Some("This name is taken.")),
        ("gone", None),
        ("admin", Some("The server does not allow this name.")),
        ("%D0%B0dmin", Some("The server does not allow this name.")),
        ("juliet", None),
        ("Juliet@EXAMPLE.com", None),
        ("", Some("Please choose a name.")),
        ("a%20b", Some("This cannot be a username.")),
        ("a@elsewhere.example", Some("This cannot be a username.")),
        ("%3Cscript%3E", Some("This cannot be a username.")),
        ("Taken", Some("This name is taken.")),
    ] {
        let answer = bench.get(&format!("{page}/username?name={typed}")).await;
        assert_eq!(answer.header("content-type"), Some("application/json"), "{typed}");
        let verdict: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        match expected {
            None => assert!(verdict["fault"].is_null(), "{typed}: {verdict}"),
            Some(text) => assert!(verdict["fault"].as_str().unwrap().starts_with(text), "{typed}: {verdict}"),
        }
    }
}
