//! How the JSON surfaces write what the domain knows.

mod invite_view;

pub use invite_view::InviteView;
