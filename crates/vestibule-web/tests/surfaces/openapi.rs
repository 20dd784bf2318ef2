use std::{env, fs};

use vestibule_web::v1::openapi_json;

use super::test_server::TestServer;

/// The description in the repository.
const CHECKED_IN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");

/// The environment variable that `make openapi` sets.
const WRITE: &str = "VESTIBULE_WRITE_OPENAPI";

#[test]
fn the_checked_in_description_matches_the_code() {
    let made = openapi_json();
    if env::var_os(WRITE).is_some() {
        fs::write(CHECKED_IN, &made).unwrap();
    }
    let checked_in = fs::read_to_string(CHECKED_IN).unwrap_or_default();
    assert!(
        made == checked_in,
        "docs/openapi.json is outdated; run `make openapi` and review the difference"
    );
}

#[tokio::test]
async fn the_page_shows_every_operation_and_loads_only_its_own_style() {
    let server = TestServer::open().await;
    let page = server.get("/docs").await;
    assert_eq!(page.status, 200);
    let description: serde_json::Value =
        serde_json::from_str(&server.get("/openapi.json").await.body).unwrap();
    let mut operations = 0;
    for item in description["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(page.body.contains(&format!("<article id=\"{id}\">")), "{id}");
            operations += 1;
        }
    }
    assert!(operations >= 15);
    assert_eq!(description["servers"][0]["url"], "https://example.com");
    assert!(page.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
    assert!(!page.body.contains("<script") && !page.body.contains("://"), "nothing from elsewhere");
    let style = page.body.split("href=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(server.get(style).await.status, 200);
}
