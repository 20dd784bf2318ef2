//! Forms that were opened before their invite expired, and sent afterwards.

use std::time::Duration;

use vestibule_core::{Draft, InviteChanges, Kind};

use super::{
    forms::{GOOD, assert_welcome, send},
    html::{assert_shows, page_of, words},
};
use crate::surfaces::test_server::{Answer, TestServer, WEEK, name};

/// Returns the grant in the form of a page.
fn grant(answer: &Answer) -> String {
    let (_, rest) = answer.body.split_once("name=\"grant\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

async fn register(server: &TestServer, page: &str, grant: &str, username: &str, password: &str) -> Answer {
    let fields = [("grant", grant), ("username", username), ("password", password)];
    send(server, &format!("{page}/register"), &fields).await
}

#[tokio::test]
async fn a_form_can_be_sent_within_an_hour_after_it_was_opened() {
    let server = TestServer::open().await;
    let minted = server.mint(Draft { max_uses: Some(9), ..Draft::default() }).await;
    let page = page_of(&minted.token);
    let before = WEEK.checked_sub(Duration::from_mins(1)).unwrap();
    server.advance(before);
    let opened = grant(&server.get(&format!("{page}/register?lang=en")).await);
    assert!(opened.len() > 40, "{opened}");
    server.advance(Duration::from_mins(30));
    for rest in ["", "/register", "/qr.svg"] {
        assert_eq!(server.get(&format!("{page}{rest}")).await.status.as_u16(), 404, "{rest}");
    }
    // Invalid input does not use it up.
    let answer = register(&server, &page, &opened, "juliet", "short").await;
    assert_eq!((answer.status.as_u16(), grant(&answer)), (422, opened.clone()));
    server.registrar.has_account("romeo", GOOD);
    let answer = register(&server, &page, &opened, "romeo", GOOD).await;
    assert_eq!((answer.status.as_u16(), grant(&answer)), (409, opened.clone()), "{}", words(&answer.body));
    server.advance(Duration::from_mins(29));
    assert_welcome(&register(&server, &page, &opened, "juliet", GOOD).await, "juliet@example.com");
    // The repeat succeeds; another account does not.
    assert_welcome(&register(&server, &page, &opened, "juliet", GOOD).await, "juliet@example.com");
    server.advance(Duration::from_mins(1));
    let answer = register(&server, &page, &opened, "nurse", GOOD).await;
    assert_eq!(answer.status.as_u16(), 404);
    assert_shows(&answer, &["expired-heading"]);
}

#[tokio::test]
async fn a_grant_of_another_invite_or_service_is_ignored() {
    let server = TestServer::open().await;
    let (one, other) = (server.mint(Draft::default()).await, server.mint(Draft::default()).await);
    let (page, other) = (page_of(&one.token), page_of(&other.token));
    server.advance(WEEK.checked_sub(Duration::from_mins(1)).unwrap());
    let foreign = grant(&server.get(&format!("{other}/register")).await);
    let own = grant(&server.get(&format!("{page}/register")).await);
    server.advance(Duration::from_mins(2));
    let forged = own.replacen(|letter: char| letter.is_ascii_lowercase(), "A", 1);
    let long = "x".repeat(10_000);
    for bad in ["", "x", "~", "<script>", foreign.as_str(), forged.as_str(), long.as_str()] {
        let answer = register(&server, &page, bad, "juliet", GOOD).await;
        assert_eq!(answer.status.as_u16(), 404, "{bad}");
        assert_shows(&answer, &["expired-heading"]);
    }
    // A grant does not override a revocation.
    server
        .invite_service
        .store()
        .edit_invite(&server.operator, one.invite.id, InviteChanges::revoke())
        .await
        .unwrap();
    let answer = register(&server, &page, &own, "juliet", GOOD).await;
    assert_eq!(answer.status.as_u16(), 404);
    assert_shows(&answer, &["revoked-heading"]);
    assert_eq!(server.registrar.registered(), []);
}

#[tokio::test]
async fn a_form_without_a_grant_can_be_sent_until_the_invite_expires() {
    let server = TestServer::open().await;
    let page = page_of(&server.mint(Draft::default()).await.token);
    server.break_randomness(true);
    let form = server.get(&format!("{page}/register")).await;
    assert_eq!((form.status.as_u16(), grant(&form).as_str()), (200, ""));
    server.break_randomness(false);
    assert_welcome(&register(&server, &page, "", "juliet", GOOD).await, "juliet@example.com");
}

#[tokio::test]
async fn a_reset_form_can_be_sent_after_expiry() {
    let server = TestServer::open().await;
    server.registrar.has_account("carol", "the old password");
    let draft = Draft { kind: Kind::PasswordReset, username: Some(name("carol")), ..Draft::default() };
    let page = format!("{}/reset", page_of(&server.mint(draft).await.token));
    server.advance(WEEK.checked_sub(Duration::from_mins(1)).unwrap());
    let opened = grant(&server.get(&page).await);
    server.advance(Duration::from_mins(30));
    assert_eq!(send(&server, &page, &[("password", GOOD)]).await.status.as_u16(), 404);
    let answer = send(&server, &page, &[("grant", &opened), ("password", "short")]).await;
    assert_eq!((answer.status.as_u16(), grant(&answer)), (422, opened.clone()));
    let answer = send(&server, &page, &[("grant", &opened), ("password", GOOD)]).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", words(&answer.body));
    assert_eq!(server.registrar.registered(), [("carol".to_owned(), GOOD.to_owned())]);
}
