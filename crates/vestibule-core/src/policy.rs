//! Policies of hosts.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use crate::{ForbiddenUsername, Host, InviterLimitPolicy, ReservedUsernames, Username};

/// The policy of one host.
#[derive(Clone, Debug)]
pub struct HostPolicy {
    /// Default lifetime of an invite.
    pub invite_expiry: Duration,
    /// Usernames that invites cannot register.
    pub reserved_usernames: ReservedUsernames,
    /// Limits for the invites that members make.
    pub inviter_limits: InviterLimitPolicy,
}

/// One week, as in Prosody's `mod_invites`.
impl Default for HostPolicy {
    fn default() -> Self {
        Self {
            invite_expiry: Duration::from_hours(168),
            reserved_usernames: ReservedUsernames::default(),
            inviter_limits: InviterLimitPolicy::default(),
        }
    }
}

/// The policies of all hosts. They can be replaced while the service runs.
#[derive(Debug, Default)]
pub struct Policies {
    hosts: RwLock<HashMap<String, Arc<HostPolicy>>>,
    default: Arc<HostPolicy>,
}

impl Policies {
    /// Replaces all policies. Hosts that are not listed have the default.
    pub fn replace(&self, policies: impl IntoIterator<Item = (Host, HostPolicy)>) {
        let policies =
            policies.into_iter().map(|(host, policy)| (host.as_str().to_owned(), Arc::new(policy)));
        *self.hosts.write().unwrap_or_else(PoisonError::into_inner) = policies.collect();
    }

    /// The policy of a host, or the default.
    pub fn of(&self, host: &Host) -> Arc<HostPolicy> {
        let hosts = self.hosts.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(hosts.get(host.as_str()).unwrap_or(&self.default))
    }

    /// The reason why a host forbids new accounts with this name, if it does.
    pub fn forbids(&self, host: &Host, username: Option<&Username>) -> Option<ForbiddenUsername> {
        self.of(host).reserved_usernames.forbids(username?)
    }
}
