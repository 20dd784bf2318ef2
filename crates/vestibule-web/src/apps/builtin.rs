//! The apps that we know of.
//!
//! `takes_invites` is what makes or breaks somebody's first minute, so it was looked up in the sources of each: it
//! means that the app registers with the token of an `xmpp:` URI. Gajim, Dino and Kaidan register, but know nothing
//! of tokens.

use super::{About, Device, Program, Shop, Source};

struct Known {
    id: &'static str,
    name: &'static str,
    about: &'static str,
    devices: &'static [Device],
    takes_invites: bool,
    sources: &'static [(Shop, &'static str, Option<Device>)],
}

const KNOWN: &[Known] = &[
    Known {
        id: "conversations",
        name: "Conversations",
        about: "app-conversations",
        devices: &[Device::Android],
        takes_invites: true,
        sources: &[
            (Shop::GooglePlay, "https://play.google.com/store/apps/details?id=eu.siacs.conversations", None),
            (Shop::FDroid, "https://f-droid.org/packages/eu.siacs.conversations/", None),
        ],
    },
    Known {
        id: "yaxim",
        name: "yaxim",
        about: "app-yaxim",
        devices: &[Device::Android],
        takes_invites: true,
        sources: &[
            (Shop::GooglePlay, "https://play.google.com/store/apps/details?id=org.yaxim.androidclient", None),
            (Shop::FDroid, "https://f-droid.org/packages/org.yaxim.androidclient/", None),
        ],
    },
    Known {
        id: "monal",
        name: "Monal",
        about: "app-monal",
        devices: &[Device::Ios, Device::Macos],
        takes_invites: true,
        sources: &[
            (Shop::AppStore, "https://apps.apple.com/app/id317711500", Some(Device::Ios)),
            (Shop::AppStore, "https://apps.apple.com/app/id1637078500", Some(Device::Macos)),
        ],
    },
    Known {
        id: "snikket",
        name: "Snikket",
        about: "app-snikket",
        devices: &[Device::Ios],
        takes_invites: true,
        sources: &[(Shop::AppStore, "https://apps.apple.com/app/id1545164189", None)],
    },
    Known {
        id: "gajim",
        name: "Gajim",
        about: "app-gajim",
        devices: &[Device::Windows, Device::Macos, Device::Linux],
        takes_invites: false,
        sources: &[
            (Shop::Download, "https://gajim.org/download/", None),
            (Shop::Flathub, "https://flathub.org/apps/org.gajim.Gajim", Some(Device::Linux)),
        ],
    },
    Known {
        id: "dino",
        name: "Dino",
        about: "app-dino",
        devices: &[Device::Linux],
        takes_invites: false,
        sources: &[
            (Shop::Download, "https://dino.im/#download", None),
            (Shop::Flathub, "https://flathub.org/apps/im.dino.Dino", None),
        ],
    },
    Known {
        id: "kaidan",
        name: "Kaidan",
        about: "app-kaidan",
        devices: &[Device::Linux],
        takes_invites: false,
        sources: &[
            (Shop::Download, "https://www.kaidan.im/download/", None),
            (Shop::Flathub, "https://flathub.org/apps/im.kaidan.kaidan", None),
        ],
    },
];

/// All of them, in the order of the page.
pub(super) fn all() -> Vec<Program> {
    KNOWN.iter().map(program).collect()
}

fn program(known: &Known) -> Program {
    let source =
        |&(shop, url, only): &(Shop, &str, Option<Device>)| Source { shop, url: url.to_owned(), only };
    Program {
        id: known.id.to_owned(),
        name: known.name.to_owned(),
        about: About::Message(known.about),
        devices: known.devices.to_vec(),
        takes_invites: known.takes_invites,
        sources: known.sources.iter().map(source).collect(),
    }
}
