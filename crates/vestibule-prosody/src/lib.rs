//! Reads what Prosody's modules `mod_invites` and `mod_invites_api` have stored, and converts it to invites and keys of
//! Vestibule.
//!
//! There are two sources with the same records: the output of `prosodyctl mod_vestibule export HOST` ([`export`]),
//! which works with every storage driver of Prosody, and the data directory of its internal storage ([`data_dir`]). Nothing in
//! them is evaluated.

mod convert;
pub mod data_dir;
pub mod export;
mod fields;
pub mod lua;
mod record_name;
mod records;
mod settings;

pub use convert::{Conversion, Named, Rejected, convert};
pub use record_name::RecordName;
pub use records::{ReadError, Records};
pub use settings::ProsodySettings;
