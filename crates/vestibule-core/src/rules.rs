//! The rules: plain functions on plain data.
//!
//! An engine that must decide atomically writes the conditions of [`claim`] into one SQL statement. If the statement
//! affects no row, it reads the facts and calls the function here for the reason; the storage suite compares the two.

mod authorize;
mod check;
mod claim;
mod complete;
mod edit;
mod inviter_limits;
mod manage_keys;
mod purge;
mod renewal;
mod state;

pub use authorize::authorize;
pub use check::{CheckFacts, PREAUTH_GRANT_LIFETIME, check};
pub use claim::{ClaimFacts, LiveClaims, claim};
pub use complete::exceeds;
pub use edit::edit;
pub use inviter_limits::{MADE_PER_USE, within_live_limit, within_month_limit};
pub use manage_keys::{MAX_KEYS, key_expires_at, may_create_key, may_delete_key};
pub use purge::is_over_since;
pub use renewal::{RENEWAL_REQUEST_INTERVAL, Renewal, renewal};
pub use state::state;
