//! A cache of rendered pages, with placeholders for the values of an invite.
//!
//! Most of a page is the same for all visitors with one language and one kind of device. It is rendered once, with a
//! private-use character for each value of the invite; for each request only these placeholders are replaced. The cache
//! holds nothing about an invite.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, RwLock},
};

use axum::response::Response;
use minijinja::Value;
use sha2::{Digest, Sha256};
use vestibule_core::{Host, Kind, hex};

use crate::{
    escape::escape_into,
    fixed_content::{entity_tag, represent},
    gzip::{Deflated, GzipWriter},
    html::{PageRenderer, Visitor, VisitorKey},
    http::Negotiation,
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

    /// The placeholders whose values, on one page, determine this one: if a page has all of them, its hash needs no
    /// more.
    const fn follows_from(self) -> &'static [Self] {
        match self {
            Self::Token => &[Self::Link],
            Self::UriEncoded | Self::UriTwiceEncoded | Self::UriPath => &[Self::Uri],
            Self::Initial => &[Self::Inviter],
            Self::Preview => &[Self::Inviter, Self::Link],
            _ => &[],
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

impl Audience {
    /// The number of people, if the page shows it.
    pub(super) fn places(self) -> Option<u32> {
        match self {
            Self::Some(places) => Some(places),
            Self::One | Self::Many => None,
        }
    }
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
    /// Whether the inviter has an account, not only a name.
    pub(super) has_inviter_address: bool,
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

/// The text of each placeholder, escaped; empty for those that are not in a page.
type Values = [String; Placeholder::ALL.len()];

/// A page with placeholders.
#[derive(Debug)]
pub(super) struct CachedPage {
    /// Pieces of the page, each with the placeholder that follows it.
    pieces: Vec<(Piece, Placeholder)>,
    end: Piece,
    /// The placeholders in it, each once.
    placeholders: Vec<Placeholder>,
    /// Those that determine the values of all.
    hashed: Vec<Placeholder>,
    hash: [u8; 32],
}

/// A piece of a page, which is the same for all invites.
#[derive(Debug)]
struct Piece {
    text: String,
    /// Set if that is smaller.
    compressed: Option<Deflated>,
}

impl Piece {
    fn new(text: String) -> Self {
        Self { compressed: Deflated::of(&text), text }
    }

    fn compress_into(&self, writer: &mut GzipWriter) {
        match &self.compressed {
            Some(compressed) => writer.piece(&self.text, compressed),
            None => writer.text(&self.text),
        }
    }
}

impl CachedPage {
    /// Splits a rendered page.
    pub(super) fn of(page: &str) -> Self {
        let (mut pieces, mut placeholders, mut piece) = (Vec::new(), Vec::new(), String::new());
        for character in page.chars() {
            match Placeholder::of(character) {
                Some(placeholder) => {
                    pieces.push((Piece::new(std::mem::take(&mut piece)), placeholder));
                    if !placeholders.contains(&placeholder) {
                        placeholders.push(placeholder);
                    }
                }
                None => piece.push(character),
            }
        }
        let follows = |placeholder: &Placeholder| {
            let sources = placeholder.follows_from();
            !sources.is_empty() && sources.iter().all(|source| placeholders.contains(source))
        };
        let hashed = placeholders.iter().copied().filter(|placeholder| !follows(placeholder)).collect();
        Self { pieces, end: Piece::new(piece), placeholders, hashed, hash: Sha256::digest(page).into() }
    }

    /// The whole page. `value` is called once for each placeholder in it.
    pub(super) fn fill(&self, value: impl Fn(Placeholder) -> String) -> String {
        self.plain(&self.values(value))
    }

    fn values(&self, value: impl Fn(Placeholder) -> String) -> Values {
        let mut values = [const { String::new() }; Placeholder::ALL.len()];
        for placeholder in &self.placeholders {
            // Writing to a String cannot fail.
            let _ = escape_into(&mut values[*placeholder as usize], &value(*placeholder));
        }
        values
    }

    fn plain(&self, values: &Values) -> String {
        let mut page = String::with_capacity(self.length(values, |piece| piece.text.len()));
        for (piece, placeholder) in &self.pieces {
            page.push_str(&piece.text);
            page.push_str(&values[*placeholder as usize]);
        }
        page.push_str(&self.end.text);
        page
    }

    /// The page as a gzip file. Only its pieces are compressed, and each only once: a request costs hardly more than
    /// without compression, and no length tells how the values of an invite resemble other text.
    fn compressed(&self, values: &Values) -> Vec<u8> {
        let length = |piece: &Piece| piece.text.len() / 2;
        let mut writer = GzipWriter::with_capacity(self.length(values, length));
        for (piece, placeholder) in &self.pieces {
            piece.compress_into(&mut writer);
            writer.text(&values[*placeholder as usize]);
        }
        self.end.compress_into(&mut writer);
        writer.finish()
    }

    /// A hash of everything that the page consists of, in hexadecimal digits.
    fn hash_with(&self, values: &Values) -> String {
        let mut hash = Sha256::new_with_prefix(self.hash);
        for placeholder in &self.hashed {
            hash.update(&values[*placeholder as usize]);
            // A byte that no text contains.
            hash.update([0xff]);
        }
        hex::encode(&hash.finalize()[..12])
    }

    fn length(&self, values: &Values, length: impl Fn(&Piece) -> usize) -> usize {
        let pieces = self.pieces.iter();
        let pieces = pieces.map(|(piece, placeholder)| length(piece) + values[*placeholder as usize].len());
        pieces.sum::<usize>() + length(&self.end)
    }
}

/// What a page is rendered for.
#[derive(Clone, Copy, Debug)]
pub(super) struct PageRequest<'a> {
    pub(super) renderer: &'a PageRenderer,
    pub(super) visitor: &'a Visitor,
    pub(super) site: &'a Site,
    pub(super) negotiation: &'a Negotiation,
}

impl PageRequest<'_> {
    fn respond(&self, page: &CachedPage, value: impl Fn(Placeholder) -> String) -> Response {
        let values = page.values(value);
        let is_compressed = self.negotiation.accepts_gzip;
        let mut response = Response::default();
        *response.headers_mut() = self.renderer.headers_to_revalidate();
        let etag = entity_tag(&page.hash_with(&values), is_compressed);
        represent(&mut response, &etag, is_compressed, self.negotiation, || {
            if is_compressed { page.compressed(&values).into() } else { page.plain(&values).into() }
        });
        response
    }
}

/// Rendered pages by key.
#[derive(Debug)]
pub(super) struct PageCache<K>(RwLock<HashMap<K, Arc<CachedPage>>>);

impl<K> Default for PageCache<K> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<K: Eq + Hash> PageCache<K> {
    /// Renders a page. `values` returns the values of the template if the page is not cached; `value` returns the text
    /// for a placeholder.
    pub(super) fn render(
        &self,
        request: &PageRequest<'_>,
        template: &'static str,
        key: K,
        values: impl FnOnce() -> Value,
        value: impl Fn(Placeholder) -> String,
    ) -> Response {
        if let Some(page) = self.get(&key) {
            return request.respond(&page, value);
        }
        let PageRequest { renderer, visitor, site, .. } = *request;
        match renderer.text(template, visitor, site, values()) {
            Ok(text) => {
                let page = Arc::new(CachedPage::of(&text));
                self.insert(key, &page);
                request.respond(&page, value)
            }
            Err(error) => renderer.failed(template, visitor, site, &error),
        }
    }

    fn get(&self, key: &K) -> Option<Arc<CachedPage>> {
        self.0.read().ok()?.get(key).cloned()
    }

    /// Adds a page. A full cache is cleared, which is simple and rare.
    fn insert(&self, key: K, page: &Arc<CachedPage>) {
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
    fn a_hash_depends_on_the_page_and_on_each_value() {
        let text: String = Placeholder::ALL.into_iter().map(Placeholder::mark).collect();
        let page = CachedPage::of(&text);
        let value = |slot: Placeholder| format!("{slot:?}");
        let hash = page.hash_with(&page.values(value));
        assert_eq!(hash, page.hash_with(&page.values(value)));
        assert_ne!(hash, CachedPage::of(&format!("{text}.")).hash_with(&page.values(value)));
        for changed in Placeholder::ALL.into_iter().filter(|slot| slot.follows_from().is_empty()) {
            let value = |slot| if slot == changed { "another".to_owned() } else { value(slot) };
            assert_ne!(hash, page.hash_with(&page.values(value)), "{changed:?}");
        }
        // What follows from another value counts if that one is not on the page.
        let alone = CachedPage::of(&Placeholder::Token.mark());
        let hash = |token: &str| alone.hash_with(&alone.values(|_| token.to_owned()));
        assert_ne!(hash("a"), hash("b"));
    }

    #[test]
    fn a_compressed_page_is_the_same_page() {
        let repeated = "<p class=\"step\">Install the app, then come back.</p>".repeat(9);
        let text =
            format!("{repeated}{}{repeated}{}", Placeholder::Message.mark(), Placeholder::Token.mark());
        let page = CachedPage::of(&text);
        let values = page.values(|slot| format!("{slot:?} & more"));
        let (plain, compressed) = (page.plain(&values), page.compressed(&values));
        let mut decoded = String::new();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(compressed.as_slice()), &mut decoded)
            .unwrap();
        assert_eq!(decoded, plain);
        assert!(compressed.len() * 3 < plain.len(), "{}", compressed.len());
    }

    #[test]
    fn every_placeholder_has_its_own_character() {
        for (index, slot) in Placeholder::ALL.into_iter().enumerate() {
            assert_eq!(slot as usize, index);
            assert_eq!(slot.mark().chars().next().and_then(Placeholder::of), Some(slot));
        }
    }
}
