//! Apps that the operator adds.

use super::{
    client_app::{About, Channel, ClientApp, DownloadLink},
    device::Device,
};

/// An app that the operator adds, as the configuration file has it.
#[derive(Clone, Debug, Default)]
pub struct OwnApp {
    /// The name in addresses; made from the name where it is missing.
    pub id: Option<String>,
    /// Its name.
    pub name: String,
    /// What is said of it.
    pub about: Option<String>,
    /// What it runs on, by the ids of [`Device`]; everything where there is none.
    pub devices: Vec<String>,
    /// Whether it understands invites.
    pub takes_invites: bool,
    /// Where its makers give it out.
    pub url: Option<String>,
    /// Its page at Google Play.
    pub google_play: Option<String>,
    /// Its page at F-Droid.
    pub f_droid: Option<String>,
    /// Its page at Apple's App Store.
    pub app_store: Option<String>,
    /// Its page at Flathub.
    pub flathub: Option<String>,
}

/// An app cannot be added like that.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OwnAppError {
    /// It has no name.
    #[error("an app needs a name")]
    Nameless,
    /// The id cannot stand in an address.
    #[error("the id {0:?} of an app: expected small letters, digits and dashes")]
    Id(String),
    /// There is no such device.
    #[error("the device {0:?} of an app: expected android, ios, windows, macos or linux")]
    Device(String),
    /// That is no address.
    #[error("{0:?} of an app: expected an address that begins with https://")]
    Url(String),
}

impl OwnApp {
    /// Checks it.
    pub(super) fn into_program(self) -> Result<ClientApp, OwnAppError> {
        let name = self.name.trim().to_owned();
        if name.is_empty() {
            return Err(OwnAppError::Nameless);
        }
        let id = self.id.unwrap_or_else(|| id_of(&name));
        if id.is_empty()
            || !id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        {
            return Err(OwnAppError::Id(id));
        }
        let device = |id: &String| Device::named(id).ok_or_else(|| OwnAppError::Device(id.clone()));
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
            if is_address(&url) {
                Ok(DownloadLink { channel, url, only: None })
            } else {
                Err(OwnAppError::Url(url))
            }
        };
        let about = self.about.filter(|about| !about.is_empty()).map_or(About::Nothing, About::Text);
        let sources = filled.map(source).collect::<Result<_, _>>()?;
        Ok(ClientApp { id, name, about, devices, takes_invites: self.takes_invites, sources })
    }
}

/// Whether a text can be the target of a link on our pages.
pub(crate) fn is_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && url.bytes().all(|byte| (0x21..0x7f).contains(&byte) && !matches!(byte, b'"' | b'<' | b'>' | b'\\'))
}

/// A name as it may stand in an address: `Our App` is `our-app`.
fn id_of(name: &str) -> String {
    let i18n = name.split(|one: char| !one.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    i18n.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_enough() {
        let client_app =
            OwnApp { name: " Our App 2 ".to_owned(), ..OwnApp::default() }.into_program().unwrap();
        assert_eq!((client_app.id.as_str(), client_app.name.as_str()), ("our-app-2", "Our App 2"));
        assert_eq!(client_app.devices, Device::ALL);
        assert!(client_app.sources.is_empty() && !client_app.takes_invites);
    }

    #[test]
    fn invalid_apps_are_rejected() {
        let app = |change: fn(&mut OwnApp)| {
            let mut app = OwnApp { name: "A".to_owned(), ..OwnApp::default() };
            change(&mut app);
            app.into_program().unwrap_err()
        };
        assert_eq!(app(|app| app.name = " ".to_owned()), OwnAppError::Nameless);
        assert_eq!(app(|app| app.name = "日本".to_owned()), OwnAppError::Id(String::new()));
        assert_eq!(app(|app| app.id = Some("A b".to_owned())), OwnAppError::Id("A b".to_owned()));
        assert_eq!(
            app(|app| app.devices = vec!["phone".to_owned()]),
            OwnAppError::Device("phone".to_owned())
        );
        for url in ["javascript:alert(1)", "https://", "https:///x", "https://a b", "https://a\"b"] {
            let app = OwnApp { name: "A".to_owned(), url: Some(url.to_owned()), ..OwnApp::default() };
            assert_eq!(app.into_program(), Err(OwnAppError::Url(url.to_owned())));
        }
    }
}
