//! Links that open an invite in an app.

use super::{app_cards, invite_context::encode, page_cache::Placeholder};
use crate::client_apps::{ClientApp, Device};

/// The app that a link opens.
#[derive(Clone, Copy, Debug)]
pub(super) enum Opens<'a> {
    /// Whatever app is installed; else the store page of this one.
    Any(Option<&'a ClientApp>),
    /// This app alone.
    App(&'a ClientApp),
}

/// The address that opens the invite in an app: its `xmpp:` URI, or an `intent:` URI on Android, where browsers show
/// nothing at all if no app takes a link. That one falls back to the store page of an app.
///
/// <https://developer.chrome.com/docs/android/intents>
pub(super) fn open_link(
    device: Option<Device>,
    opens: Opens<'_>,
    value: &dyn Fn(Placeholder) -> String,
) -> String {
    if device != Some(Device::Android) {
        return value(Placeholder::Uri);
    }
    let (client_app, package) = match opens {
        Opens::Any(client_app) => (client_app, None),
        Opens::App(client_app) => (Some(client_app), client_app.android_package()),
    };
    let package = package.map(|package| format!("package={package};")).unwrap_or_default();
    let store = client_app.and_then(|client_app| {
        app_cards::store_address(client_app, device, &value(Placeholder::UriTwiceEncoded), encode)
    });
    let fallback = store.map(|address| format!("S.browser_fallback_url={address};")).unwrap_or_default();
    format!("intent:{}#Intent;scheme=xmpp;{package}{fallback}end", value(Placeholder::UriPath))
}
