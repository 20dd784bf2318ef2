//! Deduplication of forms that are sent twice.
//!
//! People tap twice, reload, and go back. Only one form of an invite and username is processed at a time: the second
//! waits for the first, and shares its success if it has the same password.

mod form_limits;
mod password_attempts;

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{Arc, Mutex as PlainMutex, PoisonError},
};

use tokio::sync::{Mutex, OwnedMutexGuard};
use vestibule_core::{Invite, InviteId, Password, Username};

use self::{
    form_limits::{FormLimits, FormSlot},
    password_attempts::PasswordAttempts,
};
use crate::http::ClientGroup;

/// The hash of the password that the last form set, if it succeeded.
type Outcome = Option<u64>;

/// A lock for each invite and username with a form in flight.
type FormLocks = HashMap<(InviteId, Username), Arc<Mutex<Outcome>>>;

/// The forms in flight on this node. Between nodes, the XMPP server decides which form succeeds.
#[derive(Debug, Default)]
pub(crate) struct InFlightForms {
    locks: PlainMutex<FormLocks>,
    limits: FormLimits,
    /// The random key of the hashes.
    key: RandomState,
    pub(crate) password_attempts: PasswordAttempts,
}

/// The lock on the forms of one invite and username.
#[derive(Debug)]
pub(crate) struct FormLock {
    outcome: OwnedMutexGuard<Outcome>,
    /// The hash of this form's password.
    password: u64,
    /// The place of this form among those in flight.
    _slot: FormSlot,
}

impl InFlightForms {
    /// Waits until no other form of this invite and username is in flight. Returns `None` at once if too many forms
    /// are in flight.
    pub(crate) async fn lock(
        &self,
        client: ClientGroup,
        invite: &Invite,
        username: &Username,
        password: &Password,
    ) -> Option<FormLock> {
        let slot = self.limits.take(client, &invite.host, invite.id)?;
        let lock = {
            let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
            // Drops locks without a holder or waiter.
            locks.retain(|_, lock| Arc::strong_count(lock) > 1);
            Arc::clone(locks.entry((invite.id, username.clone())).or_default())
        };
        // A keyed hash, so that no password is kept.
        let password = self.key.hash_one(password.expose());
        Some(FormLock { outcome: lock.lock_owned().await, password, _slot: slot })
    }
}

impl FormLock {
    /// Whether a form that this one waited for has set the same password.
    pub(crate) fn is_done(&self) -> bool {
        *self.outcome == Some(self.password)
    }

    /// Records that the account has the password of this form.
    pub(crate) fn done(&mut self) {
        *self.outcome = Some(self.password);
    }
}
