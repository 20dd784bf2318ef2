//! The text presented to an XMPP server as `preauth`.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use crate::{InviteService, Token};

/// The value of the `token` attribute of a `preauth` element (XEP-0445 section 3): an invite token, or `TOKEN~GRANT`
/// with an earlier grant, to whose time the check then applies ([`InviteService::check`]).
///
/// A secret: it has no `Display`, and `Debug` hides it.
pub struct PreauthToken(SecretString);

impl PreauthToken {
    /// Joins a token and a grant for its invite.
    pub fn with_grant(token: &Token, grant: &str) -> Self {
        Self(InviteService::join(token, grant).into())
    }

    /// The secret itself. Keep it out of logs, responses and errors.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<&Token> for PreauthToken {
    fn from(token: &Token) -> Self {
        Self(token.expose().to_owned().into())
    }
}

impl fmt::Debug for PreauthToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PreauthToken([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_the_secret() {
        let token = Token::parse("0123456789abcdefghijABCDEFGH").unwrap();
        let joined = PreauthToken::with_grant(&token, "grant_-1");
        assert_eq!(joined.expose(), "0123456789abcdefghijABCDEFGH~grant_-1");
        assert_eq!(PreauthToken::from(&token).expose(), token.expose());
        assert_eq!(format!("{joined:?}"), "PreauthToken([redacted])");
    }
}
