//! The canonical address of an invite's page, for addresses altered by mail programs, messengers and people.
//!
//! `/invite/TOKEN.`, `/Invite//TOKEN/register/`, `/invite?fbclid=x&TOKEN` and the links of Prosody's modules
//! (`/invites_page?TOKEN`, `/register?t=TOKEN&c=APP`) redirect to the canonical address of their page. A redirect
//! does not look up the token, so it reveals nothing and does not count as a guess; the page itself does. Every target
//! is a path of this service.

use axum::response::Response;
use http::{Method, StatusCode, Uri};
use vestibule_core::{Token, unescaped};

use super::state::PagesState;
use crate::{html::Visitor, http::redirect as redirect_to, i18n::Languages};

/// Redirects to the canonical address; `None` if the address contains no token or is canonical already.
pub(super) fn redirect(state: &PagesState, method: &Method, uri: &Uri) -> Option<Response> {
    let page = Page::of(uri, &state.renderer.languages)?;
    (page.path != uri.path())
        .then(|| to(method, &format!("{}{}{}", state.links.path(), page.path, page.query)))
}

/// GET and HEAD are redirected with 303; other methods keep their method and body with 308.
fn to(method: &Method, target: &str) -> Response {
    let safe = matches!(*method, Method::GET | Method::HEAD);
    redirect_to(if safe { StatusCode::SEE_OTHER } else { StatusCode::PERMANENT_REDIRECT }, target)
}

/// A page about an invite.
#[derive(Debug, PartialEq, Eq)]
struct Page {
    /// Path relative to the public URL.
    path: String,
    /// Query including the `?`, or empty.
    query: String,
}

impl Page {
    /// The page that an address refers to.
    fn of(uri: &Uri, languages: &Languages) -> Option<Self> {
        let path = unescaped(uri.path());
        let path = path.trim_start_matches(|one: char| !one.is_ascii_alphanumeric());
        let end = path.find(|one: char| !one.is_ascii_alphanumeric() && one != '_').unwrap_or(path.len());
        let (word, rest) = path.split_at(end);
        // Links copied from HTML source contain `&amp;`.
        let query = uri.query().unwrap_or_default().replace("&amp;", "&");
        let is_register_link = match word.to_ascii_lowercase().as_str() {
            "invite" | "invites" | "invites_page" => false,
            "register" => true,
            _ => return None,
        };
        let token = Token::find_in(rest).or_else(|| in_query(&query))?;
        let tail = after_token(rest, &token);
        let page = if is_register_link { "/register".to_owned() } else { sub_page(tail)? };
        let path = format!("/invite/{}{page}", token.expose());
        Some(Self { query: kept_query(&query, &page, languages), path })
    }
}

/// The text after the token, which white space may divide; empty if `text` does not contain the token.
fn after_token<'a>(text: &'a str, token: &Token) -> &'a str {
    if let Some((_, tail)) = text.split_once(token.expose()) {
        return tail;
    }
    let mut letters = String::new();
    let last = text.char_indices().filter(|(_, one)| one.is_ascii_alphanumeric()).find(|(_, one)| {
        letters.push(*one);
        letters.ends_with(token.expose())
    });
    last.map_or("", |(end, _)| &text[end + 1..])
}

/// The token in a query: as a name without a value, as in old links, else as a value.
fn in_query(query: &str) -> Option<Token> {
    let parts = || query.split('&').map(|part| part.split_once('=').unwrap_or((part, "")));
    let as_name = || parts().find_map(|(name, _)| Token::find_in(name));
    let as_value = || {
        let values = parts().filter(|(name, _)| matches!(unescaped(name).trim(), "t" | "token" | "preauth"));
        values.map(|(_, value)| value).find_map(Token::find_in)
    };
    as_name().or_else(as_value).or_else(|| Token::find_in(query))
}

/// The path of a page below that of the invite, from the text after the token; `None` if there is no such page.
fn sub_page(tail: &str) -> Option<String> {
    // An escaped query and words after the link are not part of the path.
    let end = tail.find(|one: char| one.is_whitespace() || "?&#;".contains(one)).unwrap_or(tail.len());
    // Neither is punctuation directly after the token.
    let path = tail[..end].split_once('/').map_or("", |(_, path)| path);
    let parts = path.split('/').map(|part| part.trim_matches(|one: char| !one.is_ascii_alphanumeric()));
    let mut parts = parts.filter(|part| !part.is_empty()).map(str::to_ascii_lowercase);
    let page = match (parts.next().as_deref(), parts.next()) {
        (None | Some("apps"), None) => String::new(),
        (Some(page @ ("register" | "reset" | "sheet" | "welcome" | "joined" | "qr.svg")), None) => {
            format!("/{page}")
        }
        (Some("apps"), Some(id)) if is_id(&id) => format!("/apps/{id}"),
        _ => return None,
    };
    parts.next().is_none().then_some(page)
}

/// The parameters that the page supports: the visitor's choices of language, device and app.
fn kept_query(query: &str, page: &str, languages: &Languages) -> String {
    let mut kept = Visitor::chosen_in(query, languages);
    let client_app = form_urlencoded::parse(query.as_bytes())
        .find(|(name, value)| matches!(&**name, "app" | "c") && is_id(value))
        .filter(|_| page == "/register");
    if let Some((_, id)) = client_app {
        kept.push_str(if kept.is_empty() { "?app=" } else { "&app=" });
        kept.push_str(&id);
    }
    kept
}

fn is_id(text: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=64).contains(&text.len()) && text.bytes().all(legal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const T: &str = "0QXbC3d4E5f6G7h8J9kLmNpQrStU";

    fn page(address: &str) -> Option<String> {
        let address = address.replacen("HALF", &T[..14], 1).replacen("HALF", &T[14..], 1);
        let uri: Uri = address.replace("TOKEN", T).parse().unwrap();
        let page = Page::of(&uri, &Languages::load())?;
        Some(format!("{}{}", page.path, page.query).replace(T, "TOKEN"))
    }

    #[test]
    fn characters_around_a_token_are_removed() {
        for (address, expected) in [
            ("/invite/TOKEN/", "/invite/TOKEN"),
            ("//invite/TOKEN", "/invite/TOKEN"),
            ("/invite//TOKEN", "/invite/TOKEN"),
            ("/Invite/TOKEN", "/invite/TOKEN"),
            ("/invite/TOKEN.", "/invite/TOKEN"),
            ("/invite/TOKEN%3E", "/invite/TOKEN"),
            ("/invite/TOKEN%E2%80%8B", "/invite/TOKEN"),
            ("/invite/TOKEN=%0D%0A", "/invite/TOKEN"),
            ("/invite/TOKEN%20and%20more%20words/", "/invite/TOKEN"),
            ("/invite/TOKEN&utm_source=x", "/invite/TOKEN"),
            ("/invite/TOKEN%3Flang=de", "/invite/TOKEN"),
            ("/invite/%20TOKEN?utm_source=x&lang=de", "/invite/TOKEN?lang=de"),
            ("/invite/TOKEN./?lang=xx", "/invite/TOKEN"),
            ("/invite/TOKEN/register/", "/invite/TOKEN/register"),
            ("/invite/TOKEN/Register).?app=gajim", "/invite/TOKEN/register?app=gajim"),
            ("/invite/TOKEN/reset/", "/invite/TOKEN/reset"),
            ("/invite/TOKEN/sheet.?device=ios", "/invite/TOKEN/sheet?device=ios"),
            ("/invite/TOKEN/Welcome/?lang=de", "/invite/TOKEN/welcome?lang=de"),
            ("/invite/TOKEN/joined.", "/invite/TOKEN/joined"),
            ("/invite/TOKEN/apps/monal/", "/invite/TOKEN/apps/monal"),
            ("/invite/TOKEN/apps/", "/invite/TOKEN"),
            (
                "/invite/TOKEN/apps/our-app./?device=ios&lang=ar",
                "/invite/TOKEN/apps/our-app?lang=ar&device=ios",
            ),
            ("/invite/TOKEN%2Fqr.svg", "/invite/TOKEN/qr.svg"),
            ("/invite?TOKEN", "/invite/TOKEN"),
            ("/invite/?TOKEN", "/invite/TOKEN"),
            ("/invite?TOKEN=", "/invite/TOKEN"),
            ("/invite?TOKEN=&fbclid=x", "/invite/TOKEN"),
            ("/invite?fbclid=x&TOKEN", "/invite/TOKEN"),
            ("/invite?lang=de&amp;TOKEN&amp;device=android", "/invite/TOKEN?lang=de&device=android"),
            ("/invite?fbclid=abcdefghijklmnopqrstuvwxyz01&TOKEN%20", "/invite/TOKEN"),
            ("/invites_page/?TOKEN.", "/invite/TOKEN"),
            ("/register/?t=TOKEN&c=gajim&lang=fr", "/invite/TOKEN/register?lang=fr&app=gajim"),
            ("/register?t=TOKEN.", "/invite/TOKEN/register"),
            ("/register?c=..%2F%0d%0aX&t=TOKEN", "/invite/TOKEN/register"),
            ("/invite%3FTOKEN", "/invite/TOKEN"),
            ("/invite/=3DTOKEN", "/invite/TOKEN"),
            ("/invite/%3D3DTOKEN/register.", "/invite/TOKEN/register"),
            ("/invite?=3DTOKEN", "/invite/TOKEN"),
            ("/register?t=3DTOKEN&c=gajim", "/invite/TOKEN/register?app=gajim"),
            ("/invite/HALF%20HALF", "/invite/TOKEN"),
            ("/invite/HALF%0D%0A%20HALF%20and%20more", "/invite/TOKEN"),
            ("/invite/HALF%0AHALF/apps/monal.?lang=de", "/invite/TOKEN/apps/monal?lang=de"),
            ("/invite/=3DHALF%20HALF/reset", "/invite/TOKEN/reset"),
            ("/invite?HALF%20HALF", "/invite/TOKEN"),
            ("/register?t=HALF%0D%0A%20HALF&c=gajim", "/invite/TOKEN/register?app=gajim"),
        ] {
            assert_eq!(page(address).as_deref(), Some(expected), "{address}");
        }
    }

    #[test]
    fn other_addresses_are_not_redirected() {
        for address in [
            "/",
            "/TOKEN",
            "/docs/TOKEN",
            "/v1/invites/TOKEN",
            "/invite",
            "/invite/TOKENx",
            "/invite/TOKENTOKEN",
            "/inviteTOKEN",
            "/invite/TOKEN/nowhere",
            "/invite/TOKEN/register/more",
            "/invite?x",
            "/register?t=",
            "/register?t=https:%2F%2Fevil.example",
        ] {
            assert_eq!(page(address), None, "{address}");
        }
    }

    proptest! {
        #[test]
        fn every_target_is_canonical(
            word in "(?i)(/{1,3})(invite|invites_page|register)",
            before in "[/?&=.:%@a-z0-9\\\\]{0,20}",
            token in "[0-9A-Za-z]{28}",
            after in "(%[0-9A-F]{2}|[/?&=.:@a-z0-9\\\\]){0,40}",
        ) {
            let Ok(uri) = format!("{word}{before}/{token}/{after}").parse::<Uri>() else { return Ok(()) };
            let languages = Languages::load();
            if let Some(page) = Page::of(&uri, &languages) {
                prop_assert!(page.path.starts_with("/invite/") && !page.path.contains("//"));
                let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"/?&=.-".contains(&byte);
                let target = format!("{}{}", page.path, page.query);
                prop_assert!(target.bytes().all(legal), "{}", target);
                let again = Page::of(&target.parse().unwrap(), &languages).unwrap();
                prop_assert_eq!(again, page);
            }
        }
    }
}
