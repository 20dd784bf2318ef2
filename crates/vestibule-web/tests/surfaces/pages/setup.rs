//! `/invite/{token}/apps/{app}`

use vestibule_core::{Draft, Kind};

use super::{
    html::{assert_links, assert_safe, assert_says, assert_shows, page_of, unescaped},
    landing::ANDROID,
};
use crate::surfaces::{
    messages::{message, message_in},
    test_server::{TestServer, name},
};

#[tokio::test]
async fn an_app_that_takes_invites_gets_the_uri() {
    let server = TestServer::open().await;
    let minted = server
        .mint(Draft { inviter: Some(name("ann")), kind: Kind::AccountAndContact, ..Draft::default() })
        .await;
    let page = page_of(&minted.token);
    let answer = server.send("GET", &format!("{page}/apps/conversations"), &[ANDROID]).await;
    assert_eq!(answer.status.as_u16(), 200);
    assert_safe(&answer, "conversations");
    let token = minted.token.expose();
    let uri = format!("xmpp:ann@example.com?roster;preauth={token};ibr=y");
    assert_links(&answer, &uri);
    // The whole URI, which the app reads when it is first opened.
    let referrer = format!("xmpp%3Aann%40example.com%3Froster%3Bpreauth%3D{token}%3Bibr%3Dy");
    assert_links(
        &answer,
        &format!("https://play.google.com/store/apps/details?id=eu.siacs.conversations&referrer={referrer}"),
    );
    assert_links(&answer, "https://f-droid.org/packages/eu.siacs.conversations/");
    assert_shows(&answer, &["setup-install-hint"]);
    for key in ["setup-heading", "setup-open"] {
        assert_says(&answer, &[&message(key, &[("app", "Conversations")])]);
    }
    assert_links(&answer, &page);
}

#[tokio::test]
async fn other_apps_start_with_an_account_in_the_browser() {
    let server = TestServer::open().await;
    let minted = server.mint(Draft::default()).await;
    let page = page_of(&minted.token);
    let answer = server.get(&format!("{page}/apps/gajim?lang=en")).await;
    assert_safe(&answer, "gajim");
    assert_shows(&answer, &["step-account"]);
    for key in ["setup-heading", "setup-login-hint"] {
        assert_says(&answer, &[&message(key, &[("app", "Gajim")])]);
    }
    // The words of the app itself, in the language of the visitor.
    let dino = server.get(&format!("{page}/apps/dino?lang=de")).await;
    let values = [("button", "Konto einrichten"), ("address", "XMPP Address")];
    for key in ["login-button", "login-address"] {
        assert_says(&dino, &[&message_in("de", key, &values)]);
    }
    assert_links(&answer, &format!("{page}/register?lang=en&app=gajim"));
    assert_links(&answer, "https://gajim.org/download/");
    assert!(!unescaped(&answer.body).contains("href=\"xmpp:"), "{}", answer.body);
}

#[tokio::test]
async fn each_device_gets_its_own_download_links() {
    let server = TestServer::open().await;
    let page = page_of(&server.mint(Draft::default()).await.token);
    let (phone, mac) = ("https://apps.apple.com/app/id317711500", "https://apps.apple.com/app/id1637078500");
    let on = async |device| unescaped(&server.get(&format!("{page}/apps/monal?device={device}")).await.body);
    let (ios, macos) = (on("ios").await, on("macos").await);
    assert!(ios.contains(phone) && !ios.contains(mac), "{ios}");
    assert!(macos.contains(mac) && !macos.contains(phone), "{macos}");
}
