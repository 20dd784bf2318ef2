//! The settings of one host.

use std::{fmt::Display, time::Duration};

use vestibule_core::{Host, InviterLimitPolicy, MAX_EXPIRY, ReservedUsernames, Username, parse_duration};
use vestibule_web::Links;
use vestibule_xmpp::Route;

use super::{AccountsSettings, Branding, ConfigError, faults::Faults, file, inviter_limits, xmpp};

/// Settings of one host.
#[derive(Clone, Debug)]
pub(crate) struct HostSettings {
    pub(crate) host: Host,
    pub(crate) branding: Branding,
    pub(crate) invite_expiry: Option<Duration>,
    /// Usernames that invites cannot register. `None` means the default list.
    pub(crate) reserved_usernames: Option<ReservedUsernames>,
    /// Limits for the invites that members make.
    pub(crate) inviter_limits: InviterLimitPolicy,
    pub(crate) landing_url: Option<String>,
    /// The base of its links. `None` means that of all hosts.
    pub(crate) public_url: Option<String>,
    /// The route to the XMPP server. `None` means SRV lookup.
    pub(crate) route: Option<Route>,
    pub(crate) accounts: AccountsSettings,
}

impl HostSettings {
    /// A host with default settings.
    pub(super) fn plain(host: Host) -> Self {
        Self {
            host,
            branding: Branding::default(),
            invite_expiry: None,
            reserved_usernames: None,
            inviter_limits: InviterLimitPolicy::default(),
            landing_url: None,
            public_url: None,
            route: None,
            accounts: AccountsSettings::default(),
        }
    }
}

impl HostSettings {
    /// Reads `[hosts."NAME"]`; `None` if the name is no host.
    pub(super) fn gather(name: &str, mut given: file::Host, faults: &mut Faults) -> Option<Self> {
        let wrong = |setting: &str, error: &dyn Display| {
            ConfigError::value(format!("[hosts.\"{name}\"] {setting}").trim_end(), error)
        };
        let filled = |text: Option<String>| text.filter(|text| !text.is_empty());
        let invite_expiry = given.invite_expiry.take().map(|text| match parse_duration(&text) {
            Ok(span) if span <= MAX_EXPIRY => Ok(span),
            Ok(_) => Err(wrong("invite_expiry", &"expected at most ten years, for example 7d")),
            Err(error) => Err(wrong("invite_expiry", &error)),
        });
        let reserved_usernames = given.reserved_usernames.take().map(|names| {
            let names: Result<Vec<_>, _> = names.iter().map(|name| Username::parse(name)).collect();
            names.map(ReservedUsernames::new).map_err(|error| wrong("reserved_usernames", &error))
        });
        let landing_url = filled(given.landing_url.take()).map(|template| {
            let expected =
                "expected a URL with {token} or {uri} in it, for example https://example.com/join/{token}";
            if is_landing_url(&template) { Ok(template) } else { Err(wrong("landing_url", &expected)) }
        });
        let public_url = filled(given.public_url.take())
            .map(|url| Links::new(&url).map(|_| url).map_err(|error| wrong("public_url", &error)));
        let host = faults.keep(Host::parse(name).map_err(|error| wrong("", &error)));
        let limits = given.limits.take().map(|given| inviter_limits::policy(name, given, faults));
        let xmpp = given.xmpp.take().map(|given| xmpp::read(name, &given)).transpose();
        let (route, accounts) = faults.keep(xmpp).flatten().unzip();
        Some(Self {
            invite_expiry: faults.keep(invite_expiry.transpose()).flatten(),
            reserved_usernames: faults.keep(reserved_usernames.transpose()).flatten(),
            inviter_limits: limits.unwrap_or_default(),
            landing_url: faults.keep(landing_url.transpose()).flatten(),
            public_url: faults.keep(public_url.transpose()).flatten(),
            route,
            accounts: accounts.unwrap_or_default(),
            branding: Branding::of(given),
            host: host?,
        })
    }
}

fn is_landing_url(template: &str) -> bool {
    template.bytes().all(|byte| (0x21..0x7f).contains(&byte))
        && (template.starts_with("https://") || template.starts_with("http://"))
        && (template.contains("{token}") || template.contains("{uri}"))
}
