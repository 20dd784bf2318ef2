//! The interface to the XMPP server, which creates accounts.

use async_trait::async_trait;

use crate::{Capabilities, Host, Password, PreauthToken, Username};

/// A request of an invitee to the XMPP server: a new account or, with the token of a `password-reset`, a new
/// password.
#[derive(Debug)]
pub struct RegistrationRequest {
    /// The XMPP domain.
    pub host: Host,
    /// The token to present to the XMPP server (XEP-0445 section 3).
    pub token: PreauthToken,
    /// The account. For a `password-reset` the caller must ensure that it is the account of the invite: a server may
    /// create an account with any other name.
    pub username: Username,
    /// The new password.
    pub password: Password,
}

/// Reason why a registration failed. Texts come from the XMPP server or describe the connection; they are short and
/// contain neither secrets nor control characters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistrarError {
    /// The XMPP server does not accept the token.
    #[error("the XMPP server does not accept this invite")]
    TokenRefused,
    /// All uses of the invite are held by registrations in progress. Nothing was created; a retry in a minute may
    /// succeed.
    #[error("all uses of this invite are claimed by registrations in progress")]
    Busy,
    /// The account exists, or the name is reserved.
    #[error("the username is taken or reserved")]
    UsernameTaken,
    /// The XMPP server does not allow the username.
    #[error("the XMPP server does not allow this username: {0}")]
    UsernameNotAllowed(String),
    /// The XMPP server does not allow the password. Contains its explanation, if any.
    #[error("the XMPP server does not allow this password: {0}")]
    PasswordNotAllowed(String),
    /// The XMPP server refused for another reason. Nothing was created.
    #[error("the XMPP server refused: {0}")]
    Refused(String),
    /// The XMPP server requires a field besides username and password, such as `email`. Nothing was created, and a
    /// retry fails until the server is reconfigured. Contains the name of the field.
    #[error("the XMPP server requires a field that is not sent: {0}")]
    RequiresField(String),
    /// The XMPP server requires encryption and the configured route has none, or the route requires encryption and
    /// the server offers none. Nothing was created, and a retry fails until one of them is reconfigured.
    #[error(
        "the XMPP server and the configured route do not agree on encryption: one requires it, the other has none"
    )]
    EncryptionUnavailable,
    /// The XMPP server does not accept invites of this service. Nothing was created, and a retry fails until the
    /// bridge is set up.
    #[error("the XMPP server does not accept invites of this service; is the bridge set up?")]
    NotBridged,
    /// The XMPP server does not permit this service to administer accounts. Nothing was created, and a retry fails until
    /// its credentials or rights are changed.
    #[error("the XMPP server does not permit this service to create accounts: {0}")]
    NotPermitted(String),
    /// The XMPP server is unreachable or asks to try again later. Nothing was created; a later retry may succeed.
    #[error("the XMPP server cannot do it now: {0}")]
    Unavailable(String),
    /// The request was sent, but no answer arrived: the account may or may not exist.
    #[error("the XMPP server did not answer: {0}")]
    Unknown(String),
}

/// The result of a password check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordCheck {
    /// The account exists and has this password.
    Accepted,
    /// The account does not exist, or has another password.
    Rejected,
    /// The answer of the XMPP server is inconclusive.
    Undetermined,
}

/// Creates accounts on the XMPP server of a host.
///
/// A registrar also spends the use of the invite: when it returns `Ok`, the use is completed or will be. Callers
/// never claim themselves. If the XMPP server checks tokens with this service (the bridge), the server claims and
/// completes; otherwise the registrar does.
#[async_trait]
pub trait Registrar: Send + Sync {
    /// What the pages of a host can offer.
    fn capabilities(&self, _host: &Host) -> Capabilities {
        Capabilities::BRIDGED
    }

    /// Creates the account or sets the password. Waits for the XMPP server, with a timeout.
    async fn register(&self, registration: &RegistrationRequest) -> Result<(), RegistrarError>;

    /// Checks a password by logging in, with a timeout. Callers must limit attempts, because the result confirms
    /// guesses.
    async fn log_in(&self, host: &Host, username: &Username, password: &Password) -> PasswordCheck;
}
