//! API keys that were valid recently.

use std::{
    collections::HashSet,
    hash::{BuildHasher, RandomState},
    sync::{PoisonError, RwLock},
    time::{Duration, Instant},
};

use http::{HeaderMap, Uri, header};

/// The maximum number of keys in each of two generations.
const GENERATION: usize = 4096;

/// The time during which a generation accepts keys. A key is kept for this long to twice as long after its last use.
const AGE: Duration = Duration::from_hours(3);

/// The hash of a presented key, valid or not, with a random seed of this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct KeyHash(u64);

/// API keys that were valid recently.
///
/// The whole key is hashed, so that its public id alone is useless.
#[derive(Debug, Default)]
pub(crate) struct RecentKeys {
    hasher: RandomState,
    generations: RwLock<Generations>,
}

#[derive(Debug, Default)]
struct Generations {
    /// Start of the young generation.
    started_at: Option<Instant>,
    young: HashSet<KeyHash>,
    old: HashSet<KeyHash>,
}

impl RecentKeys {
    /// The hash of the key in the `Authorization` header, else in the query.
    pub(crate) fn hash_of(&self, headers: &HeaderMap, uri: &Uri) -> Option<KeyHash> {
        let text = match headers.get(header::AUTHORIZATION) {
            Some(value) => value.as_bytes(),
            None => uri.query().filter(|query| may_name_key(query))?.as_bytes(),
        };
        Some(KeyHash(self.hasher.hash_one(text)))
    }

    /// Whether the key was valid recently.
    pub(crate) fn contains(&self, key: KeyHash, now: Instant) -> bool {
        let generations = self.generations.read().unwrap_or_else(PoisonError::into_inner);
        match generations.age(now) {
            age if age < AGE => generations.young.contains(&key) || generations.old.contains(&key),
            age if age < 2 * AGE => generations.young.contains(&key),
            _ => false,
        }
    }

    /// Adds a valid key.
    pub(crate) fn add(&self, key: KeyHash, now: Instant) {
        let generations = self.generations.read().unwrap_or_else(PoisonError::into_inner);
        if generations.young.contains(&key) && generations.age(now) < AGE {
            return;
        }
        drop(generations);
        self.generations.write().unwrap_or_else(PoisonError::into_inner).add(key, now);
    }

    /// Removes a key that is no longer valid.
    pub(crate) fn remove(&self, key: KeyHash) {
        let mut generations = self.generations.write().unwrap_or_else(PoisonError::into_inner);
        generations.young.remove(&key);
        generations.old.remove(&key);
    }
}

impl Generations {
    fn age(&self, now: Instant) -> Duration {
        self.started_at.map_or(Duration::ZERO, |start| now.saturating_duration_since(start))
    }

    fn add(&mut self, key: KeyHash, now: Instant) {
        let age = self.age(now);
        if self.started_at.is_none() || age >= AGE || self.young.len() >= GENERATION {
            self.started_at = Some(now);
            self.old = std::mem::take(&mut self.young);
            if age >= 2 * AGE {
                self.old.clear();
            }
        }
        self.young.insert(key);
    }
}

/// Whether a query can contain a key. Errs on the side of yes: percent-encoding can spell `key`.
pub(crate) fn may_name_key(query: &str) -> bool {
    query.contains("key=") || query.contains('%')
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn bearer(keys: &RecentKeys, text: &str) -> KeyHash {
        let headers = HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_str(text).unwrap())]);
        keys.hash_of(&headers, &Uri::from_static("/")).unwrap()
    }

    #[test]
    fn a_key_is_hashed_from_the_header_or_the_query() {
        let keys = RecentKeys::default();
        let secret = |uri| keys.hash_of(&HeaderMap::new(), &Uri::from_static(uri));
        assert_eq!(secret("/invites_api"), None);
        assert_eq!(secret("/invites_api?redirect"), None);
        assert!(secret("/invites_api?key=a/b").is_some());
        assert_eq!(secret("/invites_api?key=a/b"), secret("/join/invites_api?key=a/b"));
        assert_ne!(secret("/invites_api?key=a/b"), secret("/invites_api?key=a/c"));
        assert_eq!(bearer(&keys, "Bearer a/b"), bearer(&keys, "Bearer a/b"));
        assert_ne!(bearer(&keys, "Bearer a/b"), bearer(&keys, "Bearer a/c"));
        assert_ne!(
            bearer(&RecentKeys::default(), "Bearer a/b"),
            bearer(&keys, "Bearer a/b"),
            "the seed is different in each process"
        );
    }

    #[test]
    fn a_key_is_kept_for_hours_after_its_last_use() {
        let (keys, start) = (RecentKeys::default(), Instant::now());
        let [used, idle] = ["Bearer a/b", "Bearer c/d"].map(|text| bearer(&keys, text));
        assert!(!keys.contains(used, start));
        keys.add(idle, start);
        for hours in 0..10 {
            let now = start + Duration::from_hours(hours);
            keys.add(used, now);
            assert!(keys.contains(used, now), "{hours} h");
            if hours < 3 {
                assert!(keys.contains(idle, now), "{hours} h");
            }
            if hours > 6 {
                assert!(!keys.contains(idle, now), "{hours} h");
            }
        }
        assert!(!keys.contains(used, start + Duration::from_hours(16)));
    }

    #[test]
    fn an_invalid_key_is_removed() {
        let (keys, now) = (RecentKeys::default(), Instant::now());
        let key = bearer(&keys, "Bearer a/b");
        keys.add(key, now);
        keys.remove(key);
        assert!(!keys.contains(key, now));
    }

    #[test]
    fn memory_is_bounded() {
        let (keys, now) = (RecentKeys::default(), Instant::now());
        for n in 0..50_000 {
            keys.add(KeyHash(n), now);
        }
        let generations = keys.generations.read().unwrap();
        assert!(generations.young.len() + generations.old.len() <= 2 * GENERATION);
        drop(generations);
        assert!(keys.contains(KeyHash(49_999), now));
    }
}
