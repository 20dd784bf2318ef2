//! XMPP clients that the pages offer.

mod builtin;
mod choice;
mod client_app;
mod device;
mod own;

pub use choice::ChoiceError;
pub(crate) use choice::choose;
pub(crate) use client_app::{About, Channel, ClientApp, DownloadLink};
pub use device::Device;
pub(crate) use own::is_address;
pub use own::{OwnApp, OwnAppError};
