//! Passwords of XMPP accounts.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// Maximum length of a password, in bytes after preparation. XMPP servers limit the size of stanzas.
pub const MAX_PASSWORD_BYTES: usize = 1000;

/// A password, prepared with SASLprep (RFC 4013) as clients do before they log in (RFC 5802 section 2.2).
///
/// A secret: it has no `Display`, and `Debug` hides it.
pub struct Password(SecretString);

/// The text cannot be a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Empty after preparation.
    #[error("the password is empty")]
    Empty,
    /// Longer than [`MAX_PASSWORD_BYTES`].
    #[error("the password has more than 1000 bytes")]
    TooLong,
    /// Contains a character that SASLprep forbids, such as a control character.
    #[error("the password contains a character that apps cannot send")]
    Forbidden,
    /// Contains right-to-left letters, and characters that may not stand beside them, such as a digit at its end
    /// (RFC 3454 section 6).
    #[error("the password mixes right-to-left letters with other characters")]
    MixedDirections,
}

impl Password {
    /// Prepares and validates a password.
    pub fn parse(text: &str) -> Result<Self, PasswordError> {
        if text.len() > 4 * MAX_PASSWORD_BYTES {
            return Err(PasswordError::TooLong);
        }
        let prepared = stringprep::saslprep(text).map_err(|_| {
            let is_right_to_left = text.chars().any(stringprep::tables::bidi_r_or_al);
            if is_right_to_left { PasswordError::MixedDirections } else { PasswordError::Forbidden }
        })?;
        match prepared.len() {
            0 => Err(PasswordError::Empty),
            1..=MAX_PASSWORD_BYTES => Ok(Self(prepared.into_owned().into())),
            _ => Err(PasswordError::TooLong),
        }
    }

    /// The password itself. Keep it out of logs, responses and errors.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<String, PasswordError> {
        Password::parse(text).map(|password| password.expose().to_owned())
    }

    #[test]
    fn equivalent_characters_are_normalized() {
        assert_eq!(parse("e\u{301}te\u{301}").unwrap(), "été");
        assert_eq!(parse("a\u{a0}b").unwrap(), "a b");
        assert_eq!(parse("пароль").unwrap(), "пароль");
    }

    #[test]
    fn forbidden_characters_are_rejected() {
        assert_eq!(parse(""), Err(PasswordError::Empty));
        // A soft hyphen is mapped to nothing.
        assert_eq!(parse("\u{ad}"), Err(PasswordError::Empty));
        for text in ["a\0b", "a\nb", "a\u{7f}", "\u{fffd}"] {
            assert_eq!(parse(text), Err(PasswordError::Forbidden), "{text:?}");
        }
        for text in ["\u{5e9}\u{5dc}\u{5d5}\u{5dd}123", "\u{5d0} otter"] {
            assert_eq!(parse(text), Err(PasswordError::MixedDirections), "{text:?}");
        }
        assert!(parse("\u{5e9}\u{5dc}\u{5d5}\u{5dd}").is_ok());
        assert_eq!(parse(&"x".repeat(1001)), Err(PasswordError::TooLong));
        assert_eq!(parse(&"x".repeat(100_000)), Err(PasswordError::TooLong));
        assert!(parse(&"x".repeat(1000)).is_ok());
    }

    #[test]
    fn debug_hides_the_password() {
        let password = Password::parse("Tr0ub4dor&3").unwrap();
        assert_eq!(format!("{password:?}"), "Password([redacted])");
    }

    proptest! {
        #[test]
        fn preparation_is_idempotent(text in "\\PC{0,40}") {
            if let Ok(once) = parse(&text) {
                prop_assert_eq!(parse(&once), Ok(once));
            }
        }
    }
}
