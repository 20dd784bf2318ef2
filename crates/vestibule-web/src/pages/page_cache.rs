//! A page without what belongs to one invite.
//!
//! Most of a page is the same for everybody who reads it in the same language on the same kind of device. So it is
//! rendered once, with a private character in each place where something of the invite goes, and kept; for each
//! request only these places are filled. Nothing of an invite is kept.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

use vestibule_core::{Host, Kind};

use super::visitor::VisitorKey;
use crate::escape::escape_into;

/// The first of the private characters; what an operator or an app says cannot hold one.
const FIRST: u32 = 0xE200;

/// So many skeletons are kept at most: all that a usual host needs, in every language.
const MOST: usize = 2048;

/// What of an invite stands in a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Placeholder {
    /// The token.
    Token,
    /// The link to the page.
    Link,
    /// The `xmpp:` URI.
    Uri,
    /// The same as a part of a query.
    UriEncoded,
    /// Who invites.
    Inviter,
    /// The first letter of that name.
    Initial,
    /// The name that the invite is for.
    Username,
    /// When it ends, RFC 3339.
    ExpiresAt,
    /// The same for people.
    ExpiresOn,
}

impl Placeholder {
    const ALL: [Self; 9] = [
        Self::Token,
        Self::Link,
        Self::Uri,
        Self::UriEncoded,
        Self::Inviter,
        Self::Initial,
        Self::Username,
        Self::ExpiresAt,
        Self::ExpiresOn,
    ];

    /// What stands in its place while the page is made.
    pub(super) fn mark(self) -> String {
        char::from_u32(FIRST + self as u32).map(String::from).unwrap_or_default()
    }

    fn of(one: char) -> Option<Self> {
        let index = usize::try_from(u32::from(one).checked_sub(FIRST)?).ok()?;
        Self::ALL.get(index).copied()
    }
}

/// What pages that look the same have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct CacheKey {
    pub(super) template: &'static str,
    pub(super) host: Host,
    pub(super) kind: Kind,
    pub(super) visitor: VisitorKey,
    pub(super) has_inviter: bool,
    pub(super) has_username: bool,
    /// How many more people the link lets in, where that is said.
    pub(super) remaining_uses: Option<u32>,
    /// The app that the page is about.
    pub(super) client_app: Option<String>,
}

/// A page without what belongs to one invite.
#[derive(Debug)]
pub(super) struct CachedPage {
    /// Pieces of the page, each with what follows it.
    pieces: Vec<(String, Placeholder)>,
    end: String,
    /// What stands in it, each once.
    slots: Vec<Placeholder>,
}

impl CachedPage {
    /// Takes a rendered page apart.
    pub(super) fn of(page: &str) -> Self {
        let (mut pieces, mut slots, mut piece) = (Vec::new(), Vec::new(), String::new());
        for one in page.chars() {
            match Placeholder::of(one) {
                Some(slot) => {
                    pieces.push((std::mem::take(&mut piece), slot));
                    if !slots.contains(&slot) {
                        slots.push(slot);
                    }
                }
                None => piece.push(one),
            }
        }
        Self { pieces, end: piece, slots }
    }

    /// The whole page. `value` is asked once for each thing that stands in it.
    pub(super) fn fill(&self, value: impl Fn(Placeholder) -> String) -> String {
        let mut values = [const { String::new() }; Placeholder::ALL.len()];
        for slot in &self.slots {
            // Writing to a String cannot fail.
            let _ = escape_into(&mut values[*slot as usize], &value(*slot));
        }
        let length: usize =
            self.pieces.iter().map(|(piece, slot)| piece.len() + values[*slot as usize].len()).sum();
        let mut page = String::with_capacity(length + self.end.len());
        for (piece, slot) in &self.pieces {
            page.push_str(piece);
            page.push_str(&values[*slot as usize]);
        }
        page.push_str(&self.end);
        page
    }
}

/// The skeletons that were made before.
#[derive(Debug, Default)]
pub(super) struct PageCache(RwLock<HashMap<CacheKey, Arc<CachedPage>>>);

impl PageCache {
    /// The one of that shape, if it was made before.
    pub(super) fn get(&self, shape: &CacheKey) -> Option<Arc<CachedPage>> {
        self.0.read().ok()?.get(shape).cloned()
    }

    /// Keeps one. When there are too many, all are forgotten: that is simple, and rare.
    pub(super) fn keep(&self, shape: CacheKey, cached_page: &Arc<CachedPage>) {
        if let Ok(mut kept) = self.0.write() {
            if kept.len() >= MOST {
                kept.clear();
            }
            kept.insert(shape, Arc::clone(cached_page));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_apart_is_put_together() {
        let page = format!(
            "<p>{}&amp;{}</p>{}",
            Placeholder::Inviter.mark(),
            Placeholder::Uri.mark(),
            Placeholder::Inviter.mark()
        );
        let value = |slot| match slot {
            Placeholder::Inviter => "a<b\u{e201}".to_owned(),
            Placeholder::Uri => "xmpp:a?b;c=\"d\"".to_owned(),
            other => panic!("{other:?} stands nowhere"),
        };
        let whole = CachedPage::of(&page).fill(value);
        assert_eq!(whole, "<p>a&lt;b\u{e201}&amp;xmpp:a?b;c=&quot;d&quot;</p>a&lt;b\u{e201}");
        assert_eq!(CachedPage::of("plain").fill(value), "plain");
    }

    #[test]
    fn each_slot_has_its_place() {
        for (index, slot) in Placeholder::ALL.into_iter().enumerate() {
            assert_eq!(slot as usize, index);
            assert_eq!(slot.mark().chars().next().and_then(Placeholder::of), Some(slot));
        }
    }
}
