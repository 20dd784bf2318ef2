//! The interface to the administration of an XMPP server that does not ask this service about tokens.

use async_trait::async_trait;

use crate::{Host, Password, PasswordCheck, Username};

/// What can be done on an XMPP server. Pages offer only this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is independent of the others")]
pub struct Capabilities {
    /// Accounts are created in the browser.
    pub create: bool,
    /// Passwords are reset in the browser.
    pub set_password: bool,
    /// The inviter becomes a contact of the new account, and the other way round.
    pub befriend: bool,
    /// New accounts are added to groups.
    pub add_to_group: bool,
    /// Accounts can be disabled.
    pub disable: bool,
    /// Disabled accounts can be enabled again.
    pub enable: bool,
    /// Accounts can be deleted.
    pub delete: bool,
}

impl Capabilities {
    /// Nothing: only apps redeem invites.
    pub const NONE: Self = Self {
        create: false,
        set_password: false,
        befriend: false,
        add_to_group: false,
        disable: false,
        enable: false,
        delete: false,
    };

    /// Those of a server that checks tokens with this service. It adds contacts and groups itself.
    pub const BRIDGED: Self =
        Self { create: true, set_password: true, befriend: true, add_to_group: true, ..Self::NONE };
}

/// Reason why an account was not changed. Texts come from the XMPP server or describe the connection; they are short
/// and contain neither secrets nor control characters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountsError {
    /// The account exists already.
    #[error("the account exists")]
    Exists,
    /// There is no such account.
    #[error("there is no such account")]
    NotFound,
    /// The server does not allow the username.
    #[error("the XMPP server does not allow this username: {0}")]
    UsernameNotAllowed(String),
    /// The server does not allow the password.
    #[error("the XMPP server does not allow this password: {0}")]
    PasswordNotAllowed(String),
    /// The server refused for another reason. Nothing was changed.
    #[error("the XMPP server refused: {0}")]
    Refused(String),
    /// The server does not accept the credentials of this service, or gives them too few rights. Nothing was changed.
    #[error("the XMPP server does not permit this service to do it: {0}")]
    NotPermitted(String),
    /// The server cannot do this. Nothing was changed.
    #[error("the XMPP server cannot do this: {0}")]
    Unsupported(String),
    /// The server is unreachable. Nothing was changed.
    #[error("the XMPP server cannot do it now: {0}")]
    Unavailable(String),
    /// The request was sent, but no answer arrived, or one that leaves open whether it was done.
    #[error("the XMPP server did not answer: {0}")]
    Unknown(String),
}

impl AccountsError {
    /// Whether the operator has to configure this service or the server.
    pub const fn needs_operator(&self) -> bool {
        matches!(self, Self::NotPermitted(_) | Self::Unsupported(_))
    }
}

/// Administers the accounts of one host, with the rights that the operator has given to this service. Each call waits
/// for the server, with a timeout.
///
/// Invites are not its business: [`crate::Registrar`] redeems them.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// What this server can do. Other calls fail with [`AccountsError::Unsupported`].
    fn capabilities(&self) -> Capabilities;

    /// Whether the account exists. `false` alone proves nothing: a server may also say so while its database fails.
    async fn exists(&self, host: &Host, username: &Username) -> Result<bool, AccountsError>;

    /// Creates an account; an existing one is [`AccountsError::Exists`].
    async fn create(
        &self,
        host: &Host,
        username: &Username,
        password: &Password,
    ) -> Result<(), AccountsError>;

    /// Sets the password of an account.
    async fn set_password(
        &self,
        host: &Host,
        username: &Username,
        password: &Password,
    ) -> Result<(), AccountsError>;

    /// Checks a password. Callers must limit attempts, because the result confirms guesses.
    async fn check_password(&self, host: &Host, username: &Username, password: &Password) -> PasswordCheck;

    /// Makes two accounts of the host contacts of each other, with mutual subscriptions. Safe to repeat.
    async fn befriend(&self, host: &Host, one: &Username, other: &Username) -> Result<(), AccountsError>;

    /// Adds an account to a group of the server. Safe to repeat.
    async fn add_to_group(&self, host: &Host, username: &Username, group: &str) -> Result<(), AccountsError>;

    /// Prevents an account from logging in, until it is enabled.
    async fn disable(&self, host: &Host, username: &Username) -> Result<(), AccountsError>;

    /// Enables a disabled account.
    async fn enable(&self, host: &Host, username: &Username) -> Result<(), AccountsError>;

    /// Deletes an account. Safe to repeat.
    async fn delete(&self, host: &Host, username: &Username) -> Result<(), AccountsError>;
}
