//! Forms: an account, or a new password, made in the browser.
//!
//! The account is made by the [`vestibule_core::Registrar`], which sees to the use of the invite, too. Whatever goes
//! wrong, the invite is not lost, what was typed stays (but for the password), and the page says what to do.

mod errors;
mod form_data;
mod grant;
mod in_flight_forms;
mod outcome;
mod password;
mod prior_outcome;
pub(super) mod register;
pub(super) mod reset;
mod same_site;
mod submit;
mod success;
pub(super) mod username;
mod wrong_passwords;

pub(crate) use in_flight_forms::InFlightForms;
