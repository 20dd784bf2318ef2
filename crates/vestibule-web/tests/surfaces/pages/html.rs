//! What every page has, and how it is read.

use vestibule_core::Token;

use crate::surfaces::test_server::Answer;

/// What every page carries, because its address may hold a token.
const SAFE: [(&str, &str); 6] = [
    ("content-type", "text/html; charset=utf-8"),
    ("cache-control", "no-store"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("x-robots-tag", "noindex, nofollow"),
];

/// Panics unless it is a page with everything that keeps its reader safe.
pub(crate) fn assert_safe(answer: &Answer, case: &str) {
    for (name, value) in SAFE {
        assert_eq!(answer.header(name), Some(value), "{case}: {name}");
    }
    let policy = answer.header("content-security-policy").unwrap_or_default();
    for part in
        ["default-src 'none'", "script-src 'self' 'sha256-", "frame-ancestors 'none'", "base-uri 'none'"]
    {
        assert!(policy.contains(part), "{case}: {policy}");
    }
    assert!(!policy.contains("unsafe"), "{case}: {policy}");
    assert!(answer.body.starts_with("<!doctype html>"), "{case}");
    let page = unescaped(&answer.body);
    // What is loaded is ours; links are followed by people.
    for part in page.split(" src=\"").skip(1).chain(page.split("rel=\"stylesheet\" href=\"").skip(1)) {
        assert!(part.starts_with('/') && !part.starts_with("//"), "{case}: {part}");
    }
    for forbidden in ["style=", "onclick", "onload=", "{{", "{%", "{ $"] {
        assert!(!page.contains(forbidden), "{case}: {forbidden} in {page}");
    }
    // What a template prints of nothing.
    assert!(!page.contains(">None<") && !page.contains("\"None\""), "{case}: {page}");
    assert!(!page.chars().any(|one| matches!(u32::from(one), 0xE000..=0xF8FF)), "{case}: {page}");
}

/// The page with its slashes and signs as they are read.
pub(crate) fn unescaped(page: &str) -> String {
    page.replace("&amp;", "&").replace("&quot;", "\"").replace("&#x27;", "'")
}

/// The words of a page, without elements.
pub(crate) fn words(page: &str) -> String {
    let mut words = String::new();
    let page = page.replace("<bdi>", "").replace("</bdi>", "");
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

/// Panics unless the page says all of it.
pub(crate) fn assert_says(answer: &Answer, texts: &[&str]) {
    let words = words(&answer.body);
    for text in texts {
        assert!(words.contains(text), "no {text:?} in {words}");
    }
}

/// Panics unless the page has a link to it.
pub(crate) fn assert_links(answer: &Answer, target: &str) {
    let page = unescaped(&answer.body);
    assert!(page.contains(&format!("href=\"{target}\"")), "no link to {target} in {page}");
}
