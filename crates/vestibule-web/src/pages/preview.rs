//! `GET /preview/{address}`: the picture that messengers show beside a link.
//!
//! The picture is about a host and an inviter, not about an invite: its address contains no token, so that messengers
//! can cache it for all invites of one person. The address is sealed, so that nobody can make this service draw other
//! words.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, RwLock},
};

use axum::{
    body::Bytes,
    extract::{Path, State, rejection::PathRejection},
    response::{IntoResponse, Response},
};
use fluent_bundle::FluentArgs;
use http::header;
use tokio::sync::Semaphore;
use vestibule_core::{Host, Invite};

use super::{error_pages, state::PagesState};
use crate::{html::Visitor, i18n::Language, preview::PreviewCard, site::Site};

/// Maximum number of cached pictures.
const MAX_PICTURES: usize = 64;

/// Maximum number of cached addresses, each of some hundred bytes.
const MAX_ADDRESSES: usize = 1024;

/// The painter, with the pictures that it has painted.
#[derive(Debug)]
pub(super) struct Gallery {
    pictures: Mutex<HashMap<String, Bytes>>,
    /// Sealed addresses by their text. Sealing takes a tenth of the time of a first page, which contains one.
    addresses: RwLock<HashMap<String, String>>,
    /// One picture at a time, so that messengers take no more than one processor.
    painting: Semaphore,
}

impl Default for Gallery {
    fn default() -> Self {
        Self { pictures: Mutex::default(), addresses: RwLock::default(), painting: Semaphore::new(1) }
    }
}

impl Gallery {
    fn get(&self, address: &str) -> Option<Bytes> {
        self.pictures.lock().ok()?.get(address).cloned()
    }

    /// Adds a picture. A full gallery is cleared, which is simple and rare.
    fn insert(&self, address: String, picture: &Bytes) {
        if let Ok(mut pictures) = self.pictures.lock() {
            if pictures.len() >= MAX_PICTURES {
                pictures.clear();
            }
            pictures.insert(address, picture.clone());
        }
    }

    /// The address of a text, sealed with `seal` the first time.
    fn address(&self, text: String, seal: impl FnOnce(&str) -> String) -> String {
        if let Some(address) = self.addresses.read().ok().and_then(|addresses| addresses.get(&text).cloned())
        {
            return address;
        }
        let address = seal(&text);
        if let Ok(mut addresses) = self.addresses.write() {
            if addresses.len() >= MAX_ADDRESSES {
                addresses.clear();
            }
            addresses.insert(text, address.clone());
        }
        address
    }
}

/// What the picture of an invite is about, sealed in its address.
#[derive(Debug, PartialEq, Eq)]
struct Subject<'a> {
    host: &'a str,
    language: &'a str,
    message: &'a str,
    inviter: &'a str,
}

impl<'a> Subject<'a> {
    /// The text to seal. No part contains a line break.
    fn to_text(&self) -> String {
        [self.host, self.language, self.message, self.inviter].join("\n")
    }

    fn of(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(4, '\n');
        let (host, language, message) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self { host, language, message, inviter: parts.next()? })
    }
}

/// The URL of the picture of an invite.
pub(super) fn url(state: &PagesState, invite: &Invite, inviter: &str, language: &Language) -> String {
    let message = match (invite.kind.makes_account(), inviter) {
        (true, "") => "invite-title",
        (true, _) => "invited-by-title",
        (false, "") => "reset-heading",
        (false, _) => "contact-title",
    };
    let subject = Subject { host: invite.host.as_str(), language: language.tag, message, inviter };
    let address = state.gallery.address(subject.to_text(), |text| state.invite_service.seal_address(text));
    format!("{}/preview/{address}.png", state.links.base_of(&invite.host))
}

pub(super) async fn handle(
    State(state): State<PagesState>,
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
) -> Response {
    let Some(address) = path.ok().and_then(|Path(name)| name.strip_suffix(".png").map(str::to_owned)) else {
        return error_pages::not_found(&state, &visitor);
    };
    match picture(&state, address).await {
        Some(picture) => {
            let headers = [
                (header::CONTENT_TYPE, "image/png"),
                (header::CACHE_CONTROL, "public, max-age=86400"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
                (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            ];
            (headers, picture).into_response()
        }
        None => error_pages::not_found(&state, &visitor),
    }
}

async fn picture(state: &PagesState, address: String) -> Option<Bytes> {
    if let Some(picture) = state.gallery.get(&address) {
        return Some(picture);
    }
    let painter = Arc::clone(state.painter.as_ref()?);
    let text = state.invite_service.open_address(&address).ok()?;
    let card = card(state, &Subject::of(&text)?)?;
    let _permit = state.gallery.painting.acquire().await.ok()?;
    // Another request may have painted it meanwhile.
    if let Some(picture) = state.gallery.get(&address) {
        return Some(picture);
    }
    let png = tokio::task::spawn_blocking(move || painter.paint(&card)).await;
    let picture = Bytes::from(png.ok().flatten()?);
    state.gallery.insert(address, &picture);
    Some(picture)
}

fn card(state: &PagesState, subject: &Subject<'_>) -> Option<PreviewCard> {
    let host = Host::parse(subject.host).ok()?;
    let language = state.renderer.languages.by_tag(subject.language)?;
    let (site, name): (&Site, &str) = (state.site(&host), state.site_name(&host));
    let initial = subject.inviter.chars().next().map(|first| first.to_uppercase().to_string());
    let theme = site.theme;
    Some(PreviewCard {
        site: name.to_owned(),
        heading: heading(language, subject, name),
        initial,
        right_to_left: language.right_to_left,
        fill: theme.fill.to_string(),
        on_fill: theme.fill.text_colour().to_string(),
        logo: site.logo.as_ref().map(|logo| (logo.content_type, logo.content.bytes().clone())),
    })
}

fn heading(language: &Language, subject: &Subject<'_>, site: &str) -> String {
    let mut args = FluentArgs::new();
    // The sentence runs in the direction of its language, whatever the letters of the names (UAX 9 section 2.4).
    let isolated = |name: &str| format!("\u{2068}{name}\u{2069}");
    args.set("inviter", isolated(subject.inviter));
    args.set("site", isolated(site));
    language.format(subject.message, &args)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_sealed_once() {
        let gallery = Gallery::default();
        let sealed = |text: &str, seal: fn(&str) -> String| gallery.address(text.to_owned(), seal);
        assert_eq!(sealed("a", str::to_uppercase), "A");
        assert_eq!(sealed("a", |_| panic!("sealed again")), "A");
        assert_eq!(sealed("b", str::to_uppercase), "B");
        for number in 0..2 * MAX_ADDRESSES {
            sealed(&number.to_string(), str::to_owned);
        }
        assert!(gallery.addresses.read().unwrap().len() <= MAX_ADDRESSES);
    }

    #[test]
    fn a_subject_is_read_back() {
        let subject =
            Subject { host: "example.com", language: "de", message: "invite-title", inviter: "Zoë & Co" };
        assert_eq!(Subject::of(&subject.to_text()), Some(subject));
        assert_eq!(Subject::of("example.com\nde"), None);
    }
}
