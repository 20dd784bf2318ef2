//! Apps, as templates see them.

use minijinja::{Value, context};

use super::reader::Reader;
use crate::{
    Site,
    apps::{About, Device, Program, Shop},
};

/// The apps of a site that run on a device.
pub(super) fn list(site: &Site, device: Option<Device>) -> Vec<Value> {
    site.programs.iter().filter(|program| program.runs_on(device)).map(card).collect()
}

/// An app, in short.
pub(super) fn card(program: &Program) -> Value {
    let (about_key, about) = match &program.about {
        About::Message(key) => (Some(*key), None),
        About::Text(text) => (None, Some(text.as_str())),
        About::Nothing => (None, None),
    };
    context! {
        id => program.id.as_str(),
        name => program.name.as_str(),
        letter => program.name.chars().next().map(String::from),
        hue => hue(&program.id),
        takes_invites => program.takes_invites,
        about_key,
        about,
    }
}

/// The apps of a site that run on a device, each with where it is found.
pub(super) fn with_sources(site: &Site, device: Option<Device>) -> Vec<Value> {
    let program = |program: &Program| {
        context! { sources => sources(program, device, ""), ..card(program) }
    };
    site.programs.iter().filter(|program| program.runs_on(device)).map(program).collect()
}

/// Where it is found for a device. `referrer` is what Google Play shall tell the app on its first start, if
/// anything.
pub(super) fn sources(program: &Program, device: Option<Device>, referrer: &str) -> Vec<Value> {
    let source = |source: &crate::apps::Source| {
        let tells = source.shop == Shop::GooglePlay && program.takes_invites && !referrer.is_empty();
        let url = if tells {
            let join = if source.url.contains('?') { '&' } else { '?' };
            format!("{}{join}referrer={referrer}", source.url)
        } else {
            source.url.clone()
        };
        context! {
            url,
            name => source.shop.name(),
            download => source.shop == Shop::Download,
            play => tells,
        }
    };
    program.sources_for(device).map(source).collect()
}

/// The devices to choose from.
pub(super) fn devices(reader: &Reader) -> Vec<Value> {
    let device = |device: Device| {
        context! {
            id => device.id(),
            name => device.name(),
            query => reader.choose_device(device),
            chosen => reader.device == Some(device),
        }
    };
    Device::ALL.into_iter().map(device).collect()
}

/// The colour of an app's mark, in degrees: the same on every page, another for each.
fn hue(id: &str) -> u32 {
    id.bytes().fold(7, |hash: u32, byte| (hash * 31 + u32::from(byte)) % 3607) % 360
}
