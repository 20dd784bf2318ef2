//! The API of Prosody's `mod_invites_api`: it takes a key and returns a link. Its wire format is kept;
//! `docs/differences.md` lists the differences and their reasons.

mod cors;
mod create;
mod presented;

use axum::{Router, extract::Request, routing::any};

use crate::{AppState, http::Surface};

/// `/invites_api`.
pub(crate) fn routes(state: &AppState) -> Router {
    let too_many_requests =
        Box::new(|request: &Request, wait| create::too_many_requests(request.headers(), wait));
    let layer = state.request_layer(Surface { token_path: None, requires_key: true, too_many_requests });
    Router::new().route("/invites_api", any(create::handle)).layer(layer).with_state(state.clone())
}
