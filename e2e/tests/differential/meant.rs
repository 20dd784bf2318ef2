//! The differences that we mean.

mod requests;
mod words;

use std::sync::LazyLock;

/// Stands for every request on which the difference occurs.
pub(crate) const ANY: &str = "any";

/// One difference: on these requests, this aspect is this there and that here.
pub(crate) struct Meant {
    /// Names of cases, separated by `; `, or [`ANY`].
    pub(crate) request: &'static str,
    pub(crate) aspect: &'static str,
    pub(crate) original: &'static str,
    pub(crate) ours: &'static str,
    pub(crate) reason: &'static str,
}

const fn meant(
    request: &'static str,
    aspect: &'static str,
    original: &'static str,
    ours: &'static str,
    reason: &'static str,
) -> Meant {
    Meant { request, aspect, original, ours, reason }
}

/// Every difference that we mean; `docs/differences.md` holds the same rows.
pub(crate) static MEANT: LazyLock<Vec<&'static Meant>> =
    LazyLock::new(|| requests::REQUESTS.iter().chain(words::WORDS).collect());
