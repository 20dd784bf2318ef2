//! Names that probe a server.

use vestibule_core::{AccountsError, Randomness, Username};

const PREFIX: &str = "vestibule-";

/// A username that nobody has. It is different each time: an account with a fixed one could be registered, and would
/// change what the server says.
pub(crate) fn unused_username(randomness: &dyn Randomness) -> Result<Username, AccountsError> {
    let mut bytes = [0; 16];
    randomness.fill(&mut bytes).map_err(|error| AccountsError::Unavailable(error.to_string()))?;
    let letters = bytes.iter().map(|byte| char::from(b'a' + byte % 26));
    let text: String = PREFIX.chars().chain(letters).collect();
    Username::parse(&text).map_err(|error| AccountsError::Unsupported(error.to_string()))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use vestibule_core::RandomnessError;

    use super::*;

    struct Counter(AtomicU8);

    impl Randomness for Counter {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomnessError> {
            bytes.fill_with(|| self.0.fetch_add(1, Ordering::Relaxed));
            Ok(())
        }
    }

    #[test]
    fn each_probe_has_another_name() {
        let randomness = Counter(AtomicU8::new(0));
        let names = [(); 2].map(|()| unused_username(&randomness).unwrap().to_string());
        assert_eq!(names, ["vestibule-abcdefghijklmnop", "vestibule-qrstuvwxyzabcdef"]);
    }
}
