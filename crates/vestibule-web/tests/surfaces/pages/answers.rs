//! Snapshots of whole pages, one for each address and for each reason why it shows another page.

use std::time::Duration;

use vestibule_core::{Draft, InviteChanges, Kind};
use vestibule_web::{BruteForceLimiter, HttpState, Links, SiteSettings};

use super::{
    forms::{GOOD, register, send},
    html::page_of,
};
use crate::surfaces::{
    snapshot::snapshot,
    test_server::{TestServer, WEEK, name},
};

async fn server() -> TestServer {
    TestServer::of_site(SiteSettings { name: Some("Example Chat".to_owned()), ..SiteSettings::default() })
        .await
}

#[tokio::test]
async fn pages_of_an_invite() {
    let server = server().await;
    let draft = Draft {
        kind: Kind::AccountAndContact,
        inviter: Some(name("ann")),
        expiry: vestibule_core::Expiry::In(Duration::from_hours(24)),
        ..Draft::default()
    };
    let page = page_of(&server.mint(draft).await.token);
    snapshot!("landing", server.get(&page).await);
    snapshot!("setup", server.get(&format!("{page}/apps/conversations")).await);
    snapshot!("setup_of_unknown_app", server.get(&format!("{page}/apps/unknown")).await);
    snapshot!("sheet", server.get(&format!("{page}/sheet")).await);
    snapshot!("qr", server.get(&format!("{page}/qr.svg")).await);
    snapshot!("register", server.get(&format!("{page}/register?app=gajim")).await);
    snapshot!("state", server.get(&format!("{page}/state")).await);
    snapshot!("not_joined", server.get(&format!("{page}/joined")).await);
    snapshot!("username_free", server.get(&format!("{page}/username?name=juliet")).await);
    snapshot!("username_wrong", server.get(&format!("{page}/username?name=a%40b")).await);
    let form = format!("{page}/register");
    snapshot!("register_refused", register(&server, &form, "a b", "short").await);
    snapshot!("register_done", register(&server, &form, "juliet", GOOD).await);
}

#[tokio::test]
async fn pages_of_a_password_reset() {
    let server = server().await;
    let draft = Draft { kind: Kind::PasswordReset, username: Some(name("bob")), ..Draft::default() };
    let page = format!("{}/reset", page_of(&server.mint(draft).await.token));
    snapshot!("reset", server.get(&page).await);
    snapshot!("reset_refused", send(&server, &page, &[("password", "short")]).await);
    snapshot!("reset_done", send(&server, &page, &[("password", GOOD)]).await);
}

#[tokio::test]
async fn pages_without_an_invite() {
    let server = server().await;
    let used = server.mint(Draft::default()).await;
    server.redeem(&used, "carol").await;
    snapshot!("invite_used", server.get(&page_of(&used.token)).await);
    snapshot!("joined", server.get(&format!("{}/joined", page_of(&used.token))).await);
    let revoked = server.mint(Draft::default()).await;
    let changes = InviteChanges::revoke();
    server.invite_service.store().edit_invite(&server.operator, revoked.invite.id, changes).await.unwrap();
    snapshot!("invite_revoked", server.get(&page_of(&revoked.token)).await);
    let expired = server.mint(Draft::default()).await;
    server.advance(WEEK);
    let page = page_of(&expired.token);
    snapshot!("invite_expired", server.get(&page).await);
    snapshot!("renewal", server.send("POST", &format!("{page}/renewal"), &[]).await);
    snapshot!("renewal_requested", server.get(&page).await);
    snapshot!("invite_unknown", server.get("/invite/0123456789abcdefghijABCDEFGH").await);
    snapshot!("front", server.get("/").await);
    snapshot!("not_found", server.get("/nothing").await);
    snapshot!("method_not_allowed", server.send("PUT", "/invite/0123456789abcdefghijABCDEFGH", &[]).await);
    snapshot!("old_link", server.get("/invite?0123456789abcdefghijABCDEFGH").await);
}

#[tokio::test]
async fn the_page_after_too_many_unknown_tokens() {
    let http_state =
        HttpState { limiter: BruteForceLimiter::new("1/min".parse().ok()), ..HttpState::default() };
    let links = Links::new("https://example.com").unwrap();
    let server = TestServer::behind(http_state, links, Some("Example Chat")).await;
    let unknown = "/invite/0123456789abcdefghijABCDEFGH";
    server.get(unknown).await;
    snapshot!("too_many_requests", server.get(unknown).await);
}
