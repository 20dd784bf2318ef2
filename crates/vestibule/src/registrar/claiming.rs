//! A registrar for XMPP servers that do not ask this service about tokens: it claims the use itself.
//!
//! 1. The claim is stored before the account is created, so that a crash between the two loses nothing: the claim stays
//!    open, and [`recovery`](super::recovery) finds out whether the account exists.
//! 2. The account must not exist before the claim. Only therefore does its existence prove anything later.
//! 3. A claim is released only by the request that made it, and only if it is certain that nothing was created.
//! 4. Only a created account proves that its name was free: a server also says so while its database fails.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use vestibule_core::{
    AccountChange, Accounts, AccountsError, Capabilities, ClaimId, Host, Invite, InviteService, Kind, LEASE,
    OpenClaim, OpenClaims, Password, PasswordCheck, Principal, Refusal, Registrar, RegistrarError,
    RegistrationRequest, StoreError, Timestamp, Username, Via,
};
use vestibule_xmpp::{FailureLog, OperatorWarnings};

use super::{
    errors::{of_accounts, of_store},
    recovery::Absences,
    service_of,
};

/// The channel of accounts that were created in the browser.
const VIA: &str = "web";

/// Time before the end of the lease after which no request is started. A request takes no longer, so none is under way
/// when the recovery looks for the account.
const LONGEST_REQUEST: Duration = Duration::from_secs(15);

/// Registers through the administration of an XMPP server.
pub(crate) struct ClaimingRegistrar {
    pub(super) accounts: Arc<dyn Accounts>,
    pub(super) invite_service: InviteService,
    operator_warnings: OperatorWarnings,
    failure_log: FailureLog,
    pub(super) absences: Absences,
}

impl ClaimingRegistrar {
    pub(crate) fn new(accounts: Arc<dyn Accounts>, invite_service: InviteService) -> Self {
        Self {
            accounts,
            invite_service,
            operator_warnings: OperatorWarnings::default(),
            failure_log: FailureLog::default(),
            absences: Absences::default(),
        }
    }

    async fn redeem(&self, registration: &RegistrationRequest) -> Result<(), RegistrarError> {
        let RegistrationRequest { host, token, username, .. } = registration;
        let (by, token) = (service_of(host), token.expose());
        let checked = self.invite_service.check(&by, token, Some(username)).await.map_err(of_store)?;
        let invite = &checked.invite;
        let grant = self.invite_service.read_admission(invite.id, &checked.admission);
        self.recover(&by, invite, grant).await.map_err(of_accounts)?;
        self.check_account(invite, username).await?;
        let via = Via::parse(VIA).ok_or(RegistrarError::Refused(String::new()))?;
        let claiming = self.invite_service.claim_to_create(
            &by,
            token,
            username.clone(),
            &checked.admission,
            via.clone(),
        );
        let deadline = self.invite_service.now().plus(LEASE.saturating_sub(LONGEST_REQUEST));
        // Another request with the same form may hold the claim, and create the account with it.
        let claim = claiming.await.map_err(of_store)?.ok_or(RegistrarError::Busy)?;
        if let Err(error) = self.ensure_use(&by, invite, claim.id).await {
            self.release(&by, claim.id).await;
            return Err(error);
        }
        let changed = match invite.kind {
            Kind::PasswordReset => self.reset_password(registration, deadline).await,
            _ => self.create(registration, deadline).await,
        };
        match changed {
            Ok(()) => {
                let (id, lease_until) = (claim.id, claim.expires_at);
                let (username, grant) = (username.clone(), grant.map(|grant| grant.id));
                let claim = OpenClaim { id, invite: invite.id, username, via, grant, lease_until };
                self.complete(&by, invite, &claim).await;
                Ok(())
            }
            // The claim stays open until the outcome is known.
            Err(error @ AccountsError::Unknown(_)) => Err(of_accounts(error)),
            Err(error) => {
                self.release(&by, claim.id).await;
                Err(of_accounts(error))
            }
        }
    }

    /// Fails if the invite has too few uses for its open claims: an account may result from a lapsed one.
    async fn ensure_use(
        &self,
        by: &Principal,
        invite: &Invite,
        claim: ClaimId,
    ) -> Result<(), RegistrarError> {
        let (store, now) = (self.invite_service.store(), self.invite_service.now());
        let open = store.open_claims(by, OpenClaims::Of(invite.id)).await.map_err(of_store)?;
        if !open.iter().any(|other| other.id != claim && other.lease_until <= now) {
            return Ok(());
        }
        // Read after the claims, so that one that is completed meanwhile counts at least once.
        let details = store.invite(by, invite.id).await.map_err(of_store)?;
        let (uses, max_uses) =
            details.map_or((0, None), |details| (details.invite.uses, details.invite.max_uses));
        let needed = u64::from(uses) + u64::try_from(open.len()).unwrap_or(u64::MAX);
        if max_uses.is_some_and(|max_uses| needed > u64::from(max_uses)) {
            return Err(RegistrarError::Busy);
        }
        Ok(())
    }

    /// Fails if the account of a registration exists, or that of a reset does not. Nothing is recorded: that there is no
    /// account is not certain.
    async fn check_account(&self, invite: &Invite, username: &Username) -> Result<(), RegistrarError> {
        let exists = match self.accounts.exists(&invite.host, username).await {
            // It tells when the account is created.
            Err(AccountsError::Unsupported(_)) => return Ok(()),
            outcome => outcome.map_err(of_accounts)?,
        };
        match (invite.kind, exists) {
            (Kind::PasswordReset, true) => Ok(()),
            (Kind::PasswordReset, false) => Err(of_accounts(AccountsError::NotFound)),
            (_, true) => Err(RegistrarError::UsernameTaken),
            (_, false) => Ok(()),
        }
    }

    /// Fails if a request that is started now may take longer than the lease.
    fn ensure_time(&self, deadline: Timestamp) -> Result<(), AccountsError> {
        if self.invite_service.now() > deadline {
            return Err(AccountsError::Unavailable("it took too long".to_owned()));
        }
        Ok(())
    }

    /// Creates the account. If the answer is lost, the request is repeated once: if the account exists then, the
    /// password tells whether it is that of the first request.
    async fn create(
        &self,
        registration: &RegistrationRequest,
        deadline: Timestamp,
    ) -> Result<(), AccountsError> {
        let RegistrationRequest { host, username, password, .. } = registration;
        self.ensure_time(deadline)?;
        let lost = match self.accounts.create(host, username, password).await {
            Err(AccountsError::Unknown(reason)) => AccountsError::Unknown(reason),
            outcome => return outcome,
        };
        if self.ensure_time(deadline).is_err() {
            return Err(lost);
        }
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

    /// Sets the password, and makes sure that the server accepts it: some report success although they did not set it.
    async fn reset_password(
        &self,
        registration: &RegistrationRequest,
        deadline: Timestamp,
    ) -> Result<(), AccountsError> {
        self.set_password(registration, deadline).await?;
        let RegistrationRequest { host, username, password, .. } = registration;
        match self.accounts.check_password(host, username, password).await {
            PasswordCheck::Accepted | PasswordCheck::Undetermined => Ok(()),
            PasswordCheck::Rejected => {
                Err(AccountsError::PasswordNotAllowed("it does not accept it afterwards".to_owned()))
            }
        }
    }

    /// Sets the password. If the answer is lost, it is set once more, which changes nothing if it was set before.
    async fn set_password(
        &self,
        registration: &RegistrationRequest,
        deadline: Timestamp,
    ) -> Result<(), AccountsError> {
        let RegistrationRequest { host, username, password, .. } = registration;
        self.ensure_time(deadline)?;
        let lost = match self.accounts.set_password(host, username, password).await {
            Err(AccountsError::Unknown(reason)) => AccountsError::Unknown(reason),
            outcome => return outcome,
        };
        if self.ensure_time(deadline).is_err() {
            return Err(lost);
        }
        match self.accounts.set_password(host, username, password).await {
            Err(AccountsError::Unavailable(_) | AccountsError::Unknown(_)) => Err(lost),
            outcome => outcome,
        }
    }

    /// Adds what the invite promises to a new account, and spends the use. Returns whether that is stored; otherwise the
    /// claim stays open.
    pub(super) async fn complete(&self, by: &Principal, invite: &Invite, claim: &OpenClaim) -> bool {
        if let Err(error) = self.store_completion(by, invite, claim).await {
            let (invite, host) = (invite.id, &invite.host);
            tracing::warn!(%invite, %host, %error, "an account was created, but not recorded yet");
            return false;
        }
        true
    }

    async fn store_completion(
        &self,
        by: &Principal,
        invite: &Invite,
        claim: &OpenClaim,
    ) -> Result<(), StoreError> {
        let store = self.invite_service.store();
        if invite.kind.makes_account() {
            // The name was free: what belonged to an earlier account of this name, such as a password reset, must not
            // reach the new one. This server does not report deleted accounts.
            if !self.is_recorded_since(by, claim).await? {
                store.account_changed(by, &claim.username, AccountChange::Absent).await?;
            }
            self.add_contacts_and_groups(invite, &claim.username).await;
        }
        let jid = claim.username.at(&invite.host);
        store.complete(by, claim.id, jid, claim.via.clone()).await.map(drop)
    }

    /// Whether an account of this name was recorded after the claim was made. One that was recorded earlier was deleted,
    /// since the name was free.
    pub(super) async fn is_recorded_since(
        &self,
        by: &Principal,
        claim: &OpenClaim,
    ) -> Result<bool, StoreError> {
        let claimed_at = claim.lease_until.minus(LEASE);
        let recorded = self.invite_service.store().member(by, &claim.username).await?;
        Ok(recorded.is_some_and(|recorded| {
            recorded.member.deleted_at.is_none() && recorded.member.joined_at > claimed_at
        }))
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

    /// Returns the use. Returns whether that is stored; otherwise the claim stays open.
    pub(super) async fn release(&self, by: &Principal, claim: ClaimId) -> bool {
        match self.invite_service.store().release(by, claim).await {
            // The recovery of another request or node has completed it.
            Ok(()) | Err(StoreError::Refused(Refusal::ClaimCompleted)) => true,
            Err(error) => {
                tracing::warn!(%claim, %error, "a claim could not be released yet");
                false
            }
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

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
