//! An app and its download links.

use super::device::Device;

/// An app that people may join with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClientApp {
    /// The name in addresses and in the configuration.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// What is said of it.
    pub(crate) about: About,
    /// What it runs on.
    pub(crate) devices: Vec<Device>,
    /// It understands invites (XEP-0445 and XEP-0379): it can be given the `xmpp:` URI. Who uses another one makes
    /// the account on the web.
    pub(crate) takes_invites: bool,
    /// Where it is found.
    pub(crate) sources: Vec<DownloadLink>,
}

/// What is said of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// A message, in the language of the reader.
    Message(&'static str),
    /// What the operator wrote.
    Text(String),
    /// Nothing.
    Nothing,
}

/// Where an app is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DownloadLink {
    /// By whom it is given out.
    pub(crate) channel: Channel,
    /// The address.
    pub(crate) url: String,
    /// For which device alone, if it is not for all that the app runs on.
    pub(crate) only: Option<Device>,
}

/// By whom an app is given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channel {
    GooglePlay,
    FDroid,
    AppStore,
    Flathub,
    /// The makers, as a file to install.
    Download,
    /// The makers' page.
    Website,
}

impl Channel {
    /// Its name, the same in every language; those without one are named by a message.
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
    /// Whether it runs on that device; on an unknown one, every app may.
    pub(crate) fn runs_on(&self, device: Option<Device>) -> bool {
        device.is_none_or(|device| self.devices.contains(&device))
    }

    /// Where it is found for that device; everywhere, where it is not for that device at all: the reader may mean
    /// another one.
    pub(crate) fn sources_for(&self, device: Option<Device>) -> impl Iterator<Item = &DownloadLink> {
        let fits = move |source: &DownloadLink| match (source.only, device) {
            (Some(only), Some(device)) => only == device,
            _ => true,
        };
        let none_fits = !self.sources.iter().any(fits);
        self.sources.iter().filter(move |source| none_fits || fits(source))
    }
}
