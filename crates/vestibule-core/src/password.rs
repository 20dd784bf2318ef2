//! Passwords on their way to an XMPP server.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// The longest password that is passed on, in bytes after preparation. XMPP servers refuse what fills their
/// buffers, and nobody types a thousand bytes.
pub const MAX_PASSWORD_BYTES: usize = 1000;

/// A password, prepared with SASLprep (RFC 4013), as RFC 5802 section 2.2 asks of whoever logs in with it: typed
/// on another keyboard, it is the same password.
///
/// It is passed on and never kept, so it has no `Display`, and `Debug` hides it.
pub struct Password(SecretString);

/// The text cannot be a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Nothing was typed.
    #[error("no password")]
    Empty,
    /// It is longer than [`MAX_PASSWORD_BYTES`].
    #[error("a password of more than 1000 bytes")]
    TooLong,
    /// It holds a character that SASLprep forbids, such as a control character.
    #[error("a password with a character that apps cannot send")]
    Forbidden,
}

impl Password {
    /// Prepares and checks a password.
    pub fn parse(text: &str) -> Result<Self, PasswordError> {
        if text.len() > 4 * MAX_PASSWORD_BYTES {
            return Err(PasswordError::TooLong);
        }
        let prepared = stringprep::saslprep(text).map_err(|_| PasswordError::Forbidden)?;
        match prepared.len() {
            0 => Err(PasswordError::Empty),
            1..=MAX_PASSWORD_BYTES => Ok(Self(prepared.into_owned().into())),
            _ => Err(PasswordError::TooLong),
        }
    }

    /// The password itself. Keep it out of logs, answers and errors.
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
    fn what_looks_alike_is_alike() {
        assert_eq!(parse("e\u{301}te\u{301}").unwrap(), "été");
        assert_eq!(parse("a\u{a0}b").unwrap(), "a b");
        assert_eq!(parse("пароль").unwrap(), "пароль");
    }

    #[test]
    fn what_apps_cannot_send_is_refused() {
        assert_eq!(parse(""), Err(PasswordError::Empty));
        // A soft hyphen is mapped to nothing.
        assert_eq!(parse("\u{ad}"), Err(PasswordError::Empty));
        for text in ["a\0b", "a\nb", "a\u{7f}", "\u{fffd}"] {
            assert_eq!(parse(text), Err(PasswordError::Forbidden), "{text:?}");
        }
        assert_eq!(parse(&"x".repeat(1001)), Err(PasswordError::TooLong));
        assert_eq!(parse(&"x".repeat(100_000)), Err(PasswordError::TooLong));
        assert!(parse(&"x".repeat(1000)).is_ok());
    }

    #[test]
    fn it_does_not_print() {
        let password = Password::parse("Tr0ub4dor&3").unwrap();
        assert_eq!(format!("{password:?}"), "Password([redacted])");
    }

    proptest! {
        #[test]
        fn preparing_twice_changes_nothing(text in "\\PC{0,40}") {
            if let Ok(once) = parse(&text) {
                prop_assert_eq!(parse(&once), Ok(once));
            }
        }
    }
}
