//! The values of an invite in a page, and the characters that stand for them in a template.

/// The first of the private-use characters, which names of sites and apps cannot contain.
const FIRST: u32 = 0xE200;

/// A value of an invite in a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pages) enum Placeholder {
    /// The token.
    Token,
    /// The link to the page.
    Link,
    /// The `xmpp:` URI.
    Uri,
    /// The `xmpp:` URI, encoded for a query.
    UriEncoded,
    /// The same, encoded again for a URL inside a URL.
    UriTwiceEncoded,
    /// The `xmpp:` URI without its scheme.
    UriPath,
    /// The name of the inviter: the display name, else the username.
    Inviter,
    /// The username of the inviter.
    InviterUsername,
    /// The first letter of the inviter's name.
    Initial,
    /// The word of the inviter to the invited.
    Message,
    /// The names of the groups.
    Groups,
    /// The username that the invite is bound to.
    Username,
    /// The URL of the picture for messengers.
    Preview,
    /// The expiry, RFC 3339.
    ExpiresAt,
    /// The expiry in the visitor's language.
    ExpiresOn,
}

impl Placeholder {
    pub(in crate::pages) const ALL: [Self; 15] = [
        Self::Token,
        Self::Link,
        Self::Uri,
        Self::UriEncoded,
        Self::UriTwiceEncoded,
        Self::UriPath,
        Self::Inviter,
        Self::InviterUsername,
        Self::Initial,
        Self::Message,
        Self::Groups,
        Self::Username,
        Self::Preview,
        Self::ExpiresAt,
        Self::ExpiresOn,
    ];

    /// Its name in templates.
    pub(in crate::pages) const fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Link => "link",
            Self::Uri => "uri",
            Self::UriEncoded | Self::UriTwiceEncoded => "sources",
            Self::UriPath => "open",
            Self::Inviter => "inviter",
            Self::InviterUsername => "inviter_address",
            Self::Message => "message",
            Self::Groups => "groups",
            Self::Initial => "initial",
            Self::Username => "username",
            Self::Preview => "preview_url",
            Self::ExpiresAt => "expires_at",
            Self::ExpiresOn => "expires_on",
        }
    }

    /// The placeholders whose values, on one page, determine this one: if a page has all of them, its hash needs no
    /// more.
    pub(super) const fn follows_from(self) -> &'static [Self] {
        match self {
            Self::Token => &[Self::Link],
            Self::UriEncoded | Self::UriTwiceEncoded | Self::UriPath => &[Self::Uri],
            Self::Initial => &[Self::Inviter],
            Self::Preview => &[Self::Inviter, Self::Link],
            _ => &[],
        }
    }

    /// The character for a template.
    pub(in crate::pages) fn mark(self) -> String {
        char::from_u32(FIRST + self as u32).map(String::from).unwrap_or_default()
    }

    pub(super) fn of(character: char) -> Option<Self> {
        let index = usize::try_from(u32::from(character).checked_sub(FIRST)?).ok()?;
        Self::ALL.get(index).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_placeholder_has_its_own_character() {
        for (index, slot) in Placeholder::ALL.into_iter().enumerate() {
            assert_eq!(slot as usize, index);
            assert_eq!(slot.mark().chars().next().and_then(Placeholder::of), Some(slot));
        }
    }
}
