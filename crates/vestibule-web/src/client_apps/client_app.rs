//! Apps and their download links.

use super::device::Device;

/// An XMPP client that the pages offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClientApp {
    /// Identifier in URLs and in the configuration.
    pub(crate) id: String,
    /// Display name.
    pub(crate) name: String,
    /// Description on the pages.
    pub(crate) about: AppDescription,
    /// Devices on which it runs.
    pub(crate) devices: Vec<Device>,
    /// Whether it redeems the `xmpp:` URI of an invite (XEP-0445 and XEP-0379). For other apps the account is created
    /// on the web.
    pub(crate) takes_invites: bool,
    /// Download links.
    pub(crate) sources: Vec<DownloadLink>,
    /// Without an icon, pages show the first letter of the name.
    pub(crate) icon: Option<AppIcon>,
}

/// Icon of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AppIcon {
    /// A built-in SVG image.
    Svg(&'static str),
    /// The `data:` URL of a picture of the operator.
    Picture(String),
}

/// Description of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AppDescription {
    /// Key of a translated message.
    Message(&'static str),
    /// Text from the configuration.
    Text(String),
    /// No description.
    None,
}

/// A download link of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DownloadLink {
    /// Distribution channel.
    pub(crate) channel: Channel,
    /// Target of the link.
    pub(crate) url: String,
    /// The only device that the link is for; `None` if it is for all devices of the app.
    pub(crate) only: Option<Device>,
    /// Whether the app costs money there; `None` if that is unknown.
    pub(crate) is_paid: Option<bool>,
}

/// A distribution channel of apps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channel {
    GooglePlay,
    FDroid,
    AppStore,
    Flathub,
    /// An installer from the developers.
    Download,
    /// The website of the developers.
    Website,
}

impl Channel {
    /// The name, the same in every language; `None` if it is a translated message.
    pub(crate) const fn name(self) -> Option<&'static str> {
        match self {
            Self::GooglePlay => Some("Google Play"),
            Self::FDroid => Some("F-Droid"),
            Self::AppStore => Some("App Store"),
            Self::Flathub => Some("Flathub"),
            Self::Download | Self::Website => None,
        }
    }
}

impl ClientApp {
    /// Whether it runs on the device. Every app may run on an unknown device.
    pub(crate) fn runs_on(&self, device: Option<Device>) -> bool {
        device.is_none_or(|device| self.devices.contains(&device))
    }

    /// The package name on Android, from the address of its page in a store.
    pub(crate) fn android_package(&self) -> Option<&str> {
        self.sources.iter().find_map(|source| {
            let name = match source.channel {
                Channel::GooglePlay => source.url.split_once("id=")?.1.split('&').next()?,
                Channel::FDroid => source.url.split_once("/packages/")?.1.split('/').next()?,
                _ => return None,
            };
            let is_legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_');
            (!name.is_empty() && name.bytes().all(is_legal)).then_some(name)
        })
    }

    /// The numeric id in Apple's App Store, from the address of its page there.
    pub(crate) fn app_store_id(&self, device: Device) -> Option<&str> {
        let mut links = self.sources_for(Some(device)).filter(|source| source.channel == Channel::AppStore);
        let (_, id) = links.next()?.url.rsplit_once("/id")?;
        let digits = id.find(|one: char| !one.is_ascii_digit()).map_or(id, |end| &id[..end]);
        (!digits.is_empty()).then_some(digits)
    }

    /// The download links for a device. If none is for that device, all of them: the visitor may be looking for another
    /// device.
    pub(crate) fn sources_for(&self, device: Option<Device>) -> impl Iterator<Item = &DownloadLink> {
        let fits = move |source: &DownloadLink| match (source.only, device) {
            (Some(only), Some(device)) => only == device,
            _ => true,
        };
        let none_fits = !self.sources.iter().any(fits);
        self.sources.iter().filter(move |source| none_fits || fits(source))
    }
}
