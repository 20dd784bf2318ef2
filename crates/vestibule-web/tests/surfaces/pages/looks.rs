//! The operator's site settings on the pages.

use vestibule_core::Draft;
use vestibule_web::{CustomApp, SiteSettings};

use super::html::{assert_links, assert_safe, assert_says, assert_shows, page_of, words};
use crate::surfaces::test_server::TestServer;

#[tokio::test]
async fn the_settings_of_the_site_are_shown() {
    let text = |text: &str| Some(text.to_owned());
    let own = CustomApp {
        name: "Our App".to_owned(),
        about: text("Made by us."),
        devices: vec!["android".to_owned()],
        takes_invites: true,
        google_play: text("https://play.google.com/store/apps/details?id=com.example"),
        ..CustomApp::default()
    };
    let server = TestServer::of_site(SiteSettings {
        name: text("Example Chat"),
        imprint_url: text("https://example.com/imprint"),
        privacy_url: text("https://example.com/privacy"),
        apps: vec![own],
        apps_show: vec!["our-app".to_owned(), "gajim".to_owned()],
        ..SiteSettings::default()
    })
    .await;
    let minted = server.mint(Draft::default()).await;
    let page = page_of(&minted.token);
    let answer = server.get(&page).await;
    assert_safe(&answer, "looks");
    assert_links(&answer, "https://example.com/imprint");
    assert_links(&answer, "https://example.com/privacy");
    assert_says(&answer, &["Our App", "Made by us.", "Gajim"]);
    assert_shows(&answer, &["imprint", "privacy"]);
    assert!(!words(&answer.body).contains("Conversations"), "{}", answer.body);
    let setup = server.get(&format!("{page}/apps/our-app")).await;
    let referrer = format!("xmpp%3Aexample.com%3Fregister%3Bpreauth%3D{}", minted.token.expose());
    assert_links(
        &setup,
        &format!("https://play.google.com/store/apps/details?id=com.example&referrer={referrer}"),
    );
    for (rest, status) in [("/apps/gajim", 200), ("/apps/conversations", 404)] {
        assert_eq!(server.get(&format!("{page}{rest}")).await.status.as_u16(), status, "{rest}");
    }
}

#[tokio::test]
async fn a_page_without_an_invite_uses_the_only_site() {
    let settings = SiteSettings { name: Some("Example Chat".to_owned()), ..SiteSettings::default() };
    let server = TestServer::of_site(settings).await;
    let answer = server.get("/nothing").await;
    assert_says(&answer, &["Example Chat"]);
    assert_shows(&answer, &["missing-heading"]);
}
