//! `/static/{name}`

use vestibule_core::Draft;
use vestibule_web::SiteSettings;

use super::html::{assert_safe, page_of, unescaped};
use crate::surfaces::test_server::TestServer;

const LOGO: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";

/// Returns the paths of the static files that a page loads.
fn files_of(page: &str) -> Vec<String> {
    let page = unescaped(page);
    let mut files: Vec<_> = page
        .split("/static/")
        .skip(1)
        .map(|rest| format!("/static/{}", rest.split('"').next().unwrap()))
        .collect();
    files.sort();
    files.dedup();
    files
}

#[tokio::test]
async fn static_files_are_cached_for_a_year() {
    let logo = Some(("logo.svg".to_owned(), LOGO.as_bytes().to_vec()));
    let css = Some("main { border-width: 3px }".to_owned());
    let server = TestServer::of_site(SiteSettings {
        logo,
        css,
        accent: Some("#aa3311".to_owned()),
        ..SiteSettings::default()
    })
    .await;
    let page = format!("{}/register", page_of(&server.mint(Draft::default()).await.token));
    let files = files_of(&server.get(&page).await.body);
    assert_eq!(files.len(), 4, "{files:?}");
    let css = "text/css; charset=utf-8";
    for (file, kind) in files.iter().zip(["text/javascript; charset=utf-8", "image/svg+xml", css, css]) {
        let answer = server.get(file).await;
        assert_eq!(answer.status.as_u16(), 200, "{file}");
        assert_eq!(answer.header("content-type"), Some(kind), "{file}");
        assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert!(answer.header("content-security-policy").unwrap().contains("sandbox"), "{file}");
        let (get, head) = (server.get(file).await, server.send("HEAD", file, &[]).await);
        assert_eq!((head.status, head.headers), (get.status, get.headers), "{file}");
    }
    let style = server.get(&files[3]).await.body;
    assert!(style.contains("--accent:#aa3311") && style.ends_with("main { border-width: 3px }"), "{style}");
    assert!(!style.contains("url(") && !style.contains("@import"));
}

#[tokio::test]
async fn an_unknown_path_has_an_error_page() {
    let server = TestServer::open().await;
    for name in ["style.css", "style-0000000000000000.css", "..%2Fstyle.css", "%FF"] {
        let answer = server.get(&format!("/static/{name}")).await;
        assert_eq!(answer.status.as_u16(), 404, "{name}");
        assert_safe(&answer, name);
    }
}
