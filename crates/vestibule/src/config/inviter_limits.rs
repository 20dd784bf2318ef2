//! The limits for the invites that members make.

use std::fmt::Display;

use vestibule_core::{
    InviterLimitChanges, InviterLimitPolicy, InviterLimits, MAX_EXPIRY, Username, parse_duration,
};

use super::{
    ConfigError,
    faults::Faults,
    file::{InviterLimits as Section, LimitException, UNLIMITED},
};

/// Reads `[hosts."NAME".limits]`.
pub(super) fn policy(name: &str, given: Section, faults: &mut Faults) -> InviterLimitPolicy {
    let section = format!("[hosts.\"{name}\".limits");
    let host = LimitException {
        live: given.live,
        per_month: given.per_month,
        max_uses: given.max_uses,
        max_life: given.max_life,
    };
    let host = changes(&format!("{section}]"), &host, faults);
    let mut policy = InviterLimitPolicy {
        host: InviterLimits {
            live: host.live.flatten(),
            per_month: host.per_month.flatten(),
            max_uses: host.max_uses.flatten(),
            max_life: host.max_life.flatten(),
        },
        ..InviterLimitPolicy::default()
    };
    for (role, exception) in given.roles {
        let place = format!("{section}.roles.\"{role}\"]");
        policy.roles.insert(role, changes(&place, &exception, faults));
    }
    for (member, exception) in given.members {
        let place = format!("{section}.members.\"{member}\"]");
        let changes = changes(&place, &exception, faults);
        let username = Username::parse(&member).map_err(|error| ConfigError::value(place, error));
        if let Some(username) = faults.keep(username) {
            policy.members.insert(username, changes);
        }
    }
    policy
}

fn changes(place: &str, given: &LimitException, faults: &mut Faults) -> InviterLimitChanges {
    let wrong = |setting: &str, error: &dyn Display| ConfigError::value(format!("{place} {setting}"), error);
    let max_life = given.max_life.as_deref().map(|text| match parse_duration(text) {
        _ if text == UNLIMITED => Ok(None),
        Ok(life) if life <= MAX_EXPIRY => Ok(Some(life)),
        Ok(_) => Err(wrong("max_life", &"expected at most ten years, for example 7d")),
        Err(error) => Err(wrong("max_life", &error)),
    });
    if given.max_uses.is_some_and(|uses| uses.0 == Some(0)) {
        faults.note(wrong("max_uses", &"expected at least 1; with live = 0 members make no invites"));
    }
    InviterLimitChanges {
        live: given.live.map(|limit| limit.0),
        per_month: given.per_month.map(|limit| limit.0),
        max_uses: given.max_uses.map(|limit| limit.0),
        max_life: faults.keep(max_life.transpose()).flatten(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::config::file::File;

    fn read(settings: &str) -> Result<InviterLimitPolicy, Vec<String>> {
        let (mut file, faults) = File::parse(&format!("[hosts.\"a.example\".limits]\n{settings}")).unwrap();
        if !faults.is_empty() {
            return Err(faults);
        }
        let given = file.hosts.remove("a.example").and_then(|host| host.limits).unwrap();
        let mut faults = Faults::default();
        let policy = policy("a.example", given, &mut faults);
        faults.end(policy).map_err(|faults| faults.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn limits_have_exceptions_for_members_and_roles() {
        assert_eq!(read("").unwrap(), InviterLimitPolicy::default());
        let text = "live = 5\nper_month = 10\nmax_uses = 1\nmax_life = \"7d\"\n\
                    [hosts.\"a.example\".limits.members.\"Ann\"]\nlive = \"unlimited\"\nper_month = 0\n\
                    [hosts.\"a.example\".limits.roles.\"prosody:admin\"]\nmax_life = \"unlimited\"";
        let policy = read(text).unwrap();
        let week = Duration::from_hours(7 * 24);
        let host =
            InviterLimits { live: Some(5), per_month: Some(10), max_uses: Some(1), max_life: Some(week) };
        assert_eq!(policy.host, host);
        let of = |member: &str, role: &str| policy.of(&Username::parse(member).unwrap(), &[role.to_owned()]);
        assert_eq!(of("bob", "guest"), host);
        assert_eq!(of("ann", "guest"), InviterLimits { live: None, per_month: Some(0), ..host });
        assert_eq!(of("bob", "prosody:admin"), InviterLimits { max_life: None, ..host });
    }

    #[test]
    fn each_error_names_its_setting() {
        let member = "[hosts.\"a.example\".limits.members.\"ann\"]\n";
        for (settings, expected) in [
            (
                "live = -1",
                "line 2: [hosts.\"a.example\".limits] live: expected a whole number or \"unlimited\"",
            ),
            ("live = \"many\"", "expected a whole number or \"unlimited\""),
            ("max_life = \"soon\"", "[hosts.\"a.example\".limits] max_life: not a duration"),
            ("max_life = \"600w\"", "[hosts.\"a.example\".limits] max_life: expected at most ten years"),
            ("max_uses = 0", "[hosts.\"a.example\".limits] max_uses: expected at least 1"),
            ("per_mont = 1", "line 2: unknown setting \"per_mont\" in [hosts.\"a.example\".limits]; did you"),
            (
                &format!("{member}lives = 1"),
                "line 3: unknown setting \"lives\" in [hosts.\"a.example\".limits.members.\"ann\"]; did you",
            ),
            (
                "[hosts.\"a.example\".limits.members.\"a b\"]\nlive = 1",
                "[hosts.\"a.example\".limits.members.\"a b\"]: not a valid username",
            ),
        ] {
            let faults = read(settings).unwrap_err();
            assert!(faults.len() == 1 && faults[0].contains(expected), "{settings}: {faults:?}");
        }
    }
}
