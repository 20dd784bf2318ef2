//! The brute-force limiter for tokens and keys.
//!
//! Each unknown token or key counts against its client (GCRA). A client above the rate gets 429 for every token and
//! key, valid or not, so that it causes no database work and learns nothing. Other clients are not affected.
//!
//! There are two exceptions: a key that was valid recently, so that nobody is locked out by others at the same address;
//! and, from a trusted peer that names no client, each key a few times a minute. The bridge of an XMPP server is such a
//! peer, and may share its address with a proxy that does not name its clients.

mod recent_keys;

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use vestibule_core::{GcraState, Rate, Timestamp};

use super::client_address::ClientGroup;
use recent_keys::RecentKeys;
pub(super) use recent_keys::{KeyHash, may_name_key};

/// The maximum number of clients in each of two generations.
const GENERATION: usize = 32 * 1024;

/// The rate of attempts with one key from a trusted peer that names no client.
const TRIALS: &str = "10/min";

/// Brute-force limiter: counts unknown tokens and keys by client. In memory: a restart clears it.
#[derive(Debug)]
pub struct BruteForceLimiter {
    /// `None` turns the limiter off.
    rate: Option<Rate>,
    /// The time when all clients will have recovered, in milliseconds since 1970. From then on, `admit` takes no lock.
    recovered_at: AtomicI64,
    clients: Mutex<GcraStates<ClientGroup>>,
    trials: Mutex<GcraStates<KeyHash>>,
    pub(crate) recent_keys: RecentKeys,
}

/// GCRA states in two generations. A full young generation replaces the old one, which bounds memory without a search
/// for the oldest entry.
#[derive(Debug)]
struct GcraStates<K> {
    young: HashMap<K, GcraState>,
    old: HashMap<K, GcraState>,
}

impl BruteForceLimiter {
    /// A limiter with this rate; `None` turns it off.
    pub fn new(rate: Option<Rate>) -> Self {
        Self {
            rate,
            recovered_at: AtomicI64::new(0),
            clients: Mutex::default(),
            trials: Mutex::default(),
            recent_keys: RecentKeys::default(),
        }
    }

    /// Whether the limiter is on.
    pub(crate) fn is_on(&self) -> bool {
        self.rate.is_some()
    }

    /// Admits a token or key of this client, or returns how long to wait, in whole seconds. `now` is called only if
    /// needed.
    pub(crate) fn admit(&self, client: ClientGroup, now: impl FnOnce() -> Timestamp) -> Result<(), Duration> {
        let (Some(rate), recovered_at) = (self.rate, self.recovered_at.load(Ordering::Relaxed)) else {
            return Ok(());
        };
        if recovered_at == 0 {
            return Ok(());
        }
        let now = now();
        if now.as_millis() >= recovered_at {
            return Ok(());
        }
        let clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        // Changes only a copy: only unknown tokens and keys count.
        clients.get(&client).map_or(Ok(()), |mut state| state.take(rate, 1, now))
    }

    /// Whether a key is tried although the client has to wait.
    pub(crate) fn allows_exception(
        &self,
        client: ClientGroup,
        key: KeyHash,
        at: Instant,
        now: Timestamp,
    ) -> bool {
        self.recent_keys.contains(key, at)
            || matches!(client, ClientGroup::UnnamedClients(_)) && self.may_try(key, now)
    }

    fn may_try(&self, key: KeyHash, now: Timestamp) -> bool {
        let Ok(rate) = TRIALS.parse() else { return false };
        let mut trials = self.trials.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = trials.get(&key).unwrap_or_default();
        let may_try = state.take(rate, 1, now).is_ok();
        trials.insert(key, state, |state| until_full_burst(state, rate, now).is_zero());
        may_try
    }

    /// Counts an unknown token or key of this client.
    pub(crate) fn failed(&self, client: ClientGroup, now: Timestamp) {
        let Some(rate) = self.rate else { return };
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if now.as_millis() >= self.recovered_at.load(Ordering::Relaxed) {
            *clients = GcraStates::default();
        }
        let mut state = clients.get(&client).unwrap_or_default();
        // An exhausted state stays exhausted.
        let _ = state.take(rate, 1, now);
        clients.insert(client, state, |state| until_full_burst(state, rate, now).is_zero());
        let theoretical_arrival = now.plus(until_full_burst(state, rate, now)).as_millis();
        self.recovered_at.fetch_max(theoretical_arrival, Ordering::Relaxed);
    }

    #[cfg(test)]
    fn key(&self, text: &'static str) -> KeyHash {
        let value = http::HeaderValue::from_static(text);
        let headers = http::HeaderMap::from_iter([(http::header::AUTHORIZATION, value)]);
        self.recent_keys.hash_of(&headers, &http::Uri::from_static("/")).unwrap()
    }

    #[cfg(test)]
    fn client_count(&self) -> usize {
        let clients = self.clients.lock().unwrap();
        clients.young.len() + clients.old.len()
    }
}

impl Default for BruteForceLimiter {
    fn default() -> Self {
        Self::new("100/min".parse().ok())
    }
}

impl<K> Default for GcraStates<K> {
    fn default() -> Self {
        Self { young: HashMap::new(), old: HashMap::new() }
    }
}

impl<K: Copy + Eq + Hash> GcraStates<K> {
    fn get(&self, key: &K) -> Option<GcraState> {
        self.young.get(key).or_else(|| self.old.get(key)).copied()
    }

    fn insert(&mut self, key: K, state: GcraState, has_recovered: impl Fn(GcraState) -> bool) {
        if self.young.len() >= GENERATION && !self.young.contains_key(&key) {
            self.young.retain(|_, state| !has_recovered(*state));
            // If few have recovered, a new generation avoids the same search soon.
            if self.young.len() > GENERATION / 2 {
                self.old = std::mem::take(&mut self.young);
            }
        }
        self.old.remove(&key);
        self.young.insert(key, state);
    }
}

/// The time until the full burst is available again, rounded up to whole seconds.
fn until_full_burst(mut state: GcraState, rate: Rate, now: Timestamp) -> Duration {
    state.take(rate, rate.burst(), now).err().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const START: i64 = 1_800_000_000_000;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(START + millis)
    }

    fn client(text: &str) -> ClientGroup {
        ClientGroup::Address(text.parse().unwrap())
    }

    fn limiter(rate: &str) -> BruteForceLimiter {
        BruteForceLimiter::new(Some(rate.parse().unwrap()))
    }

    fn fail(limiter: &BruteForceLimiter, client: ClientGroup, times: u32, now: Timestamp) {
        for _ in 0..times {
            limiter.failed(client, now);
        }
    }

    #[test]
    fn only_the_guessing_client_is_limited() {
        let limiter = limiter("3/min");
        let (bad, good) = (client("198.51.100.7"), client("198.51.100.8"));
        fail(&limiter, bad, 2, at(0));
        assert_eq!(limiter.admit(bad, || at(0)), Ok(()));
        fail(&limiter, bad, 1, at(0));
        assert_eq!(limiter.admit(bad, || at(0)), Err(Duration::from_secs(20)));
        assert_eq!(limiter.admit(good, || at(0)), Ok(()));
        assert_eq!(limiter.admit(bad, || at(19_000)), Err(Duration::from_secs(1)));
        assert_eq!(limiter.admit(bad, || at(20_000)), Ok(()));
    }

    #[test]
    fn a_recently_valid_key_is_an_exception() {
        let (limiter, bad, start) = (limiter("3/min"), client("198.51.100.7"), Instant::now());
        let (good, wrong) = (limiter.key("Bearer a/b"), limiter.key("Bearer a/c"));
        limiter.recent_keys.add(good, start);
        fail(&limiter, bad, 3, at(0));
        assert!(limiter.allows_exception(bad, good, start, at(0)));
        assert!(!limiter.allows_exception(bad, wrong, start, at(0)));
    }

    #[test]
    fn an_unnamed_client_can_try_each_key_a_few_times() {
        let (limiter, start) = (limiter("3/min"), Instant::now());
        let unnamed = ClientGroup::UnnamedClients("127.0.0.1".parse().unwrap());
        let (one, other) = (limiter.key("Bearer a/b"), limiter.key("Bearer c/d"));
        let tries = (0..20).filter(|_| limiter.allows_exception(unnamed, one, start, at(0))).count();
        assert_eq!(tries, 10);
        assert!(limiter.allows_exception(unnamed, other, start, at(0)));
        assert!(limiter.allows_exception(unnamed, one, start, at(6_000)));
    }

    #[test]
    fn the_clock_is_not_read_without_failures() {
        let no_time = || panic!("the clock was read");
        assert_eq!(limiter("3/min").admit(client("198.51.100.7"), no_time), Ok(()));
        let off = BruteForceLimiter::new(None);
        fail(&off, client("198.51.100.7"), 1000, at(0));
        assert_eq!(off.admit(client("198.51.100.7"), no_time), Ok(()));
        assert_eq!(off.client_count(), 0);
    }

    #[test]
    fn recovered_clients_are_dropped() {
        let limiter = limiter("3/min");
        fail(&limiter, client("198.51.100.7"), 3, at(0));
        assert_eq!(limiter.client_count(), 1);
        limiter.failed(client("198.51.100.8"), at(61_000));
        assert_eq!(limiter.client_count(), 1);
    }

    #[test]
    fn memory_is_bounded_and_recent_clients_are_kept() {
        let limiter = limiter("1/h");
        let nth = |n: u32| ClientGroup::Address(n.to_be_bytes().into());
        for n in 0..200_000 {
            limiter.failed(nth(n), at(0));
        }
        assert!(limiter.client_count() <= 2 * GENERATION, "{}", limiter.client_count());
        assert!(limiter.admit(nth(199_999), || at(0)).is_err());
        assert!(limiter.admit(nth(0), || at(0)).is_ok());
    }

    proptest! {
        #[test]
        fn the_rate_holds_and_the_returned_wait_suffices(
            steps in prop::collection::vec((0_i64..20_000, 0_u8..3), 1..200),
        ) {
            let limiter = limiter("5/min");
            let (mut now, mut passed) = (0, [0_i64; 3]);
            for (gap, who) in steps {
                now += gap;
                let address = ClientGroup::Address([198, 51, 100, who].into());
                match limiter.admit(address, || at(now)) {
                    Ok(()) => {
                        limiter.failed(address, at(now));
                        passed[usize::from(who)] += 1;
                    }
                    Err(wait) => prop_assert!(limiter.admit(address, || at(now).plus(wait)).is_ok()),
                }
                prop_assert!(passed[usize::from(who)] <= 5 + now / 12_000);
                prop_assert!(limiter.admit(client("203.0.113.1"), || at(now)).is_ok());
            }
        }
    }
}
