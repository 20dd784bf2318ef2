//! Forms that are sent twice, or by two people: only the one who succeeded gets the success page.

use std::time::Duration;

use vestibule_core::{Draft, Kind, MintedInvite, PasswordCheck, RegistrarError};
use vestibule_web::{BruteForceLimiter, HttpState, Links};

use super::{
    forms::{GOOD, assert_welcome, register, send},
    html::{assert_safe, assert_says, page_of, words},
};
use crate::surfaces::test_server::{Answer, TestServer, name};

/// Another strong password.
const OTHER: &str = "vibu-kola-demi-fazo";

fn form_of(minted: &MintedInvite) -> String {
    format!("{}/register", page_of(&minted.token))
}

async fn mint(server: &TestServer, max_uses: u32) -> MintedInvite {
    server.mint(Draft { max_uses: Some(max_uses), ..Draft::default() }).await
}

async fn mint_reset(server: &TestServer, username: &str) -> String {
    let draft = Draft { kind: Kind::PasswordReset, username: Some(name(username)), ..Draft::default() };
    format!("{}/reset", page_of(&server.mint(draft).await.token))
}

#[track_caller]
fn assert_taken(answer: &Answer) {
    assert_eq!(answer.status.as_u16(), 409, "{}", words(&answer.body));
    assert_safe(answer, "taken");
    assert_says(answer, &["This name is taken. Please choose another one."]);
}

#[track_caller]
fn assert_used(answer: &Answer) {
    assert_eq!(answer.status.as_u16(), 404, "{}", words(&answer.body));
    assert_safe(answer, "used");
    assert_says(answer, &["Invitation already used", "log in with the password that you chose first"]);
}

/// Sorts the answers to two concurrent forms with the passwords [`GOOD`] and [`OTHER`]: the successful one first.
fn in_order((good, other): (Answer, Answer)) -> (Answer, Answer, (&'static str, &'static str)) {
    if good.status.as_u16() == 200 { (good, other, (GOOD, OTHER)) } else { (other, good, (OTHER, GOOD)) }
}

#[tokio::test]
async fn a_form_sent_twice_shows_the_same_page() {
    for max_uses in [1, 5] {
        let server = TestServer::open().await;
        let page = form_of(&mint(&server, max_uses).await);
        // Two at once, as after a double tap.
        let (one, two) =
            tokio::join!(register(&server, &page, "juliet", GOOD), register(&server, &page, "juliet", GOOD));
        assert_welcome(&one, "juliet@example.com");
        assert_welcome(&two, "juliet@example.com");
        assert_eq!(server.registrar.log_ins_tried(), 0, "the second shared the success of the first");
        // Again after minutes, as after a reload.
        server.advance(Duration::from_mins(5));
        assert_welcome(&register(&server, &page, "Juliet@example.com", GOOD).await, "juliet@example.com");
        assert_eq!(server.registrar.log_ins_tried(), 1);
        assert_eq!(server.registrar.registered().len(), 1);
    }
}

#[tokio::test]
async fn a_form_with_another_password_is_not_a_repeat() {
    let server = TestServer::open().await;
    let many = form_of(&mint(&server, 30).await);
    assert_welcome(&register(&server, &many, "anna", GOOD).await, "anna@example.com");
    assert_taken(&register(&server, &many, "ANNA@example.com", OTHER).await);
    // At the same moment.
    let both = tokio::join!(register(&server, &many, "max", GOOD), register(&server, &many, "max", OTHER));
    let (first, second, _) = in_order(both);
    assert_welcome(&first, "max@example.com");
    assert_taken(&second);
    let single = form_of(&mint(&server, 1).await);
    let both =
        tokio::join!(register(&server, &single, "portia", GOOD), register(&server, &single, "portia", OTHER));
    let (first, second, (right, wrong)) = in_order(both);
    assert_welcome(&first, "portia@example.com");
    assert_used(&second);
    assert_used(&register(&server, &single, "portia", wrong).await);
    assert_used(&register(&server, &single, "romeo", GOOD).await);
    assert_welcome(&register(&server, &single, "portia", right).await, "portia@example.com");
    let registered: Vec<_> = server.registrar.registered().into_iter().map(|(name, _)| name).collect();
    assert_eq!(registered, ["anna", "max", "portia"]);
}

#[tokio::test]
async fn an_account_made_in_an_app_is_recognized_by_its_password() {
    let server = TestServer::open().await;
    for (minted, right) in [(mint(&server, 2).await, true), (mint(&server, 2).await, false)] {
        let username = if right { "juliet" } else { "romeo" };
        server.redeem(&minted, username).await;
        server.registrar.has_account(username, GOOD);
        let page = form_of(&minted);
        if right {
            assert_welcome(&register(&server, &page, username, GOOD).await, "juliet@example.com");
        } else {
            assert_taken(&register(&server, &page, username, OTHER).await);
        }
    }
    assert_eq!(server.registrar.registered(), []);
}

#[tokio::test]
async fn an_existing_account_is_never_taken_over() {
    let server = TestServer::open().await;
    server.registrar.has_account("juliet", GOOD);
    // The right password of an account that was not created with the invite: no use is spent and no success shown.
    assert_taken(&register(&server, &form_of(&mint(&server, 5).await), "juliet", GOOD).await);
    assert_eq!(server.registrar.log_ins_tried(), 0);
}

#[tokio::test]
async fn a_deleted_account_can_be_created_again_if_uses_remain() {
    let server = TestServer::open().await;
    for (max_uses, username) in [(9, "carla"), (1, "portia")] {
        let page = form_of(&mint(&server, max_uses).await);
        assert_welcome(&register(&server, &page, username, GOOD).await, username);
        server.registrar.delete_account(username);
        let answer = register(&server, &page, username, GOOD).await;
        if max_uses == 1 {
            assert_used(&answer);
        } else {
            assert_welcome(&answer, username);
        }
    }
    let registered: Vec<_> = server.registrar.registered().into_iter().map(|(name, _)| name).collect();
    assert_eq!(registered, ["carla", "carla", "portia"]);
}

#[tokio::test]
async fn a_failed_reset_shows_no_success() {
    let server = TestServer::open().await;
    server.registrar.has_account("benvolio", "the old password");
    let page = mint_reset(&server, "benvolio").await;
    let reset = async |password| send(&server, &page, &[("password", password)]).await;
    let (first, second, (right, wrong)) = in_order(tokio::join!(reset(GOOD), reset(OTHER)));
    assert_eq!(first.status.as_u16(), 200, "{}", words(&first.body));
    for answer in [second, reset(wrong).await] {
        assert_eq!(answer.status.as_u16(), 404, "{}", words(&answer.body));
        assert_says(&answer, &["Link already used", "the password that you chose first"]);
    }
    let again = reset(right).await;
    assert_eq!(again.status.as_u16(), 200);
    assert_says(&again, &["Your new password is set"]);
    assert_eq!(server.registrar.registered(), [("benvolio".to_owned(), right.to_owned())]);
}

#[tokio::test]
async fn an_undetermined_password_proves_nothing() {
    let server = TestServer::open().await;
    let (many, single) = (form_of(&mint(&server, 5).await), form_of(&mint(&server, 1).await));
    assert_welcome(&register(&server, &many, "anna", GOOD).await, "anna@example.com");
    assert_welcome(&register(&server, &single, "juliet", GOOD).await, "juliet@example.com");
    server.registrar.answers_log_in(PasswordCheck::Undetermined);
    assert_taken(&register(&server, &many, "anna", GOOD).await);
    server.registrar.answers_log_in(PasswordCheck::Undetermined);
    assert_used(&register(&server, &single, "juliet", GOOD).await);
}

#[tokio::test]
async fn passwords_are_not_guessed_by_sending_forms() {
    let server = TestServer::open().await;
    let page = form_of(&mint(&server, 1).await);
    assert_welcome(&register(&server, &page, "juliet", GOOD).await, "juliet@example.com");
    for number in 0..12 {
        assert_used(&register(&server, &page, "juliet", &format!("{OTHER}-{number}")).await);
    }
    assert_eq!(server.registrar.log_ins_tried(), 10);
    // The right password is refused too.
    assert_used(&register(&server, &page, "juliet", GOOD).await);
    server.advance(Duration::from_mins(6));
    assert_welcome(&register(&server, &page, "juliet", GOOD).await, "juliet@example.com");

    // Wrong passwords count like unknown tokens.
    let limiter = BruteForceLimiter::new("3/min".parse().ok());
    let links = Links::new("https://example.com").unwrap();
    let server = TestServer::behind(HttpState { limiter, ..HttpState::default() }, links, None).await;
    let page = form_of(&mint(&server, 1).await);
    assert_welcome(&register(&server, &page, "juliet", GOOD).await, "juliet@example.com");
    for _ in 0..3 {
        assert_used(&register(&server, &page, "juliet", OTHER).await);
    }
    assert_eq!(register(&server, &page, "juliet", OTHER).await.status.as_u16(), 429);
}

#[tokio::test]
async fn a_form_sent_again_after_a_disconnect_gets_the_account() {
    let server = TestServer::open().await;
    let page = format!("{}/register", page_of(&server.mint(Draft::default()).await.token));
    let (begun, go_on) = server.registrar.hold();
    tokio::select! {
        answer = register(&server, &page, "juliet", GOOD) => panic!("{answer:?}"),
        // The request is cancelled.
        begun = begun => begun.unwrap(),
    }
    let again = register(&server, &page, "juliet", GOOD);
    let (answer, ()) = tokio::join!(again, async { go_on.send(()).unwrap() });
    assert_welcome(&answer, "juliet@example.com");
    assert_eq!(server.registrar.registered().len(), 1);
}

#[tokio::test]
async fn forms_beyond_the_limit_of_a_link_are_busy_at_once() {
    const MOST: usize = 32;
    let server = TestServer::open().await;
    let page = form_of(&mint(&server, 100).await);
    let mut held = Vec::new();
    for number in 0..MOST {
        let (username, (begun, go_on)) = (format!("user{number}"), server.registrar.hold());
        tokio::select! {
            answer = register(&server, &page, &username, GOOD) => panic!("{answer:?}"),
            // The visitor leaves, and the registration continues.
            begun = begun => begun.unwrap(),
        }
        held.push(go_on);
    }
    let refused = register(&server, &page, "juliet", GOOD).await;
    assert_eq!(refused.status.as_u16(), 503, "{}", words(&refused.body));
    assert_eq!(refused.header("retry-after"), Some("60"));
    assert_says(&refused, &["Somebody is registering with this invitation right now"]);
    for go_on in held {
        go_on.send(()).unwrap();
    }
    let mut answer = register(&server, &page, "juliet", GOOD).await;
    for _ in 0..100_000 {
        if answer.status.as_u16() != 503 {
            break;
        }
        tokio::task::yield_now().await;
        answer = register(&server, &page, "juliet", GOOD).await;
    }
    assert_welcome(&answer, "juliet@example.com");
}

#[tokio::test]
async fn a_lost_answer_of_the_registrar_is_checked() {
    let server = TestServer::open().await;
    let minted = mint(&server, 2).await;
    let page = form_of(&minted);
    server.redeem(&minted, "juliet").await;
    server.registrar.has_account("juliet", GOOD);
    for error in [
        RegistrarError::Unknown("the connection broke".to_owned()),
        RegistrarError::UsernameTaken,
        RegistrarError::TokenRefused,
    ] {
        server.registrar.answers(error);
        assert_welcome(&register(&server, &page, "juliet", GOOD).await, "juliet@example.com");
    }
    server.registrar.answers(RegistrarError::Unknown("the connection broke".to_owned()));
    let answer = register(&server, &page, "romeo", GOOD).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, Some("60")));
    assert_says(&answer, &["We do not know whether it worked"]);
}
