//! The registrar used by the web pages.

use async_trait::async_trait;
use vestibule_core::{
    Host, InviteService, Password, PasswordCheck, Principal, Registrar, RegistrarError, RegistrationRequest,
    Source, Username,
};
use vestibule_xmpp::{InBand, OperatorWarnings};

/// Registers in-band. Distinguishes an invalid token from a server that does not check tokens with this service.
pub(crate) struct BridgedRegistrar {
    in_band: InBand,
    invite_service: InviteService,
    operator_warnings: OperatorWarnings,
}

impl BridgedRegistrar {
    pub(crate) fn new(in_band: InBand, invite_service: InviteService) -> Self {
        Self { in_band, invite_service, operator_warnings: OperatorWarnings::default() }
    }

    /// Whether the token is valid in the store, so that a bridged server would have accepted it.
    async fn is_good(&self, registration: &RegistrationRequest) -> bool {
        let by = Principal::Operator { host: registration.host.clone(), source: Source::service() };
        self.invite_service
            .check(&by, registration.token.expose(), Some(&registration.username))
            .await
            .is_ok()
    }
}

#[async_trait]
impl Registrar for BridgedRegistrar {
    async fn register(&self, registration: &RegistrationRequest) -> Result<(), RegistrarError> {
        let outcome = self.in_band.register(registration).await;
        let host = &registration.host;
        match outcome {
            Ok(()) => self.operator_warnings.resolve(host),
            Err(RegistrarError::TokenRefused) if self.is_good(registration).await => {
                self.operator_warnings.warn(
                    host,
                    format!(
                        "registrations fail: the XMPP server refuses a valid invite, so it does not check \
                         invites with this service; load the bridge there (for Prosody, the last plugin_paths in \
                         its configuration must name the directory of Vestibule's modules), and see what `vestibule \
                         doctor {host}` says"
                    ),
                );
                return Err(RegistrarError::NotBridged);
            }
            Err(_) => {}
        }
        outcome
    }

    async fn log_in(&self, host: &Host, username: &Username, password: &Password) -> PasswordCheck {
        self.in_band.log_in(host, username, password).await
    }
}
