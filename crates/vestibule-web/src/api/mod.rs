//! How the JSON surfaces write what the domain knows.

mod csv;
mod invite_view;
mod redemption_view;

pub use self::csv::{CsvWriter, write_csv};
pub use invite_view::InviteView;
pub use redemption_view::RedemptionView;
