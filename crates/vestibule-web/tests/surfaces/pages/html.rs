//! Checks of every page, and functions that read pages.

use vestibule_core::Token;

use crate::surfaces::{messages::message, test_server::Answer};

/// The headers of every page, because its address can contain a token.
const SAFE: [(&str, &str); 5] = [
    ("content-type", "text/html; charset=utf-8"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("x-robots-tag", "noindex, nofollow"),
];

/// Asserts that the answer is a page with all security headers that loads only our files.
pub(crate) fn assert_safe(answer: &Answer, case: &str) {
    for (name, value) in SAFE {
        assert_eq!(answer.header(name), Some(value), "{case}: {name}");
    }
    // Without an entity tag, a page is not kept.
    let cache_control = answer.header("etag").map_or("no-store", |_| "private, no-cache");
    assert_eq!(answer.header("cache-control"), Some(cache_control), "{case}");
    let policy = answer.header("content-security-policy").unwrap_or_default();
    for part in
        ["default-src 'none'", "script-src 'self' 'sha256-", "frame-ancestors 'none'", "base-uri 'none'"]
    {
        assert!(policy.contains(part), "{case}: {policy}");
    }
    assert!(!policy.contains("unsafe"), "{case}: {policy}");
    assert!(answer.body.starts_with("<!doctype html>"), "{case}");
    let page = unescaped(&answer.body);
    // Only our files are loaded; links may have other targets.
    // Icons of apps are part of the page.
    let page = page.replace(" src=\"data:image/", " data-src=\"data:image/");
    for part in page.split(" src=\"").skip(1).chain(page.split("rel=\"stylesheet\" href=\"").skip(1)) {
        assert!(part.starts_with('/') && !part.starts_with("//"), "{case}: {part}");
    }
    for forbidden in ["style=", "onclick", "onload=", "{{", "{%", "{ $"] {
        assert!(!page.contains(forbidden), "{case}: {forbidden} in {page}");
    }
    // An undefined value in a template.
    assert!(!page.contains(">None<") && !page.contains("\"None\""), "{case}: {page}");
    assert!(!page.chars().any(|one| matches!(u32::from(one), 0xE000..=0xF8FF)), "{case}: {page}");
}

/// Returns the page with character references decoded.
pub(crate) fn unescaped(page: &str) -> String {
    page.replace("&amp;", "&").replace("&quot;", "\"").replace("&#x27;", "'")
}

/// Returns the text of a page, without tags.
pub(crate) fn words(page: &str) -> String {
    let mut words = String::new();
    let page = page.replace("<bdi>", "").replace("</bdi>", "").replace("<wbr>", "");
    for part in page.split('<') {
        let text = part.split_once('>').map_or(part, |(_, text)| text);
        if !text.trim().is_empty() {
            words.push_str(&unescaped(text.trim()));
            words.push('\n');
        }
    }
    words
}

pub(crate) fn page_of(token: &Token) -> String {
    format!("/invite/{}", token.expose())
}

/// Asserts that the page contains all texts.
pub(crate) fn assert_says(answer: &Answer, texts: &[&str]) {
    let words = words(&answer.body);
    for text in texts {
        assert!(words.contains(text), "no {text:?} in {words}");
    }
}

/// Asserts that the page shows all these messages, which have no values.
pub(crate) fn assert_shows(answer: &Answer, keys: &[&str]) {
    for key in keys {
        assert_says(answer, &[&message(key, &[])]);
    }
}

/// Asserts that the page has a link to `target`.
pub(crate) fn assert_links(answer: &Answer, target: &str) {
    let page = unescaped(&answer.body);
    assert!(page.contains(&format!("href=\"{target}\"")), "no link to {target} in {page}");
}
