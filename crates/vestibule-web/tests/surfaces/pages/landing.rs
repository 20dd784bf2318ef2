//! `/invite/{token}`: the landing page of an invite.

use vestibule_core::{Capabilities, Draft, InviterName, Kind, LanguageTag, Message};
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
    let heading = message("invited-heading", &[site]);
    let invited_by = message("invited-by-heading", &[ann]);
    let table: [(Draft, &str, &[&str]); 6] = [
        (draft(Kind::Account, None, None), "xmpp:example.com?register;preauth=T", &[&heading]),
        (
            draft(Kind::Account, Some("bob"), Some("ann")),
            "xmpp:bob@example.com?register;preauth=T",
            &[&invited_by, &message("join-name-kept", &[("address", "bob@example.com")])],
        ),
        (
            draft(Kind::AccountAndContact, None, Some("ann")),
            "xmpp:ann@example.com?roster;preauth=T;ibr=y",
            &[&invited_by, &message("join-contact", &[ann])],
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
            assert_says(&answer, &[&message("invited-by-heading", &[("inviter", own)])]);
            assert!(!answer.body.contains(&format!("<bdi>{other}</bdi>")), "{}", answer.body);
            let foreign = if own == "ann" { &eve } else { &ann };
            assert!(!answer.body.contains(foreign.token.expose()), "{}", answer.body);
        }
    }
}

#[tokio::test]
async fn one_app_is_recommended_for_this_device() {
    let server = TestServer::open().await;
    let minted = server.mint(Draft::default()).await;
    let page = page_of(&minted.token);
    let phone = server.send("GET", &page, &[ANDROID]).await;
    let get = |app| message("get-app", &[("app", app)]);
    assert_says(&phone, &[&get("Snikket"), &message("app-for-device", &[("device", "Android")])]);
    assert_shows(&phone, &["installed-open", "nothing-happens", "other-ways", "rescue-browser"]);
    assert_says(&phone, &["Conversations", "yaxim"]);
    assert!(!phone.body.contains("Gajim") && !phone.body.contains("Monal"), "{}", phone.body);
    // No app for Windows supports invites, so the account is created first.
    let windows = server.send("GET", &page, &[WINDOWS]).await;
    assert_says(&windows, &["Gajim"]);
    assert_shows(&windows, &["step-account-hint", "account-button"]);
    assert_links(&windows, &format!("{page}/register"));
    // A selected device is kept by the links of the page.
    let corrected = server.send("GET", &format!("{page}?device=ios"), &[WINDOWS]).await;
    let ios = message("device-ios", &[]);
    assert_says(&corrected, &[&get("Monal"), &message("app-for-device", &[("device", &ios)]), "Siskin IM"]);
    assert_links(&corrected, &format!("{page}/apps/monal?device=ios"));
    let unknown = server.get(&page).await;
    assert_shows(&unknown, &["account-button"]);
    assert_says(&unknown, &["Conversations", "Monal", "Gajim", "Dino"]);
}

/// Browsers of Android show nothing if no app takes an `xmpp:` link, so the link leads to the store then.
#[tokio::test]
async fn android_opens_the_invite_by_an_intent_with_a_way_to_the_store() {
    let server = TestServer::open().await;
    let minted = server.mint(draft(Kind::AccountAndContact, None, Some("ann"))).await;
    let page = page_of(&minted.token);
    let token = minted.token.expose();
    let uri = format!("ann@example.com?roster;preauth={token};ibr=y");
    let referrer = format!("xmpp%253Aann%2540example.com%253Froster%253Bpreauth%253D{token}%253Bibr%253Dy");
    let store = "https%3A%2F%2Fplay.google.com%2Fstore%2Fapps%2Fdetails%3Fid%3D";
    for (path, package, app) in [
        (page.clone(), "", "org.snikket.android"),
        (format!("{page}/apps/conversations"), "package=eu.siacs.conversations;", "eu.siacs.conversations"),
    ] {
        let answer = server.send("GET", &path, &[ANDROID]).await;
        assert_links(
            &answer,
            &format!(
                "intent:{uri}#Intent;scheme=xmpp;{package}\
                 S.browser_fallback_url={store}{app}%26referrer%3D{referrer};end"
            ),
        );
        // The address to paste into an app remains.
        assert_says(&answer, &[&format!("xmpp:{uri}")]);
    }
    let phone = server.send("GET", &format!("{page}?device=ios"), &[]).await;
    assert_links(&phone, &format!("xmpp:{uri}"));
    assert!(!phone.body.contains("href=\"intent:"), "{}", phone.body);
}

#[tokio::test]
async fn an_ipad_can_be_told_from_a_mac_by_the_script() {
    let server = TestServer::open().await;
    let page = page_of(&server.mint(Draft::default()).await.token);
    let mac = ("user-agent", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17 Safari/605");
    let answer = server.send("GET", &format!("{page}?lang=de"), &[mac]).await;
    assert!(answer.body.contains("data-ipad=\"?lang=de&amp;device=ios\""), "{}", answer.body);
    for path in [page.clone(), format!("{page}?device=macos")] {
        let device = if path == page { ANDROID } else { mac };
        let answer = server.send("GET", &path, &[device]).await;
        assert!(!answer.body.contains("data-ipad"), "{path}");
    }
}

#[tokio::test]
async fn the_words_of_the_inviter_are_shown() {
    let server = TestServer::with(Links::new("https://example.com").unwrap(), Some("Example Chat")).await;
    let words = |text| Message::parse(text).unwrap();
    let minted = server
        .mint(Draft {
            inviter_name: InviterName::parse("Aunt Ann").unwrap(),
            message: words("Hi <Granny> & all!"),
            language: LanguageTag::parse("de").unwrap(),
            groups: vec!["Family".to_owned(), "Chess club".to_owned()],
            ..draft(Kind::AccountAndContact, None, Some("ann"))
        })
        .await;
    let page = page_of(&minted.token);
    let answer = server.send("GET", &page, &[("accept-language", "en")]).await;
    assert_says(&answer, &[&message("invited-by-heading", &[("inviter", "Aunt Ann")])]);
    assert!(answer.body.contains(">Hi &lt;Granny&gt; &amp; all!</blockquote>"), "{}", answer.body);
    assert!(answer.body.contains("og:description\" content=\"Hi &lt;Granny&gt;"), "{}", answer.body);
    assert!(answer.body.contains("Family, Chess club"), "{}", answer.body);
    // The preview of a messenger asks for no language.
    let preview = server.get(&page).await;
    assert!(
        preview.body.contains("<html lang=\"de\"") && preview.body.contains("Aunt Ann"),
        "{}",
        preview.body
    );
}

#[tokio::test]
async fn the_operator_s_words_are_shown() {
    let text = |text: &str| Some(text.to_owned());
    let server = TestServer::of_site(SiteSettings {
        promises: vec!["no-ads".to_owned(), "free".to_owned()],
        operator: text("Ann & Bob"),
        app_store_banner: true,
        ..SiteSettings::default()
    })
    .await;
    let page = page_of(&server.mint(Draft::default()).await.token);
    let answer = server.get(&format!("{page}?device=ios")).await;
    assert_shows(&answer, &["promise-no-ads", "promise-free", "who-runs"]);
    assert!(
        answer.body.contains("Ann &amp; Bob") && !answer.body.contains(&message("promise-no-phone", &[]))
    );
    assert!(answer.body.contains("name=\"apple-itunes-app\" content=\"app-id=317711500, app-argument=xmpp:"));
    let android = server.get(&format!("{page}?device=android")).await;
    assert!(!android.body.contains("apple-itunes-app"));
    // An operator's words are at the foot of error pages, too.
    assert!(server.get("/nothing").await.body.contains("Ann &amp; Bob"));
}

#[tokio::test]
async fn a_page_inside_another_app_says_how_to_leave_it() {
    let server = TestServer::open().await;
    let page = page_of(&server.mint(Draft::default()).await.token);
    let hint = message("rescue-in-app", &[]);
    for (agent, is_hint_box) in [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile Instagram 350.0", true),
        ("Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) Version/4.0 Chrome/120 Mobile", true),
        ("Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/120 Mobile", false),
    ] {
        let answer = server.send("GET", &page, &[("user-agent", agent)]).await;
        assert_eq!(answer.body.contains("<p class=\"hint-box\">"), is_hint_box, "{agent}");
        assert_says(&answer, &[&hint]);
    }
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
async fn pages_offer_what_the_xmpp_server_can_do() {
    for adds in [true, false] {
        let can = Capabilities { befriend: adds, add_to_group: adds, ..Capabilities::BRIDGED };
        let server = TestServer::browser_only(can).await;
        let groups = vec!["Choir".to_owned()];
        let both = draft(Kind::AccountAndContact, None, Some("ann"));
        let join = server.mint(Draft { groups, ..both }).await;
        for visitor in [WINDOWS, ANDROID] {
            let answer = server.send("GET", &page_of(&join.token), &[visitor]).await;
            assert!(answer.body.contains(&format!("{}/register", page_of(&join.token))), "{}", answer.body);
            // No app can redeem it.
            assert!(!unescaped(&answer.body).contains("preauth"), "{}", answer.body);
            assert_eq!(answer.header("link"), None);
            let contact = words(&answer.body).contains(&message("join-contact", &[("inviter", "ann")]));
            assert_eq!((contact, answer.body.contains("Choir")), (adds, adds), "{}", answer.body);
        }
        let setup = server.get(&format!("{}/apps/conversations", page_of(&join.token))).await;
        assert!(
            !unescaped(&setup.body).contains("preauth") && setup.body.contains("/register"),
            "{}",
            setup.body
        );
        let sheet = server.get(&format!("{}/sheet", page_of(&join.token))).await;
        assert_says(&sheet, &[&message("step-account", &[])]);
        // A contact is one without help from the XMPP server.
        let contact = server.mint(draft(Kind::Contact, None, Some("ann"))).await;
        let answer = server.get(&page_of(&contact.token)).await;
        assert!(answer.header("link").is_some(), "{}", answer.body);
        let reset = server.mint(draft(Kind::PasswordReset, Some("carol"), None)).await;
        let answer = server.get(&page_of(&reset.token)).await;
        assert!(answer.body.contains(&format!("{}/reset", page_of(&reset.token))), "{}", answer.body);
        assert!(!unescaped(&answer.body).contains("preauth"), "{}", answer.body);
    }
}

#[tokio::test]
async fn an_invite_with_many_uses_shows_the_remaining_ones() {
    let server = TestServer::open().await;
    let minted = server.mint(Draft { max_uses: Some(3), ..Draft::default() }).await;
    let page = page_of(&minted.token);
    let start = |key: &str, count: &str| {
        let text = message(key, &[("count", count), ("date", "\u{0}")]);
        text.split('\u{0}').next().unwrap_or_default().trim().to_owned()
    };
    assert_says(&server.get(&page).await, &[&start("works-many-until", "3")]);
    server.redeem(&minted, "bob").await;
    server.redeem(&minted, "carol").await;
    assert_says(&server.get(&page).await, &[&start("works-many-until", "1")]);
    for (uses, key) in
        [(None, "works-for-all-until"), (Some(1), "works-once-until"), (Some(1000), "works-for-all-until")]
    {
        let minted = server.mint(Draft { max_uses: uses, ..Draft::default() }).await;
        let answer = server.get(&page_of(&minted.token)).await;
        assert_says(&answer, &[&start(key, "1")]);
        let is_private = words(&answer.body).contains(&message("keep-link", &[]));
        assert_eq!(is_private, uses == Some(1), "{uses:?}");
    }
}

#[tokio::test]
async fn a_preview_does_not_contain_the_token() {
    let server = TestServer::with(Links::new("https://example.com").unwrap(), Some("Example Chat")).await;
    let minted = server.mint(draft(Kind::AccountAndContact, None, Some("ann"))).await;
    let answer = server.get(&page_of(&minted.token)).await;
    let head = answer.body.split_once("</head>").unwrap().0;
    let site = [("inviter", "ann"), ("site", "Example Chat")];
    for (property, key) in [("og:title", "invited-by-title"), ("og:description", "invite-preview")] {
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
    let paths = ["", "/qr.svg", "/apps/monal", "/register", "/sheet"].map(|rest| format!("{page}{rest}"));
    for path in paths.iter().map(String::as_str).chain(["/", "/invite/nosuchtoken", "/nothing/here"]) {
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
        for rest in ["", "/qr.svg", "/apps/monal", "/register", "/sheet", "/username?name=bob"] {
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
    assert_eq!(answer.header("cache-control"), Some("private, no-cache"));
    let link = format!("https://example.com/invite/{}", minted.token.expose());
    let code = vestibule_web::Code::of(&link).unwrap();
    let runs = code.runs.iter().map(|run| run.length.to_string()).collect::<Vec<_>>();
    let path = answer.body.split_once(" d=\"").unwrap().1.split_once('"').unwrap().0;
    let drawn =
        path.split('h').skip(1).map(|part| part.split(['m', 'M']).next().unwrap()).collect::<Vec<_>>();
    assert_eq!(drawn, runs);
    assert!(answer.body.contains("fill=\"#fff\""), "{}", answer.body);
}
