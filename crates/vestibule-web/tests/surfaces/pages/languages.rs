//! The language of a page.

use vestibule_core::Draft;

use super::html::{assert_links, assert_safe, page_of, unescaped};
use crate::surfaces::test_server::TestServer;

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
