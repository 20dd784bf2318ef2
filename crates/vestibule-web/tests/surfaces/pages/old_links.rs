//! Links of the suite that came before.

use vestibule_core::Draft;
use vestibule_web::Links;

use crate::surfaces::bench::Bench;

#[tokio::test]
async fn old_links_lead_to_the_pages_of_today() {
    for (url, path) in [("https://example.com", ""), ("https://example.com/join", "/join")] {
        let bench = Bench::with(Links::new(url).unwrap(), None).await;
        let minted = bench.mint(Draft::default()).await;
        let token = minted.token.expose();
        let page = format!("{path}/invite/{token}");
        for (old, target) in [
            (format!("/invite?{token}"), page.clone()),
            (format!("/invites_page?{token}"), page.clone()),
            (format!("/invites_page?{token}&utm_source=x"), page.clone()),
            (format!("/register?t={token}"), format!("{page}/register")),
            (format!("/register?t={token}&c=gajim"), format!("{page}/register?app=gajim")),
            (format!("/register?c=..%2F%0d%0aX&t={token}"), format!("{page}/register")),
        ] {
            let answer = bench.get(&format!("{path}{old}")).await;
            assert_eq!(answer.status.as_u16(), 303, "{old}");
            assert_eq!(answer.header("location"), Some(target.as_str()), "{old}");
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{old}");
            let followed = bench.get(&target).await;
            assert_eq!(followed.status.as_u16(), 200, "{target}");
        }
    }
}

#[tokio::test]
async fn what_is_no_token_leads_nowhere() {
    let bench = Bench::open().await;
    for old in [
        "/invite",
        "/invite?",
        "/invite?x",
        "/invites_page",
        "/register",
        "/register?t=",
        "/register?t=https:%2F%2Fevil",
    ] {
        let answer = bench.get(old).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (404, None), "{old}");
    }
}
