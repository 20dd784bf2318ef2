//! Apps as values of templates.

use minijinja::{Value, context};

use crate::{
    client_apps::{AppDescription, Channel, ClientApp, Device, DownloadLink, login_words},
    html::Visitor,
    site::Site,
};

/// The apps of a site that run on a device.
pub(super) fn list(site: &Site, device: Option<Device>) -> Vec<Value> {
    site.client_apps.iter().filter(|client_app| client_app.runs_on(device)).map(card).collect()
}

/// An app without its download links.
pub(super) fn card(client_app: &ClientApp) -> Value {
    let (about_key, about) = match &client_app.about {
        AppDescription::Message(key) => (Some(*key), None),
        AppDescription::Text(text) => (None, Some(text.as_str())),
        AppDescription::None => (None, None),
    };
    context! {
        id => client_app.id.as_str(),
        name => client_app.name.as_str(),
        letter => client_app.name.chars().next().map(String::from),
        hue => hue(&client_app.id),
        takes_invites => client_app.takes_invites,
        about_key,
        about,
    }
}

/// The apps of a site that run on a device, with their download links.
pub(super) fn with_sources(site: &Site, device: Option<Device>) -> Vec<Value> {
    let client_app = |client_app: &ClientApp| {
        context! { sources => sources(client_app, device, ""), ..card(client_app) }
    };
    site.client_apps.iter().filter(|client_app| client_app.runs_on(device)).map(client_app).collect()
}

/// The download links of an app for a device. Google Play passes the `referrer` to the app on its first start, unless
/// it is empty.
pub(super) fn sources(client_app: &ClientApp, device: Option<Device>, referrer: &str) -> Vec<Value> {
    let source = |source: &DownloadLink| {
        let passes_referrer =
            source.channel == Channel::GooglePlay && client_app.takes_invites && !referrer.is_empty();
        let url = if passes_referrer {
            let separator = if source.url.contains('?') { '&' } else { '?' };
            format!("{}{separator}referrer={referrer}", source.url)
        } else {
            source.url.clone()
        };
        context! {
            url,
            name => source.channel.name(),
            download => source.channel == Channel::Download,
            play => passes_referrer,
        }
    };
    client_app.sources_for(device).map(source).collect()
}

/// The words on the screens where people log in to an app, if they are known.
pub(super) fn login(client_app: &ClientApp, visitor: &Visitor) -> Option<Value> {
    let words = login_words(&client_app.id, &visitor.language)?;
    Some(context! { button => words.button, address => words.address })
}

/// The devices to choose from.
pub(super) fn devices(visitor: &Visitor) -> Vec<Value> {
    let device = |device: Device| {
        context! {
            id => device.id(),
            name => device.name(&visitor.language),
            query => visitor.choose_device(device),
            chosen => visitor.device == Some(device),
        }
    };
    Device::ALL.into_iter().map(device).collect()
}

/// The hue of an app's icon, in degrees, derived from its id.
fn hue(id: &str) -> u32 {
    id.bytes().fold(7, |hash: u32, byte| (hash * 31 + u32::from(byte)) % 3607) % 360
}
