//! A cache of rendered pages, with placeholders for the values of an invite.
//!
//! Most of a page is the same for all visitors with one language and one kind of device. It is rendered once, with a
//! private-use character for each value of the invite; for each request only these placeholders are replaced. The cache
//! holds nothing about an invite.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

use axum::response::Response;
use http::StatusCode;
use minijinja::Value;
use vestibule_core::{Host, Kind};

use crate::{
    escape::escape_into,
    html::{PageRenderer, Visitor, VisitorKey},
    site::Site,
};

/// The first of the private-use characters, which names of sites and apps cannot contain.
const FIRST: u32 = 0xE200;

/// Maximum number of cached pages: enough for one host in every language.
const MAX_PAGES: usize = 2048;

/// A value of an invite in a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Placeholder {
    /// The token.
    Token,
    /// The link to the page.
    Link,
    /// The `xmpp:` URI.
    Uri,
    /// The `xmpp:` URI, encoded for a query.
    UriEncoded,
    /// The same, encoded again for a URL inside a URL.
    UriTwiceEncoded,
    /// The `xmpp:` URI without its scheme.
    UriPath,
    /// The name of the inviter: the display name, else the username.
    Inviter,
    /// The username of the inviter.
    InviterUsername,
    /// The first letter of the inviter's name.
    Initial,
    /// The word of the inviter to the invited.
    Message,
    /// The names of the groups.
    Groups,
    /// The username that the invite is bound to.
    Username,
    /// The URL of the picture for messengers.
    Preview,
    /// The expiry, RFC 3339.
    ExpiresAt,
    /// The expiry in the visitor's language.
    ExpiresOn,
}

impl Placeholder {
    pub(super) const ALL: [Self; 15] = [
        Self::Token,
        Self::Link,
        Self::Uri,
        Self::UriEncoded,
        Self::UriTwiceEncoded,
        Self::UriPath,
        Self::Inviter,
        Self::InviterUsername,
        Self::Initial,
        Self::Message,
        Self::Groups,
        Self::Username,
        Self::Preview,
        Self::ExpiresAt,
        Self::ExpiresOn,
    ];

    /// Its name in templates.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Link => "link",
            Self::Uri => "uri",
            Self::UriEncoded | Self::UriTwiceEncoded => "sources",
            Self::UriPath => "open",
            Self::Inviter => "inviter",
            Self::InviterUsername => "inviter_address",
            Self::Message => "message",
            Self::Groups => "groups",
            Self::Initial => "initial",
            Self::Username => "username",
            Self::Preview => "preview_url",
            Self::ExpiresAt => "expires_at",
            Self::ExpiresOn => "expires_on",
        }
    }

    /// The character for a template.
    pub(super) fn mark(self) -> String {
        char::from_u32(FIRST + self as u32).map(String::from).unwrap_or_default()
    }

    fn of(character: char) -> Option<Self> {
        let index = usize::try_from(u32::from(character).checked_sub(FIRST)?).ok()?;
        Self::ALL.get(index).copied()
    }
}

/// How many people can still join with an invite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Audience {
    /// It is for one person.
    One,
    /// It is for this number of people.
    Some(u32),
    /// It is for any number of people, or for more than a page counts.
    Many,
}

/// Everything that a cached page depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about a page")]
pub(super) struct CacheKey {
    pub(super) template: &'static str,
    pub(super) host: Host,
    pub(super) kind: Kind,
    pub(super) visitor: VisitorKey,
    pub(super) has_inviter: bool,
    pub(super) has_username: bool,
    pub(super) has_message: bool,
    /// Number of groups, which selects the plural form of a message.
    pub(super) groups: usize,
    pub(super) audience: Audience,
    /// Whether the invite expires within a day.
    pub(super) expires_soon: bool,
    /// The id of the app that the page is about.
    pub(super) client_app: Option<String>,
}

/// A page with placeholders.
#[derive(Debug)]
pub(super) struct CachedPage {
    /// Pieces of the page, each with the placeholder that follows it.
    pieces: Vec<(String, Placeholder)>,
    end: String,
    /// The placeholders in it, each once.
    placeholders: Vec<Placeholder>,
}

impl CachedPage {
    /// Splits a rendered page.
    pub(super) fn of(page: &str) -> Self {
        let (mut pieces, mut placeholders, mut piece) = (Vec::new(), Vec::new(), String::new());
        for character in page.chars() {
            match Placeholder::of(character) {
                Some(placeholder) => {
                    pieces.push((std::mem::take(&mut piece), placeholder));
                    if !placeholders.contains(&placeholder) {
                        placeholders.push(placeholder);
                    }
                }
                None => piece.push(character),
            }
        }
        Self { pieces, end: piece, placeholders }
    }

    /// The whole page. `value` is called once for each placeholder in it.
    pub(super) fn fill(&self, value: impl Fn(Placeholder) -> String) -> String {
        let mut values = [const { String::new() }; Placeholder::ALL.len()];
        for placeholder in &self.placeholders {
            // Writing to a String cannot fail.
            let _ = escape_into(&mut values[*placeholder as usize], &value(*placeholder));
        }
        let length: usize = self
            .pieces
            .iter()
            .map(|(piece, placeholder)| piece.len() + values[*placeholder as usize].len())
            .sum();
        let mut page = String::with_capacity(length + self.end.len());
        for (piece, placeholder) in &self.pieces {
            page.push_str(piece);
            page.push_str(&values[*placeholder as usize]);
        }
        page.push_str(&self.end);
        page
    }
}

/// Rendered pages by key.
#[derive(Debug, Default)]
pub(super) struct PageCache(RwLock<HashMap<CacheKey, Arc<CachedPage>>>);

impl PageCache {
    /// Renders a page. `values` returns the values of the template if the page is not cached; `value` returns the text
    /// for a placeholder.
    pub(super) fn render(
        &self,
        renderer: &PageRenderer,
        key: CacheKey,
        visitor: &Visitor,
        site: &Site,
        values: impl FnOnce() -> Value,
        value: impl Fn(Placeholder) -> String,
    ) -> Response {
        if let Some(page) = self.get(&key) {
            return renderer.respond(StatusCode::OK, page.fill(value));
        }
        match renderer.text(key.template, visitor, site, values()) {
            Ok(text) => {
                let page = Arc::new(CachedPage::of(&text));
                self.insert(key, &page);
                renderer.respond(StatusCode::OK, page.fill(value))
            }
            Err(error) => renderer.failed(key.template, visitor, site, &error),
        }
    }

    fn get(&self, key: &CacheKey) -> Option<Arc<CachedPage>> {
        self.0.read().ok()?.get(key).cloned()
    }

    /// Adds a page. A full cache is cleared, which is simple and rare.
    fn insert(&self, key: CacheKey, page: &Arc<CachedPage>) {
        if let Ok(mut pages) = self.0.write() {
            if pages.len() >= MAX_PAGES {
                pages.clear();
            }
            pages.insert(key, Arc::clone(page));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_replaced_by_escaped_values() {
        let page = format!(
            "<p>{}&amp;{}</p>{}",
            Placeholder::Inviter.mark(),
            Placeholder::Uri.mark(),
            Placeholder::Inviter.mark()
        );
        let value = |slot| match slot {
            Placeholder::Inviter => "a<b\u{e201}".to_owned(),
            Placeholder::Uri => "xmpp:a?b;c=\"d\"".to_owned(),
            other => panic!("{other:?} is not in the page"),
        };
        let whole = CachedPage::of(&page).fill(value);
        assert_eq!(whole, "<p>a&lt;b\u{e201}&amp;xmpp:a?b;c=&quot;d&quot;</p>a&lt;b\u{e201}");
        assert_eq!(CachedPage::of("plain").fill(value), "plain");
    }

    #[test]
    fn every_placeholder_has_its_own_character() {
        for (index, slot) in Placeholder::ALL.into_iter().enumerate() {
            assert_eq!(slot as usize, index);
            assert_eq!(slot.mark().chars().next().and_then(Placeholder::of), Some(slot));
        }
    }
}
