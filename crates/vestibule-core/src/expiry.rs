//! Requested expiries.

use std::time::Duration;

use crate::{FieldError, Timestamp};

/// Maximum lifetime of an invite: ten years. XEP-0379 section 4 requires a limited lifetime.
pub const MAX_EXPIRY: Duration = Duration::from_hours(87600);

/// The requested expiry of an invite or key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Expiry {
    /// After the host's default lifetime; for keys: never.
    #[default]
    Policy,
    /// This long after its creation.
    In(Duration),
    /// At this time.
    At(Timestamp),
}

impl Expiry {
    /// The API field that sets it.
    pub const fn field(self) -> &'static str {
        match self {
            Self::At(_) => "expires_at",
            Self::Policy | Self::In(_) => "expires_in",
        }
    }
}

/// Validates an expiry: it must be in the future, and no further away than [`MAX_EXPIRY`].
pub(crate) fn check_expiry(
    field: &'static str,
    at: Timestamp,
    now: Timestamp,
) -> Result<Timestamp, FieldError> {
    if at <= now {
        return Err(FieldError::new(field, "must be in the future"));
    }
    if at.since(now) > MAX_EXPIRY {
        return Err(FieldError::new(field, "must be at most ten years in the future"));
    }
    Ok(at)
}
