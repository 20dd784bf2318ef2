//! Policies of hosts.

use std::{collections::HashMap, time::Duration};

use crate::{ForbiddenUsername, Host, ReservedUsernames, Username};

/// The policy of one host.
#[derive(Clone, Debug)]
pub struct HostPolicy {
    /// Default lifetime of an invite.
    pub invite_expiry: Duration,
    /// Usernames that invites cannot register.
    pub reserved_usernames: ReservedUsernames,
}

/// One week, as in Prosody's `mod_invites`.
impl Default for HostPolicy {
    fn default() -> Self {
        Self { invite_expiry: Duration::from_hours(168), reserved_usernames: ReservedUsernames::default() }
    }
}

/// The policies of all hosts.
#[derive(Clone, Debug, Default)]
pub struct Policies {
    hosts: HashMap<String, HostPolicy>,
    default: HostPolicy,
}

impl Policies {
    /// Sets the policy of one host.
    pub fn set(&mut self, host: &Host, policy: HostPolicy) {
        self.hosts.insert(host.as_str().to_owned(), policy);
    }

    /// The policy of a host, or the default.
    pub fn of(&self, host: &Host) -> &HostPolicy {
        self.hosts.get(host.as_str()).unwrap_or(&self.default)
    }

    /// The reason why a host forbids new accounts with this name, if it does.
    pub fn forbids(&self, host: &Host, username: Option<&Username>) -> Option<ForbiddenUsername> {
        self.of(host).reserved_usernames.forbids(username?)
    }
}
