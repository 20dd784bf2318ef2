//! Who reads a page: in which language, on which device.

use std::{convert::Infallible, sync::Arc};

use axum::extract::FromRequestParts;
use http::{HeaderMap, Uri, header, request::Parts};

use crate::{
    AppState,
    apps::Device,
    i18n::{Language, Languages},
};

/// Who reads a page.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    /// The language that they read.
    pub(crate) language: Arc<Language>,
    /// They chose it by hand.
    language_chosen: bool,
    /// What they read it on, if we know.
    pub(crate) device: Option<Device>,
    /// They chose it by hand.
    device_chosen: bool,
}

/// What tells two readers apart, for whom a page looks different.
pub(crate) type VisitorKey = (&'static str, bool, Option<Device>, bool);

impl Visitor {
    /// What a request tells: `lang` and `device` in the query, which were chosen by hand, else what the browser
    /// sends along.
    pub(crate) fn of(state: &AppState, uri: &Uri, headers: &HeaderMap) -> Self {
        Self::among(&state.pages.languages, uri, headers)
    }

    /// The same, with the languages at hand.
    pub(super) fn among(languages: &Languages, uri: &Uri, headers: &HeaderMap) -> Self {
        let (language, device) = choices(uri.query().unwrap_or_default(), languages);
        let accepted = || {
            let header = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
            languages.accepted(header.unwrap_or_default())
        };
        Self {
            language: Arc::clone(language.unwrap_or_else(accepted)),
            language_chosen: language.is_some(),
            device: device.or_else(|| Device::of(headers)),
            device_chosen: device.is_some(),
        }
    }

    /// The query that keeps what was chosen by hand in another query; empty for nothing.
    pub(super) fn chosen_in(text: &str, languages: &Languages) -> String {
        let (language, device) = choices(text, languages);
        query(language.map(|language| language.tag), device)
    }

    /// The query that keeps what was chosen by hand, for links to our other pages; empty for nothing.
    pub(crate) fn keep(&self) -> String {
        query(self.language_chosen.then_some(self.language.tag), self.device.filter(|_| self.device_chosen))
    }

    /// The query that chooses a language and keeps the device.
    pub(crate) fn choose_language(&self, tag: &str) -> String {
        query(Some(tag), self.device.filter(|_| self.device_chosen))
    }

    /// The query that chooses a device and keeps the language.
    pub(crate) fn choose_device(&self, device: Device) -> String {
        query(self.language_chosen.then_some(self.language.tag), Some(device))
    }

    pub(crate) fn shape(&self) -> VisitorKey {
        (self.language.tag, self.language_chosen, self.device, self.device_chosen)
    }
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self::of(state, &parts.uri, &parts.headers))
    }
}

/// The language and the device that a query chooses.
fn choices<'a>(query: &str, languages: &'a Languages) -> (Option<&'a Arc<Language>>, Option<Device>) {
    let (mut language, mut device) = (None, None);
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "lang" => language = languages.named(&value),
            "device" => device = Device::named(&value),
            _ => {}
        }
    }
    (language, device)
}

/// Tags and ids are letters, digits and dashes, so nothing of them is to be encoded.
fn query(language: Option<&str>, device: Option<Device>) -> String {
    let parts =
        [language.map(|tag| format!("lang={tag}")), device.map(|device| format!("device={}", device.id()))];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
}
