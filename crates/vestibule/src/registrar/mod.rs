//! The registrars used by the web pages: one for each way in which a host's accounts are created.

mod bridged;
mod claiming;
mod errors;
pub(crate) mod recovery;

use std::collections::HashMap;

use async_trait::async_trait;
use vestibule_core::{
    Capabilities, Host, Password, PasswordCheck, Principal, Registrar, RegistrarError, RegistrationRequest,
    Source, Username,
};

pub(crate) use self::{bridged::BridgedRegistrar, claiming::ClaimingRegistrar};

/// How accounts of a host are created in the browser.
pub(crate) enum HostRegistrar {
    /// Through the administration of the XMPP server.
    Claiming(Box<ClaimingRegistrar>),
    /// Not at all.
    None,
}

/// The registrars of all hosts. A host without one of its own is bridged.
pub(crate) struct Registrars {
    bridged: BridgedRegistrar,
    of_host: HashMap<Host, HostRegistrar>,
}

impl Registrars {
    pub(crate) fn new(bridged: BridgedRegistrar, of_host: HashMap<Host, HostRegistrar>) -> Self {
        Self { bridged, of_host }
    }

    /// The registrars whose interrupted registrations this service has to clear up.
    pub(crate) fn claiming(&self) -> impl Iterator<Item = (&Host, &ClaimingRegistrar)> {
        self.of_host.iter().filter_map(|(host, registrar)| match registrar {
            HostRegistrar::Claiming(registrar) => Some((host, &**registrar)),
            HostRegistrar::None => None,
        })
    }
}

#[async_trait]
impl Registrar for Registrars {
    fn capabilities(&self, host: &Host) -> Capabilities {
        match self.of_host.get(host) {
            None => self.bridged.capabilities(host),
            Some(HostRegistrar::Claiming(registrar)) => registrar.capabilities(host),
            Some(HostRegistrar::None) => Capabilities::NONE,
        }
    }

    async fn register(&self, registration: &RegistrationRequest) -> Result<(), RegistrarError> {
        match self.of_host.get(&registration.host) {
            None => self.bridged.register(registration).await,
            Some(HostRegistrar::Claiming(registrar)) => registrar.register(registration).await,
            Some(HostRegistrar::None) => Err(RegistrarError::Refused("accounts = \"none\"".to_owned())),
        }
    }

    async fn log_in(&self, host: &Host, username: &Username, password: &Password) -> PasswordCheck {
        match self.of_host.get(host) {
            None => self.bridged.log_in(host, username, password).await,
            Some(HostRegistrar::Claiming(registrar)) => registrar.log_in(host, username, password).await,
            Some(HostRegistrar::None) => PasswordCheck::Undetermined,
        }
    }
}

/// The service itself, which redeems invites of a host.
fn service_of(host: &Host) -> Principal {
    Principal::Operator { host: host.clone(), source: Source::service() }
}
