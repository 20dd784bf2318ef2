//! The language of a page.

use vestibule_core::Draft;
use vestibule_web::SiteSettings;

use super::html::{assert_links, assert_safe, assert_says, page_of, unescaped};
use crate::surfaces::{
    messages::{message, message_in},
    test_server::TestServer,
};

#[tokio::test]
async fn a_page_is_in_the_language_of_its_visitor() {
    let server = TestServer::open().await;
    let page = page_of(&server.mint(Draft::default()).await.token);
    for (query, header, lang, dir) in [
        ("", "", "en", "ltr"),
        ("", "de-CH,de;q=0.9,en;q=0.8", "de", "ltr"),
        ("", "ar", "ar", "rtl"),
        ("?lang=fa", "de", "fa", "rtl"),
        ("?lang=ZH-hans", "de", "zh-Hans", "ltr"),
        ("?lang=nosuch", "fr", "fr", "ltr"),
        ("?lang=pt", "de", "pt-BR", "ltr"),
        ("", "pt", "pt-BR", "ltr"),
        ("", "pt-PT", "pt-PT", "ltr"),
        ("", "zh-TW", "zh-Hant", "ltr"),
        // Only hosts choose the variant.
        ("?lang=de-x-formal", "", "de", "ltr"),
    ] {
        for rest in ["", "/register", "/apps/monal"] {
            let answer =
                server.send("GET", &format!("{page}{rest}{query}"), &[("accept-language", header)]).await;
            assert_safe(&answer, lang);
            let opening = format!("<html lang=\"{lang}\" dir=\"{dir}\">");
            assert!(answer.body.contains(&opening), "{query} {header}: {}", answer.body);
        }
    }
    let missing = server.send("GET", "/invite/x", &[("accept-language", "de")]).await;
    assert!(missing.body.contains("<html lang=\"de\""), "{}", missing.body);
}

#[tokio::test]
async fn a_chosen_language_is_kept() {
    let server = TestServer::open().await;
    let page = page_of(&server.mint(Draft::default()).await.token);
    let answer = server.get(&format!("{page}?lang=de&device=android")).await;
    assert_links(&answer, &format!("{page}/apps/conversations?lang=de&device=android"));
    assert_links(&answer, &format!("{page}/register?lang=de&device=android"));
    // Selecting a language keeps the selected device.
    assert_links(&answer, "?lang=ja&device=android");
    assert_links(&answer, "?lang=de&device=ios");
    let form = server.get(&format!("{page}/register?lang=de&device=android&app=gajim")).await;
    let action = format!("action=\"{page}/register?lang=de&device=android&app=gajim\"");
    assert!(unescaped(&form.body).contains(&action), "{}", form.body);
}

async fn server_of(default_language: &str) -> TestServer {
    let default_language = Some(default_language.to_owned());
    TestServer::of_site(SiteSettings { default_language, ..SiteSettings::default() }).await
}

#[tokio::test]
async fn the_default_language_is_for_visitors_who_ask_for_none_of_ours() {
    let server = server_of("ja").await;
    let page = page_of(&server.mint(Draft::default()).await.token);
    for (header, lang) in [("", "ja"), ("*", "ja"), ("tlh", "ja"), ("tlh, fr;q=0.1", "fr"), ("en", "en")] {
        for path in [page.as_str(), "/invite/0123456789abcdefghijABCDEFGH", "/nothing"] {
            let answer = server.send("GET", path, &[("accept-language", header)]).await;
            assert!(answer.body.contains(&format!("<html lang=\"{lang}\"")), "{path} {header}");
        }
    }
    // The error is in the same language as the form.
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let answer = server.send_body("POST", &format!("{page}/register"), &form, "username=").await;
    assert_says(&answer, &[&message_in("ja", "name-empty", &[])]);
    let answer = server.get(&format!("{page}/username?name=")).await;
    assert!(answer.body.contains(&message_in("ja", "name-empty", &[])), "{}", answer.body);
}

#[tokio::test]
async fn a_host_with_formal_german_shows_it_as_its_german() {
    let server = server_of("de-X-formal").await;
    let page = page_of(&server.mint(Draft::default()).await.token);
    for (query, header, lang) in [
        ("", "", "de-x-formal"),
        ("", "de-CH, en", "de-x-formal"),
        ("?lang=de", "en", "de-x-formal"),
        ("?lang=de-x-formal", "en", "de-x-formal"),
        ("", "en", "en"),
    ] {
        let answer = server.send("GET", &format!("{page}{query}"), &[("accept-language", header)]).await;
        assert!(answer.body.contains(&format!("<html lang=\"{lang}\"")), "{query} {header}");
    }
    let answer = server.get(&page).await;
    assert_says(&answer, &[&message_in("de-x-formal", "join-about", &[])]);
    let other = server.send("GET", &page, &[("accept-language", "fr")]).await;
    for answer in [answer, other] {
        assert_eq!(answer.body.matches("href=\"?lang=de").count(), 1, "{}", answer.body);
    }
}

#[tokio::test]
async fn a_page_that_cannot_be_rendered_explains_itself_in_the_language_of_the_visitor() {
    let broken = |names: &[&str]| {
        let mut templates = vestibule_web::Templates::builtin();
        for name in names {
            templates.replace(name, "{{ nonsense }}".to_owned()).unwrap();
        }
        templates
    };
    let german = [("accept-language", "de")];
    let messages =
        ["trouble-heading", "trouble-what", "trouble-advice"].map(|key| message_in("de", key, &[]));
    let server = TestServer::of_templates(broken(&["landing.html"])).await;
    let answer = server.send("GET", &page_of(&server.mint(Draft::default()).await.token), &german).await;
    assert_eq!(answer.status.as_u16(), 500);
    assert_safe(&answer, "a page");
    assert_says(&answer, &messages.each_ref().map(String::as_str));
    // Not even an error page.
    let server = TestServer::of_templates(broken(&["landing.html", "missing.html"])).await;
    let answer = server.send("GET", &page_of(&server.mint(Draft::default()).await.token), &german).await;
    assert_eq!(answer.status.as_u16(), 500);
    assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(answer.body, format!("{}\n{}\n", messages[0], messages[2]));
    let answer = server.get("/nothing").await;
    assert!(answer.body.starts_with(&message("trouble-heading", &[])), "{}", answer.body);
}

#[tokio::test]
async fn an_expiry_has_an_hour_only_if_it_is_soon() {
    let server = TestServer::open().await;
    let page = page_of(&server.mint(Draft::default()).await.token);
    assert!(server.get(&page).await.body.contains(">January 22</time>"));
    server.advance(std::time::Duration::from_hours(24 * 6));
    assert!(server.get(&page).await.body.contains(">January 22 at 8:00\u{202f}AM UTC</time>"));
}
