//! `/invite/{token}/state` and `/invite/{token}/joined`: what an open page learns of its invite.

use vestibule_core::{Draft, InviteChanges, Kind};
use vestibule_web::{BruteForceLimiter, HttpState, Links};

use super::html::{assert_links, assert_safe, assert_shows, page_of, words};
use crate::surfaces::test_server::{Answer, TestServer, WEEK, name};

#[track_caller]
fn assert_state(answer: &Answer, state: &str) {
    assert_eq!(answer.status.as_u16(), 200);
    assert_eq!(answer.body, format!("{{\"state\":\"{state}\"}}"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("access-control-allow-origin"), None);
}

#[tokio::test]
async fn the_state_is_told_without_the_person() {
    let server = TestServer::open().await;
    let [used, revoked, expired] = [
        server.mint(Draft::default()).await,
        server.mint(Draft::default()).await,
        server.mint(Draft::default()).await,
    ];
    let state = async |minted: &vestibule_core::MintedInvite| {
        server.get(&format!("{}/state", page_of(&minted.token))).await
    };
    for minted in [&used, &revoked, &expired] {
        assert_state(&state(minted).await, "pending");
    }
    server.redeem(&used, "juliet").await;
    assert_state(&state(&used).await, "used");
    let store = server.invite_service.store();
    store.edit_invite(&server.operator, revoked.invite.id, InviteChanges::revoke()).await.unwrap();
    assert_state(&state(&revoked).await, "revoked");
    server.advance(WEEK);
    assert_state(&state(&expired).await, "expired");
    let changes = server.changes().await;
    state(&expired).await;
    assert_eq!(server.changes().await, changes);
}

#[tokio::test]
async fn a_page_that_polls_is_not_locked_out() {
    let limiter = BruteForceLimiter::new("3/min".parse().ok());
    let http_state = HttpState { limiter, ..HttpState::default() };
    let server = TestServer::behind(http_state, Links::new("https://example.com").unwrap(), None).await;
    let minted = server.mint(Draft::default()).await;
    let state = format!("{}/state", page_of(&minted.token));
    for _ in 0..50 {
        assert_state(&server.get(&state).await, "pending");
    }
    server.redeem(&minted, "juliet").await;
    for _ in 0..50 {
        assert_state(&server.get(&state).await, "used");
        assert_eq!(server.get(&page_of(&minted.token)).await.status.as_u16(), 404);
    }
    // Wrong tokens count here as everywhere.
    let statuses = async |_| server.get("/invite/0123456789abcdefghijABCDEFGH/state").await.status.as_u16();
    let mut found = Vec::new();
    for number in 0..4 {
        found.push(statuses(number).await);
    }
    assert_eq!(found, [404, 404, 404, 429]);
}

#[tokio::test]
async fn a_used_invite_leaves_open_who_has_joined() {
    let server = TestServer::open().await;
    let minted = server.mint(Draft::default()).await;
    let page = page_of(&minted.token);
    let joined = format!("{page}/joined");
    for path in [page.clone(), format!("{page}/apps/monal")] {
        let open = server.get(&format!("{path}?lang=en")).await;
        assert_links(&open, &format!("{joined}?lang=en"));
        let watch = format!(
            "data-state=\"{page}/state\" data-from=\"pending\" data-until=\"used\" data-go=\"{joined}?lang=en\""
        );
        assert!(open.body.contains(&watch), "{}", open.body);
    }
    let before = server.get(&joined).await;
    assert_eq!(before.status.as_u16(), 200);
    assert_safe(&before, "before");
    assert_shows(&before, &["not-joined-heading", "not-joined", "check-again", "back-to-invitation"]);
    assert_links(&before, &page);
    server.redeem(&minted, "juliet").await;
    let after = server.get(&joined).await;
    assert_eq!(after.status.as_u16(), 200);
    assert_safe(&after, "after");
    assert_shows(&after, &["joined-heading", "joined", "joined-not-you", "ask-again-operator"]);
    assert!(!words(&after.body).contains("juliet"), "{}", after.body);
}

#[tokio::test]
async fn nothing_is_told_about_one_of_many() {
    let server = TestServer::open().await;
    let many = server.mint(Draft { max_uses: Some(2), ..Draft::default() }).await;
    let endless = server.mint(Draft { max_uses: None, ..Draft::default() }).await;
    let contact = Draft { kind: Kind::Contact, inviter: Some(name("ann")), ..Draft::default() };
    let contact = server.mint(contact).await;
    let reset = Draft { kind: Kind::PasswordReset, username: Some(name("ann")), ..Draft::default() };
    let reset = server.mint(reset).await;
    server.redeem(&many, "bob").await;
    server.redeem(&endless, "eve").await;
    for minted in [&many, &endless, &contact] {
        let page = page_of(&minted.token);
        for path in [page.clone(), format!("{page}/apps/monal")] {
            let open = server.get(&path).await;
            assert!(!open.body.contains("/joined") && !open.body.contains("id=\"watch\""), "{}", open.body);
        }
    }
    // A reset has no account to join with; its page turns to the one of the used link.
    let page = page_of(&reset.token);
    let open = server.get(&page).await;
    assert!(open.body.contains(&format!("data-go=\"{page}\"")) && !open.body.contains("/joined"));
    for minted in [&many, &endless, &contact, &reset] {
        let page = page_of(&minted.token);
        let answer = server.get(&format!("{page}/joined")).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, Some(page.as_str())));
    }
    server.redeem(&many, "carol").await;
    let answer = server.get(&format!("{}/joined", page_of(&many.token))).await;
    assert_eq!(answer.status.as_u16(), 303);
}
