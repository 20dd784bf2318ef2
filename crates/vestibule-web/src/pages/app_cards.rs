//! Apps as values of templates.

use minijinja::{Value, context};

use crate::{
    client_apps::{AppDescription, AppIcon, Channel, ClientApp, Device, DownloadLink, login_words},
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
    let (icon, picture) = match &client_app.icon {
        Some(AppIcon::Svg(svg)) => (Some(inline_icon(svg)), None),
        Some(AppIcon::Picture(url)) => (None, Some(url.as_str())),
        None => (None, None),
    };
    context! {
        id => client_app.id.as_str(),
        name => client_app.name.as_str(),
        icon,
        picture,
        letter => client_app.name.chars().next().map(String::from),
        hue => hue(&client_app.id),
        takes_invites => client_app.takes_invites,
        about_key,
        about,
    }
}

/// The apps of a site that run on a device, with their download links.
pub(super) fn with_sources(site: &Site, visitor: &Visitor) -> Vec<Value> {
    let client_app = |client_app: &ClientApp| {
        context! { sources => sources(client_app, visitor, ""), ..card(client_app) }
    };
    site.client_apps.iter().filter(|client_app| client_app.runs_on(visitor.device)).map(client_app).collect()
}

/// The download links of an app for the visitor's device. Google Play passes the `referrer` to the app on its first start, unless
/// it is empty.
pub(super) fn sources(client_app: &ClientApp, visitor: &Visitor, referrer: &str) -> Vec<Value> {
    let is_elsewhere = visitor.device.is_none_or(|device| !client_app.runs_on(Some(device)));
    let source = |source: &DownloadLink| {
        // Stores of several devices have the same name.
        let only = source.only.filter(|_| is_elsewhere).map(|device| device.name(&visitor.language));
        context! { only, ..self::source(client_app, source, referrer) }
    };
    client_app.sources_for(visitor.device).map(source).collect()
}

/// The app that a page recommends, with the first of its download links for the device.
pub(super) fn recommended(client_app: &ClientApp, device: Option<Device>, referrer: &str) -> Option<Value> {
    let source = client_app.sources_for(device).next()?;
    Some(context! { source => self::source(client_app, source, referrer), ..card(client_app) })
}

/// The address of the first download link of an app for a device. `encode` encodes what comes before the `referrer`.
pub(super) fn store_address(
    client_app: &ClientApp,
    device: Option<Device>,
    referrer: &str,
    encode: impl Fn(&str) -> String,
) -> Option<String> {
    let source = client_app.sources_for(device).next()?;
    let (address, passes_referrer) = address_before_referrer(client_app, source);
    Some(if passes_referrer { format!("{}{referrer}", encode(&address)) } else { encode(&address) })
}

fn source(client_app: &ClientApp, source: &DownloadLink, referrer: &str) -> Value {
    let (address, passes_referrer) = address_before_referrer(client_app, source);
    let passes_referrer = passes_referrer && !referrer.is_empty();
    context! {
        url => if passes_referrer { format!("{address}{referrer}") } else { source.url.clone() },
        name => source.channel.name(),
        download => source.channel == Channel::Download,
        play => passes_referrer,
        is_paid => source.is_paid == Some(true),
        is_free => source.is_paid == Some(false),
    }
}

/// The address of a download link up to the value of `referrer`, and whether it takes one.
fn address_before_referrer(client_app: &ClientApp, source: &DownloadLink) -> (String, bool) {
    if source.channel != Channel::GooglePlay || !client_app.takes_invites {
        return (source.url.clone(), false);
    }
    let separator = if source.url.contains('?') { '&' } else { '?' };
    (format!("{}{separator}referrer=", source.url), true)
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

/// A built-in icon as an element of a page.
fn inline_icon(svg: &str) -> Value {
    let tag = "<svg class=\"mark\" width=\"40\" height=\"40\" aria-hidden=\"true\"";
    let svg = svg.trim_end().replacen("<svg xmlns=\"http://www.w3.org/2000/svg\"", tag, 1);
    Value::from_safe_string(svg)
}

/// The hue of an app's letter, in degrees, derived from its id.
fn hue(id: &str) -> u32 {
    id.bytes().fold(7, |hash: u32, byte| (hash * 31 + u32::from(byte)) % 3607) % 360
}
