//! A public URL with a path: every address works below it and without it.

use vestibule_core::Draft;
use vestibule_web::Links;

use super::{messages::message, pages::html::words, test_server::TestServer};

#[tokio::test]
async fn every_address_works_with_and_without_the_path() {
    let server = TestServer::with(Links::new("https://example.com/join").unwrap(), None).await;
    let key = server.key().await;
    let token = server.mint(Draft::default()).await.token;
    let style = {
        let page = server.get(&format!("/invite/{}", token.expose())).await;
        let page = page.body;
        let name = page.split_once("href=\"/join/static/").unwrap().1.split_once('"').unwrap().0;
        format!("/static/{name}")
    };
    for prefix in ["", "/join"] {
        let answer = server.get(&format!("{prefix}/invites_api?key={key}")).await;
        assert_eq!(answer.status.as_u16(), 201, "{prefix}");
        let link = format!("https://example.com/join/invite/{}", answer.token());
        assert_eq!(answer.header("location"), Some(link.as_str()), "{prefix}");

        for path in [&format!("/invite/{}", token.expose()), style.as_str(), "/healthz", "/readyz"] {
            assert_eq!(server.get(&format!("{prefix}{path}")).await.status.as_u16(), 200, "{prefix}{path}");
            let head = server.send("HEAD", &format!("{prefix}{path}"), &[]).await;
            assert_eq!((head.status.as_u16(), head.body.as_str()), (200, ""), "{prefix}{path}");
        }
        let front = server.get(&format!("{prefix}/")).await;
        assert_eq!(front.status.as_u16(), 200, "{prefix}");
        assert!(front.body.contains("action=\"/join/\""), "{prefix}: {}", front.body);
        let missing = server.get(&format!("{prefix}/invite/nosuchtoken")).await;
        assert_eq!(missing.status.as_u16(), 404, "{prefix}");
        assert!(
            words(&missing.body).contains(&message("unknown-heading", &[])),
            "{prefix}: {}",
            missing.body
        );
    }
}

#[tokio::test]
async fn nothing_answers_outside_the_base_path() {
    let server = TestServer::with(Links::new("https://example.com/join").unwrap(), None).await;
    let token = server.mint(Draft::default()).await.token;
    for path in ["/joinx", "/joinx/invite/T", "/join/join/invite/T", "/other/invite/T"] {
        let answer = server.get(&path.replace('T', token.expose())).await;
        assert_eq!(answer.status.as_u16(), 404, "{path}");
        assert!(words(&answer.body).contains(&message("missing-heading", &[])), "{path}: {}", answer.body);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
    }
}
