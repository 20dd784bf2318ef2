//! Scopes of keys.

use std::{fmt, str::FromStr};

/// A permission of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Create invites of kind `account` without an inviter or roles. The default scope.
    InvitesCreate,
    /// Create invites with an inviter, who becomes a contact if the kind includes one.
    InvitesContact,
    /// Create `password-reset` invites.
    InvitesReset,
    /// Give roles to the accounts of an invite. Needed in addition to the scope for the kind.
    InvitesRoles,
    /// List and show invites, without token, link and URI.
    InvitesRead,
    /// Show invites with tokens, edit and revoke them, and read the audit log.
    InvitesManage,
    /// Check, claim, complete and release, for an XMPP server.
    Redeem,
    /// List, create and delete keys.
    KeysManage,
}

/// The text is not a scope.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "unknown scope \"{0}\": expected invites:create, invites:contact, invites:reset, invites:roles, \
     invites:read, invites:manage, redeem, keys:manage or bridge"
)]
pub struct UnknownScope(String);

impl Scope {
    /// All scopes, in the order of output.
    pub const ALL: [Self; 8] = [
        Self::InvitesCreate,
        Self::InvitesContact,
        Self::InvitesReset,
        Self::InvitesRoles,
        Self::InvitesRead,
        Self::InvitesManage,
        Self::Redeem,
        Self::KeysManage,
    ];

    /// The name used in the API, on the command line and in the databases.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvitesCreate => "invites:create",
            Self::InvitesContact => "invites:contact",
            Self::InvitesReset => "invites:reset",
            Self::InvitesRoles => "invites:roles",
            Self::InvitesRead => "invites:read",
            Self::InvitesManage => "invites:manage",
            Self::Redeem => "redeem",
            Self::KeysManage => "keys:manage",
        }
    }

    const fn bit(self) -> u16 {
        1 << self as u8
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A set of scopes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scopes(u16);

impl Scopes {
    /// All scopes, abbreviated as `bridge`.
    pub const ALL: Self = Self((1 << Scope::ALL.len()) - 1);

    /// Whether this set allows what `scope` allows. Managing invites includes reading them.
    pub const fn has(self, scope: Scope) -> bool {
        let allowed_by = match scope {
            Scope::InvitesRead => scope.bit() | Scope::InvitesManage.bit(),
            _ => scope.bit(),
        };
        self.0 & allowed_by != 0
    }

    /// Whether this set allows everything that `other` allows.
    pub fn covers(self, other: Self) -> bool {
        self.first_missing(other).is_none()
    }

    /// The first scope of `needed` that this set lacks.
    pub fn first_missing(self, needed: Self) -> Option<Scope> {
        needed.iter().find(|scope| !self.has(*scope))
    }

    /// The scopes in the set, in the order of [`Scope::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.0 & scope.bit() != 0)
    }
}

impl From<Scope> for Scopes {
    fn from(scope: Scope) -> Self {
        Self(scope.bit())
    }
}

/// The default scope only.
impl Default for Scopes {
    fn default() -> Self {
        Self(Scope::InvitesCreate.bit())
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |bits, scope| bits | scope.bit()))
    }
}

/// Parses a comma-separated list. `bridge` stands for all scopes.
impl FromStr for Scopes {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        let mut bits = 0;
        for name in text.split(',').map(str::trim) {
            bits |= match Scope::ALL.into_iter().find(|scope| scope.as_str() == name) {
                Some(scope) => scope.bit(),
                None if name == "bridge" => Self::ALL.0,
                None => return Err(UnknownScope(name.to_owned())),
            };
        }
        Ok(Self(bits))
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            f.write_str(scope.as_str())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scopes({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bridge_abbreviates_all_scopes() {
        assert_eq!("bridge".parse(), Ok(Scopes::ALL));
        assert_eq!(Scope::ALL.into_iter().collect::<Scopes>(), Scopes::ALL);
    }

    #[test]
    fn the_default_is_the_least_privilege() {
        assert_eq!(Scopes::default().to_string(), "invites:create");
        assert!(!Scopes::default().covers(Scopes::ALL));
        assert!(Scopes::ALL.covers(Scopes::default()));
    }

    #[test]
    fn managing_invites_includes_reading() {
        let manage: Scopes = Scope::InvitesManage.into();
        assert!(manage.has(Scope::InvitesRead) && manage.covers(Scope::InvitesRead.into()));
        assert!(!Scopes::from(Scope::InvitesRead).has(Scope::InvitesManage));
        assert_eq!(manage.to_string(), "invites:manage");
    }

    #[test]
    fn text_round_trips() {
        let scopes: Scopes = "redeem, invites:read".parse().unwrap();
        assert_eq!(scopes.to_string(), "invites:read,redeem");
        assert_eq!(scopes.to_string().parse(), Ok(scopes));
    }

    #[test]
    fn unknown_and_empty_scopes_are_rejected() {
        assert!("".parse::<Scopes>().is_err());
        assert!("invites:create,root".parse::<Scopes>().is_err());
    }
}
