//! The faults of a configuration, all of which are reported.

use crate::cli_error::CliError;

/// The faults that were found so far.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<CliError>);

impl Faults {
    /// Notes a fault.
    pub(super) fn note(&mut self, fault: impl Into<CliError>) {
        self.0.push(fault.into());
    }

    /// The value, or `None` after noting the fault.
    pub(super) fn keep<T, E: Into<CliError>>(&mut self, outcome: Result<T, E>) -> Option<T> {
        outcome.map_err(|error| self.note(error)).ok()
    }

    /// The value, or `default` after noting the fault.
    pub(super) fn keep_or<T, E: Into<CliError>>(&mut self, outcome: Result<T, E>, default: T) -> T {
        self.keep(outcome).unwrap_or(default)
    }

    /// The value that was built, unless there is a fault.
    pub(super) fn end<T>(self, value: T) -> Result<T, Vec<CliError>> {
        if self.0.is_empty() { Ok(value) } else { Err(self.0) }
    }
}
