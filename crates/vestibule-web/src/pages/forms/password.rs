//! Checks of passwords.

use secrecy::{ExposeSecret, SecretString};
use vestibule_core::{Password, PasswordError};
use zxcvbn::{Score, zxcvbn};

use super::form_error::FormError;

/// The minimum number of characters (NIST SP 800-63B section 5.1.1.2). The XMPP server may have further rules.
pub(super) const MIN_CHARACTERS: usize = 8;

/// The number of characters that are scored.
const MAX_SCORED: usize = 100;

/// Checks a password. `context` are words that an attacker tries first: the username, the name of the site.
pub(super) fn check(password: &SecretString, context: &[&str]) -> Result<Password, FormError> {
    let password = Password::parse(password.expose_secret()).map_err(|error| match error {
        PasswordError::Empty => FormError::new("password-empty"),
        PasswordError::TooLong => FormError::new("password-long"),
        PasswordError::Forbidden => FormError::new("password-forbidden"),
        // Its letters and digits are fine, but not together.
        PasswordError::MixedDirections => FormError::new("password-refused"),
    })?;
    if password.expose().chars().count() < MIN_CHARACTERS {
        return Err(FormError::new("password-short").with_count(MIN_CHARACTERS));
    }
    // Scoring takes quadratic time, and more characters do not change the score.
    let scored: String = password.expose().chars().take(MAX_SCORED).collect();
    // Below this score, a guesser needs fewer than a million attempts.
    if zxcvbn(&scored, context).score() < Score::Two {
        return Err(FormError::new("password-weak"));
    }
    Ok(password)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(password: &str) -> Option<&'static str> {
        check(&password.to_owned().into(), &["juliet", "Example Chat"]).err().map(|error| error.key())
    }

    #[test]
    fn weak_passwords_are_refused() {
        for (password, expected) in [
            ("", Some("password-empty")),
            ("short", Some("password-short")),
            ("ééééééé", Some("password-short")),
            ("password1", Some("password-weak")),
            ("juliet123", Some("password-weak")),
            ("aaaaaaaaaaaa", Some("password-weak")),
            ("has\ttab in it", Some("password-forbidden")),
            ("\u{5e9}\u{5dc}\u{5d5}\u{5dd}1234567", Some("password-refused")),
            ("correct horse battery staple", None),
            ("rako-nemi-tusa-lopi", None),
            ("длинный и редкий пароль", None),
            ("<>&\"' are fine here", None),
            (&"correct horse battery staple ".repeat(30), None),
            (&"a".repeat(1000), Some("password-weak")),
        ] {
            assert_eq!(error(password), expected, "{password}");
        }
        assert_eq!(error(&"x".repeat(1001)), Some("password-long"));
    }
}
