//! `/invite/{token}`: the landing page of an invite.

use vestibule_core::{Draft, Kind};
use vestibule_web::{Links, SiteSettings};

use super::html::{assert_links, assert_safe, assert_says, page_of, unescaped};
use crate::surfaces::test_server::{TestServer, name};

pub(super) const ANDROID: (&str, &str) = ("user-agent", "Mozilla/5.0 (Linux; Android 14; Pixel) Mobile");
const WINDOWS: (&str, &str) = ("user-agent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)");

fn draft(kind: Kind, username: Option<&str>, inviter: Option<&str>) -> Draft {
    Draft { kind, username: username.map(name), inviter: inviter.map(name), ..Draft::default() }
}

#[tokio::test]
async fn each_kind_has_its_page() {
    let server = TestServer::with(Links::new("https://example.com").unwrap(), Some("Example Chat")).await;
    let table: [(Draft, &str, &[&str]); 6] = [
        (
            draft(Kind::Account, None, None),
            "xmpp:example.com?register;preauth=T",
            &["Join Example Chat", "You are invited to chat on Example Chat."],
        ),
        (
            draft(Kind::Account, Some("bob"), Some("ann")),
            "xmpp:bob@example.com?register;preauth=T",
            &["Join Example Chat", "ann invites you", "bob@example.com is kept for you"],
        ),
        (
            draft(Kind::AccountAndContact, None, Some("ann")),
            "xmpp:ann@example.com?roster;preauth=T;ibr=y",
            &["Join Example Chat", "ann invites you to chat on Example Chat.", "you and ann are in contact"],
        ),
        (
            draft(Kind::Contact, None, Some("ann")),
            "xmpp:ann@example.com?roster;preauth=T",
            &["ann wants to chat with you", "ann@example.com would like"],
        ),
        (
            draft(Kind::PasswordReset, Some("carol"), None),
            "xmpp:carol@example.com?register;preauth=T",
            &["Choose a new password", "the owner of carol@example.com"],
        ),
        (
            draft(Kind::Contact, None, Some("ünï;ibr=y")),
            "xmpp:%C3%BCn%C3%AF%3Bibr%3Dy@example.com?roster;preauth=T",
            &["ünï;ibr=y wants to chat with you"],
        ),
    ];
    for (draft, uri, texts) in table {
        let minted = server.mint(draft).await;
        let answer = server.get(&page_of(&minted.token)).await;
        assert_eq!(answer.status.as_u16(), 200, "{uri}");
        assert_safe(&answer, uri);
        let uri = uri.replace("preauth=T", &format!("preauth={}", minted.token.expose()));
        assert_eq!(answer.header("link"), Some(format!("<{uri}>; rel=\"alternate\"").as_str()));
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{uri}");
        assert_eq!(answer.header("access-control-expose-headers"), Some("Link"), "{uri}");
        assert_links(&answer, &uri);
        assert_says(&answer, texts);
        assert_says(&answer, &["Friday, January 22, 2027 at 8:00\u{202f}AM UTC"]);
    }
}

#[tokio::test]
async fn a_cached_page_shows_no_values_of_another_invite() {
    let server = TestServer::open().await;
    let ann = server.mint(draft(Kind::Account, Some("bob"), Some("ann"))).await;
    let eve = server.mint(draft(Kind::Account, Some("mallory"), Some("eve"))).await;
    for _ in 0..2 {
        for (minted, own, other) in [(&ann, "ann", "eve"), (&eve, "eve", "ann")] {
            let answer = server.get(&page_of(&minted.token)).await;
            assert_says(&answer, &[&format!("{own} invites you")]);
            assert!(!answer.body.contains(&format!("<bdi>{other}</bdi>")), "{}", answer.body);
            let foreign = if own == "ann" { &eve } else { &ann };
            assert!(!answer.body.contains(foreign.token.expose()), "{}", answer.body);
        }
    }
}

#[tokio::test]
async fn apps_of_this_device_come_first() {
    let server = TestServer::open().await;
    let minted = server.mint(Draft::default()).await;
    let page = page_of(&minted.token);
    let phone = server.send("GET", &page, &[ANDROID]).await;
    assert_says(
        &phone,
        &["Apps for Android", "Conversations", "yaxim", "You would rather create your account here"],
    );
    assert!(!phone.body.contains("Gajim") && !phone.body.contains("Monal"), "{}", phone.body);
    // No app for Windows supports invites, so the account is created first.
    let invite_service = server.send("GET", &page, &[WINDOWS]).await;
    assert_says(
        &invite_service,
        &["Apps for Windows", "Gajim", "Create your account", "You have an app that can open invitations?"],
    );
    assert_links(&invite_service, &format!("{page}/register"));
    // A selected device is kept by the links of the page.
    let corrected = server.send("GET", &format!("{page}?device=ios"), &[WINDOWS]).await;
    assert_says(&corrected, &["Apps for iPhone / iPad", "Monal", "Snikket"]);
    assert_links(&corrected, &format!("{page}/apps/monal?device=ios"));
    let unknown = server.get(&page).await;
    assert_says(&unknown, &["Get an app", "Conversations", "Monal", "Gajim", "Dino"]);
}

#[tokio::test]
async fn without_a_registrar_only_apps_create_accounts() {
    let server = TestServer::without_registrar().await;
    let join = server.mint(Draft::default()).await;
    let reset = server.mint(draft(Kind::PasswordReset, Some("carol"), None)).await;
    let answer = server.send("GET", &page_of(&join.token), &[WINDOWS]).await;
    assert!(!answer.body.contains("register\"") && !answer.body.contains("/register"), "{}", answer.body);
    let answer = server.get(&page_of(&reset.token)).await;
    assert!(!unescaped(&answer.body).contains("/reset"), "{}", answer.body);
    assert_links(&answer, &format!("xmpp:carol@example.com?register;preauth={}", reset.token.expose()));
    for (token, page) in
        [(&join.token, "register"), (&join.token, "username?name=x"), (&reset.token, "reset")]
    {
        let answer = server.get(&format!("/invite/{}/{page}", token.expose())).await;
        assert_eq!(answer.status.as_u16(), 404, "{page}");
    }
}

#[tokio::test]
async fn an_invite_with_many_uses_shows_the_remaining_ones() {
    let server = TestServer::open().await;
    let minted = server.mint(Draft { max_uses: Some(3), ..Draft::default() }).await;
    let page = page_of(&minted.token);
    assert_says(&server.get(&page).await, &["This link works for 3 more people."]);
    server.redeem(&minted, "bob").await;
    server.redeem(&minted, "carol").await;
    assert_says(&server.get(&page).await, &["This link works for one more person."]);
    for uses in [None, Some(1), Some(1000)] {
        let minted = server.mint(Draft { max_uses: uses, ..Draft::default() }).await;
        let answer = server.get(&page_of(&minted.token)).await;
        assert!(!answer.body.contains("This link works"), "{}", answer.body);
    }
}

#[tokio::test]
async fn a_preview_does_not_contain_the_token() {
    let server = TestServer::with(Links::new("https://example.com").unwrap(), Some("Example Chat")).await;
    let minted = server.mint(draft(Kind::AccountAndContact, None, Some("ann"))).await;
    let answer = server.get(&page_of(&minted.token)).await;
    let head = answer.body.split_once("</head>").unwrap().0;
    assert!(head.contains("property=\"og:title\" content=\"Invitation to Example Chat\""), "{head}");
    assert!(head.contains("property=\"og:description\" content=\"Open the invitation to join"), "{head}");
    assert!(!head.contains(minted.token.expose()), "{head}");
}

#[tokio::test]
async fn typed_text_is_escaped() {
    let hostile = "<script>alert(\"1\")</script>' {{ 7*7 }}";
    let settings = SiteSettings { name: Some(hostile.to_owned()), ..SiteSettings::default() };
    let server = TestServer::of_site(settings).await;
    let minted = server
        .mint(Draft {
            username: Some(name("{{7*7}}{%if")),
            inviter: Some(name("`onload=alert(1)")),
            note: Some("<img src=x onerror=alert(1)>".to_owned()),
            groups: vec!["<b>group".to_owned()],
            ..Draft::default()
        })
        .await;
    for page in [page_of(&minted.token), format!("{}/register", page_of(&minted.token))] {
        let answer = server.get(&page).await;
        assert_eq!(answer.status.as_u16(), 200);
        assert!(answer.body.contains("&lt;script&gt;alert(&quot;1&quot;)"), "{}", answer.body);
        assert!(answer.body.contains("{{ 7*7 }}") && answer.body.contains("{{7*7}}{%if"), "{}", answer.body);
        assert!(
            !answer.body.contains("<script>alert") && !answer.body.contains("<img src=x"),
            "{}",
            answer.body
        );
        assert!(!answer.body.contains("<b>group"), "{}", answer.body);
    }
}

#[tokio::test]
async fn head_is_answered_like_get_without_the_page() {
    let server = TestServer::open().await;
    let page = page_of(&server.mint(Draft::default()).await.token);
    let paths = ["", "/qr.svg", "/apps/monal", "/register"].map(|rest| format!("{page}{rest}"));
    for path in paths.iter().map(String::as_str).chain(["/invite/nosuchtoken", "/nothing/here"]) {
        let (get, head) = (server.get(path).await, server.send("HEAD", path, &[]).await);
        assert_eq!((head.status, head.body.as_str()), (get.status, ""), "{path}");
        assert_eq!(head.headers, get.headers, "{path}");
    }
    let answer = server.send("POST", &page, &[]).await;
    assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, Some("GET,HEAD")));
}

#[tokio::test]
async fn viewing_never_uses_an_invite() {
    let server = TestServer::open().await;
    let minted = server.mint(Draft::default()).await;
    let page = page_of(&minted.token);
    for method in ["GET", "GET", "HEAD"] {
        for rest in ["", "/qr.svg", "/apps/monal", "/register", "/username?name=bob"] {
            assert_eq!(
                server.send(method, &format!("{page}{rest}"), &[]).await.status.as_u16(),
                200,
                "{rest}"
            );
        }
        let (invite, _) = server.invite_service.find(minted.token.expose()).await.unwrap().unwrap();
        assert_eq!(invite, minted.invite);
    }
    server.redeem(&minted, "bob").await;
    assert_eq!(server.get(&page).await.status.as_u16(), 404);
}

#[tokio::test]
async fn the_qr_code_contains_the_link() {
    let server = TestServer::open().await;
    let minted = server.mint(Draft::default()).await;
    let answer = server.get(&format!("{}/qr.svg", page_of(&minted.token))).await;
    assert_eq!(answer.header("content-type"), Some("image/svg+xml"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let link = format!("https://example.com/invite/{}", minted.token.expose());
    let code = vestibule_web::Code::of(&link).unwrap();
    assert!(answer.body.contains(&format!("d=\"{}\"", code.path())) && answer.body.contains("fill=\"#fff\""));
}
