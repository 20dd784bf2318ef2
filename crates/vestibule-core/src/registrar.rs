//! The seam to the XMPP server, where accounts are made.

use async_trait::async_trait;

use crate::{Host, Password, PreauthToken, Username};

/// What somebody who was invited asks of the XMPP server: an account of this name, or, with the token of a
/// `password-reset`, a new password for it.
#[derive(Debug)]
pub struct RegistrationRequest {
    /// The XMPP domain.
    pub host: Host,
    /// The token to present to the XMPP server (XEP-0445 section 3).
    pub token: PreauthToken,
    /// The account. For a `password-reset` the caller has made sure that it is the invite's own: a server may make
    /// an account of any other name.
    pub username: Username,
    /// The password that it shall have.
    pub password: Password,
}

/// Why nobody was registered. Texts come from the XMPP server or describe the connection; they hold no secret and
/// no control characters, and are short.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistrarError {
    /// The XMPP server does not take the token (any more).
    #[error("the XMPP server does not take this invite")]
    TokenRefused,
    /// Every use of the invite is held by registrations under way. Nothing was made; in a minute it may work.
    #[error("every use of this invite is held by a registration under way")]
    Busy,
    /// There is an account of that name, or the name is kept for somebody else.
    #[error("there is an account of this name, or it is reserved")]
    UsernameTaken,
    /// The XMPP server does not allow that name.
    #[error("the XMPP server does not allow this username: {0}")]
    UsernameNotAllowed(String),
    /// The XMPP server does not allow that password. The text may say why, in the words of the server.
    #[error("the XMPP server does not allow this password: {0}")]
    PasswordNotAllowed(String),
    /// The XMPP server said no for a reason of its own. Nothing was made.
    #[error("the XMPP server refused: {0}")]
    Refused(String),
    /// The XMPP server requires a field besides username and password, such as `email`. Nothing was made, and no
    /// retry helps until the server is configured otherwise. Holds the name of the field.
    #[error("the XMPP server requires a field that is not sent: {0}")]
    RequiresField(String),
    /// The XMPP server registers nobody without encryption, and the configured route has none; or the route asks for
    /// encryption, and the server has none. Nothing was made, and no retry helps until one of them is configured
    /// otherwise.
    #[error(
        "the XMPP server and the configured route do not agree on encryption: one requires it, the other has none"
    )]
    EncryptionUnavailable,
    /// The XMPP server does not accept invites of this service. Nothing was made, and no retry helps until the
    /// bridge is set up.
    #[error("the XMPP server does not accept invites of this service; is the bridge set up?")]
    NotBridged,
    /// The XMPP server could not be asked, or asks to try again later. Nothing was made; later it may work.
    #[error("the XMPP server cannot do it now: {0}")]
    Unavailable(String),
    /// The request was sent and no answer came: the account may be there or not.
    #[error("the XMPP server gave no answer: {0}")]
    Unknown(String),
}

/// Whether a password is that of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordVerdict {
    /// The account exists and has this password.
    Accepted,
    /// There is no such account, or it has another password.
    Rejected,
    /// The XMPP server gave no answer that tells.
    Undetermined,
}

/// Makes accounts on the XMPP server of a host.
///
/// A registrar sees to the use of the invite, too: when it returns `Ok`, the use is spent, or its completion is on
/// its way. So its callers never claim themselves. Where the XMPP server asks us about tokens (the bridge), it claims
/// and completes; where it does not, the registrar does.
#[async_trait]
pub trait Registrar: Send + Sync {
    /// Makes the account, or sets the password. Takes as long as the XMPP server does, but is bounded in time.
    async fn register(&self, registration: &RegistrationRequest) -> Result<(), RegistrarError>;

    /// Logs in with a password and logs out at once, to learn whether it is the account's. Bounded in time. Callers
    /// limit how often somebody may try, since the answer tells whether a guess was right.
    async fn log_in(&self, host: &Host, username: &Username, password: &Password) -> PasswordVerdict;
}
