//! Entity tags, compression and conditional requests of pages and static files.

use std::io::Read;

use flate2::read::GzDecoder;
use vestibule_core::{Draft, Kind, Message};
use vestibule_web::SiteSettings;

use super::{
    html::{assert_safe, page_of},
    landing::ANDROID,
};
use crate::surfaces::test_server::{Answer, TestServer, name};

const GZIP: (&str, &str) = ("accept-encoding", "gzip, br");

fn decoded(answer: &Answer) -> String {
    let mut text = String::new();
    GzDecoder::new(answer.bytes.as_slice()).read_to_string(&mut text).unwrap();
    text
}

/// Returns the paths of everything that browsers may keep.
async fn kept(server: &TestServer) -> Vec<String> {
    let page = page_of(&server.mint(Draft::default()).await.token);
    let html = server.get(&page).await.body;
    let style = html.split_once("rel=\"stylesheet\" href=\"").unwrap().1;
    let style = style.split_once('"').unwrap().0.to_owned();
    let pages = ["", "/apps/monal", "/sheet", "/qr.svg"].map(|rest| format!("{page}{rest}"));
    pages.into_iter().chain(["/", "/docs", "/openapi.json"].map(str::to_owned)).chain([style]).collect()
}

#[tokio::test]
async fn a_browser_that_has_a_page_gets_no_second_copy() {
    let server = TestServer::open().await;
    for path in kept(&server).await {
        for coding in [("accept-encoding", "identity"), GZIP] {
            let first = server.send("GET", &path, &[coding]).await;
            let etag = first.header("etag").unwrap_or_else(|| panic!("{path} has no entity tag"));
            assert_ne!(first.header("cache-control"), Some("no-store"), "{path}");
            for known in [etag.to_owned(), format!("\"x\", W/{etag}")] {
                let again = server.send("GET", &path, &[coding, ("if-none-match", &known)]).await;
                assert_eq!((again.status.as_u16(), again.body.as_str()), (304, ""), "{path} {known}");
                for header in ["etag", "cache-control", "vary", "content-security-policy"] {
                    assert_eq!(again.header(header), first.header(header), "{path}: {header}");
                }
                for header in ["content-length", "content-type", "content-encoding"] {
                    assert_eq!(again.header(header), None, "{path}: {header}");
                }
            }
            let other = server.send("GET", &path, &[coding, ("if-none-match", "\"x\"")]).await;
            assert_eq!((other.status, other.bytes), (first.status, first.bytes), "{path}");
        }
    }
}

#[tokio::test]
async fn a_compressed_answer_is_the_same_content() {
    let server = TestServer::open().await;
    for path in kept(&server).await {
        let plain = server.get(&path).await;
        assert_eq!(plain.header("content-encoding"), None, "{path}");
        let answer = server.send("GET", &path, &[GZIP]).await;
        if path.ends_with("/qr.svg") {
            assert_eq!(answer.bytes, plain.bytes, "{path}");
            continue;
        }
        assert_eq!(answer.header("content-encoding"), Some("gzip"), "{path}");
        assert!(answer.header("vary").unwrap().contains("accept-encoding"), "{path}");
        assert_ne!(answer.header("etag"), plain.header("etag"), "{path}");
        assert_eq!(decoded(&answer), plain.body, "{path}");
        // The values of an invite are not compressed.
        let percent = if path.starts_with("/invite/") { 75 } else { 50 };
        let lengths = (answer.bytes.len(), plain.bytes.len());
        assert!(lengths.0 * 100 < lengths.1 * percent, "{path}: {lengths:?}");
        let head = server.send("HEAD", &path, &[GZIP]).await;
        assert_eq!((head.bytes.len(), &head.headers), (0, &answer.headers), "{path}");
    }
}

/// A longer value makes an answer longer by its own length, whatever it says.
#[tokio::test]
async fn no_length_tells_what_the_values_of_an_invite_resemble() {
    let server = TestServer::open().await;
    let mut lengths = Vec::new();
    for message in ["Open the invitation", "xq9 zkw vbt jfh yyp"] {
        let draft = Draft { message: Message::parse(message).unwrap(), ..Draft::default() };
        let page = page_of(&server.mint(draft).await.token);
        lengths.push(server.send("GET", &page, &[GZIP]).await.bytes.len());
    }
    assert_eq!(lengths[0], lengths[1]);
}

#[tokio::test]
async fn pages_with_an_account_or_a_form_are_neither_kept_nor_compressed() {
    let server = TestServer::open().await;
    let page = page_of(&server.mint(Draft::default()).await.token);
    let reset = Draft { kind: Kind::PasswordReset, username: Some(name("bob")), ..Draft::default() };
    let reset = page_of(&server.mint(reset).await.token);
    for path in [format!("{page}/register"), format!("{reset}/reset"), "/nothing".to_owned()] {
        let answer = server.send("GET", &path, &[GZIP]).await;
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!((answer.header("etag"), answer.header("content-encoding")), (None, None), "{path}");
    }
}

#[tokio::test]
async fn a_page_of_another_visitor_has_another_entity_tag() {
    let server = TestServer::open().await;
    let page = page_of(&server.mint(Draft::default()).await.token);
    let mut tags = Vec::new();
    for headers in [vec![], vec![ANDROID], vec![("accept-language", "de")], vec![GZIP]] {
        let answer = server.send("GET", &page, &headers).await;
        tags.push(answer.header("etag").unwrap().to_owned());
    }
    let another = server.get(&page_of(&server.mint(Draft::default()).await.token)).await;
    tags.push(another.header("etag").unwrap().to_owned());
    let count = tags.len();
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), count, "{tags:?}");
}

#[tokio::test]
async fn a_request_for_a_range_gets_everything() {
    let server = TestServer::open().await;
    for path in kept(&server).await {
        let answer = server.send("GET", &path, &[("range", "bytes=0-9")]).await;
        assert_eq!(answer.status.as_u16(), 200, "{path}");
        assert_eq!(answer.header("content-range"), None, "{path}");
        assert_eq!(answer.bytes, server.get(&path).await.bytes, "{path}");
    }
}

#[tokio::test]
async fn a_page_that_is_gone_is_not_kept() {
    let server = TestServer::of_site(SiteSettings::default()).await;
    let minted = server.mint(Draft::default()).await;
    let page = page_of(&minted.token);
    let etag = server.get(&page).await.header("etag").unwrap().to_owned();
    server.redeem(&minted, "bob").await;
    let answer = server.send("GET", &page, &[("if-none-match", &etag)]).await;
    assert_eq!(answer.status.as_u16(), 404);
    assert_safe(&answer, "gone");
}
