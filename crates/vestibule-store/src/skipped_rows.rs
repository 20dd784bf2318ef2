//! Rows that this version cannot read.
//!
//! A newer version may have written them, or a rule for names may have become stricter. They must neither hide other
//! rows nor stop the purge.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use vestibule_core::Observer;

/// Maximum number of logged rows.
const MAX_LOGGED: usize = 1_000;

/// The rows that were logged.
#[derive(Debug, Default)]
pub(crate) struct SkippedRows(Mutex<HashSet<String>>);

impl SkippedRows {
    /// Counts a row that was skipped, and logs each one once.
    pub(crate) fn note(&self, observer: &dyn Observer, what: &str) {
        observer.skipped();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() < MAX_LOGGED && known.insert(what.to_owned()) {
            drop(known);
            tracing::error!(what, "a row cannot be read by this version and was skipped");
        }
    }
}
