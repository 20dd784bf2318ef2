//! Settings of a host's pages: name, logo, colours, apps.

mod accent;

use std::collections::HashMap;

pub use accent::ColourError;

use crate::{
    assets::{Asset, AssetError},
    client_apps::{self, ChoiceError, ClientApp, OwnApp, is_address},
};
use accent::Colour;

/// Settings of a host as in the configuration file. All are optional.
#[derive(Clone, Debug, Default)]
pub struct SiteSettings {
    /// What people call it; the host's name where it is missing.
    pub name: Option<String>,
    /// The colour of buttons and links, `#rrggbb`. Where it could not be read, a shade of it is taken.
    pub accent: Option<String>,
    /// A picture: its name, for its type, and what is in it.
    pub logo: Option<(String, Vec<u8>)>,
    /// A style sheet that comes after ours.
    pub css: Option<String>,
    /// The page of the legal notice.
    pub imprint_url: Option<String>,
    /// The page about privacy.
    pub privacy_url: Option<String>,
    /// A client for the browser, for after the registration.
    pub webchat_url: Option<String>,
    /// The ids of the apps to show, in this order; none for all.
    pub apps_show: Vec<String>,
    /// The ids of the apps to leave out.
    pub apps_hide: Vec<String>,
    /// Apps beside the built-in list.
    pub apps: Vec<OwnApp>,
}

/// Validated settings of a host's pages.
#[derive(Clone, Debug)]
pub struct Site {
    pub(crate) name: Option<String>,
    pub(crate) client_apps: Vec<ClientApp>,
    pub(crate) logo: Option<Asset>,
    pub(crate) style: Asset,
    pub(crate) imprint_url: Option<String>,
    pub(crate) privacy_url: Option<String>,
    pub(crate) webchat_url: Option<String>,
}

/// Settings by host.
pub type Sites = HashMap<String, Site>;

/// A setting of a host is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {reason}")]
pub struct SiteError {
    /// Which one.
    pub setting: &'static str,
    /// What is wrong, and what was expected.
    pub reason: SiteErrorReason,
}

/// What is wrong with a setting of a host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SiteErrorReason {
    /// It is not a colour.
    #[error(transparent)]
    Colour(#[from] ColourError),
    /// It is not a picture.
    #[error(transparent)]
    Picture(#[from] AssetError),
    /// It is not an address.
    #[error("expected an address that begins with https://")]
    Address,
    /// The apps.
    #[error(transparent)]
    Apps(#[from] ChoiceError),
}

impl Site {
    /// Validates the settings.
    pub fn build(settings: SiteSettings) -> Result<Self, SiteError> {
        let invalid = |setting| move |reason| SiteError { setting, reason };
        let accent = filled(settings.accent).map(|text| Colour::parse(&text)).transpose();
        let accent = accent.map_err(|error| invalid("accent")(error.into()))?;
        let logo = settings.logo.map(|(name, bytes)| Asset::picture(&name, bytes)).transpose();
        let address = |setting, url| match filled(url) {
            Some(url) if !is_address(&url) => Err(invalid(setting)(SiteErrorReason::Address)),
            other => Ok(other),
        };
        let client_apps = client_apps::choose(settings.apps, &settings.apps_show, &settings.apps_hide);
        Ok(Self {
            name: filled(settings.name.map(|name| without_private(&name))),
            client_apps: client_apps.map_err(|error| invalid("apps")(error.into()))?,
            logo: logo.map_err(|error| invalid("logo_file")(error.into()))?,
            style: Asset::pages_style(accent.map(accent::rules).as_deref(), settings.css.as_deref()),
            imprint_url: address("imprint_url", settings.imprint_url)?,
            privacy_url: address("privacy_url", settings.privacy_url)?,
            webchat_url: address("webchat_url", settings.webchat_url)?,
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
            client_apps: client_apps::choose(Vec::new(), &[], &[]).unwrap_or_default(),
            logo: None,
            style: Asset::pages_style(None, None),
            imprint_url: None,
            privacy_url: None,
            webchat_url: None,
        }
    }
}

fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

/// Private-use characters are placeholders in pages.
fn without_private(text: &str) -> String {
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
        assert_eq!(error, "webchat_url: expected an address that begins with https://");
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
            accent: empty.clone(),
            webchat_url: empty.clone(),
            imprint_url: empty.clone(),
            privacy_url: empty,
            ..SiteSettings::default()
        };
        let site = Site::build(settings).unwrap();
        assert!(site.name.is_none() && site.webchat_url.is_none() && site.imprint_url.is_none());
    }
}
