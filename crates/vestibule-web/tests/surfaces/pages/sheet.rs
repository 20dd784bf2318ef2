//! `/invite/{token}/sheet`: the sheet for a helper.

use vestibule_core::{Draft, InviterName, Kind};
use vestibule_web::{Links, SiteSettings};

use super::html::{assert_links, assert_safe, assert_says, assert_shows, page_of, words};
use crate::surfaces::{
    messages::message,
    test_server::{TestServer, name},
};

#[tokio::test]
async fn a_sheet_has_the_steps_for_the_device() {
    let server = TestServer::with(Links::new("https://example.com").unwrap(), Some("Example Chat")).await;
    let minted = server
        .mint(Draft {
            kind: Kind::AccountAndContact,
            inviter: Some(name("ann")),
            inviter_name: InviterName::parse("Aunt Ann").unwrap(),
            ..Draft::default()
        })
        .await;
    let page = page_of(&minted.token);
    assert_links(&server.get(&format!("{page}?device=ios")).await, &format!("{page}/sheet?device=ios"));
    let install = |app| message("sheet-step-install", &[("app", app)]);
    for (device, app, keys) in [
        ("ios", "Monal", ["sheet-step-scan", "sheet-step-open"]),
        ("android", "Snikket", ["sheet-step-scan", "sheet-step-open"]),
        ("windows", "Gajim", ["sheet-step-scan", "step-account"]),
    ] {
        let answer = server.get(&format!("{page}/sheet?device={device}")).await;
        assert_eq!(answer.status.as_u16(), 200, "{device}");
        assert_safe(&answer, device);
        assert_says(&answer, &[&install(app), &message("sheet-step-first", &[("inviter", "Aunt Ann")])]);
        assert_says(&answer, &["ann@example.com", "@example.com"]);
        assert_says(&answer, &[&format!("https://example.com{page}")]);
        assert_shows(&answer, &keys);
        assert_shows(&answer, &["sheet-for", "sheet-address", "sheet-password", "sheet-help"]);
        assert!(answer.body.contains(&format!("src=\"{page}/qr.svg\"")), "{}", answer.body);
    }
    let unknown = server.get(&format!("{page}/sheet")).await;
    assert_shows(&unknown, &["step-account", "welcome-login"]);
}

#[tokio::test]
async fn a_reserved_address_and_the_operator_are_on_the_sheet() {
    let settings = SiteSettings { operator: Some("Call 555 0123.".to_owned()), ..SiteSettings::default() };
    let server = TestServer::of_site(settings).await;
    let minted = server.mint(Draft { username: Some(name("gertrud")), ..Draft::default() }).await;
    let answer = server.get(&format!("{}/sheet", page_of(&minted.token))).await;
    assert_says(&answer, &["gertrud@example.com", "Call 555 0123."]);
    let open = server.mint(Draft::default()).await;
    let answer = server.get(&format!("{}/sheet", page_of(&open.token))).await;
    assert!(!words(&answer.body).contains("gertrud"), "{}", answer.body);
}

#[tokio::test]
async fn an_invite_that_makes_no_account_has_no_sheet() {
    let server = TestServer::open().await;
    let contact = Draft { kind: Kind::Contact, inviter: Some(name("ann")), ..Draft::default() };
    let reset = Draft { kind: Kind::PasswordReset, username: Some(name("bob")), ..Draft::default() };
    for draft in [contact, reset] {
        let page = page_of(&server.mint(draft).await.token);
        assert_eq!(server.get(&format!("{page}/sheet")).await.status.as_u16(), 404);
        assert!(!server.get(&page).await.body.contains("/sheet"));
    }
}
