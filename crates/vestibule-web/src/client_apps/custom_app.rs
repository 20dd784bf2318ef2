//! Custom apps, added by the operator.

use super::{
    client_app::{AppDescription, AppIcon, Channel, ClientApp, DownloadLink},
    device::Device,
};
use crate::assets::{AssetError, inline_picture};

/// A custom app as in the configuration file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomApp {
    /// Identifier in URLs. Derived from the name by default.
    pub id: Option<String>,
    /// Display name.
    pub name: String,
    /// Description on the pages.
    pub about: Option<String>,
    /// Ids of the [`Device`]s on which it runs; empty for all.
    pub devices: Vec<String>,
    /// Whether it redeems the `xmpp:` URI of an invite.
    pub takes_invites: bool,
    /// Website of its developers.
    pub url: Option<String>,
    /// Page on Google Play.
    pub google_play: Option<String>,
    /// Page on F-Droid.
    pub f_droid: Option<String>,
    /// Page on Apple's App Store.
    pub app_store: Option<String>,
    /// Page on Flathub.
    pub flathub: Option<String>,
    /// Icon: the file name, which determines the type, and the content.
    pub icon: Option<(String, Vec<u8>)>,
}

/// A custom app is invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CustomAppError {
    /// The name is missing.
    #[error("an app needs a name")]
    MissingName,
    /// The id cannot be part of a URL.
    #[error("the id {0:?} of an app: expected lower-case letters, digits and dashes")]
    Id(String),
    /// The device is unknown.
    #[error("the device {0:?} of an app: expected android, ios, windows, macos or linux")]
    Device(String),
    /// The URL is invalid.
    #[error("{0:?} of an app: expected a URL that begins with https://")]
    Url(String),
    /// The icon is not a supported picture.
    #[error("the icon_file {0:?} of an app: {1}")]
    Icon(String, AssetError),
}

impl CustomApp {
    /// Validates the settings.
    pub(super) fn into_client_app(self) -> Result<ClientApp, CustomAppError> {
        let name = self.name.trim().to_owned();
        if name.is_empty() {
            return Err(CustomAppError::MissingName);
        }
        let id = self.id.unwrap_or_else(|| id_from_name(&name));
        if id.is_empty()
            || !id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        {
            return Err(CustomAppError::Id(id));
        }
        let device = |id: &String| Device::from_id(id).ok_or_else(|| CustomAppError::Device(id.clone()));
        let devices = match self.devices.as_slice() {
            [] => Device::ALL.to_vec(),
            some => some.iter().map(device).collect::<Result<_, _>>()?,
        };
        let sources = [
            (Channel::GooglePlay, self.google_play),
            (Channel::FDroid, self.f_droid),
            (Channel::AppStore, self.app_store),
            (Channel::Flathub, self.flathub),
            (Channel::Website, self.url),
        ];
        let filled = sources
            .into_iter()
            .filter_map(|(channel, url)| url.filter(|url| !url.is_empty()).map(|url| (channel, url)));
        let source = |(channel, url): (Channel, String)| {
            if is_web_url(&url) {
                Ok(DownloadLink { channel, url, only: None, is_paid: None })
            } else {
                Err(CustomAppError::Url(url))
            }
        };
        let about =
            self.about.filter(|about| !about.is_empty()).map_or(AppDescription::None, AppDescription::Text);
        let sources = filled.map(source).collect::<Result<_, _>>()?;
        let icon = self.icon.map(|(file, bytes)| picture(file, &bytes)).transpose()?;
        Ok(ClientApp { id, name, about, devices, takes_invites: self.takes_invites, sources, icon })
    }

    /// The id and the icon, if nothing else is set: a new icon of a built-in app.
    pub(super) fn icon_alone(&self) -> Option<(&str, &(String, Vec<u8>))> {
        let alone = Self { id: self.id.clone(), icon: self.icon.clone(), ..Self::default() };
        let (id, icon) = (self.id.as_deref()?, self.icon.as_ref()?);
        (*self == alone).then_some((id, icon))
    }
}

/// The icon from a file.
pub(super) fn picture(file: String, bytes: &[u8]) -> Result<AppIcon, CustomAppError> {
    inline_picture(&file, bytes).map(AppIcon::Picture).map_err(|error| CustomAppError::Icon(file, error))
}

/// Whether the text is an http(s) URL that needs no escaping in HTML.
pub(crate) fn is_web_url(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && url.bytes().all(|byte| (0x21..0x7f).contains(&byte) && !matches!(byte, b'"' | b'<' | b'>' | b'\\'))
}

/// The id of an app with this name: `Our App` is `our-app`.
fn id_from_name(name: &str) -> String {
    let words = name.split(|one: char| !one.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_name_is_required() {
        let client_app =
            CustomApp { name: " Our App 2 ".to_owned(), ..CustomApp::default() }.into_client_app().unwrap();
        assert_eq!((client_app.id.as_str(), client_app.name.as_str()), ("our-app-2", "Our App 2"));
        assert_eq!(client_app.devices, Device::ALL);
        assert!(client_app.sources.is_empty() && !client_app.takes_invites);
    }

    #[test]
    fn invalid_apps_are_rejected() {
        let app = |change: fn(&mut CustomApp)| {
            let mut app = CustomApp { name: "A".to_owned(), ..CustomApp::default() };
            change(&mut app);
            app.into_client_app().unwrap_err()
        };
        assert_eq!(app(|app| app.name = " ".to_owned()), CustomAppError::MissingName);
        assert_eq!(app(|app| app.name = "日本".to_owned()), CustomAppError::Id(String::new()));
        assert_eq!(app(|app| app.id = Some("A b".to_owned())), CustomAppError::Id("A b".to_owned()));
        assert_eq!(
            app(|app| app.devices = vec!["phone".to_owned()]),
            CustomAppError::Device("phone".to_owned())
        );
        let icon = |file: &str, size| CustomApp {
            name: "A".to_owned(),
            icon: Some((file.to_owned(), vec![b'x'; size])),
            ..CustomApp::default()
        };
        let error = icon("a.bmp", 1).into_client_app().unwrap_err().to_string();
        assert!(error.starts_with("the icon_file \"a.bmp\" of an app: expected a picture"), "{error}");
        assert_eq!(
            icon("a.png", 8193).into_client_app().unwrap_err(),
            CustomAppError::Icon("a.png".to_owned(), AssetError::InlineSize)
        );
        let picture = AppIcon::Picture("data:image/png;base64,eHg=".to_owned());
        assert_eq!(icon("a.PNG", 2).into_client_app().unwrap().icon, Some(picture));
        for url in ["javascript:alert(1)", "https://", "https:///x", "https://a b", "https://a\"b"] {
            let app = CustomApp { name: "A".to_owned(), url: Some(url.to_owned()), ..CustomApp::default() };
            assert_eq!(app.into_client_app(), Err(CustomAppError::Url(url.to_owned())));
        }
    }
}
