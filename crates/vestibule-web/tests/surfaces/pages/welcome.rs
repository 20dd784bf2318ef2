//! `/invite/{token}/welcome`: the page of a new account, for the browser whose form created it.

use std::time::Duration;

use vestibule_core::{Draft, Kind};
use vestibule_web::Links;

use super::{
    forms::{GOOD, assert_welcome, post, send},
    html::{assert_links, assert_safe, assert_says, assert_shows, page_of, unescaped, words},
};
use crate::surfaces::{
    log,
    test_server::{Answer, TestServer, name},
};

const FIELDS: [(&str, &str); 2] = [("username", "juliet"), ("password", GOOD)];

/// The cookie of an answer, as a browser sends it back.
fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

#[track_caller]
fn assert_redirect(answer: &Answer, target: &str) {
    assert_eq!(answer.status.as_u16(), 303, "{}", words(&answer.body));
    assert_eq!(answer.header("location"), Some(target));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn a_form_leads_to_a_page_that_survives_a_reload() {
    log::listen();
    let server = TestServer::open().await;
    let page = page_of(&server.mint(Draft::default()).await.token);
    let answer = post(&server, &format!("{page}/register?lang=de&app=gajim"), &FIELDS).await;
    let welcome = format!("{page}/welcome?lang=de");
    assert_redirect(&answer, &welcome);
    let attributes = format!("; Path={page}/welcome; Max-Age=3600; HttpOnly; SameSite=Strict; Secure");
    assert!(answer.header("set-cookie").unwrap().ends_with(&attributes), "{answer:?}");
    let cookie = cookie(&answer);
    for _ in 0..2 {
        let shown = server.send("GET", &welcome, &[("cookie", &format!("a=b; {cookie}"))]).await;
        assert_eq!(shown.status.as_u16(), 200, "{}", words(&shown.body));
        assert_safe(&shown, "welcome");
        assert_says(&shown, &["Du bist dabei, juliet!", "juliet@example.com", "Gajim"]);
        assert!(!format!("{answer:?} {shown:?}").contains(GOOD));
    }
    assert!(!cookie.contains("juliet") && !log::heard().contains(GOOD) && !log::heard().contains(&cookie));
    server.advance(Duration::from_hours(1));
    assert_redirect(&server.send("GET", &welcome, &[("cookie", &cookie)]).await, &format!("{page}?lang=de"));
}

#[tokio::test]
async fn other_browsers_see_the_page_of_the_invite() {
    let server = TestServer::open().await;
    let [one, other] = [
        server.mint(Draft::default()).await,
        server.mint(Draft { max_uses: Some(9), ..Draft::default() }).await,
    ];
    let [page, other] = [page_of(&one.token), page_of(&other.token)];
    let own = cookie(&post(&server, &format!("{page}/register"), &FIELDS).await);
    let fields = [("username", "romeo"), ("password", GOOD)];
    let foreign = cookie(&post(&server, &format!("{other}/register"), &fields).await);
    let forged = own.replacen(|letter: char| letter.is_ascii_uppercase(), "b", 1);
    let grant = server.invite_service.form_grant(&one.invite).unwrap();
    let grant = format!("vestibule-receipt={grant}");
    for bad in ["", "vestibule-receipt=", "vestibule-receipt=x", &foreign, &forged, &grant] {
        let answer = server.send("GET", &format!("{page}/welcome"), &[("cookie", bad)]).await;
        assert_redirect(&answer, &page);
        assert_eq!(answer.header("set-cookie"), None, "{bad}");
    }
    let unknown = server.get("/invite/0123456789abcdefghijABCDEFGH/welcome").await;
    assert_eq!(unknown.status.as_u16(), 404);
    assert_shows(&unknown, &["unknown-heading"]);
    // A form with an error proves nothing.
    let refused =
        post(&server, &format!("{other}/register"), &[("username", "romeo"), ("password", "x")]).await;
    assert_eq!((refused.status.as_u16(), refused.header("set-cookie")), (422, None));
}

#[tokio::test]
async fn the_cookie_fits_the_public_url() {
    let server = TestServer::with(Links::new("http://localhost:8280/join").unwrap(), None).await;
    let page = format!("/join{}", page_of(&server.mint(Draft::default()).await.token));
    let answer = post(&server, &format!("{page}/register"), &FIELDS).await;
    assert_redirect(&answer, &format!("{page}/welcome"));
    let end = format!("; Path={page}/welcome; Max-Age=3600; HttpOnly; SameSite=Strict");
    assert!(answer.header("set-cookie").unwrap().ends_with(&end), "{answer:?}");
}

#[tokio::test]
async fn the_page_names_the_contact_and_the_groups() {
    let server = TestServer::open().await;
    let draft = Draft {
        kind: Kind::AccountAndContact,
        inviter: Some(name("ann+x")),
        groups: vec!["family".to_owned(), "chess <club>".to_owned()],
        ..Draft::default()
    };
    let page = page_of(&server.mint(draft).await.token);
    let answer = send(&server, &format!("{page}/register"), &FIELDS).await;
    assert_welcome(&answer, "juliet@example.com");
    let texts = ["is already in your contacts.", "You’re in the groups", "family, chess <club>", "Say hello"];
    let text = unescaped(&words(&answer.body)).replace("&lt;", "<").replace("&gt;", ">");
    assert!(texts.iter().all(|expected| text.contains(expected)), "{text}");
    assert_links(&answer, "xmpp:ann%2Bx@example.com?message");
}

#[tokio::test]
async fn a_reset_has_the_page_without_steps() {
    let server = TestServer::open().await;
    server.registrar.has_account("carol", "the old password");
    let draft = Draft { kind: Kind::PasswordReset, username: Some(name("carol")), ..Draft::default() };
    let page = page_of(&server.mint(draft).await.token);
    let answer = post(&server, &format!("{page}/reset"), &[("password", GOOD)]).await;
    assert_redirect(&answer, &format!("{page}/welcome"));
    let shown = server.send("GET", &format!("{page}/welcome"), &[("cookie", &cookie(&answer))]).await;
    assert_says(&shown, &["carol@example.com"]);
    assert_shows(&shown, &["reset-done-heading", "password-yours"]);
    assert!(!shown.body.contains("class=\"steps\""), "{}", words(&shown.body));
}

/// The account exists, so the page is shown even if it cannot get an address of its own.
#[tokio::test]
async fn without_randomness_the_page_is_the_answer() {
    let server = TestServer::open().await;
    let minted = server.mint(Draft { max_uses: Some(2), ..Draft::default() }).await;
    server.redeem(&minted, "juliet").await;
    server.registrar.has_account("juliet", GOOD);
    server.break_randomness(true);
    let answer = post(&server, &format!("{}/register", page_of(&minted.token)), &FIELDS).await;
    assert_welcome(&answer, "juliet@example.com");
}

#[tokio::test]
async fn the_page_knows_its_form() {
    let server = TestServer::open().await;
    let page = page_of(&server.mint(Draft::default()).await.token);
    let form = server.get(&format!("{page}/register")).await;
    let grant = form.body.split_once("name=\"grant\" value=\"").unwrap().1.split('"').next().unwrap();
    let fields = [FIELDS[0], FIELDS[1], ("grant", grant)];
    let answer = send(&server, &format!("{page}/register"), &fields).await;
    assert!(answer.body.contains(&format!("data-form=\"{}\"", &grant[..16])), "{}", answer.body);
}
