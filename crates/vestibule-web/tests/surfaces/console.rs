//! `/admin`: log-in, pages, changes, and attacks on sessions.

use std::time::Duration;

use http::StatusCode;
use vestibule_core::{Draft, SESSION_IDLE_TIMEOUT, State, rules};
use vestibule_web::Links;

use super::{
    messages::message,
    test_server::{Answer, HOST, TestServer},
};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const SAME_ORIGIN: (&str, &str) = ("sec-fetch-site", "same-origin");

/// A browser that is logged in.
struct Browser<'a> {
    server: &'a TestServer,
    cookie: String,
}

impl TestServer {
    async fn login_path(&self, name: &str) -> String {
        let (secret, _) = self.invite_service.create_login_link(&self.operator, name).await.unwrap();
        format!("/admin/login/{}", secret.expose())
    }

    async fn logged_in(&self, name: &str) -> Browser<'_> {
        let path = self.login_path(name).await;
        let answer = self.send("POST", &path, &[SAME_ORIGIN]).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, Some("/admin/")), "{answer:?}");
        let cookie = answer.header("set-cookie").unwrap();
        let attributes = "; Path=/; HttpOnly; SameSite=Strict; Secure";
        assert!(cookie.starts_with("__Host-vestibule-session=") && cookie.ends_with(attributes), "{cookie}");
        Browser { server: self, cookie: cookie.split(';').next().unwrap().to_owned() }
    }
}

impl Browser<'_> {
    async fn get(&self, path: &str) -> Answer {
        self.server.send("GET", path, &[("cookie", &self.cookie)]).await
    }

    /// The page at a path, which must be one.
    async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("form-action 'self'"), "{policy}");
        answer.body
    }

    async fn form_token(&self) -> String {
        let page = self.page("/admin/").await;
        let value = page.split("name=\"form_token\" value=\"").nth(1).unwrap();
        value.split('"').next().unwrap().to_owned()
    }

    async fn send(&self, path: &str, fields: &str) -> Answer {
        let body = format!("form_token={}&{fields}", self.form_token().await);
        self.server.send_body("POST", path, &[("cookie", &self.cookie), FORM, SAME_ORIGIN], body).await
    }
}

#[tokio::test]
async fn a_login_link_shows_a_button_and_works_once() {
    let server = TestServer::open().await;
    let path = server.login_path("ann").await;
    for _ in 0..3 {
        let page = server.get(&path).await;
        assert_eq!(
            (page.status, page.header("set-cookie")),
            (StatusCode::OK, None),
            "a preview changes nothing"
        );
        assert!(page.body.contains(&format!("method=\"post\" action=\"{path}\"")), "{}", page.body);
    }
    // A page of another site does not log a browser in.
    let foreign = server.send("POST", &path, &[("sec-fetch-site", "cross-site")]).await;
    assert_eq!((foreign.status, foreign.header("set-cookie")), (StatusCode::FORBIDDEN, None));
    let answer = server.send("POST", &path, &[SAME_ORIGIN]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    for path in [path.as_str(), "/admin/login/x", &format!("/admin/login/{}", "x".repeat(43))] {
        let answer = server.send("POST", path, &[SAME_ORIGIN]).await;
        assert_eq!((answer.status, answer.header("set-cookie")), (StatusCode::NOT_FOUND, None), "{path}");
        assert!(answer.body.contains(&message("console-link-over-heading", &[])), "{path}");
    }
}

#[tokio::test]
async fn without_a_session_every_page_says_how_to_log_in() {
    let server = TestServer::open().await;
    let id = server.mint(Draft::default()).await.invite.id;
    let invite = format!("/admin/invites/{id}");
    let stranger = format!("__Host-vestibule-session={}", "x".repeat(43));
    for path in ["/admin/", "/admin/invites", "/admin/invites/new", &invite, "/admin/sessions"] {
        for cookie in ["", stranger.as_str(), "vestibule-session=x", "__Host-vestibule-session="] {
            let answer = server.send("GET", path, &[("cookie", cookie)]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {cookie}");
            assert!(answer.body.contains(&message("console-out-heading", &[])), "{path}");
            assert!(answer.body.contains("vestibule admin login-link"), "{path}");
        }
        if path != "/admin/" {
            let headers = [("cookie", stranger.as_str()), FORM, SAME_ORIGIN];
            let answer = server.send_body("POST", path, &headers, "action=revoke".to_owned()).await;
            assert_ne!(answer.status, StatusCode::SEE_OTHER, "{path}");
        }
    }
    let invite = server.invite_service.store().invite(&server.operator, id).await.unwrap().unwrap().invite;
    assert_eq!(rules::state(&invite, server.invite_service.now()), State::Pending);
    let answer = server.get("/admin").await;
    assert_eq!(answer.header("location"), Some("/admin/"));
}

#[tokio::test]
async fn an_invite_is_made_extended_taken_back_and_restored() {
    let server = TestServer::open().await;
    let ann = server.logged_in("ann").await;
    assert!(ann.page("/admin/").await.contains(&message("console-nobody", &[])));
    assert!(ann.page("/admin/invites").await.contains(&message("console-empty", &[])));
    ann.page("/admin/invites/new").await;
    let made = ann
        .send("/admin/invites/new", "kind=account&note=For+%3CBob%3E&uses=2&days=3&username=&message=Hi")
        .await;
    let path = made.header("location").unwrap().to_owned();
    assert_eq!(made.status, StatusCode::SEE_OTHER);
    let page = ann.page(&path).await;
    assert!(page.contains("For &lt;Bob&gt;") && !page.contains("<Bob>"), "{page}");
    assert!(page.contains("https://example.com/invite/") && page.contains("web/ann"), "{page}");
    let id = path.rsplit('/').next().unwrap().parse().unwrap();
    let invite =
        async || server.invite_service.store().invite(&server.operator, id).await.unwrap().unwrap().invite;
    let created = invite().await;
    assert_eq!((created.max_uses, created.source.as_str()), (Some(2), "web/ann"));
    assert_eq!(created.expires_at.since(created.created_at), Duration::from_hours(72));
    let list = ann.page("/admin/invites?show=pending&q=bob").await;
    assert!(list.contains(&path) && list.contains("0/2"), "{list}");
    assert!(!ann.page("/admin/invites?show=used").await.contains(&path));
    assert!(!ann.page("/admin/invites?q=nobody").await.contains(&path));

    assert_eq!(ann.send(&path, "action=extend").await.header("location"), Some(path.as_str()));
    assert_eq!(invite().await.expires_at.since(created.expires_at), Duration::from_hours(7 * 24));
    ann.send(&path, "action=revoke").await;
    assert!(invite().await.revoked_at.is_some());
    let page = ann.page(&path).await;
    assert!(!page.contains("https://example.com/invite/"), "the link of a revoked invite: {page}");
    ann.send(&path, "action=restore").await;
    assert!(invite().await.revoked_at.is_none());
    // A mistake keeps what was typed, and creates nothing.
    let wrong = ann.send("/admin/invites/new", "kind=account&note=Typed&uses=0&days=x").await;
    assert_eq!(wrong.status, StatusCode::OK);
    assert!(
        wrong.body.contains("value=\"Typed\"") && wrong.body.contains(&message("console-wrong", &[])),
        "{}",
        wrong.body
    );
    for path in ["/admin/invites/nonsense", "/admin/invites/01HZZZZZZZZZZZZZZZZZZZZZZZ"] {
        assert_eq!(ann.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_get_changes_nothing_and_a_form_needs_its_token() {
    let server = TestServer::open().await;
    let (ann, bob) = (server.logged_in("ann").await, server.logged_in("bob").await);
    let id = server.mint(Draft::default()).await.invite.id;
    let path = format!("/admin/invites/{id}");
    let invite =
        async || server.invite_service.store().invite(&server.operator, id).await.unwrap().unwrap().invite;
    let before = invite().await;
    ann.page(&format!("{path}?action=revoke")).await;
    let (own, others) = (ann.form_token().await, bob.form_token().await);
    assert_ne!(own, others);
    for (fields, site) in [
        ("action=revoke".to_owned(), "same-origin"),
        ("form_token=&action=revoke".to_owned(), "same-origin"),
        (format!("form_token={others}&action=revoke"), "same-origin"),
        (format!("form_token={own}&action=revoke"), "cross-site"),
        (format!("form_token={own}&action=revoke"), "same-site"),
    ] {
        let headers = [("cookie", ann.cookie.as_str()), FORM, ("sec-fetch-site", site)];
        let answer = server.send_body("POST", &path, &headers, fields.clone()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{fields} {site}");
        assert!(answer.body.contains(&message("console-old-form-heading", &[])), "{fields}");
    }
    assert_eq!(invite().await, before);
    for method in ["PUT", "DELETE", "PATCH"] {
        let answer = server.send(method, &path, &[("cookie", &ann.cookie)]).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
}

#[tokio::test]
async fn sessions_are_shown_and_ended() {
    let server = TestServer::open().await;
    let (ann, bob) = (server.logged_in("ann").await, server.logged_in("bob").await);
    let page = ann.page("/admin/sessions").await;
    assert!(page.contains("bob") && page.contains(&message("console-this-browser", &[])), "{page}");
    let secret = bob.cookie.split_once('=').unwrap().1;
    assert!(!page.contains(secret), "no page has the secret of a session");
    let id = page.split("name=\"session\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(ann.send("/admin/sessions", &format!("session={id}")).await.status, StatusCode::SEE_OTHER);
    assert_eq!(bob.get("/admin/").await.status, StatusCode::FORBIDDEN, "at once");
    let out = ann.send("/admin/logout", "").await;
    assert!(out.header("set-cookie").unwrap().starts_with("__Host-vestibule-session=; Path=/; Max-Age=0"));
    assert_eq!(ann.get("/admin/").await.status, StatusCode::FORBIDDEN);
    let eve = server.logged_in("eve").await;
    server.advance(SESSION_IDLE_TIMEOUT);
    assert_eq!(eve.get("/admin/").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn without_tls_the_cookie_has_no_prefix() {
    let server = TestServer::with(Links::new("http://127.0.0.1:8280/join").unwrap(), None).await;
    let path = server.login_path("ann").await;
    let answer = server.send("POST", &path, &[SAME_ORIGIN]).await;
    assert_eq!(answer.header("location"), Some("/join/admin/"));
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("vestibule-session=") && !cookie.contains("Secure"), "{cookie}");
    let browser = Browser { server: &server, cookie: cookie.split(';').next().unwrap().to_owned() };
    let page = browser.page("/admin/").await;
    assert!(page.contains("href=\"/join/admin/invites\""), "{page}");
    assert!(page.contains(HOST), "{page}");
}
