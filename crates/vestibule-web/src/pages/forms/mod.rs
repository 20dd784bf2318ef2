//! Forms that create an account or set a password in the browser.
//!
//! The [`vestibule_core::Registrar`] creates the account and redeems the invite. After a failure the invite stays
//! redeemable, all fields but the password stay filled in (the script keeps the password), and the page suggests what
//! to do. After a success the browser is redirected to the [page of the account](super::welcome).

mod form;
mod form_data;
mod form_error;
mod form_grant;
mod outcome;
mod password;
mod prior_outcome;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod properties;
mod proposals;
mod same_site;
mod submission;
mod submit;
mod username;
pub(super) mod username_check;

pub(super) use form::{register, reset};
pub(crate) use same_site::is_same_site;
