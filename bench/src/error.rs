//! The error type: a message for the terminal.

use std::error::Error;
use std::fmt::Display;

/// Any error, printed once and then forgotten.
pub(crate) type BenchError = Box<dyn Error + Send + Sync>;
/// The result of everything that can fail here.
pub(crate) type Result<T, E = BenchError> = std::result::Result<T, E>;

/// Says what was being done when an error occurred.
pub(crate) trait Context<T> {
    fn context(self, what: impl Display) -> Result<T>;
}

impl<T, E: Display> Context<T> for Result<T, E> {
    fn context(self, what: impl Display) -> Result<T> {
        self.map_err(|error| format!("{what}: {error}").into())
    }
}
