//! Built-in apps.
//!
//! `takes_invites` means that the app registers with the token of an `xmpp:` URI; this was verified in the source of
//! each app. Gajim, Dino and Kaidan can register, but not with a token.

use super::{
    client_app::{AppDescription, Channel, ClientApp, DownloadLink},
    device::Device,
};

struct BuiltinApp {
    id: &'static str,
    name: &'static str,
    about: &'static str,
    devices: &'static [Device],
    takes_invites: bool,
    sources: &'static [(Channel, &'static str, Option<Device>)],
}

const BUILTIN: &[BuiltinApp] = &[
    BuiltinApp {
        id: "conversations",
        name: "Conversations",
        about: "app-conversations",
        devices: &[Device::Android],
        takes_invites: true,
        sources: &[
            (
                Channel::GooglePlay,
                "https://play.google.com/store/apps/details?id=eu.siacs.conversations",
                None,
            ),
            (Channel::FDroid, "https://f-droid.org/packages/eu.siacs.conversations/", None),
        ],
    },
    BuiltinApp {
        id: "yaxim",
        name: "yaxim",
        about: "app-yaxim",
        devices: &[Device::Android],
        takes_invites: true,
        sources: &[
            (
                Channel::GooglePlay,
                "https://play.google.com/store/apps/details?id=org.yaxim.androidclient",
                None,
            ),
            (Channel::FDroid, "https://f-droid.org/packages/org.yaxim.androidclient/", None),
        ],
    },
    BuiltinApp {
        id: "monal",
        name: "Monal",
        about: "app-monal",
        devices: &[Device::Ios, Device::Macos],
        takes_invites: true,
        sources: &[
            (Channel::AppStore, "https://apps.apple.com/app/id317711500", Some(Device::Ios)),
            (Channel::AppStore, "https://apps.apple.com/app/id1637078500", Some(Device::Macos)),
        ],
    },
    BuiltinApp {
        id: "snikket",
        name: "Snikket",
        about: "app-snikket",
        devices: &[Device::Ios],
        takes_invites: true,
        sources: &[(Channel::AppStore, "https://apps.apple.com/app/id1545164189", None)],
    },
    BuiltinApp {
        id: "gajim",
        name: "Gajim",
        about: "app-gajim",
        devices: &[Device::Windows, Device::Macos, Device::Linux],
        takes_invites: false,
        sources: &[
            (Channel::Download, "https://gajim.org/download/", None),
            (Channel::Flathub, "https://flathub.org/apps/org.gajim.Gajim", Some(Device::Linux)),
        ],
    },
    BuiltinApp {
        id: "dino",
        name: "Dino",
        about: "app-dino",
        devices: &[Device::Linux],
        takes_invites: false,
        sources: &[
            (Channel::Download, "https://dino.im/#download", None),
            (Channel::Flathub, "https://flathub.org/apps/im.dino.Dino", None),
        ],
    },
    BuiltinApp {
        id: "kaidan",
        name: "Kaidan",
        about: "app-kaidan",
        devices: &[Device::Linux],
        takes_invites: false,
        sources: &[
            (Channel::Download, "https://www.kaidan.im/download/", None),
            (Channel::Flathub, "https://flathub.org/apps/im.kaidan.kaidan", None),
        ],
    },
];

/// All built-in apps, in the order of the page.
pub(super) fn all() -> Vec<ClientApp> {
    BUILTIN.iter().map(client_app).collect()
}

fn client_app(app: &BuiltinApp) -> ClientApp {
    let source = |&(channel, url, only): &(Channel, &str, Option<Device>)| DownloadLink {
        channel,
        url: url.to_owned(),
        only,
    };
    ClientApp {
        id: app.id.to_owned(),
        name: app.name.to_owned(),
        about: AppDescription::Message(app.about),
        devices: app.devices.to_vec(),
        takes_invites: app.takes_invites,
        sources: app.sources.iter().map(source).collect(),
    }
}
