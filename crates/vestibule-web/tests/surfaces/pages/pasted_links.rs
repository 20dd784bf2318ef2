//! Links that mail programs, messengers or people have changed, and links of the original modules.

use vestibule_core::Draft;
use vestibule_web::Links;

use crate::surfaces::test_server::TestServer;

#[tokio::test]
async fn a_link_with_attached_characters_redirects_to_its_page() {
    for (url, path) in [("https://example.com", ""), ("https://example.com/join", "/join")] {
        let server = TestServer::with(Links::new(url).unwrap(), None).await;
        let minted = server.mint(Draft::default()).await;
        let page = format!("{path}/invite/{}", minted.token.expose());
        for (pasted, target) in [
            ("/invite/TOKEN/", ""),
            ("/invite/TOKEN.", ""),
            ("/invite/TOKEN,", ""),
            ("/invite/TOKEN)", ""),
            ("/invite/TOKEN*", ""),
            ("/invite/TOKEN_", ""),
            ("/invite/TOKEN;", ""),
            ("/invite/TOKEN'", ""),
            ("/invite/TOKEN!", ""),
            ("/invite/TOKEN=", ""),
            ("/invite/TOKEN%3E", ""),
            ("/invite/%3CTOKEN%22", ""),
            ("/invite/TOKEN%20", ""),
            ("/invite/%20TOKEN", ""),
            ("/invite/TOKEN%E2%80%8B", ""),
            ("/invite/TOKEN=%0D%0A", ""),
            ("/invite/TOKEN%FF", ""),
            ("/invite/TOKEN&amp;utm_source=x", ""),
            ("//invite/TOKEN", ""),
            ("/invite//TOKEN", ""),
            ("/Invite/TOKEN", ""),
            ("/INVITE/TOKEN/", ""),
            ("/invite/TOKEN/?lang=de", "?lang=de"),
            ("/invite/TOKEN.?lang=de&utm_source=x&device=ios", "?lang=de&device=ios"),
            ("/invite/TOKEN/register/", "/register"),
            ("/invite/TOKEN/register/?app=gajim&lang=fr", "/register?lang=fr&app=gajim"),
            ("/invite/TOKEN./register", "/register"),
            ("/invite/TOKEN/apps/monal/", "/apps/monal"),
            ("/invite/TOKEN/apps/conversations.", "/apps/conversations"),
            ("/invite/TOKEN/apps/conversations%3E?lang=de", "/apps/conversations?lang=de"),
            ("/invite/TOKEN/apps/Conversations", "/apps/conversations"),
            ("/invite/TOKEN/qr.svg/", "/qr.svg"),
            ("/invite/=3DTOKEN", ""),
            ("/invite/%3D3DTOKEN/register", "/register"),
            ("/invite/HALF%20HALF", ""),
            ("/invite/HALF%0D%0A%20HALF/apps/monal", "/apps/monal"),
            ("/invite?=3DTOKEN", ""),
            ("/invite?HALF%0D%0A%20HALF", ""),
            ("/invites_page?HALF%20HALF", ""),
            ("/register?t=3DTOKEN&c=gajim", "/register?app=gajim"),
            ("/register?t=HALF%20HALF", "/register"),
            ("/invite?TOKEN", ""),
            ("/invite/?TOKEN", ""),
            ("/invite?TOKEN=", ""),
            ("/invite?TOKEN=&fbclid=x", ""),
            ("/invite?fbclid=x&TOKEN", ""),
            ("/invite?TOKEN%20", ""),
            ("/invite?TOKEN.", ""),
            ("/invite?TOKEN&lang=de", "?lang=de"),
            ("/invites_page?TOKEN", ""),
            ("/invites_page/?TOKEN", ""),
            ("/invites_page?TOKEN&utm_source=x", ""),
            ("/register?t=TOKEN", "/register"),
            ("/register/?t=TOKEN", "/register"),
            ("/register?t=TOKEN.", "/register"),
            ("/register?t=TOKEN&c=gajim", "/register?app=gajim"),
            ("/register?c=..%2F%0d%0aX&t=TOKEN", "/register"),
        ] {
            if pasted.starts_with("//") && !path.is_empty() {
                // With a base path it is the page itself.
                continue;
            }
            let (first, second) = minted.token.expose().split_at(14);
            let pasted = pasted.replacen("HALF", first, 1).replacen("HALF", second, 1);
            let pasted = format!("{path}{}", pasted.replace("TOKEN", minted.token.expose()));
            let target = format!("{page}{target}");
            for method in ["GET", "HEAD"] {
                let answer = server.send(method, &pasted, &[]).await;
                assert_eq!(answer.status.as_u16(), 303, "{method} {pasted}");
                assert_eq!(answer.header("location"), Some(target.as_str()), "{pasted}");
                for (name, value) in [
                    ("cache-control", "no-store"),
                    ("referrer-policy", "no-referrer"),
                    ("x-content-type-options", "nosniff"),
                    ("access-control-allow-origin", "*"),
                ] {
                    assert_eq!(answer.header(name), Some(value), "{pasted}");
                }
            }
            assert_eq!(server.get(&target).await.status.as_u16(), 200, "{target}");
            if !target.contains("/register") {
                continue;
            }
            // A redirected form keeps its method and fields.
            let answer = server.send("POST", &pasted, &[]).await;
            assert_eq!(answer.status.as_u16(), 308, "{pasted}");
            assert_eq!(answer.header("location"), Some(target.as_str()), "{pasted}");
        }
    }
}

#[tokio::test]
async fn a_text_without_a_token_is_not_redirected() {
    let server = TestServer::open().await;
    let token = server.mint(Draft::default()).await.token;
    for pasted in [
        "/invite",
        "/invite?",
        "/invite?x",
        "/invites_page",
        "/register",
        "/register?t=",
        "/register?t=https:%2F%2Fevil",
        "/invite/TOKENx",
        "/invite/%C3%A9TOKEN",
        "/invite/TOKEN%D1%8F",
        "/invite/TOKEN/nowhere",
        "/invite/TOKEN/apps/nowhere",
        "/TOKEN",
    ] {
        let pasted = pasted.replace("TOKEN", token.expose());
        let answer = server.get(&pasted).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (404, None), "{pasted}");
    }
}

#[tokio::test]
async fn a_trailing_slash_is_redirected() {
    for (url, path) in [("https://example.com", ""), ("https://example.com/join", "/join")] {
        let server = TestServer::with(Links::new(url).unwrap(), None).await;
        for (address, target) in [
            ("/docs/", "/docs"),
            ("/openapi.json/", "/openapi.json"),
            ("/healthz/", "/healthz"),
            ("/healthz//", "/healthz"),
            ("/v1/invites/?limit=1", "/v1/invites?limit=1"),
        ] {
            for method in ["GET", "POST"] {
                let answer = server.send(method, &format!("{path}{address}"), &[]).await;
                assert_eq!(answer.status.as_u16(), 308, "{method} {address}");
                assert_eq!(answer.header("location"), Some(format!("{path}{target}").as_str()), "{address}");
                assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{address}");
            }
        }
        for address in ["//", "/nowhere/", "/static/", "//evil.example/", "//evil.example/docs/"] {
            let answer = server.get(address).await;
            assert_eq!((answer.status.as_u16(), answer.header("location")), (404, None), "{address}");
        }
    }
}
