//! A limit on guessing passwords with the forms.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use vestibule_core::{GcraState, InviteId, Rate, Timestamp, Username};

/// The rate of wrong passwords for one invite and username, from any client.
const RATE: &str = "10/h";

/// The maximum number of entries. Only redeemed invites get one, so strangers cannot fill the table.
const MAX_REMEMBERED: usize = 4096;

/// Wrong passwords by invite and username. In memory: a restart clears them.
#[derive(Debug)]
pub(crate) struct PasswordAttempts {
    rate: Option<Rate>,
    states: Mutex<HashMap<(InviteId, Username), GcraState>>,
}

impl Default for PasswordAttempts {
    fn default() -> Self {
        Self { rate: RATE.parse().ok(), states: Mutex::default() }
    }
}

impl PasswordAttempts {
    /// Whether one more password may be tried.
    pub(crate) fn admit(&self, invite: InviteId, username: &Username, now: Timestamp) -> bool {
        let states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        match (states.get(&(invite, username.clone())), self.rate) {
            // Changes only a copy: only wrong passwords count.
            (Some(&(mut state)), Some(rate)) => state.take(rate, 1, now).is_ok(),
            _ => states.len() < MAX_REMEMBERED,
        }
    }

    /// Counts a wrong password.
    pub(crate) fn failed(&self, invite: InviteId, username: &Username, now: Timestamp) {
        let Some(rate) = self.rate else { return };
        let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        if states.len() >= MAX_REMEMBERED / 2 {
            // Keeps the entries that have not recovered.
            states.retain(|_, &mut mut state| state.take(rate, rate.burst(), now).is_err());
        }
        // An exhausted state stays exhausted.
        let _ = states.entry((invite, username.clone())).or_default().take(rate, 1, now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: i64 = 1_800_000_000_000;
    const HOUR: i64 = 3_600_000;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(START + millis)
    }

    #[test]
    fn an_account_allows_ten_wrong_passwords_an_hour() {
        let limit = PasswordAttempts::default();
        let (invite, other) = (InviteId::from_bytes([1; 16]), InviteId::from_bytes([2; 16]));
        let (ann, bob) = (Username::parse("ann").unwrap(), Username::parse("bob").unwrap());
        for _ in 0..10 {
            assert!(limit.admit(invite, &ann, at(0)));
            limit.failed(invite, &ann, at(0));
        }
        assert!(!limit.admit(invite, &ann, at(0)));
        assert!(limit.admit(invite, &bob, at(0)) && limit.admit(other, &ann, at(0)));
        assert!(!limit.admit(invite, &ann, at(HOUR / 10 - 1)));
        assert!(limit.admit(invite, &ann, at(HOUR / 10)));
    }

    #[test]
    fn memory_is_bounded_and_recovered_entries_are_dropped() {
        let limit = PasswordAttempts::default();
        let ann = Username::parse("ann").unwrap();
        let nth = |n: u128| InviteId::from_bytes(n.to_be_bytes());
        let tried = (0..10_000).filter(|n| {
            let admitted = limit.admit(nth(*n), &ann, at(0));
            if admitted {
                limit.failed(nth(*n), &ann, at(0));
            }
            admitted
        });
        assert_eq!(tried.count(), MAX_REMEMBERED);
        limit.failed(nth(0), &ann, at(HOUR));
        assert!(limit.admit(nth(9_999), &ann, at(HOUR)));
    }
}
