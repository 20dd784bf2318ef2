//! The visitor of a page: their language and device.

use std::sync::Arc;

use http::{HeaderMap, Uri, header};

use crate::{
    client_apps::Device,
    i18n::{Language, Languages},
};

/// The visitor of a page.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about a request")]
pub(crate) struct Visitor {
    pub(crate) language: Arc<Language>,
    /// Whether the query chose the language.
    language_chosen: bool,
    /// Whether the language is not a mere default.
    language_known: bool,
    /// The device, if known.
    pub(crate) device: Option<Device>,
    /// Whether the query chose the device.
    device_chosen: bool,
    /// Whether the page is open inside another app, such as a messenger, whose browser may not open links to apps.
    pub(crate) in_app_browser: bool,
}

/// Everything about a visitor that a page depends on.
pub(crate) type VisitorKey = (&'static str, bool, Option<Device>, bool, bool);

impl Visitor {
    /// The visitor that sends a request: from `lang` and `device` in the query, else from the headers of the browser.
    pub(crate) fn of(languages: &Languages, uri: &Uri, headers: &HeaderMap) -> Self {
        let (language, device) = choices(uri.query().unwrap_or_default(), languages);
        let accepted = || {
            let header = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
            languages.accepted(header.unwrap_or_default())
        };
        let known = language.or_else(accepted);
        Self {
            language: Arc::clone(known.unwrap_or_else(|| languages.english())),
            language_chosen: language.is_some(),
            language_known: known.is_some(),
            device: device.or_else(|| Device::of(headers)),
            device_chosen: device.is_some(),
            in_app_browser: is_in_app_browser(headers),
        }
    }

    /// The visitor on a page of a host. Visitors who ask for none of our languages, such as the previews of messengers,
    /// get the language of the invite, else the default language of the host, else English. The host also chooses
    /// between a language and its variant.
    pub(crate) fn with_fallbacks(
        mut self,
        languages: &Languages,
        invite_language: Option<&str>,
        host_default: Option<&str>,
    ) -> Self {
        if !self.language_known {
            let mut fallbacks = [invite_language, host_default].into_iter().flatten();
            if let Some(language) = fallbacks.find_map(|tag| languages.closest(tag)) {
                self.language = Arc::clone(language);
                self.language_known = true;
            }
        }
        self.language = Arc::clone(languages.on_host(&self.language, host_default));
        self
    }

    /// The choices in a query, as a query of its own; empty if there are none.
    pub(crate) fn chosen_in(text: &str, languages: &Languages) -> String {
        let (language, device) = choices(text, languages);
        query(language.map(|language| language.tag), device)
    }

    /// The choices of this visitor, as a query for links to other pages; empty if there are none.
    pub(crate) fn keep(&self) -> String {
        query(self.language_chosen.then_some(self.language.tag), self.device.filter(|_| self.device_chosen))
    }

    /// The query that chooses a language and keeps the chosen device.
    pub(crate) fn choose_language(&self, tag: &str) -> String {
        query(Some(tag), self.device.filter(|_| self.device_chosen))
    }

    /// The query that chooses a device and keeps the chosen language.
    pub(crate) fn choose_device(&self, device: Device) -> String {
        query(self.language_chosen.then_some(self.language.tag), Some(device))
    }

    /// The query for an iPad, if this may be one: iPads identify as Macs, and only a script can tell them apart.
    pub(crate) fn choose_ipad(&self) -> Option<String> {
        let may_be_ipad = self.device == Some(Device::Macos) && !self.device_chosen;
        may_be_ipad.then(|| self.choose_device(Device::Ios))
    }

    /// Everything about the visitor that a page depends on.
    pub(crate) fn key(&self) -> VisitorKey {
        (self.language.tag, self.language_chosen, self.device, self.device_chosen, self.in_app_browser)
    }
}

/// Whether `User-Agent` is that of a web view inside the app of a social network or messenger, or of any Android app
/// (`; wv`).
fn is_in_app_browser(headers: &HeaderMap) -> bool {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let words = [
        "FBAN/",
        "FBAV/",
        "Instagram",
        "Line/",
        "MicroMessenger",
        "BytedanceWebview",
        "musical_ly",
        "Snapchat",
        "LinkedInApp",
        "Twitter for",
        "; wv)",
    ];
    words.iter().any(|word| agent.contains(word))
}

/// The language and the device that a query chooses.
fn choices<'a>(query: &str, languages: &'a Languages) -> (Option<&'a Arc<Language>>, Option<Device>) {
    let (mut language, mut device) = (None, None);
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "lang" => language = languages.by_tag(&value),
            "device" => device = Device::from_id(&value),
            _ => {}
        }
    }
    (language, device)
}

/// Tags and ids consist of letters, digits and dashes, so they need no encoding.
fn query(language: Option<&str>, device: Option<Device>) -> String {
    let parts =
        [language.map(|tag| format!("lang={tag}")), device.map(|device| format!("device={}", device.id()))];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn only_visitors_who_ask_for_no_language_of_ours_get_a_fallback() {
        let languages = Languages::load();
        for (query, header, invite, host, expected) in [
            ("", "", None, None, "en"),
            ("", "*", None, Some("de"), "de"),
            ("", "tlh", Some("fr"), Some("de"), "fr"),
            ("", "tlh", Some("xx"), Some("de"), "de"),
            ("", "tlh", Some("de-AT"), Some("de-x-formal"), "de-x-formal"),
            ("", "en", Some("fr"), Some("de"), "en"),
            ("", "de-CH", None, Some("de-x-formal"), "de-x-formal"),
            ("lang=ja", "", Some("fr"), Some("de"), "ja"),
            ("lang=de", "en", None, Some("de-x-formal"), "de-x-formal"),
            ("lang=de-x-formal", "", None, Some("fr"), "de"),
            ("lang=pt", "", None, Some("de"), "pt-BR"),
            ("lang=tlh", "", None, Some("it"), "it"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(header));
            let uri = format!("/?{query}").parse().unwrap();
            let visitor = Visitor::of(&languages, &uri, &headers).with_fallbacks(&languages, invite, host);
            assert_eq!(visitor.language.tag, expected, "{query} {header} {invite:?} {host:?}");
            // Error pages apply the fallbacks of the host again.
            assert_eq!(visitor.with_fallbacks(&languages, None, host).language.tag, expected);
        }
    }
}
