//! Parses fields of a request and collects their errors.

use std::time::Duration;

use vestibule_core::{Expiry, FieldError, Refusal, Timestamp, Username, parse_duration};

use super::problem::Problem;

/// The errors so far.
#[derive(Default)]
pub(super) struct FieldReader(Vec<FieldError>);

impl FieldReader {
    /// Returns the value, or collects the error.
    pub(super) fn value_or_error<T, E: ToString>(
        &mut self,
        field: &'static str,
        read: Result<T, E>,
    ) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(error) => {
                self.refuse(field, error.to_string());
                None
            }
        }
    }

    /// Collects an error.
    pub(super) fn refuse(&mut self, field: &'static str, message: impl Into<String>) {
        self.0.push(FieldError::new(field, message));
    }

    /// An optional username.
    pub(super) fn username(&mut self, field: &'static str, text: Option<&str>) -> Option<Username> {
        self.value_or_error(field, Username::parse(text?))
    }

    /// An optional text for which blank text stands for none.
    pub(super) fn blank_is_none<T, E: ToString>(
        &mut self,
        field: &'static str,
        text: Option<&str>,
        parse: impl FnOnce(&str) -> Result<Option<T>, E>,
    ) -> Option<T> {
        self.value_or_error(field, parse(text?)).flatten()
    }

    /// A text of this kind in a change: `null` and blank text remove it.
    #[expect(clippy::option_option, reason = "there are three cases: missing, none, a value")]
    pub(super) fn change<T, E: ToString>(
        &mut self,
        field: &'static str,
        change: Option<Option<String>>,
        parse: impl FnOnce(&str) -> Result<Option<T>, E>,
    ) -> Option<Option<T>> {
        change.map(|text| self.blank_is_none(field, text.as_deref(), parse))
    }

    /// An optional duration.
    pub(super) fn duration(&mut self, field: &'static str, text: Option<&str>) -> Option<Duration> {
        self.value_or_error(field, parse_duration(text?))
    }

    /// An optional timestamp.
    pub(super) fn timestamp(&mut self, field: &'static str, text: Option<&str>) -> Option<Timestamp> {
        self.value_or_error(field, Timestamp::parse(text?))
    }

    /// An optional expiry: a duration or a timestamp.
    pub(super) fn expiry(&mut self, expires_in: Option<&str>, expires_at: Option<&str>) -> Expiry {
        if expires_in.is_some() && expires_at.is_some() {
            self.refuse("expires_at", "use either expires_in or expires_at, not both");
        }
        let span = self.duration("expires_in", expires_in);
        let at = self.timestamp("expires_at", expires_at);
        match (span, at) {
            (Some(span), _) => Expiry::In(span),
            (None, Some(at)) => Expiry::At(at),
            (None, None) => Expiry::Policy,
        }
    }

    /// Adds the errors of the domain's rules, except for fields that already have one, so that one response reports all
    /// errors. If there is no error so far, nothing is added: the domain checks its rules anyway.
    pub(super) fn also(&mut self, rules: Result<(), Refusal>) {
        if let (false, Err(Refusal::Invalid(errors))) = (self.0.is_empty(), rules) {
            let is_new = |error: &FieldError| !self.0.iter().any(|one| one.field == error.field);
            let new: Vec<_> = errors.into_iter().filter(is_new).collect();
            self.0.extend(new);
        }
    }

    /// Returns the collected errors.
    pub(super) fn finish(self) -> Result<(), Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(Problem::invalid(self.0)) }
    }
}

/// Distinguishes `null` from a missing field.
#[expect(clippy::option_option, reason = "there are three cases: missing, `null`, a value")]
pub(super) fn nullable<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::Deserialize<'de>,
{
    serde::Deserialize::deserialize(deserializer).map(Some)
}

/// A field that can be missing, but not `null`.
pub(super) fn given<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::Deserialize<'de>,
{
    serde::Deserialize::deserialize(deserializer).map(Some)
}
