//! Built-in apps, in the order of the page. The first app for a device is the one that its page recommends: it redeems
//! invites, is free of charge, and is made for beginners.
//!
//! `takes_invites` means that the app registers with the token of an `xmpp:` URI for any host; this was verified in the
//! source of each app. Gajim, Dino and Kaidan can register, but not with a token.

use super::{
    client_app::{AppDescription, AppIcon, Channel, ClientApp, DownloadLink},
    device::Device,
};

struct BuiltinApp {
    id: &'static str,
    name: &'static str,
    about: &'static str,
    devices: &'static [Device],
    takes_invites: bool,
    sources: &'static [Source],
    /// See `static/icons/README.md` for the licences.
    icon: Option<&'static str>,
}

/// A download link.
struct Source {
    channel: Channel,
    url: &'static str,
    only: Option<Device>,
    is_paid: bool,
}

const fn free_source(channel: Channel, url: &'static str) -> Source {
    Source { channel, url, only: None, is_paid: false }
}

const fn free_source_for(device: Device, channel: Channel, url: &'static str) -> Source {
    Source { channel, url, only: Some(device), is_paid: false }
}

const fn paid(channel: Channel, url: &'static str) -> Source {
    Source { channel, url, only: None, is_paid: true }
}

const BUILTIN: &[BuiltinApp] = &[
    BuiltinApp {
        id: "monal",
        name: "Monal",
        about: "app-monal",
        devices: &[Device::Ios, Device::Macos],
        takes_invites: true,
        sources: &[
            free_source_for(Device::Ios, Channel::AppStore, "https://apps.apple.com/app/id317711500"),
            free_source_for(Device::Macos, Channel::AppStore, "https://apps.apple.com/app/id1637078500"),
        ],
        icon: Some(include_str!("../../static/icons/monal.svg")),
    },
    BuiltinApp {
        id: "snikket",
        name: "Snikket",
        about: "app-snikket",
        devices: &[Device::Android, Device::Ios],
        takes_invites: true,
        sources: &[
            free_source_for(
                Device::Android,
                Channel::GooglePlay,
                "https://play.google.com/store/apps/details?id=org.snikket.android",
            ),
            free_source_for(
                Device::Android,
                Channel::FDroid,
                "https://f-droid.org/packages/org.snikket.android/",
            ),
            free_source_for(Device::Ios, Channel::AppStore, "https://apps.apple.com/app/id1545164189"),
        ],
        icon: None,
    },
    BuiltinApp {
        id: "conversations",
        name: "Conversations",
        about: "app-conversations",
        devices: &[Device::Android],
        takes_invites: true,
        sources: &[
            paid(Channel::GooglePlay, "https://play.google.com/store/apps/details?id=eu.siacs.conversations"),
            free_source(Channel::FDroid, "https://f-droid.org/packages/eu.siacs.conversations/"),
        ],
        icon: None,
    },
    BuiltinApp {
        id: "siskin",
        name: "Siskin IM",
        about: "app-siskin",
        devices: &[Device::Ios],
        takes_invites: true,
        sources: &[free_source(Channel::AppStore, "https://apps.apple.com/app/id1153516838")],
        icon: None,
    },
    BuiltinApp {
        id: "gajim",
        name: "Gajim",
        about: "app-gajim",
        devices: &[Device::Windows, Device::Macos, Device::Linux],
        takes_invites: false,
        sources: &[
            free_source(Channel::Download, "https://gajim.org/download/"),
            free_source_for(Device::Linux, Channel::Flathub, "https://flathub.org/apps/org.gajim.Gajim"),
        ],
        icon: None,
    },
    BuiltinApp {
        id: "dino",
        name: "Dino",
        about: "app-dino",
        devices: &[Device::Linux],
        takes_invites: false,
        sources: &[
            free_source(Channel::Download, "https://dino.im/#download"),
            free_source(Channel::Flathub, "https://flathub.org/apps/im.dino.Dino"),
        ],
        icon: None,
    },
    BuiltinApp {
        id: "kaidan",
        name: "Kaidan",
        about: "app-kaidan",
        devices: &[Device::Linux],
        takes_invites: false,
        sources: &[
            free_source(Channel::Download, "https://www.kaidan.im/download/"),
            free_source(Channel::Flathub, "https://flathub.org/apps/im.kaidan.kaidan"),
        ],
        icon: Some(include_str!("../../static/icons/kaidan.svg")),
    },
    BuiltinApp {
        id: "yaxim",
        name: "yaxim",
        about: "app-yaxim",
        devices: &[Device::Android],
        takes_invites: true,
        sources: &[
            free_source(
                Channel::GooglePlay,
                "https://play.google.com/store/apps/details?id=org.yaxim.androidclient",
            ),
            free_source(Channel::FDroid, "https://f-droid.org/packages/org.yaxim.androidclient/"),
        ],
        icon: None,
    },
];

/// All built-in apps, in the order of the page.
pub(super) fn all() -> Vec<ClientApp> {
    BUILTIN.iter().map(client_app).collect()
}

fn client_app(app: &BuiltinApp) -> ClientApp {
    let source = |source: &Source| DownloadLink {
        channel: source.channel,
        url: source.url.to_owned(),
        only: source.only,
        is_paid: Some(source.is_paid),
    };
    ClientApp {
        id: app.id.to_owned(),
        name: app.name.to_owned(),
        about: AppDescription::Message(app.about),
        devices: app.devices.to_vec(),
        takes_invites: app.takes_invites,
        sources: app.sources.iter().map(source).collect(),
        icon: app.icon.map(AppIcon::Svg),
    }
}
