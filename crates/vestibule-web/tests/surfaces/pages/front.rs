//! `/`: the start page.

use vestibule_core::Draft;
use vestibule_web::{HttpState, Links, SiteSettings};

use super::html::{assert_links, assert_safe, assert_says, assert_shows, page_of};
use crate::surfaces::{
    messages::message,
    test_server::{Answer, TestServer},
};

async fn paste(server: &TestServer, path: &str, link: &str) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).append_pair("link", link).finish();
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    server.send_body("POST", path, &headers, body).await
}

#[tokio::test]
async fn the_start_page_says_what_this_is_and_how_one_gets_in() {
    let server = TestServer::of_site(SiteSettings {
        name: Some("Example Chat".to_owned()),
        promises: vec!["free".to_owned()],
        operator: Some("Ann & Bob".to_owned()),
        webchat_url: Some("https://example.com/web".to_owned()),
        ..SiteSettings::default()
    })
    .await;
    let answer = server.get("/").await;
    assert_eq!(answer.status.as_u16(), 200);
    assert_safe(&answer, "front");
    assert_says(&answer, &[&message("front-what", &[("site", "Example Chat")]), "Ann & Bob"]);
    assert_shows(
        &answer,
        &["front-invitation", "front-have-link", "front-link", "promise-free", "welcome-login"],
    );
    assert_links(&answer, "https://example.com/web");
    let german = server.send("GET", "/?lang=de", &[]).await;
    assert!(german.body.contains("<html lang=\"de\"") && german.body.contains("action=\"/?lang=de\""));
}

#[tokio::test]
async fn a_pasted_link_is_opened() {
    let server = TestServer::open().await;
    let minted = server.mint(Draft::default()).await;
    let (token, page) = (minted.token.expose(), page_of(&minted.token));
    for link in [
        token.to_owned(),
        format!("https://example.com{page}"),
        format!("  Look: https://example.com{page}. \r\n"),
        format!("xmpp:example.com?register;preauth={token}"),
        format!("https://example.com/invite/{}\r\n{}", &token[..14], &token[14..]),
    ] {
        let answer = paste(&server, "/?lang=de", &link).await;
        assert_eq!(answer.status.as_u16(), 303, "{link}");
        assert_eq!(answer.header("location"), Some(format!("{page}?lang=de").as_str()), "{link}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{link}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{link}");
    }
}

#[tokio::test]
async fn text_without_a_link_is_shown_again() {
    let server = TestServer::open().await;
    for link in ["", "hello", "https://evil.example/\"><script>alert(1)</script>"] {
        let answer = paste(&server, "/", link).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (422, None), "{link}");
        assert_safe(&answer, link);
        assert_shows(&answer, &["unknown-heading", "unknown-what"]);
        assert!(!answer.body.contains("<script>alert"), "{}", answer.body);
    }
    assert!(paste(&server, "/", "hello").await.body.contains("value=\"hello\""));
    let long = paste(&server, "/", &"x".repeat(20_000)).await;
    assert_eq!(long.status.as_u16(), 422);
    let other = server.send_body("POST", "/", &[("content-type", "text/plain")], "\u{0}").await;
    assert_eq!(other.status.as_u16(), 422);
}

#[tokio::test]
async fn an_address_with_several_hosts_names_none_of_them() {
    let mut links = Links::new("https://chat.example.net").unwrap();
    links.set_base("own.example", "https://own.example").unwrap();
    links.set_base("one.example", "https://both.example").unwrap();
    links.set_base("two.example", "https://both.example").unwrap();
    let server = TestServer::with(links, Some("Example Chat")).await;
    for (host, name) in [
        ("chat.example.net", "Example Chat"),
        ("CHAT.example.net:443", "Example Chat"),
        ("own.example", "own.example"),
        ("both.example", "both.example"),
        // A proxy that does not pass the host on.
        ("127.0.0.1:8280", "chat.example.net"),
    ] {
        let answer = server.send("GET", "/", &[("host", host)]).await;
        assert_eq!(answer.status.as_u16(), 200, "{host}");
        assert_says(&answer, &[&message("front-what", &[("site", name)])]);
        assert!(!answer.body.contains("one.example"), "{host}: {}", answer.body);
    }
    let alone =
        TestServer::behind(HttpState::default(), Links::new("https://a.example").unwrap(), Some("Alone"))
            .await;
    let answer = alone.send("GET", "/", &[("host", "127.0.0.1:8280")]).await;
    assert_says(&answer, &[&message("front-what", &[("site", "Alone")])]);
}

#[tokio::test]
async fn an_unknown_address_leads_back_to_the_start_page() {
    let server = TestServer::open().await;
    for path in ["/nothing", "/invite/0123456789abcdefghijABCDEFGH"] {
        let answer = server.get(&format!("{path}?lang=de")).await;
        assert_eq!(answer.status.as_u16(), 404, "{path}");
        assert_links(&answer, "/?lang=de");
    }
}
