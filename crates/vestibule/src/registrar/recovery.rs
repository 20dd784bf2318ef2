//! Clears up registrations that were interrupted between the claim and its outcome, by a crash or a lost answer.
//!
//! The registrar makes sure that an account does not exist, and then claims. So if it exists now, it was created with the
//! claim, and the claim is completed; otherwise the claim is released. This waits for the end of the lease, since until
//! then the request may be under way, here or on another node, or may be refused because another one was faster. Only
//! a form that is sent again is not kept waiting: if its account exists, that is the one of its own claim.

use std::{sync::Arc, time::Duration};

use tokio::{sync::watch, time::sleep};
use vestibule_core::{
    AccountsError, ClaimId, Host, Invite, Kind, LEASE, OpenClaim, OpenClaims, PreauthGrant, Principal,
    StoreError,
};

use super::{ClaimingRegistrar, Registrars, service_of};

/// Pause between two rounds.
const PAUSE: Duration = Duration::from_secs(15);

/// Age of the oldest claims of the first round. The same as that of failed claims which are purged.
const OLDEST: Duration = Duration::from_hours(7 * 24);

/// Clears up interrupted registrations of all hosts, now and periodically. Ends with the sender of the registrars.
pub(crate) async fn run(registrars: watch::Receiver<Arc<Registrars>>) {
    let mut rounds = Rounds::default();
    loop {
        let current = Arc::clone(&registrars.borrow());
        for (host, registrar) in current.claiming() {
            rounds.round(host, registrar).await;
        }
        if registrars.has_changed().is_err() {
            return;
        }
        sleep(PAUSE).await;
    }
}

/// The oldest open claim of each host.
#[derive(Default)]
struct Rounds(std::collections::HashMap<Host, ClaimId>);

impl Rounds {
    async fn round(&mut self, host: &Host, registrar: &ClaimingRegistrar) {
        let now = registrar.invite_service.now();
        let since = self.0.get(host).copied().unwrap_or_else(|| ClaimId::lowest(now.minus(OLDEST)));
        match registrar.recover_since(host, since).await {
            Ok(oldest) => {
                // A claim that is made meanwhile may have a slightly older id.
                self.0.insert(host.clone(), oldest.unwrap_or_else(|| ClaimId::lowest(now.minus(2 * LEASE))));
            }
            Err(error) => tracing::debug!(%host, %error, "open claims could not be read"),
        }
    }
}

impl ClaimingRegistrar {
    /// Clears up the open claims on an invite before it is claimed under `grant`.
    pub(super) async fn recover(
        &self,
        by: &Principal,
        invite: &Invite,
        grant: Option<PreauthGrant>,
    ) -> Result<(), AccountsError> {
        let open = self.invite_service.store().open_claims(by, OpenClaims::Of(invite.id)).await;
        for claim in open.map_err(|error| unavailable(&error))? {
            let is_of_this_form = grant.is_some_and(|grant| claim.grant == Some(grant.id));
            self.clear_up(by, invite, &claim, is_of_this_form).await?;
        }
        Ok(())
    }

    /// Clears up open claims of a host. Returns the oldest that is still open.
    pub(super) async fn recover_since(
        &self,
        host: &Host,
        since: ClaimId,
    ) -> Result<Option<ClaimId>, StoreError> {
        let (by, store) = (service_of(host), self.invite_service.store());
        let mut oldest = None;
        for claim in store.open_claims(&by, OpenClaims::Since(since)).await? {
            let Some(details) = store.invite(&by, claim.invite).await? else { continue };
            let is_cleared = self.clear_up(&by, &details.invite, &claim, false).await;
            if !matches!(is_cleared, Ok(true)) {
                oldest = oldest.or(Some(claim.id));
            }
        }
        Ok(oldest)
    }

    /// Completes or releases an open claim, if its lease has ended or the same form is sent again. Returns whether its outcome is known now.
    async fn clear_up(
        &self,
        by: &Principal,
        invite: &Invite,
        claim: &OpenClaim,
        is_of_this_form: bool,
    ) -> Result<bool, AccountsError> {
        let has_lapsed = claim.lease_until <= self.invite_service.now();
        if !has_lapsed && !is_of_this_form {
            return Ok(false);
        }
        if self.was_created(invite, claim, has_lapsed).await? {
            let known = self.invite_service.store().account_known(&invite.host, &claim.username).await;
            if known.map_err(|error| unavailable(&error))? {
                // Another claim has created it.
                self.release(by, claim.id).await;
            } else {
                self.complete(by, claim.id, invite, &claim.username, claim.via.clone()).await;
                tracing::info!(invite = %invite.id, host = %invite.host, "an interrupted registration was completed");
            }
            return Ok(true);
        }
        if has_lapsed {
            self.release(by, claim.id).await;
        }
        Ok(has_lapsed)
    }
}

impl ClaimingRegistrar {
    async fn was_created(
        &self,
        invite: &Invite,
        claim: &OpenClaim,
        has_lapsed: bool,
    ) -> Result<bool, AccountsError> {
        // Whether a password was set cannot be found out. The invite stays good, so its person can set it again.
        if invite.kind == Kind::PasswordReset {
            return Ok(false);
        }
        match self.accounts.exists(&invite.host, &claim.username).await {
            Err(AccountsError::Unsupported(_)) => {
                if has_lapsed {
                    let (username, host) = (&claim.username, &invite.host);
                    tracing::warn!(
                        invite = %invite.id,
                        "a registration was interrupted, and the XMPP server does not tell whether {username}@{host} \
                         exists: if it does, revoke the invite"
                    );
                }
                Ok(false)
            }
            outcome => outcome,
        }
    }
}

fn unavailable(error: &StoreError) -> AccountsError {
    AccountsError::Unavailable(error.to_string())
}
