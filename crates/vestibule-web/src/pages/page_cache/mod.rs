//! A cache of rendered pages, with placeholders for the values of an invite.
//!
//! Most of a page is the same for all visitors with one language and one kind of device. It is rendered once, with a
//! private-use character for each value of the invite; for each request only these placeholders are replaced. The cache
//! holds nothing about an invite.

mod cached_page;
mod placeholder;

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, RwLock},
};

use axum::response::Response;
use minijinja::Value;
use vestibule_core::{Host, Kind};

pub(super) use self::{cached_page::CachedPage, placeholder::Placeholder};
use crate::{
    fixed_content::{entity_tag, represent},
    html::{PageRenderer, Visitor, VisitorKey},
    http::Negotiation,
    site::Site,
};

/// Maximum number of cached pages: enough for one host in every language.
const MAX_PAGES: usize = 2048;

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
