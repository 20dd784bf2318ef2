//! The device of a visitor.

use std::borrow::Cow;

use fluent_bundle::FluentArgs;
use http::HeaderMap;

use crate::i18n::Language;

/// An operating system on which apps run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Device {
    /// Phones and tablets with Android.
    Android,
    /// iPhones and iPads.
    Ios,
    /// Windows.
    Windows,
    /// Macs.
    Macos,
    /// Linux and its relatives.
    Linux,
}

impl Device {
    /// All devices, in the order of the list on the page.
    pub const ALL: [Self; 5] = [Self::Android, Self::Ios, Self::Windows, Self::Macos, Self::Linux];

    /// Identifier in URLs and in the configuration.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Android => "android",
            Self::Ios => "ios",
            Self::Windows => "windows",
            Self::Macos => "macos",
            Self::Linux => "linux",
        }
    }

    /// Display name.
    pub(crate) fn name(self, language: &Language) -> Cow<'static, str> {
        match self {
            Self::Android => "Android".into(),
            Self::Ios => language.format("device-ios", &FluentArgs::new()).into(),
            Self::Windows => "Windows".into(),
            Self::Macos => "Mac".into(),
            Self::Linux => "Linux".into(),
        }
    }

    /// The device with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|device| device.id() == id)
    }

    /// Detects the device from `Sec-CH-UA-Platform` (User-Agent Client Hints), else from `User-Agent`. iPads identify
    /// as Macs; the page lets visitors choose another device.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        match text("sec-ch-ua-platform").trim_matches('"') {
            "Android" => return Some(Self::Android),
            "iOS" => return Some(Self::Ios),
            "Windows" => return Some(Self::Windows),
            "macOS" => return Some(Self::Macos),
            "Linux" | "Chrome OS" | "ChromeOS" | "Chromium OS" => return Some(Self::Linux),
            _ => {}
        }
        // Android first, because its user agents also contain "Linux".
        let agent = text("user-agent");
        [
            ("Android", Self::Android),
            ("iPhone", Self::Ios),
            ("iPad", Self::Ios),
            ("iPod", Self::Ios),
            ("Windows", Self::Windows),
            ("Macintosh", Self::Macos),
            ("Linux", Self::Linux),
            ("X11", Self::Linux),
            ("CrOS", Self::Linux),
        ]
        .into_iter()
        .find_map(|(word, device)| agent.contains(word).then_some(device))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn devices_are_detected_from_headers() {
        let table = [
            ("", "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Mobile", Some(Device::Android)),
            ("", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari", Some(Device::Ios)),
            ("", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Gecko/20100101", Some(Device::Windows)),
            ("", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari", Some(Device::Macos)),
            ("", "Mozilla/5.0 (X11; OpenBSD amd64) Gecko", Some(Device::Linux)),
            ("\"Android\"", "Mozilla/5.0 (X11; Linux x86_64) Chrome", Some(Device::Android)),
            ("\"Chrome OS\"", "", Some(Device::Linux)),
            ("\"Unknown\"", "Mozilla/5.0 (Windows NT 10.0)", Some(Device::Windows)),
            ("", "curl/8.5.0", None),
            ("", "", None),
        ];
        for (hint, agent, expected) in table {
            let mut headers = HeaderMap::new();
            headers.insert("sec-ch-ua-platform", HeaderValue::from_static(hint));
            headers.insert("user-agent", HeaderValue::from_static(agent));
            assert_eq!(Device::of(&headers), expected, "{hint} {agent}");
        }
    }
}
