//! The console: pages for operators without a shell.
//!
//! A login link starts a [session](session), which is a principal of the store with every scope on its host. `GET`
//! changes nothing; every change is a form with a token that follows from the session.

mod cookie;
mod create;
mod form;
mod invite;
mod invites;
mod login;
mod overview;
mod page;
mod session;
mod sessions;

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::{StatusCode, header};

use crate::AppState;

/// `/admin/...`
pub(crate) fn routes(state: &AppState) -> Router {
    Router::new()
        .route("/admin", get(to_overview))
        .route("/admin/", get(overview::show))
        .route("/admin/login/{secret}", get(login::show).post(login::log_in))
        .route("/admin/logout", post(login::log_out))
        .route("/admin/invites", get(invites::show))
        .route("/admin/invites/new", get(create::show).post(create::submit))
        .route("/admin/invites/{id}", get(invite::show).post(invite::change))
        .route("/admin/sessions", get(sessions::show).post(sessions::end))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(state.page_layer(Some("/admin/login/")))
        .with_state(state.clone())
}

async fn to_overview(State(state): State<AppState>) -> Response {
    page::redirect_to(&state, "/admin/")
}

async fn method_not_allowed() -> impl IntoResponse {
    (StatusCode::METHOD_NOT_ALLOWED, [(header::X_CONTENT_TYPE_OPTIONS, "nosniff")])
}
