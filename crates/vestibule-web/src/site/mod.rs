//! Settings of a host's pages: name, logo, colours, apps.

mod accent;
mod promise;

use std::collections::HashMap;

pub use accent::ColourError;
pub use promise::UnknownPromise;

use crate::{
    assets::{Asset, AssetError},
    client_apps::{self, AppSelectionError, ClientApp, CustomApp, Device, is_web_url},
    i18n::{self, UnknownLanguage},
};
use accent::{Colour, Theme};
use promise::Promise;

/// Settings of a host as in the configuration file. All are optional.
#[derive(Clone, Debug, Default)]
pub struct SiteSettings {
    /// Display name. Defaults to the host.
    pub name: Option<String>,
    /// Tag of the language of visitors who ask for none of the languages of the pages. Defaults to English.
    pub default_language: Option<String>,
    /// Colour of buttons and links, `#rrggbb`. If the contrast is too low, a shade of it is used.
    pub accent: Option<String>,
    /// Logo: the file name, which determines the type, and the content.
    pub logo: Option<(String, Vec<u8>)>,
    /// Style sheet appended to the built-in one.
    pub css: Option<String>,
    /// URL of the legal notice.
    pub imprint_url: Option<String>,
    /// URL of the privacy policy.
    pub privacy_url: Option<String>,
    /// URL of a web client, offered after the registration.
    pub webchat_url: Option<String>,
    /// What the service costs and asks of its members: ids of promises, in this order.
    pub promises: Vec<String>,
    /// Who runs the service, in the operator's own words.
    pub operator: Option<String>,
    /// Whether iPhones show the App Store's banner of the recommended app. The browser itself then asks Apple for it.
    pub app_store_banner: bool,
    /// Ids of the apps to show, in this order; empty for all.
    pub apps_show: Vec<String>,
    /// Ids of the apps to leave out.
    pub apps_hide: Vec<String>,
    /// Custom apps, in addition to the built-in ones.
    pub apps: Vec<CustomApp>,
}

/// Validated settings of a host's pages.
#[derive(Clone, Debug)]
pub struct Site {
    pub(crate) name: Option<String>,
    /// Tag of a language of the pages.
    pub(crate) default_language: Option<&'static str>,
    pub(crate) client_apps: Vec<ClientApp>,
    /// Whether accounts are created in the browser alone: the XMPP server does not know the tokens.
    pub(crate) is_browser_only: bool,
    pub(crate) logo: Option<Asset>,
    pub(crate) style: Asset,
    pub(crate) theme: Theme,
    pub(crate) promises: Vec<Promise>,
    pub(crate) operator: Option<String>,
    pub(crate) app_store_banner: bool,
    pub(crate) imprint_url: Option<String>,
    pub(crate) privacy_url: Option<String>,
    pub(crate) webchat_url: Option<String>,
}

/// Settings by host.
pub type Sites = HashMap<String, Site>;

/// A setting of a host is invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {reason}")]
pub struct SiteError {
    /// Name of the setting.
    pub setting: &'static str,
    /// Description of the error and of the expected value.
    pub reason: SiteErrorReason,
}

/// Reason why a setting of a host is invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SiteErrorReason {
    /// Not a colour.
    #[error(transparent)]
    Colour(#[from] ColourError),
    /// Not a supported picture.
    #[error(transparent)]
    Picture(#[from] AssetError),
    /// Not a URL.
    #[error("expected a URL that begins with https://")]
    Url,
    /// Not a language of the pages.
    #[error(transparent)]
    Language(#[from] UnknownLanguage),
    /// Invalid apps.
    #[error(transparent)]
    Apps(#[from] AppSelectionError),
    /// Not a promise.
    #[error(transparent)]
    Promise(#[from] UnknownPromise),
    /// Too long for a phone.
    #[error("expected at most {MAX_OPERATOR} characters; link to a page with more by imprint_url")]
    TooLong,
}

/// Maximum length of the text about the operator, in characters.
const MAX_OPERATOR: usize = 500;

impl Site {
    /// Validates the settings.
    pub fn build(settings: SiteSettings) -> Result<Self, SiteError> {
        let invalid = |setting| move |reason| SiteError { setting, reason };
        let accent = non_blank(settings.accent).map(|text| Colour::parse(&text)).transpose();
        let accent = accent.map_err(|error| invalid("accent")(error.into()))?;
        let logo = settings.logo.map(|(name, bytes)| Asset::logo(&name, bytes)).transpose();
        let url = |setting, url| match non_blank(url) {
            Some(url) if !is_web_url(&url) => Err(invalid(setting)(SiteErrorReason::Url)),
            other => Ok(other),
        };
        let promises: Result<Vec<_>, _> = settings.promises.iter().map(|id| Promise::parse(id)).collect();
        let operator = non_blank(settings.operator.map(|text| printable_lines(&text)));
        if operator.as_ref().is_some_and(|text| text.chars().count() > MAX_OPERATOR) {
            return Err(invalid("operator")(SiteErrorReason::TooLong));
        }
        let language = non_blank(settings.default_language).map(|tag| i18n::known_tag(&tag)).transpose();
        let client_apps = client_apps::select(settings.apps, &settings.apps_show, &settings.apps_hide);
        Ok(Self {
            name: non_blank(settings.name.map(|name| printable(&name))),
            default_language: language.map_err(|error| invalid("default_language")(error.into()))?,
            client_apps: client_apps.map_err(|error| invalid("apps")(error.into()))?,
            is_browser_only: false,
            logo: logo.map_err(|error| invalid("logo_file")(error.into()))?,
            style: Asset::pages_style(accent.map(accent::rules).as_deref(), settings.css.as_deref()),
            theme: accent.map(Theme::of).unwrap_or_default(),
            promises: promises.map_err(|error| invalid("promises")(error.into()))?,
            operator,
            app_store_banner: settings.app_store_banner,
            imprint_url: url("imprint_url", settings.imprint_url)?,
            privacy_url: url("privacy_url", settings.privacy_url)?,
            webchat_url: url("webchat_url", settings.webchat_url)?,
        })
    }

    /// The app that the page recommends for a device: the first one that redeems invites and can be installed there.
    pub(crate) fn recommended_app(&self, device: Option<Device>) -> Option<&ClientApp> {
        let device = Some(device?);
        self.client_apps.iter().find(|client_app| {
            client_app.takes_invites && client_app.runs_on(device) && !client_app.sources.is_empty()
        })
    }

    /// The same pages for an XMPP server that does not know the tokens of invites: accounts are created in the browser,
    /// and then every app logs in.
    #[must_use]
    pub fn browser_only(mut self) -> Self {
        for client_app in &mut self.client_apps {
            client_app.takes_invites = false;
        }
        Self { is_browser_only: true, app_store_banner: false, ..self }
    }

    /// The first app for a device, which logs in or redeems invites.
    pub(crate) fn first_app(&self, device: Device) -> Option<&ClientApp> {
        self.client_apps.iter().find(|client_app| client_app.runs_on(Some(device)))
    }

    /// The name of the picture for home screens: the logo, unless it is an SVG image, which iPhones do not show there.
    pub(crate) fn touch_icon(&self) -> Option<&str> {
        let logo = self.logo.as_ref().filter(|logo| logo.content_type != "image/svg+xml")?;
        Some(&logo.name)
    }

    /// The app with this id.
    pub(crate) fn client_app(&self, id: &str) -> Option<&ClientApp> {
        self.client_apps.iter().find(|client_app| client_app.id == id)
    }
}

impl Default for Site {
    fn default() -> Self {
        Self {
            name: None,
            default_language: None,
            client_apps: client_apps::select(Vec::new(), &[], &[]).unwrap_or_default(),
            is_browser_only: false,
            logo: None,
            style: Asset::pages_style(None, None),
            theme: Theme::default(),
            promises: Vec::new(),
            operator: None,
            app_store_banner: false,
            imprint_url: None,
            privacy_url: None,
            webchat_url: None,
        }
    }
}

fn non_blank(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

/// Removes control characters, and private-use characters, which serve as placeholders in cached pages.
fn printable(text: &str) -> String {
    text.chars().filter(|one| !matches!(u32::from(*one), 0xE000..=0xF8FF) && !one.is_control()).collect()
}

/// As [`printable`], but keeps line breaks, except at the ends.
fn printable_lines(text: &str) -> String {
    text.trim().lines().map(printable).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_settings_are_named() {
        let build = |settings: SiteSettings| Site::build(settings).unwrap_err().to_string();
        let text = |text: &str| Some(text.to_owned());
        let error = build(SiteSettings { accent: text("blue"), ..SiteSettings::default() });
        assert_eq!(error, "accent: expected a colour as #rrggbb, for example #1f5f8b");
        let error = build(SiteSettings { webchat_url: text("javascript:1"), ..SiteSettings::default() });
        assert_eq!(error, "webchat_url: expected a URL that begins with https://");
        let error = build(SiteSettings { default_language: text("tlh"), ..SiteSettings::default() });
        assert!(
            error.starts_with("default_language: there is no language \"tlh\"; the known languages are en, ")
        );
        let error = build(SiteSettings {
            logo: Some(("logo.bmp".to_owned(), Vec::new())),
            ..SiteSettings::default()
        });
        assert!(error.starts_with("logo_file: "), "{error}");
        let error = build(SiteSettings { promises: vec!["no-adds".to_owned()], ..SiteSettings::default() });
        assert_eq!(
            error,
            "promises: unknown promise \"no-adds\"; the known ones are free, no-phone-number, no-ads"
        );
        let error = build(SiteSettings { operator: Some("x".repeat(501)), ..SiteSettings::default() });
        assert!(error.starts_with("operator: expected at most 500 characters"), "{error}");
        assert!(
            build(SiteSettings { apps_show: vec!["x".to_owned()], ..SiteSettings::default() })
                .contains("apps_show")
        );
    }

    #[test]
    fn the_operator_s_lines_are_kept() {
        let operator = Some("\nAnn\u{7}, since 2019.\r\nQuestions: 555\n".to_owned());
        let site = Site::build(SiteSettings { operator, ..SiteSettings::default() }).unwrap();
        assert_eq!(site.operator.as_deref(), Some("Ann, since 2019.\nQuestions: 555"));
    }

    #[test]
    fn empty_settings_are_unset() {
        let empty = Some(String::new());
        let settings = SiteSettings {
            name: empty.clone(),
            default_language: empty.clone(),
            accent: empty.clone(),
            webchat_url: empty.clone(),
            imprint_url: empty.clone(),
            privacy_url: empty,
            ..SiteSettings::default()
        };
        let site = Site::build(settings).unwrap();
        assert!(
            site.name.is_none()
                && site.default_language.is_none()
                && site.webchat_url.is_none()
                && site.imprint_url.is_none()
        );
    }
}
