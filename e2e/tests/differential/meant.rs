//! The intended differences.

mod commands;
mod requests;

use std::sync::LazyLock;

/// Means every request with the difference.
pub(crate) const ANY: &str = "any";

/// One difference of an aspect of the answers to some requests.
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

/// All intended differences; `docs/differences.md` has the same rows.
pub(crate) static MEANT: LazyLock<Vec<&'static Meant>> =
    LazyLock::new(|| requests::REQUESTS.iter().chain(commands::COMMANDS).collect());
