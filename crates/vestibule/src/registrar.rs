//! The registrar of the pages, with what only this service knows.

use async_trait::async_trait;
use vestibule_core::{
    Application, Authority, Desk, Host, LogIn, Password, Registrar, RegistrarError, Source, Username,
};
use vestibule_xmpp::{Complaints, InBand};

/// Registers in-band, and tells a token that is over from a server that does not ask this service about tokens.
pub(crate) struct BridgedRegistrar {
    in_band: InBand,
    desk: Desk,
    complaints: Complaints,
}

impl BridgedRegistrar {
    pub(crate) fn new(in_band: InBand, desk: Desk) -> Self {
        Self { in_band, desk, complaints: Complaints::default() }
    }

    /// Whether the token is good by our own store, so that a server that asks us would have taken it.
    async fn is_good(&self, application: &Application) -> bool {
        let by = Authority::Operator { host: application.host.clone(), source: Source::service() };
        self.desk.check(&by, application.token.expose(), Some(&application.username)).await.is_ok()
    }
}

#[async_trait]
impl Registrar for BridgedRegistrar {
    async fn register(&self, application: &Application) -> Result<(), RegistrarError> {
        let outcome = self.in_band.register(application).await;
        let host = &application.host;
        match outcome {
            Ok(()) => self.complaints.settle(host),
            Err(RegistrarError::TokenRefused) if self.is_good(application).await => {
                self.complaints.raise(
                    host,
                    format!(
                        "nobody can register: the XMPP server refuses an invite that is good, so it does not ask this \
                         service; load the bridge there (for Prosody, the last plugin_paths in its configuration must \
                         name the folder of Vestibule's modules), and see what `vestibule doctor {host}` says"
                    ),
                );
                return Err(RegistrarError::NotBridged);
            }
            Err(_) => {}
        }
        outcome
    }

    async fn log_in(&self, host: &Host, username: &Username, password: &Password) -> LogIn {
        self.in_band.log_in(host, username, password).await
    }
}
