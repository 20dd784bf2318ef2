//! Slowing down whoever guesses tokens or keys.
//!
//! Each wrong one takes from the meter of the address that it came from. While that meter is empty, this
//! address gets no answer to any token or key, right or wrong, so that the database has no work with it
//! and the answers tell nothing. Nobody else notices.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use vestibule_core::{Meter, Rate, Timestamp};

/// How many addresses are remembered, in each of two generations.
const GENERATION: usize = 32 * 1024;

/// Counts wrong tokens and keys by address. In memory: a restart forgives.
#[derive(Debug)]
pub struct Guard {
    /// `None`: nobody is slowed.
    rate: Option<Rate>,
    /// When all meters will be whole again, in milliseconds since 1970. In quiet times the one thing that
    /// is looked at.
    quiet_at: AtomicI64,
    meters: Mutex<Meters>,
}

/// The meters, in two generations: when the young are many, they become the old, and the old are
/// forgotten. That bounds them without ever looking for the oldest.
#[derive(Debug, Default)]
struct Meters {
    young: HashMap<IpAddr, Meter>,
    old: HashMap<IpAddr, Meter>,
}

impl Guard {
    /// Lets so many wrong ones pass; any number for `None`.
    pub fn new(rate: Option<Rate>) -> Self {
        Self { rate, quiet_at: AtomicI64::new(0), meters: Mutex::default() }
    }

    /// Whether wrong ones are counted at all.
    pub(crate) fn is_on(&self) -> bool {
        self.rate.is_some()
    }

    /// Whether a token or key from this address may be looked at; else, how long to wait, in whole
    /// seconds. `now` is asked only if it matters.
    pub(crate) fn admit(&self, address: IpAddr, now: impl FnOnce() -> Timestamp) -> Result<(), Duration> {
        let (Some(rate), quiet_at) = (self.rate, self.quiet_at.load(Ordering::Relaxed)) else {
            return Ok(());
        };
        if quiet_at == 0 {
            return Ok(());
        }
        let now = now();
        if now.as_millis() >= quiet_at {
            return Ok(());
        }
        let meters = self.meters.lock().unwrap_or_else(PoisonError::into_inner);
        // A copy is asked: only what turns out wrong is taken.
        meters.get(group(address)).map_or(Ok(()), |mut meter| meter.take(rate, 1, now))
    }

    /// A token or key from this address was wrong.
    pub(crate) fn failed(&self, address: IpAddr, now: Timestamp) {
        let Some(rate) = self.rate else { return };
        let mut meters = self.meters.lock().unwrap_or_else(PoisonError::into_inner);
        if now.as_millis() >= self.quiet_at.load(Ordering::Relaxed) {
            *meters = Meters::default();
        }
        let address = group(address);
        let mut meter = meters.get(address).unwrap_or_default();
        // Where nothing is left, as after many at once, nothing can be taken.
        let _ = meter.take(rate, 1, now);
        meters.put(address, meter, |meter| until_whole(meter, rate, now).is_zero());
        let whole_at = now.plus(until_whole(meter, rate, now)).as_millis();
        self.quiet_at.fetch_max(whole_at, Ordering::Relaxed);
    }

    #[cfg(test)]
    fn remembered(&self) -> usize {
        let meters = self.meters.lock().unwrap();
        meters.young.len() + meters.old.len()
    }
}

impl Default for Guard {
    fn default() -> Self {
        Self::new("100/min".parse().ok())
    }
}

impl Meters {
    fn get(&self, address: IpAddr) -> Option<Meter> {
        self.young.get(&address).or_else(|| self.old.get(&address)).copied()
    }

    fn put(&mut self, address: IpAddr, meter: Meter, is_whole: impl Fn(Meter) -> bool) {
        if self.young.len() >= GENERATION && !self.young.contains_key(&address) {
            self.young.retain(|_, meter| !is_whole(*meter));
            // Where hardly any have recovered, the next look for them must not come soon.
            if self.young.len() > GENERATION / 2 {
                self.old = std::mem::take(&mut self.young);
            }
        }
        self.old.remove(&address);
        self.young.insert(address, meter);
    }
}

/// How long until the whole rate is there again; rounded up to whole seconds.
fn until_whole(mut meter: Meter, rate: Rate, now: Timestamp) -> Duration {
    meter.take(rate, rate.burst(), now).err().unwrap_or_default()
}

/// The addresses that are one client: any of a /64 of IPv6 may be picked by whoever has one of them.
fn group(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const START: i64 = 1_800_000_000_000;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(START + millis)
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn guard(rate: &str) -> Guard {
        Guard::new(Some(rate.parse().unwrap()))
    }

    fn fail(guard: &Guard, address: IpAddr, times: u32, now: Timestamp) {
        for _ in 0..times {
            guard.failed(address, now);
        }
    }

    #[test]
    fn who_guesses_waits_and_nobody_else() {
        let guard = guard("3/min");
        let (bad, good) = (ip("198.51.100.7"), ip("198.51.100.8"));
        fail(&guard, bad, 2, at(0));
        assert_eq!(guard.admit(bad, || at(0)), Ok(()));
        fail(&guard, bad, 1, at(0));
        assert_eq!(guard.admit(bad, || at(0)), Err(Duration::from_secs(20)));
        assert_eq!(guard.admit(good, || at(0)), Ok(()));
        assert_eq!(guard.admit(bad, || at(19_000)), Err(Duration::from_secs(1)));
        assert_eq!(guard.admit(bad, || at(20_000)), Ok(()));
    }

    #[test]
    fn the_addresses_of_one_client_share_a_meter() {
        let guard = guard("2/min");
        fail(&guard, ip("2001:db8::1"), 1, at(0));
        fail(&guard, ip("2001:db8::ffff:1:2:3"), 1, at(0));
        assert!(guard.admit(ip("2001:db8::9"), || at(0)).is_err());
        assert!(guard.admit(ip("2001:db8:0:1::9"), || at(0)).is_ok());
    }

    #[test]
    fn in_quiet_times_nobody_is_asked_for_the_time() {
        let no_time = || panic!("the time was asked for");
        assert_eq!(guard("3/min").admit(ip("198.51.100.7"), no_time), Ok(()));
        let off = Guard::new(None);
        fail(&off, ip("198.51.100.7"), 1000, at(0));
        assert_eq!(off.admit(ip("198.51.100.7"), no_time), Ok(()));
        assert_eq!(off.remembered(), 0);
    }

    #[test]
    fn what_has_recovered_is_forgotten() {
        let guard = guard("3/min");
        fail(&guard, ip("198.51.100.7"), 3, at(0));
        assert_eq!(guard.remembered(), 1);
        guard.failed(ip("198.51.100.8"), at(61_000));
        assert_eq!(guard.remembered(), 1);
    }

    #[test]
    fn memory_is_bounded_and_the_latest_are_remembered() {
        let guard = guard("1/h");
        let nth = |n: u32| IpAddr::from(n.to_be_bytes());
        for n in 0..200_000 {
            guard.failed(nth(n), at(0));
        }
        assert!(guard.remembered() <= 2 * GENERATION, "{}", guard.remembered());
        assert!(guard.admit(nth(199_999), || at(0)).is_err());
        assert!(guard.admit(nth(0), || at(0)).is_ok());
    }

    proptest! {
        #[test]
        fn never_more_than_the_rate_and_waiting_as_told_is_enough(
            steps in prop::collection::vec((0_i64..20_000, 0_u8..3), 1..200),
        ) {
            let guard = guard("5/min");
            let (mut now, mut passed) = (0, [0_i64; 3]);
            for (gap, who) in steps {
                now += gap;
                let address = IpAddr::from([198, 51, 100, who]);
                match guard.admit(address, || at(now)) {
                    Ok(()) => {
                        guard.failed(address, at(now));
                        passed[usize::from(who)] += 1;
                    }
                    Err(wait) => prop_assert!(guard.admit(address, || at(now).plus(wait)).is_ok()),
                }
                prop_assert!(passed[usize::from(who)] <= 5 + now / 12_000);
                prop_assert!(guard.admit(ip("203.0.113.1"), || at(now)).is_ok());
            }
        }
    }
}
