//! A registrar for XMPP servers that do not ask this service about tokens: it claims the use itself.
//!
//! 1. The claim is stored before the account is created, so that a crash between the two loses nothing: the claim stays
//!    open, and [`recovery`](super::recovery) finds out whether the account exists.
//! 2. The account must not exist before the claim. Only therefore does its existence prove anything later.
//! 3. A claim is released only if it is certain that nothing was created.

use std::sync::Arc;

use async_trait::async_trait;
use vestibule_core::{
    AccountChange, Accounts, AccountsError, Capabilities, ClaimId, Host, Invite, InviteService, Kind,
    Password, PasswordCheck, Principal, Refusal, Registrar, RegistrarError, RegistrationRequest, StoreError,
    TokenRefusal, Username, UsernameRefusal, Via,
};
use vestibule_xmpp::{FailureLog, OperatorWarnings};

use super::service_of;

/// The channel of accounts that were created in the browser.
const VIA: &str = "web";

/// Registers through the administration of an XMPP server.
pub(crate) struct ClaimingRegistrar {
    pub(super) accounts: Arc<dyn Accounts>,
    pub(super) invite_service: InviteService,
    operator_warnings: OperatorWarnings,
    failure_log: FailureLog,
}

impl ClaimingRegistrar {
    pub(crate) fn new(accounts: Arc<dyn Accounts>, invite_service: InviteService) -> Self {
        Self {
            accounts,
            invite_service,
            operator_warnings: OperatorWarnings::default(),
            failure_log: FailureLog::default(),
        }
    }

    async fn redeem(&self, registration: &RegistrationRequest) -> Result<(), RegistrarError> {
        let RegistrationRequest { host, token, username, .. } = registration;
        let (by, token) = (service_of(host), token.expose());
        let checked = self.invite_service.check(&by, token, Some(username)).await.map_err(of_store)?;
        let invite = &checked.invite;
        let grant = self.invite_service.read_admission(invite.id, &checked.admission);
        self.recover(&by, invite, grant).await.map_err(of_accounts)?;
        self.check_account(&by, invite, username).await?;
        let via = Via::parse(VIA).ok_or(RegistrarError::Refused(String::new()))?;
        let claiming = self.invite_service.claim_to_create(
            &by,
            token,
            username.clone(),
            &checked.admission,
            via.clone(),
        );
        // Another request with the same form may hold the claim, and create the account with it.
        let claim = claiming.await.map_err(of_store)?.ok_or(RegistrarError::Busy)?.id;
        let changed = match invite.kind {
            Kind::PasswordReset => self.set_password(registration).await,
            _ => self.create(registration).await,
        };
        match changed {
            Ok(()) => {
                self.complete(&by, claim, invite, username, via).await;
                Ok(())
            }
            // The claim stays open until the outcome is known.
            Err(error @ AccountsError::Unknown(_)) => Err(of_accounts(error)),
            Err(error) => {
                self.release(&by, claim).await;
                Err(of_accounts(error))
            }
        }
    }

    /// Fails if the account of a registration exists, or that of a reset does not.
    async fn check_account(
        &self,
        by: &Principal,
        invite: &Invite,
        username: &Username,
    ) -> Result<(), RegistrarError> {
        let exists = match self.accounts.exists(&invite.host, username).await {
            // It tells when the account is created.
            Err(AccountsError::Unsupported(_)) => return Ok(()),
            outcome => outcome.map_err(of_accounts)?,
        };
        match (invite.kind, exists) {
            (Kind::PasswordReset, true) => return Ok(()),
            (_, true) => return Err(RegistrarError::UsernameTaken),
            (_, false) => {}
        }
        // This server does not report deleted accounts.
        let store = self.invite_service.store();
        if store.account_known(&invite.host, username).await.map_err(of_store)? {
            store.account_changed(by, username, AccountChange::Deleted).await.map_err(of_store)?;
        }
        if invite.kind == Kind::PasswordReset {
            return Err(of_accounts(AccountsError::NotFound));
        }
        Ok(())
    }

    /// Creates the account. If the answer is lost, the request is repeated once: if the account exists then, the
    /// password tells whether it is that of the first request.
    async fn create(&self, registration: &RegistrationRequest) -> Result<(), AccountsError> {
        let RegistrationRequest { host, username, password, .. } = registration;
        let lost = match self.accounts.create(host, username, password).await {
            Err(AccountsError::Unknown(reason)) => AccountsError::Unknown(reason),
            outcome => return outcome,
        };
        match self.accounts.create(host, username, password).await {
            Err(AccountsError::Exists) => {
                match self.accounts.check_password(host, username, password).await {
                    PasswordCheck::Accepted => Ok(()),
                    PasswordCheck::Rejected => Err(AccountsError::Exists),
                    PasswordCheck::Undetermined => Err(lost),
                }
            }
            // The first request may be under way.
            Err(AccountsError::Unavailable(_) | AccountsError::Unknown(_) | AccountsError::NotFound) => {
                Err(lost)
            }
            outcome => outcome,
        }
    }

    /// Sets the password. If the answer is lost, it is set once more, which changes nothing if it was set before.
    async fn set_password(&self, registration: &RegistrationRequest) -> Result<(), AccountsError> {
        let RegistrationRequest { host, username, password, .. } = registration;
        let lost = match self.accounts.set_password(host, username, password).await {
            Err(AccountsError::Unknown(reason)) => AccountsError::Unknown(reason),
            outcome => return outcome,
        };
        match self.accounts.set_password(host, username, password).await {
            Err(AccountsError::Unavailable(_) | AccountsError::Unknown(_)) => Err(lost),
            outcome => outcome,
        }
    }

    /// Adds what the invite promises to a new account, and spends the use. If that fails, the claim stays open.
    pub(super) async fn complete(
        &self,
        by: &Principal,
        claim: ClaimId,
        invite: &Invite,
        username: &Username,
        via: Via,
    ) {
        if invite.kind.makes_account() {
            self.add_contacts_and_groups(invite, username).await;
        }
        let jid = username.at(&invite.host);
        if let Err(error) = self.invite_service.store().complete(by, claim, jid, via).await {
            let (invite, host) = (invite.id, &invite.host);
            tracing::warn!(%invite, %host, %error, "an account was created, but not recorded yet");
        }
    }

    /// Does what can be done. An account without a contact is better than none, so failures are only logged.
    async fn add_contacts_and_groups(&self, invite: &Invite, username: &Username) {
        let (host, can) = (&invite.host, self.accounts.capabilities());
        let failed = |what: &str, error: &AccountsError| {
            tracing::warn!(invite = %invite.id, %host, %error, "{what}");
        };
        if let Some(inviter) = invite.inviter.as_ref().filter(|_| invite.kind.makes_contact())
            && can.befriend
            && let Err(error) = self.accounts.befriend(host, username, inviter).await
        {
            failed("the inviter of a new account could not be added as its contact", &error);
        }
        for group in invite.groups.iter().filter(|_| can.add_to_group) {
            if let Err(error) = self.accounts.add_to_group(host, username, group).await {
                failed("a new account could not be added to a group", &error);
            }
        }
    }

    /// Returns the use. If that fails, the claim stays open.
    pub(super) async fn release(&self, by: &Principal, claim: ClaimId) {
        match self.invite_service.store().release(by, claim).await {
            // The recovery of another request or node has completed it.
            Ok(()) | Err(StoreError::Refused(Refusal::ClaimCompleted)) => {}
            Err(error) => tracing::warn!(%claim, %error, "a claim could not be released yet"),
        }
    }

    fn log(&self, host: &Host, outcome: &Result<(), RegistrarError>) {
        match outcome {
            Ok(()) => self.operator_warnings.resolve(host),
            Err(error @ RegistrarError::NotPermitted(_)) => self.operator_warnings.warn(
                host,
                format!(
                    "registration in the browser fails: {error}; see what `vestibule doctor {host}` says"
                ),
            ),
            Err(error @ (RegistrarError::Unavailable(_) | RegistrarError::Unknown(_))) => {
                self.failure_log.failed(host, error);
            }
            Err(_) => {}
        }
    }
}

#[async_trait]
impl Registrar for ClaimingRegistrar {
    fn capabilities(&self, _: &Host) -> Capabilities {
        self.accounts.capabilities()
    }

    async fn register(&self, registration: &RegistrationRequest) -> Result<(), RegistrarError> {
        let outcome = self.redeem(registration).await;
        self.log(&registration.host, &outcome);
        outcome
    }

    async fn log_in(&self, host: &Host, username: &Username, password: &Password) -> PasswordCheck {
        self.accounts.check_password(host, username, password).await
    }
}

fn of_store(error: StoreError) -> RegistrarError {
    match error {
        StoreError::Refused(Refusal::Token(
            TokenRefusal::Busy { .. } | TokenRefusal::TooManyAttempts { .. },
        )) => RegistrarError::Busy,
        StoreError::Refused(Refusal::Token(_)) => RegistrarError::TokenRefused,
        StoreError::Refused(Refusal::Username(UsernameRefusal::Reserved)) => RegistrarError::UsernameTaken,
        StoreError::Refused(Refusal::Username(refusal)) => {
            RegistrarError::UsernameNotAllowed(refusal.to_string())
        }
        StoreError::Refused(refusal) => RegistrarError::Refused(refusal.to_string()),
        error => RegistrarError::Unavailable(error.to_string()),
    }
}

fn of_accounts(error: AccountsError) -> RegistrarError {
    match error {
        AccountsError::Exists => RegistrarError::UsernameTaken,
        AccountsError::NotFound => RegistrarError::UsernameNotAllowed(AccountsError::NotFound.to_string()),
        AccountsError::UsernameNotAllowed(text) => RegistrarError::UsernameNotAllowed(text),
        AccountsError::PasswordNotAllowed(text) => RegistrarError::PasswordNotAllowed(text),
        AccountsError::Refused(text) => RegistrarError::Refused(text),
        AccountsError::NotPermitted(text) | AccountsError::Unsupported(text) => {
            RegistrarError::NotPermitted(text)
        }
        AccountsError::Unavailable(text) => RegistrarError::Unavailable(text),
        AccountsError::Unknown(text) => RegistrarError::Unknown(text),
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
