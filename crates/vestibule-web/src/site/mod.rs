//! Settings of a host's pages: name, logo, colours, apps.

mod accent;

use std::collections::HashMap;

pub use accent::ColourError;

use crate::{
    assets::{Asset, AssetError},
    client_apps::{self, AppSelectionError, ClientApp, CustomApp, is_web_url},
    i18n::{self, UnknownLanguage},
};
use accent::Colour;

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
    pub(crate) logo: Option<Asset>,
    pub(crate) style: Asset,
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
}

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
        let language = non_blank(settings.default_language).map(|tag| i18n::known_tag(&tag)).transpose();
        let client_apps = client_apps::select(settings.apps, &settings.apps_show, &settings.apps_hide);
        Ok(Self {
            name: non_blank(settings.name.map(|name| printable(&name))),
            default_language: language.map_err(|error| invalid("default_language")(error.into()))?,
            client_apps: client_apps.map_err(|error| invalid("apps")(error.into()))?,
            logo: logo.map_err(|error| invalid("logo_file")(error.into()))?,
            style: Asset::pages_style(accent.map(accent::rules).as_deref(), settings.css.as_deref()),
            imprint_url: url("imprint_url", settings.imprint_url)?,
            privacy_url: url("privacy_url", settings.privacy_url)?,
            webchat_url: url("webchat_url", settings.webchat_url)?,
        })
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
            logo: None,
            style: Asset::pages_style(None, None),
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
        assert!(
            build(SiteSettings { apps_show: vec!["x".to_owned()], ..SiteSettings::default() })
                .contains("apps_show")
        );
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
