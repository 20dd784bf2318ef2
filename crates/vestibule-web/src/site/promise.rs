//! What an operator promises to the invited.

/// A promise that the first page shows, as a message in every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Promise {
    /// The service costs nothing.
    Free,
    /// It does not ask for a phone number.
    NoPhoneNumber,
    /// It shows no advertisements.
    NoAds,
}

/// There is no such promise.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown promise {id:?}; the known ones are {}", Promise::ALL.map(Promise::id).join(", "))]
pub struct UnknownPromise {
    /// The unknown id.
    id: String,
}

impl Promise {
    const ALL: [Self; 3] = [Self::Free, Self::NoPhoneNumber, Self::NoAds];

    /// Identifier in the configuration.
    const fn id(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::NoPhoneNumber => "no-phone-number",
            Self::NoAds => "no-ads",
        }
    }

    /// Key of its message.
    pub(crate) const fn message(self) -> &'static str {
        match self {
            Self::Free => "promise-free",
            Self::NoPhoneNumber => "promise-no-phone",
            Self::NoAds => "promise-no-ads",
        }
    }

    pub(super) fn parse(id: &str) -> Result<Self, UnknownPromise> {
        let known = Self::ALL.into_iter().find(|promise| promise.id() == id);
        known.ok_or_else(|| UnknownPromise { id: id.to_owned() })
    }
}
