//! XMPP clients that the pages offer.

mod builtin;
mod client_app;
mod custom_app;
mod device;
mod login_words;
mod selection;

pub(crate) use client_app::{AppDescription, AppIcon, Channel, ClientApp, DownloadLink};
pub(crate) use custom_app::is_web_url;
pub use custom_app::{CustomApp, CustomAppError};
pub use device::Device;
pub(crate) use login_words::login_words;
pub use selection::AppSelectionError;
pub(crate) use selection::select;
