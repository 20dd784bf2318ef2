//! `/invite/{token}`: the landing page of an invite.

use vestibule_core::{Draft, Kind};
use vestibule_web::{Links, SiteSettings};

use super::html::{assert_links, assert_safe, assert_says, assert_shows, page_of, unescaped, words};
use crate::surfaces::{
    messages::message,
    test_server::{TestServer, name},
};

pub(super) const ANDROID: (&str, &str) = ("user-agent", "Mozilla/5.0 (Linux; Android 14; Pixel) Mobile");
const WINDOWS: (&str, &str) = ("user-agent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)");

fn draft(kind: Kind, username: Option<&str>, inviter: Option<&str>) -> Draft {
    Draft { kind, username: username.map(name), inviter: inviter.map(name), ..Draft::default() }
}

#[tokio::test]
async fn each_kind_has_its_page() {
    let server = TestServer::with(Links::new("https://example.com").unwrap(), Some("Example Chat")).await;
    let site = ("site", "Example Chat");
    let ann = ("inviter", "ann");
    let heading = message("join-heading", &[site]);
    let invited_by = message("join-invited-by", &[ann, site]);
    let table: [(Draft, &str, &[&str]); 6] = [
        (
            draft(Kind::Account, None, None),
            "xmpp:example.com?register;preauth=T",
            &[&heading, &message("join-invited", &[site])],
        ),
        (
            draft(Kind::Account, Some("bob"), Some("ann")),
            "xmpp:bob@example.com?register;preauth=T",
            &[&heading, &invited_by, &message("join-name-kept", &[("address", "bob@example.com")])],
        ),
        (
            draft(Kind::AccountAndContact, None, Some("ann")),
            "xmpp:ann@example.com?roster;preauth=T;ibr=y",
            &[&heading, &invited_by, &message("join-contact", &[ann])],
        ),
        (
            draft(Kind::Contact, None, Some("ann")),
            "xmpp:ann@example.com?roster;preauth=T",
            &[
                &message("contact-heading", &[ann]),
                &message("contact-invited", &[("address", "ann@example.com")]),
            ],
        ),
        (
            draft(Kind::PasswordReset, Some("carol"), None),
            "xmpp:carol@example.com?register;preauth=T",
            &[&message("reset-heading", &[]), &message("reset-invited", &[("address", "carol@example.com")])],
        ),
        (
            draft(Kind::Contact, None, Some("ünï;ibr=y")),
            "xmpp:%C3%BCn%C3%AF%3Bibr%3Dy@example.com?roster;preauth=T",
            &[&message("contact-heading", &[("inviter", "ünï;ibr=y")])],
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
        assert_says(&answer, &["January 22"]);
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
            let values = [("inviter", own), ("site", "example.com")];
            assert_says(&answer, &[&message("join-invited-by", &values)]);
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
    let apps_for = |device| message("device-apps", &[("device", device)]);
    assert_says(&phone, &[&apps_for("Android"), "Conversations", "yaxim"]);
    assert_shows(&phone, &["account-instead"]);
    assert!(!phone.body.contains("Gajim") && !phone.body.contains("Monal"), "{}", phone.body);
    // No app for Windows supports invites, so the account is created first.
    let invite_service = server.send("GET", &page, &[WINDOWS]).await;
    assert_says(&invite_service, &[&apps_for("Windows"), "Gajim"]);
    assert_shows(&invite_service, &["step-account", "app-instead"]);
    assert_links(&invite_service, &format!("{page}/register"));
    // A selected device is kept by the links of the page.
    let corrected = server.send("GET", &format!("{page}?device=ios"), &[WINDOWS]).await;
    assert_says(&corrected, &[&apps_for(&message("device-ios", &[])), "Monal", "Snikket"]);
    assert_links(&corrected, &format!("{page}/apps/monal?device=ios"));
    let unknown = server.get(&page).await;
    assert_shows(&unknown, &["step-app"]);
    assert_says(&unknown, &["Conversations", "Monal", "Gajim", "Dino"]);
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
    let places = |count| message("join-places", &[("count", count)]);
    assert_says(&server.get(&page).await, &[&places("3")]);
    server.redeem(&minted, "bob").await;
    server.redeem(&minted, "carol").await;
    assert_says(&server.get(&page).await, &[&places("1")]);
    for uses in [None, Some(1), Some(1000)] {
        let minted = server.mint(Draft { max_uses: uses, ..Draft::default() }).await;
        let answer = server.get(&page_of(&minted.token)).await;
        for count in ["0", "1", "1000"] {
            assert!(!words(&answer.body).contains(&places(count)), "{}", answer.body);
        }
    }
}

#[tokio::test]
async fn a_preview_does_not_contain_the_token() {
    let server = TestServer::with(Links::new("https://example.com").unwrap(), Some("Example Chat")).await;
    let minted = server.mint(draft(Kind::AccountAndContact, None, Some("ann"))).await;
    let answer = server.get(&page_of(&minted.token)).await;
    let head = answer.body.split_once("</head>").unwrap().0;
    let site = [("site", "Example Chat")];
    for (property, key) in [("og:title", "invite-title"), ("og:description", "invite-preview")] {
        let tag = format!("property=\"{property}\" content=\"{}\"", message(key, &site));
        assert!(head.contains(&tag), "{head}");
    }
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
