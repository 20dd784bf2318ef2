//! A limit on trying passwords by means of the forms.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use vestibule_core::{GcraState, InviteId, Rate, Timestamp, Username};

/// So many wrong passwords are tried for one invite and username at once, and in each hour, whoever sends them.
const RATE: &str = "10/h";

/// So many invites and usernames are remembered. Each has been redeemed, so strangers cannot fill this.
const MAX_REMEMBERED: usize = 4096;

/// The wrong passwords that were tried, in memory: a restart forgives.
#[derive(Debug)]
pub(super) struct WrongPasswords {
    rate: Option<Rate>,
    meters: Mutex<HashMap<(InviteId, Username), GcraState>>,
}

impl Default for WrongPasswords {
    fn default() -> Self {
        Self { rate: RATE.parse().ok(), meters: Mutex::default() }
    }
}

impl WrongPasswords {
    /// Whether one more password may be tried.
    pub(super) fn admit(&self, invite: InviteId, username: &Username, now: Timestamp) -> bool {
        let meters = self.meters.lock().unwrap_or_else(PoisonError::into_inner);
        match (meters.get(&(invite, username.clone())), self.rate) {
            // A copy is asked: only what turns out wrong is taken.
            (Some(&(mut meter)), Some(rate)) => meter.take(rate, 1, now).is_ok(),
            _ => meters.len() < MAX_REMEMBERED,
        }
    }

    /// A password was wrong.
    pub(super) fn failed(&self, invite: InviteId, username: &Username, now: Timestamp) {
        let Some(rate) = self.rate else { return };
        let mut meters = self.meters.lock().unwrap_or_else(PoisonError::into_inner);
        if meters.len() >= MAX_REMEMBERED / 2 {
            // One from which all can be taken has recovered.
            meters.retain(|_, &mut mut meter| meter.take(rate, rate.burst(), now).is_err());
        }
        // Where nothing is left, nothing can be taken.
        let _ = meters.entry((invite, username.clone())).or_default().take(rate, 1, now);
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
    fn ten_wrong_ones_for_one_account_are_enough_for_an_hour() {
        let limit = WrongPasswords::default();
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
    fn memory_is_bounded_and_what_has_recovered_is_forgotten() {
        let limit = WrongPasswords::default();
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
