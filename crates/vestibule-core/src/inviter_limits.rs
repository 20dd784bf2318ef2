//! Limits for the invites that members make.

use std::{collections::HashMap, fmt, time::Duration};

use crate::{Timestamp, Username, format_duration};

/// The period in which [`InviterLimits::per_month`] counts.
pub const INVITER_MONTH: Duration = Duration::from_hours(30 * 24);

/// The limits of one member. `None` is unlimited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InviterLimits {
    /// Maximum number of pending invites.
    pub live: Option<u32>,
    /// Maximum number of invites made within [`INVITER_MONTH`] that were used or are pending.
    pub per_month: Option<u32>,
    /// Maximum number of uses of an invite.
    pub max_uses: Option<u32>,
    /// Maximum lifetime of an invite. A longer one is shortened.
    pub max_life: Option<Duration>,
}

/// Limits that differ from those of the host. An outer `None` is the limit of the host, an inner one is unlimited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InviterLimitChanges {
    /// See [`InviterLimits::live`].
    pub live: Option<Option<u32>>,
    /// See [`InviterLimits::per_month`].
    pub per_month: Option<Option<u32>>,
    /// See [`InviterLimits::max_uses`].
    pub max_uses: Option<Option<u32>>,
    /// See [`InviterLimits::max_life`].
    pub max_life: Option<Option<Duration>>,
}

/// The limits of a host, with the exceptions for roles and members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InviterLimitPolicy {
    /// The limits without an exception.
    pub host: InviterLimits,
    /// Exceptions by role on the XMPP server.
    pub roles: HashMap<String, InviterLimitChanges>,
    /// Exceptions by member. They take precedence over those by role.
    pub members: HashMap<Username, InviterLimitChanges>,
}

impl InviterLimitPolicy {
    /// The limits of a member with these roles. Of several roles, the most generous counts, for each limit separately.
    pub fn of(&self, inviter: &Username, roles: &[String]) -> InviterLimits {
        let roles: Vec<_> = roles.iter().filter_map(|role| self.roles.get(role)).collect();
        let member = self.members.get(inviter).copied().unwrap_or_default();
        let of = |member: Option<Option<u32>>,
                  of_role: fn(&InviterLimitChanges) -> Option<Option<u32>>,
                  host| {
            member.or_else(|| most_generous(roles.iter().filter_map(|role| of_role(role)))).unwrap_or(host)
        };
        let max_life = most_generous(roles.iter().filter_map(|role| role.max_life));
        InviterLimits {
            live: of(member.live, |role| role.live, self.host.live),
            per_month: of(member.per_month, |role| role.per_month, self.host.per_month),
            max_uses: of(member.max_uses, |role| role.max_uses, self.host.max_uses),
            max_life: member.max_life.or(max_life).unwrap_or(self.host.max_life),
        }
    }
}

/// The highest limit; `Some(None)` if one of them is unlimited, `None` if there are none.
#[expect(clippy::option_option, reason = "an absent setting differs from an unlimited one")]
fn most_generous<T: Ord>(limits: impl Iterator<Item = Option<T>>) -> Option<Option<T>> {
    limits.reduce(|one, other| one.zip(other).map(|(one, other)| one.max(other)))
}

/// An invite that a member made, as far as the limits need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MadeInvite {
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time from which it is expired.
    pub expires_at: Timestamp,
    /// Whether it is revoked.
    pub is_revoked: bool,
    /// Number of redemptions.
    pub uses: u32,
}

/// The name of a limit, as in the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InviterLimit {
    /// [`InviterLimits::live`].
    Live,
    /// [`InviterLimits::per_month`].
    PerMonth,
    /// [`InviterLimits::max_uses`].
    MaxUses,
}

impl InviterLimit {
    /// The name of the setting.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::PerMonth => "per_month",
            Self::MaxUses => "max_uses",
        }
    }
}

/// A limit that a new invite of a member would exceed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviterLimitReached {
    /// The member.
    pub inviter: Username,
    /// The limit.
    pub limit: InviterLimit,
    /// Its value.
    pub maximum: u32,
    /// The number of invites that count against it; zero for [`InviterLimit::MaxUses`].
    pub used: u32,
    /// Time from which the request is possible if nothing else happens; `None` if it never is.
    pub available_at: Option<Timestamp>,
}

impl fmt::Display for InviterLimitReached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { inviter, limit, maximum, used, available_at } = self;
        match limit {
            InviterLimit::Live => write!(f, "{inviter} has {used} open invites, of at most {maximum}")?,
            InviterLimit::PerMonth => {
                let days = format_duration(INVITER_MONTH);
                write!(f, "{inviter} has made {used} invites within {days}, of at most {maximum}")?;
            }
            InviterLimit::MaxUses => {
                write!(f, "an invite that {inviter} makes has at most {maximum} uses")?;
            }
        }
        match (limit, available_at) {
            (InviterLimit::Live, Some(at)) => {
                write!(f, "; the next one is possible once one of them is used or revoked, or at {at}")
            }
            (_, Some(at)) => write!(f, "; the next one is possible at {at}"),
            (_, None) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Username {
        Username::parse(text).unwrap()
    }

    #[test]
    fn a_member_takes_precedence_over_a_role_and_a_role_over_the_host() {
        let week = Duration::from_hours(7 * 24);
        let policy = InviterLimitPolicy {
            host: InviterLimits {
                live: Some(5),
                per_month: Some(10),
                max_uses: Some(1),
                max_life: Some(week),
            },
            roles: HashMap::from([
                ("teacher".to_owned(), InviterLimitChanges { live: Some(Some(30)), ..Default::default() }),
                (
                    "admin".to_owned(),
                    InviterLimitChanges { live: Some(None), max_life: Some(None), ..Default::default() },
                ),
            ]),
            members: HashMap::from([(
                name("eve"),
                InviterLimitChanges { live: Some(Some(0)), ..Default::default() },
            )]),
        };
        let of = |member: &str, roles: &[&str]| {
            policy.of(&name(member), &roles.iter().map(|role| (*role).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(of("ann", &["unknown"]), policy.host);
        assert_eq!(of("ann", &["teacher"]), InviterLimits { live: Some(30), ..policy.host });
        let admin = InviterLimits { live: None, max_life: None, ..policy.host };
        assert_eq!(of("ann", &["teacher", "admin"]), admin, "the most generous");
        assert_eq!(of("eve", &["admin"]), InviterLimits { live: Some(0), max_life: None, ..policy.host });
    }
}
