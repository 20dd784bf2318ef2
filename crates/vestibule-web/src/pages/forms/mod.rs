//! Forms: an account, or a new password, made in the browser.
//!
//! The account is made by the [`vestibule_core::Registrar`], which sees to the use of the invite, too. Whatever goes
//! wrong, the invite is not lost, what was typed stays (but for the password), and the page says what to do.

mod faults;
mod grant;
mod outcome;
mod password;
mod posted;
mod proof;
pub(super) mod register;
pub(super) mod reset;
mod same_site;
mod submit;
mod underway;
pub(super) mod username;
mod welcome;
mod wrong_passwords;

pub(crate) use underway::Underway;
