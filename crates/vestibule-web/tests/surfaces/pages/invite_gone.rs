//! Invites that are not valid, and unknown addresses.

use std::time::Duration;

use vestibule_core::{Draft, InviteChanges, InviterName, Kind, MintedInvite};
use vestibule_web::SiteSettings;

use super::{
    html::{assert_links, assert_safe, assert_says, assert_shows, page_of, words},
    landing::ANDROID,
};
use crate::surfaces::{
    messages::message,
    test_server::{Answer, TestServer, WEEK, name},
};

/// Asserts that the page shows the messages, but nothing of the invite.
fn assert_dead(answer: &Answer, keys: &[&str], case: &str) {
    assert_eq!(answer.status.as_u16(), 404, "{case}");
    assert_safe(answer, case);
    assert_eq!(answer.header("link"), None, "{case}");
    // A web client of another origin can distinguish it from an outage.
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{case}");
    assert_shows(answer, keys);
    assert!(!answer.body.contains("xmpp:"), "{case}: {}", answer.body);
}

#[tokio::test]
async fn an_unknown_token_has_its_page() {
    let server = TestServer::open().await;
    let minted = server.mint(Draft::default()).await;
    let token = minted.token.expose();
    let other = format!("{}{}", &token[..27], if token.ends_with('A') { 'B' } else { 'A' });
    for text in ["0123456789abcdefghijABCDEFGH", other.as_str(), &token[..27], "x", "%FF%FE", "%00", "a%2Fb"]
    {
        for rest in ["", "/qr.svg", "/register", "/reset", "/username"] {
            let answer = server.get(&format!("/invite/{text}{rest}")).await;
            assert_dead(&answer, &["unknown-heading", "new-link-advice"], text);
        }
    }
    let hostile = server.get("/invite/%3Cscript%3Ealert(1)%3C%2Fscript%3E").await;
    assert_dead(&hostile, &["unknown-heading", "new-link-advice"], "hostile token");
    assert!(!hostile.body.contains("alert"), "{}", hostile.body);
    for path in ["/invite", "/invite/", "/invite/a/b", "/static/", "/invites_page?x", "/register?t=x"] {
        let answer = server.get(path).await;
        assert_eq!(answer.status.as_u16(), 404, "{path}");
        assert_safe(&answer, path);
        assert!(
            ["unknown-what", "missing-advice"]
                .iter()
                .any(|key| words(&answer.body).contains(&message(key, &[]))),
            "{path}"
        );
    }
}

#[tokio::test]
async fn an_expired_invite_has_its_page() {
    let server = TestServer::open().await;
    let page = page_of(&server.mint(Draft::default()).await.token);
    server.advance(WEEK.checked_sub(Duration::from_millis(1)).unwrap());
    assert_eq!(server.get(&page).await.status.as_u16(), 200);
    server.advance(Duration::from_millis(1));
    for rest in ["", "/register", "/apps/monal", "/qr.svg"] {
        let answer = server.get(&format!("{page}{rest}")).await;
        assert_dead(&answer, &["expired-heading", "ask-again-operator"], rest);
    }
}

#[tokio::test]
async fn a_used_invite_has_its_page() {
    let server = TestServer::open().await;
    let minted = server.mint(Draft { max_uses: Some(2), ..Draft::default() }).await;
    let page = page_of(&minted.token);
    server.redeem(&minted, "bob").await;
    assert_eq!(server.get(&page).await.status.as_u16(), 200);
    server.redeem(&minted, "carol").await;
    for rest in ["", "/register"] {
        let answer = server.get(&format!("{page}{rest}")).await;
        assert_dead(&answer, &["used-heading", "used-advice"], "used");
        assert!(!words(&answer.body).contains("carol"), "{}", answer.body);
    }
}

#[tokio::test]
async fn a_used_invite_tells_how_to_log_in() {
    let settings =
        SiteSettings { webchat_url: Some("https://chat.example.com/".to_owned()), ..SiteSettings::default() };
    let server = TestServer::of_site(settings).await;
    let minted = server.mint(Draft { username: Some(name("ann")), ..Draft::default() }).await;
    server.redeem(&minted, "ann").await;
    let answer = server.send("GET", &page_of(&minted.token), &[ANDROID]).await;
    assert_dead(&answer, &["used-heading", "used-what", "used-advice", "setup-login"], "used");
    assert_says(&answer, &[&message("setup-login-hint", &[("app", "Snikket")])]);
    assert_links(&answer, "https://chat.example.com/");
    // The account has the name that the invite was for, so no renewal would help.
    assert!(!answer.body.contains("/renewal"), "{}", answer.body);
    // Without a known device, no app is chosen.
    assert_shows(&server.get(&page_of(&minted.token)).await, &["welcome-login"]);
}

#[tokio::test]
async fn a_dead_invite_names_the_inviter_or_the_operator() {
    let operator = "The people of Example Chat. Questions: ann@example.com";
    let server =
        TestServer::of_site(SiteSettings { operator: Some(operator.to_owned()), ..SiteSettings::default() })
            .await;
    let named = Draft { inviter_name: InviterName::parse("Aunt <Ann>").unwrap(), ..Draft::default() };
    let contact = Draft { kind: Kind::Contact, inviter: Some(name("bob")), ..Draft::default() };
    let [named, contact, plain] =
        [server.mint(named).await, server.mint(contact).await, server.mint(Draft::default()).await];
    server.advance(WEEK);
    let words_of = async |minted: &MintedInvite| {
        let answer = server.get(&page_of(&minted.token)).await;
        assert_dead(&answer, &["expired-heading"], "expired");
        (words(&answer.body).replace("&lt;", "<").replace("&gt;", ">"), answer.body)
    };
    let values = [("inviter", "Aunt <Ann>"), ("site", "example.com")];
    let (text, page) = words_of(&named).await;
    assert!(text.contains(&message("invited-by", &values)), "{text}");
    assert!(text.contains(&message("ask-again", &values)), "{text}");
    assert!(page.contains("<details class=\"operator\">"), "{page}");
    let (text, _) = words_of(&contact).await;
    assert!(text.contains(&message("contact-heading", &[("inviter", "bob")])), "{text}");
    let (text, page) = words_of(&plain).await;
    assert!(text.contains(&message("ask-again-operator", &[])) && text.contains(operator), "{text}");
    assert!(page.contains("<details class=\"operator\" open>"), "{page}");
}

#[tokio::test]
async fn a_revoked_invite_has_its_page() {
    let server = TestServer::open().await;
    let minted = server.mint(Draft::default()).await;
    let (store, id) = (server.invite_service.store(), minted.invite.id);
    store.edit_invite(&server.operator, id, InviteChanges::revoke()).await.unwrap();
    let answer = server.get(&page_of(&minted.token)).await;
    assert_dead(&answer, &["revoked-heading", "new-link-advice"], "revoked");
    assert!(!answer.body.contains("/renewal"), "{}", answer.body);
    let back = InviteChanges { revoked: Some(false), ..InviteChanges::default() };
    store.edit_invite(&server.operator, id, back).await.unwrap();
    assert_eq!(server.get(&page_of(&minted.token)).await.status.as_u16(), 200);
}

#[tokio::test]
async fn a_reset_link_that_is_gone_has_its_own_messages() {
    let server = TestServer::open().await;
    let mint = async |username: &str| {
        let username = Some(name(username));
        server.mint(Draft { kind: Kind::PasswordReset, username, ..Draft::default() }).await
    };
    let (used, revoked, expired) = (mint("ann").await, mint("bob").await, mint("carol").await);
    server.redeem(&used, "ann").await;
    server
        .invite_service
        .store()
        .edit_invite(&server.operator, revoked.invite.id, InviteChanges::revoke())
        .await
        .unwrap();
    for (minted, wait, keys) in [
        (&used, Duration::ZERO, ["reset-used-heading", "reset-used-advice"]),
        (&revoked, Duration::ZERO, ["reset-revoked-heading", "reset-revoked-what"]),
        (&expired, WEEK, ["reset-expired-heading", "ask-again-reset"]),
    ] {
        server.advance(wait);
        for rest in ["", "/reset", "/qr.svg"] {
            let answer = server.get(&format!("{}{rest}", page_of(&minted.token))).await;
            assert_eq!(answer.status.as_u16(), 404, "{keys:?}");
            assert_safe(&answer, rest);
            assert_shows(&answer, &keys);
            let address = format!("{}@example.com", minted.invite.username.as_ref().unwrap());
            assert_says(&answer, &[&message("reset-title", &[("address", &address)])]);
            assert!(
                !words(&answer.body).contains(&message("used-what", &[])) && !answer.body.contains("xmpp:"),
                "{}",
                answer.body
            );
        }
    }
}

#[tokio::test]
async fn a_page_for_another_kind_of_invite_is_not_found() {
    let server = TestServer::open().await;
    let draft = |kind, username: Option<&str>, inviter: Option<&str>| Draft {
        kind,
        username: username.map(name),
        inviter: inviter.map(name),
        ..Draft::default()
    };
    for (draft, rest) in [
        (draft(Kind::Account, None, None), "reset"),
        (draft(Kind::Account, Some("bob"), None), "reset"),
        (draft(Kind::Contact, None, Some("ann")), "register"),
        (draft(Kind::Contact, None, Some("ann")), "username?name=x"),
        (draft(Kind::PasswordReset, Some("carol"), None), "register"),
        (draft(Kind::Account, None, None), "apps/nosuchapp"),
    ] {
        let kind = draft.kind;
        let minted = server.mint(draft).await;
        let answer = server.get(&format!("{}/{rest}", page_of(&minted.token))).await;
        assert_eq!(answer.status.as_u16(), 404, "{kind} {rest}");
        assert_safe(&answer, rest);
        assert_shows(&answer, &["missing-heading"]);
    }
}
