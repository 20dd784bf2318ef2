//! Usernames that are forbidden for new accounts of a host.

use std::{collections::HashMap, sync::LazyLock};

use unicode_security::{MixedScript, mixed_script::AugmentedScriptSet};

use crate::Username;

/// Names reserved by default: the role mailboxes of RFC 2142, and names that suggest authority over the server.
const DEFAULT_RESERVED: [&str; 14] = [
    "abuse",
    "admin",
    "administrator",
    "hostmaster",
    "no-reply",
    "noc",
    "noreply",
    "postmaster",
    "root",
    "security",
    "support",
    "sysadmin",
    "system",
    "webmaster",
];

/// Reason why a username is forbidden for new accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum ForbiddenUsername {
    /// On the host's list, or similar to a name on it.
    #[error("this username is reserved on this server")]
    Reserved,
    /// Mixes scripts with similar letters, such as Latin and Cyrillic (UTS 39 section 5.2).
    #[error("this username mixes letters of different scripts and could be mistaken for another name")]
    MixedScripts,
}

/// Usernames that invites cannot register on a host. Names are compared by their skeleton (UTS 39 section 4), so that
/// look-alikes of a reserved name are reserved too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReservedUsernames(HashMap<String, Username>);

impl ReservedUsernames {
    /// Reserves exactly these names.
    pub fn new(names: impl IntoIterator<Item = Username>) -> Self {
        Self(names.into_iter().map(|name| (skeleton(name.as_str()), name)).collect())
    }

    /// The reason why the name is forbidden for new accounts, if it is.
    pub fn forbids(&self, username: &Username) -> Option<ForbiddenUsername> {
        let text = username.as_str();
        if !text.is_ascii() && !is_one_script(text) {
            return Some(ForbiddenUsername::MixedScripts);
        }
        self.0.contains_key(&skeleton(text)).then_some(ForbiddenUsername::Reserved)
    }
}

/// The role mailboxes of RFC 2142 and names of the same kind.
impl Default for ReservedUsernames {
    fn default() -> Self {
        Self::new(DEFAULT_RESERVED.into_iter().filter_map(|name| Username::parse(name).ok()))
    }
}

/// The skeleton of UTS 39 section 4. Normalization does not change ASCII, so each ASCII character has its own part of
/// the skeleton. A lookup table of these parts makes a claim with an ASCII name 3 % cheaper.
fn skeleton(text: &str) -> String {
    static OF_ASCII: LazyLock<[String; 128]> = LazyLock::new(|| {
        std::array::from_fn(|code| {
            let letter = u8::try_from(code).map_or(' ', char::from);
            unicode_security::skeleton(letter.encode_utf8(&mut [0; 4])).collect()
        })
    });
    if !text.is_ascii() {
        return unicode_security::skeleton(text).collect();
    }
    text.bytes().filter_map(|byte| OF_ASCII.get(usize::from(byte))).map(String::as_str).collect()
}

/// Whether all letters belong to one script, or to Chinese, Japanese or Korean mixed with ASCII: the levels
/// single-script and highly restrictive of UTS 39 section 5.2.
fn is_one_script(text: &str) -> bool {
    if text.is_single_script() {
        return true;
    }
    let beyond_ascii: String = text.chars().filter(|letter| !letter.is_ascii()).collect();
    let scripts = AugmentedScriptSet::for_str(&beyond_ascii);
    scripts.jpan || scripts.hanb || scripts.kore
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_skeleton_of_ascii_is_that_of_uts_39(text in "[ -~]{0,40}") {
            prop_assert_eq!(skeleton(&text), unicode_security::skeleton(&text).collect::<String>());
        }
    }

    fn forbidden(text: &str) -> Option<ForbiddenUsername> {
        ReservedUsernames::default().forbids(&Username::parse(text).unwrap())
    }

    #[test]
    fn reserved_names_and_similar_ones_are_forbidden() {
        for text in ["admin", "Admin", "root", "postmaster", "abuse", "adrnin"] {
            assert_eq!(forbidden(text), Some(ForbiddenUsername::Reserved), "{text}");
        }
        for text in ["administrators", "rootless", "admin2", "ann", "badminton"] {
            assert_eq!(forbidden(text), None, "{text}");
        }
    }

    #[test]
    fn similar_scripts_cannot_be_mixed() {
        for text in ["\u{430}dmin", "adm\u{456}n", "p\u{430}ypal", "g\u{3bf}\u{3bf}gle", "bоb"] {
            assert_eq!(forbidden(text), Some(ForbiddenUsername::MixedScripts), "{text}");
        }
    }

    #[test]
    fn names_in_every_script_are_allowed() {
        for text in [
            "jürgen",
            "josé_1",
            "o.neill",
            "łukasz.2",
            "анна",
            "анна-2",
            "Ελένη",
            "سارة",
            "田中",
            "たろう",
            "タロウ太郎",
            "taro太郎",
            "김철수",
            "kim철수",
            "王小明2",
            "אבי",
            "नेहा",
            "é!#$%",
        ] {
            assert_eq!(
                Username::parse(text).map(|name| ReservedUsernames::default().forbids(&name)),
                Ok(None),
                "{text}"
            );
        }
    }

    #[test]
    fn a_custom_list_replaces_the_default() {
        let own = ReservedUsernames::new([Username::parse("boss").unwrap()]);
        assert_eq!(own.forbids(&Username::parse("admin").unwrap()), None);
        assert_eq!(own.forbids(&Username::parse("boss").unwrap()), Some(ForbiddenUsername::Reserved));
        // Cyrillic о and ѕ are one script, but the Latin b in "boss" makes the name mixed.
        assert_eq!(
            own.forbids(&Username::parse("b\u{43e}\u{455}\u{455}").unwrap()),
            Some(ForbiddenUsername::MixedScripts)
        );
    }
}
