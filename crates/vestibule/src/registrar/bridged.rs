//! The registrar used by the web pages.

use std::time::Duration;

use async_trait::async_trait;
use tokio::time::{Instant, sleep};
use vestibule_core::{
    Host, InviteService, Password, PasswordCheck, Principal, Registrar, RegistrarError, RegistrationRequest,
    Source, Username,
};
use vestibule_xmpp::{InBand, OperatorWarnings};

/// Time within which a bridged server usually reports a new account.
const COMPLETION: Duration = Duration::from_secs(2);

/// Interval of looks at the store meanwhile.
const COMPLETION_POLL: Duration = Duration::from_millis(50);

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

    /// The number of registrations in progress with a token that is valid in the store; `None` if it is not valid.
    async fn registrations_with(&self, registration: &RegistrationRequest) -> Option<u32> {
        let by = Principal::Operator { host: registration.host.clone(), source: Source::service() };
        let check = || {
            let token = registration.token.expose();
            self.invite_service.check(&by, token, Some(&registration.username))
        };
        let invite = check().await.ok()?.invite.id;
        let details = self.invite_service.store().invite(&by, invite).await.ok()??;
        // A claim may have been completed after the check.
        check().await.ok().map(|_| details.live_claims)
    }

    /// Explains why the XMPP server has refused a token. A bridged server refuses it as soon as the account exists,
    /// and reports the account a moment later; until then, its claim shows that it asks this service.
    async fn explain_refusal(&self, registration: &RegistrationRequest) -> RegistrarError {
        let until = Instant::now() + COMPLETION;
        loop {
            match self.registrations_with(registration).await {
                None => return RegistrarError::TokenRefused,
                Some(0) => return RegistrarError::NotBridged,
                Some(_) if Instant::now() >= until => return RegistrarError::Busy,
                Some(_) => sleep(COMPLETION_POLL).await,
            }
        }
    }
}

#[async_trait]
impl Registrar for BridgedRegistrar {
    async fn register(&self, registration: &RegistrationRequest) -> Result<(), RegistrarError> {
        let outcome = self.in_band.register(registration).await;
        let host = &registration.host;
        match outcome {
            Ok(()) => self.operator_warnings.resolve(host),
            Err(RegistrarError::TokenRefused) => {
                let error = self.explain_refusal(registration).await;
                if error == RegistrarError::NotBridged {
                    self.operator_warnings.warn(
                        host,
                        format!(
                            "registrations fail: the XMPP server refuses a valid invite, so it does not check \
                             invites with this service; load the bridge there (for Prosody, the last plugin_paths in \
                             its configuration must name the directory of Vestibule's modules), and see what \
                             `vestibule doctor {host}` says"
                        ),
                    );
                }
                return Err(error);
            }
            Err(_) => {}
        }
        outcome
    }

    async fn log_in(&self, host: &Host, username: &Username, password: &Password) -> PasswordCheck {
        self.in_band.log_in(host, username, password).await
    }
}
