//! `/invite/...` and `/static/...`: what invited people see.

use std::time::Duration;

use vestibule_core::{Draft, Edit, Kind, Token};
use vestibule_web::Links;

use super::bench::{Answer, Bench, WEEK, name};

/// What every page carries, because its address may hold a token.
const SAFE: [(&str, &str); 6] = [
    ("content-type", "text/html; charset=utf-8"),
    ("cache-control", "no-store"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-robots-tag", "noindex, nofollow"),
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'",
    ),
];

fn assert_safe(answer: &Answer, case: &str) {
    for (name, value) in SAFE {
        assert_eq!(answer.header(name), Some(value), "{case}: {name}");
    }
    assert!(answer.body.starts_with("<!doctype html>"), "{case}");
    assert!(!answer.body.contains("<script") && !answer.body.contains("http"), "{case}: {}", answer.body);
}

fn assert_dead(answer: &Answer, title: &str, case: &str) {
    assert_eq!(answer.status.as_u16(), 404, "{case}");
    assert_safe(answer, case);
    assert_eq!(answer.header("link"), None, "{case}");
    assert!(answer.body.contains(&format!("<h1>{title}</h1>")), "{case}: {}", answer.body);
    assert!(answer.body.contains("whoever invited you for a new link"), "{case}: {}", answer.body);
    assert!(!answer.body.contains("xmpp:"), "{case}: {}", answer.body);
}

fn page_of(token: &Token) -> String {
    format!("/invite/{}", token.expose())
}

/// The address of the style sheet that a page names.
fn style_of(page: &str) -> String {
    let link = page.split_once("rel=\"stylesheet\" href=\"").unwrap().1;
    link.split_once('"').unwrap().0.replace("&#x2f;", "/")
}

#[tokio::test]
async fn each_kind_has_its_page() {
    let bench = Bench::with(Links::new("https://example.com").unwrap(), Some("Example Chat")).await;
    let draft = |kind, username: Option<&str>, inviter: Option<&str>| Draft {
        kind,
        username: username.map(name),
        inviter: inviter.map(name),
        ..Draft::default()
    };
    let table: [(Draft, &str, &[&str]); 6] = [
        (
            draft(Kind::Account, None, None),
            "xmpp:example.com?register;preauth=T",
            &["Join Example Chat", "<strong>example.com</strong>"],
        ),
        (
            draft(Kind::Account, Some("bob"), Some("ann")),
            "xmpp:bob@example.com?register;preauth=T",
            &["Join Example Chat", "<strong>ann</strong>", "<strong>bob@example.com</strong>"],
        ),
        (
            draft(Kind::AccountAndContact, None, Some("ann")),
            "xmpp:ann@example.com?roster;preauth=T;ibr=y",
            &["Join Example Chat", "<strong>ann</strong>", "<strong>example.com</strong>"],
        ),
        (
            draft(Kind::Contact, None, Some("ann")),
            "xmpp:ann@example.com?roster;preauth=T",
            &["ann wants to chat with you", "<strong>ann@example.com</strong>"],
        ),
        (
            draft(Kind::PasswordReset, Some("carol"), None),
            "xmpp:carol@example.com?register;preauth=T",
            &["New password for carol", "<strong>carol@example.com</strong>"],
        ),
        (
            draft(Kind::Contact, None, Some("ünï;ibr=y")),
            "xmpp:%C3%BCn%C3%AF%3Bibr%3Dy@example.com?roster;preauth=T",
            &["ünï;ibr=y wants to chat with you"],
        ),
    ];
    for (draft, uri, texts) in table {
        let minted = bench.mint(draft).await;
        let answer = bench.get(&page_of(&minted.token)).await;
        assert_eq!(answer.status.as_u16(), 200, "{uri}");
        assert_safe(&answer, uri);
        let uri = uri.replace("preauth=T", &format!("preauth={}", minted.token.expose()));
        assert_eq!(answer.header("link"), Some(format!("<{uri}>; rel=\"alternate\"").as_str()));
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{uri}");
        assert_eq!(answer.header("access-control-expose-headers"), Some("Link"), "{uri}");
        assert!(answer.body.contains(&format!("href=\"{uri}\"")), "{uri}: {}", answer.body);
        assert!(answer.body.contains("2027-01-22 08:00:00 UTC"), "{uri}: {}", answer.body);
        for text in texts {
            assert!(answer.body.contains(text), "{uri}: no {text:?} in {}", answer.body);
        }
    }
}

#[tokio::test]
async fn nothing_that_somebody_typed_becomes_markup() {
    let hostile = "<script>alert(\"1\")</script>' {{ 7*7 }}";
    let bench = Bench::with(Links::new("https://example.com").unwrap(), Some(hostile)).await;
    let minted = bench
        .mint(Draft {
            username: Some(name("{{7*7}}{%if")),
            inviter: Some(name("`onload=alert(1)")),
            note: Some("<img src=x onerror=alert(1)>".to_owned()),
            groups: vec!["<b>group".to_owned()],
            ..Draft::default()
        })
        .await;
    let answer = bench.get(&page_of(&minted.token)).await;
    assert_eq!(answer.status.as_u16(), 200);
    assert_safe(&answer, "hostile");
    assert!(answer.body.contains("&lt;script&gt;alert(&quot;1&quot;)"), "{}", answer.body);
    assert!(answer.body.contains("{{ 7*7 }}") && answer.body.contains("{{7*7}}{%if@"), "{}", answer.body);
    assert!(!answer.body.contains("<img") && !answer.body.contains("<b>"), "{}", answer.body);
    let missing = bench.get("/invite/%3Cscript%3Ealert(1)%3C%2Fscript%3E").await;
    assert_dead(&missing, "Invite not found", "hostile token");
    assert!(!missing.body.contains("alert"), "{}", missing.body);
}

#[tokio::test]
async fn head_is_answered_like_get_without_the_page() {
    let bench = Bench::open().await;
    let minted = bench.mint(Draft::default()).await;
    let page = page_of(&minted.token);
    let style = style_of(&bench.get(&page).await.body);
    for path in [page.as_str(), "/invite/nosuchtoken", style.as_str(), "/nothing/here"] {
        let (get, head) = (bench.get(path).await, bench.send("HEAD", path, &[]).await);
        assert_eq!((head.status, head.body.as_str()), (get.status, ""), "{path}");
        assert_eq!(head.headers, get.headers, "{path}");
    }
    let answer = bench.send("POST", &page, &[]).await;
    assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, Some("GET,HEAD")));
}

#[tokio::test]
async fn looking_never_uses_an_invite_up() {
    let bench = Bench::open().await;
    let minted = bench.mint(Draft::default()).await;
    let page = page_of(&minted.token);
    for method in ["GET", "GET", "HEAD"] {
        assert_eq!(bench.send(method, &page, &[]).await.status.as_u16(), 200);
        let (invite, _) = bench.desk.find(minted.token.expose()).await.unwrap().unwrap();
        assert_eq!(invite, minted.invite);
    }
    bench.redeem(&minted, "bob").await;
    assert_eq!(bench.get(&page).await.status.as_u16(), 404);
}

#[tokio::test]
async fn an_unknown_token_has_a_page_that_says_so() {
    let bench = Bench::open().await;
    let minted = bench.mint(Draft::default()).await;
    let token = minted.token.expose();
    let other = format!("{}{}", &token[..27], if token.ends_with('A') { 'B' } else { 'A' });
    for text in ["0123456789abcdefghijABCDEFGH", other.as_str(), &token[..27], "x", "%FF%FE", "%00", "a%2Fb"]
    {
        let answer = bench.get(&format!("/invite/{text}")).await;
        assert_dead(&answer, "Invite not found", text);
    }
    for path in ["/", "/invite", "/invite/", "/invite/a/b", "/static/"] {
        let answer = bench.get(path).await;
        assert_eq!(answer.status.as_u16(), 404, "{path}");
        assert_safe(&answer, path);
        assert!(answer.body.contains("copied whole"), "{path}: {}", answer.body);
    }
}

#[tokio::test]
async fn an_expired_invite_has_a_page_that_says_so() {
    let bench = Bench::open().await;
    let page = page_of(&bench.mint(Draft::default()).await.token);
    bench.advance(WEEK.checked_sub(Duration::from_millis(1)).unwrap());
    assert_eq!(bench.get(&page).await.status.as_u16(), 200);
    bench.advance(Duration::from_millis(1));
    assert_dead(&bench.get(&page).await, "Invite expired", "expired");
}

#[tokio::test]
async fn a_used_invite_has_a_page_that_says_so() {
    let bench = Bench::open().await;
    let minted = bench.mint(Draft { max_uses: Some(2), ..Draft::default() }).await;
    let page = page_of(&minted.token);
    bench.redeem(&minted, "bob").await;
    assert_eq!(bench.get(&page).await.status.as_u16(), 200);
    bench.redeem(&minted, "carol").await;
    let answer = bench.get(&page).await;
    assert_dead(&answer, "Invite already used", "used");
    assert!(answer.body.contains("log in"), "{}", answer.body);
    assert!(!answer.body.contains("carol"), "{}", answer.body);
}

#[tokio::test]
async fn a_revoked_invite_has_a_page_that_says_so() {
    let bench = Bench::open().await;
    let minted = bench.mint(Draft::default()).await;
    let (store, id) = (bench.desk.store(), minted.invite.id);
    store.edit_invite(&bench.operator, id, Edit::revoke()).await.unwrap();
    assert_dead(&bench.get(&page_of(&minted.token)).await, "Invite withdrawn", "revoked");
    let back = Edit { revoked: Some(false), ..Edit::default() };
    store.edit_invite(&bench.operator, id, back).await.unwrap();
    assert_eq!(bench.get(&page_of(&minted.token)).await.status.as_u16(), 200);
}

#[tokio::test]
async fn the_style_is_kept_for_a_year_under_its_own_name() {
    let bench = Bench::open().await;
    let page = bench.get(&page_of(&bench.mint(Draft::default()).await.token)).await;
    let style = style_of(&page.body);
    assert!(style.starts_with("/static/style-"), "{style}");
    let answer = bench.get(&style).await;
    assert_eq!(answer.status.as_u16(), 200);
    assert_eq!(answer.header("content-type"), Some("text/css; charset=utf-8"));
    assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert!(answer.body.contains('{') && !answer.body.contains("http"));
    for name in ["style.css", "style-0000000000000000.css", "..%2Fstyle.css"] {
        let answer = bench.get(&format!("/static/{name}")).await;
        assert_eq!(answer.status.as_u16(), 404, "{name}");
        assert_safe(&answer, name);
    }
}

#[tokio::test]
async fn a_name_that_is_no_text_is_no_file() {
    let bench = Bench::open().await;
    let answer = bench.get("/static/%FF").await;
    assert_eq!(answer.status.as_u16(), 404, "{}", answer.body);
    assert_safe(&answer, "%FF");
}
