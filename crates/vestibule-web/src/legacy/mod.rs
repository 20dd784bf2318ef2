//! The API of Prosody's `mod_invites_api`: a key in, a link out. Its wire format is kept, also where we
//! would have chosen another today; `docs/differences.md` lists where we differ, and why.

mod cors;
mod mint;
mod presented;

use axum::{Router, routing::any};

use crate::AppState;

pub(crate) use mint::too_many_requests;

/// `/invites_api`.
pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/invites_api", any(mint::handle))
}
