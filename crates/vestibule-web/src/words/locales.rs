//! Which languages there are.

/// A language and its words.
#[derive(Debug)]
pub(super) struct Locale {
    /// Its tag (BCP 47).
    pub(super) tag: &'static str,
    /// What it calls itself.
    pub(super) name: &'static str,
    /// It is written from right to left.
    pub(super) right_to_left: bool,
    /// Its messages.
    pub(super) text: &'static str,
}

macro_rules! locale {
    ($tag:literal, $name:literal) => {
        locale!($tag, $name, false)
    };
    ($tag:literal, $name:literal, $right_to_left:literal) => {
        Locale {
            tag: $tag,
            name: $name,
            right_to_left: $right_to_left,
            text: include_str!(concat!("../../locales/", $tag, ".ftl")),
        }
    };
}

/// The source of all others, and their fallback.
pub(super) const ENGLISH: Locale = locale!("en", "English");

/// All of them, in the order of the list on the page: English, then by name.
pub(super) const ALL: &[Locale] = &[ENGLISH];
