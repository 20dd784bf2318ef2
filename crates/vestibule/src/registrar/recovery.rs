//! Clears up registrations that were interrupted between the claim and its outcome, by a crash or a lost answer.
//!
//! The registrar makes sure that an account does not exist, and then claims. So if it exists now, it was created with the
//! claim, and the claim is completed; otherwise the claim is released, but only after the server has said so for some
//! time: it may also say so while its database fails. This waits for the end of the lease, since until
//! then the request may be under way, here or on another node, or may be refused because another one was faster. Only
//! a form that is sent again is not kept waiting: if its account exists, that is the one of its own claim.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{sync::watch, time::sleep};
use vestibule_core::{
    AccountsError, ClaimId, Host, Invite, Kind, LEASE, OpenClaim, OpenClaims, PreauthGrant, Principal,
    StoreError, Timestamp,
};

use super::{ClaimingRegistrar, Registrars, service_of};

/// Pause between two rounds.
const PAUSE: Duration = Duration::from_secs(15);

/// Age of the oldest claims of the first round. The same as that of failed claims which are purged.
const OLDEST: Duration = Duration::from_hours(7 * 24);

/// Number of rounds, and the time between the first and the last of them, in which the server must say that an account
/// does not exist.
const ABSENT_ROUNDS: u32 = 3;
const ABSENT_TIME: Duration = Duration::from_mins(3);

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
struct Rounds(HashMap<Host, ClaimId>);

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

/// How often, and since when, the account of an open claim was absent.
#[derive(Default)]
pub(super) struct Absences(Mutex<HashMap<ClaimId, (u32, Timestamp)>>);

impl Absences {
    /// Counts a round. Returns whether it is certain now that nothing was created.
    fn count(&self, claim: ClaimId, now: Timestamp) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (rounds, since) = all.entry(claim).or_insert((0, now));
        *rounds += 1;
        *rounds >= ABSENT_ROUNDS && since.plus(ABSENT_TIME) <= now
    }

    /// Forgets claims that are not open any more.
    fn retain(&self, open: &[OpenClaim]) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|id, _| open.iter().any(|claim| claim.id == *id));
    }
}

/// The reason to clear up a claim now.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trigger {
    /// A round of the background task.
    Round,
    /// A form about the same invite.
    Form,
    /// The form of the claim, which is sent again.
    SameForm,
}

/// Whether the account of an open claim exists.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Existence {
    Exists,
    Absent,
    /// It cannot be found out.
    Unknown,
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
            let trigger = if is_of_this_form { Trigger::SameForm } else { Trigger::Form };
            self.clear_up(by, invite, &claim, trigger).await?;
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
        let open = store.open_claims(&by, OpenClaims::Since(since)).await?;
        self.absences.retain(&open);
        for claim in open {
            let Some(details) = store.invite(&by, claim.invite).await? else { continue };
            let is_cleared = self.clear_up(&by, &details.invite, &claim, Trigger::Round).await;
            if !matches!(is_cleared, Ok(true)) {
                oldest = oldest.or(Some(claim.id));
            }
        }
        Ok(oldest)
    }

    /// Completes or releases an open claim, if its lease has ended or the same form is sent again. Returns whether its
    /// outcome is stored now.
    async fn clear_up(
        &self,
        by: &Principal,
        invite: &Invite,
        claim: &OpenClaim,
        trigger: Trigger,
    ) -> Result<bool, AccountsError> {
        let now = self.invite_service.now();
        let has_lapsed = claim.lease_until <= now;
        if !has_lapsed && trigger != Trigger::SameForm {
            return Ok(false);
        }
        let is_void = match self.existence(invite, claim, has_lapsed).await? {
            Existence::Exists => return self.complete_created(by, invite, claim).await,
            Existence::Absent => trigger == Trigger::Round && self.absences.count(claim.id, now),
            Existence::Unknown => has_lapsed,
        };
        Ok(is_void && self.release(by, claim.id).await)
    }

    async fn complete_created(
        &self,
        by: &Principal,
        invite: &Invite,
        claim: &OpenClaim,
    ) -> Result<bool, AccountsError> {
        if self.is_recorded_since(by, claim).await.map_err(|error| unavailable(&error))? {
            // Another claim has created it.
            return Ok(self.release(by, claim.id).await);
        }
        let is_stored = self.complete(by, invite, claim).await;
        if is_stored {
            tracing::info!(invite = %invite.id, host = %invite.host, "an interrupted registration was completed");
        }
        Ok(is_stored)
    }

    async fn existence(
        &self,
        invite: &Invite,
        claim: &OpenClaim,
        has_lapsed: bool,
    ) -> Result<Existence, AccountsError> {
        // Whether a password was set cannot be found out. The invite stays good, so its person can set it again.
        if invite.kind == Kind::PasswordReset {
            return Ok(Existence::Unknown);
        }
        match self.accounts.exists(&invite.host, &claim.username).await {
            Ok(true) => Ok(Existence::Exists),
            Ok(false) => Ok(Existence::Absent),
            Err(AccountsError::Unsupported(_)) => {
                if has_lapsed {
                    let (username, host) = (&claim.username, &invite.host);
                    tracing::warn!(
                        invite = %invite.id,
                        "a registration was interrupted, and the XMPP server does not tell whether {username}@{host} \
                         exists: if it does, revoke the invite"
                    );
                }
                Ok(Existence::Unknown)
            }
            Err(error) => Err(error),
        }
    }
}

fn unavailable(error: &StoreError) -> AccountsError {
    AccountsError::Unavailable(error.to_string())
}
