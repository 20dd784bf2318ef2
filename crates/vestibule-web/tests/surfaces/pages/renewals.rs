//! `POST /invite/{token}/renewal`, and the pages before and after it.

use serde_json::{Value, json};
use vestibule_core::{Action, Draft, EventQuery, InviteChanges, InviterName, Kind};

use super::html::{assert_safe, assert_shows, page_of};
use crate::surfaces::{
    log,
    test_server::{Answer, HOST, TestServer, WEEK, api_client::at, name},
};

const SAME_ORIGIN: (&str, &str) = ("sec-fetch-site", "same-origin");

impl TestServer {
    async fn asks(&self, page: &str) -> Answer {
        self.send("POST", &format!("{page}/renewal"), &[SAME_ORIGIN]).await
    }

    async fn requests(&self) -> usize {
        let query = EventQuery { after: 0, limit: 1_000 };
        let events = self.invite_service.store().events(&self.operator, query).await.unwrap().items;
        events.iter().filter(|event| event.action == Action::InviteRenewalRequested).count()
    }
}

#[track_caller]
fn assert_redirect(answer: &Answer, target: &str) {
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, Some(target)), "{answer:?}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn a_request_is_answered_by_the_same_link() {
    log::listen();
    let server = TestServer::open().await;
    let key = server.key_for("bridge").await;
    let draft = Draft { inviter_name: InviterName::parse("Ann").unwrap(), ..Draft::default() };
    let minted = server.mint(draft).await;
    let page = page_of(&minted.token);
    server.advance(WEEK);
    let before = server.get(&format!("{page}?lang=de")).await;
    assert!(before.body.contains(&format!("action=\"{page}/renewal?lang=de\"")), "{}", before.body);
    // Two taps are one request. The answer keeps the language.
    for _ in 0..2 {
        let answer = server.send("POST", &format!("{page}/renewal?lang=de"), &[SAME_ORIGIN]).await;
        assert_redirect(&answer, &format!("{page}?lang=de"));
    }
    let after = server.get(&page).await;
    assert_eq!(after.status.as_u16(), 404);
    assert_safe(&after, "asked");
    assert_shows(&after, &["expired-heading", "asked-heading", "asked"]);
    assert!(!after.body.contains("/renewal"), "{}", after.body);

    let (id, path) = (minted.invite.id.to_string(), at("invites", &json!(minted.invite.id.to_string()), ""));
    let list = server.json("GET", "/v1/invites?renewal_requested=true", &key, Value::Null).await.ok(200);
    assert_eq!((list["items"].as_array().unwrap().len(), &list["items"][0]["id"]), (1, &json!(id)));
    assert_eq!(list["items"][0]["renewal_requested_at"], "2027-01-22T08:00:00Z");
    let others = server.json("GET", "/v1/invites?renewal_requested=false", &key, Value::Null).await.ok(200);
    assert_eq!(others["items"], json!([]));
    let events = server.json("GET", "/v1/events", &key, Value::Null).await.ok(200);
    let newest = events["items"].as_array().unwrap().last().unwrap();
    assert_eq!((&newest["action"], &newest["source"]), (&json!("invite.renewal-requested"), &json!("page")));
    assert_eq!((&newest["subject"], &newest["detail"]), (&json!(id), &Value::Null));
    let metrics = server.get("/metrics").await.body;
    let line = format!("vestibule_events_total{{host=\"{HOST}\",action=\"invite.renewal-requested\"}} 1");
    assert!(metrics.lines().any(|found| found == line), "{metrics}");

    let renewed = json!({ "expires_at": "2027-02-01T08:00:00Z" });
    let renewed = server.json("PATCH", &path, &key, renewed).await.ok(200);
    assert_eq!((&renewed["state"], &renewed["renewal_requested_at"]), (&json!("pending"), &Value::Null));
    assert_eq!(server.get(&page).await.status.as_u16(), 200);
    assert_redirect(&server.asks(&page).await, &page);
    assert_eq!(server.requests().await, 1);
    assert!(!log::heard().contains(minted.token.expose()));
}

#[tokio::test]
async fn a_reset_is_renewed_too() {
    let server = TestServer::open().await;
    let draft = Draft { kind: Kind::PasswordReset, username: Some(name("ann")), ..Draft::default() };
    let page = page_of(&server.mint(draft).await.token);
    server.advance(WEEK);
    assert_redirect(&server.asks(&page).await, &page);
    assert_shows(&server.get(&page).await, &["reset-expired-heading", "asked-heading", "asked-reset"]);
}

#[tokio::test]
async fn nothing_is_requested_where_no_renewal_would_help() {
    let server = TestServer::open().await;
    let [pending, revoked, bound] = [
        server.mint(Draft::default()).await,
        server.mint(Draft::default()).await,
        server.mint(Draft { username: Some(name("ann")), ..Draft::default() }).await,
    ];
    let store = server.invite_service.store();
    store.edit_invite(&server.operator, revoked.invite.id, InviteChanges::revoke()).await.unwrap();
    server.redeem(&bound, "ann").await;
    for minted in [&pending, &revoked, &bound] {
        let page = page_of(&minted.token);
        assert_redirect(&server.asks(&page).await, &page);
    }
    let unknown = server.asks("/invite/0123456789abcdefghijABCDEFGH").await;
    assert_eq!(unknown.status.as_u16(), 404);
    assert_shows(&unknown, &["unknown-heading"]);
    assert_eq!(server.requests().await, 0);
}

#[tokio::test]
async fn a_page_of_another_site_requests_nothing() {
    let server = TestServer::open().await;
    let page = page_of(&server.mint(Draft::default()).await.token);
    server.advance(WEEK);
    for header in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        assert_redirect(&server.send("POST", &format!("{page}/renewal"), &[header]).await, &page);
    }
    for method in ["GET", "PUT"] {
        let answer = server.send(method, &format!("{page}/renewal"), &[SAME_ORIGIN]).await;
        assert_eq!(answer.status.as_u16(), 405, "{method}");
    }
    assert_eq!(server.requests().await, 0);
    // A body that nobody asked for is not read, and ends the connection.
    let large = "x".repeat(1 << 20);
    let answer = server.send_body("POST", &format!("{page}/renewal"), &[SAME_ORIGIN], large).await;
    assert_eq!(answer.header("connection"), Some("close"));
    assert_eq!(server.requests().await, 1);
}
