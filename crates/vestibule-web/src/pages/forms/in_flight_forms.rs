//! The same form, sent twice.
//!
//! People tap twice, reload, and go back. Of each invite and username one form is worked on at a time: the second
//! waits for the first, and shares its success if it brought the same password.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{Arc, Mutex as PlainMutex, PoisonError},
};

use tokio::sync::{Mutex, OwnedMutexGuard};
use vestibule_core::{InviteId, Password, Username};

use super::wrong_passwords::WrongPasswords;

/// The hash of the password that the last form gave the account, if it did.
type Outcome = Option<u64>;

/// One for each invite and username of which forms are being worked on.
type FormLocks = HashMap<(InviteId, Username), Arc<Mutex<Outcome>>>;

/// The forms that are being worked on, in memory. Nodes do not know of one another's: between them the XMPP server
/// decides.
#[derive(Debug, Default)]
pub(crate) struct InFlightForms {
    locks: PlainMutex<FormLocks>,
    /// The key of the hashes, another one in each process.
    key: RandomState,
    pub(super) wrong_passwords: WrongPasswords,
}

/// The right to work on the forms of one invite and username.
#[derive(Debug)]
pub(super) struct FormLock {
    outcome: OwnedMutexGuard<Outcome>,
    /// The hash of this form's password.
    password: u64,
}

impl InFlightForms {
    /// Waits until no other form of this invite and username is being worked on.
    pub(super) async fn lock(&self, invite: InviteId, username: &Username, password: &Password) -> FormLock {
        let lock = {
            let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
            // Those that nobody holds or waits for any more.
            locks.retain(|_, lock| Arc::strong_count(lock) > 1);
            Arc::clone(locks.entry((invite, username.clone())).or_default())
        };
        // A keyed hash, so that no password is kept; it lives as long as forms wait for one another.
        FormLock { outcome: lock.lock_owned().await, password: self.key.hash_one(password.expose()) }
    }
}

impl FormLock {
    /// Whether a form that this one waited for has done exactly what this one asks for.
    pub(super) fn is_done(&self) -> bool {
        *self.outcome == Some(self.password)
    }

    /// The account has the password of this form.
    pub(super) fn done(&mut self) {
        *self.outcome = Some(self.password);
    }
}
