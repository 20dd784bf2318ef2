//! The JSON API: `/v1`, its description, and how it writes what the domain knows.

mod accounts;
mod body;
mod caller;
mod csv;
mod description;
mod docs;
mod enum_schemas;
mod events;
mod fields;
mod finish;
mod idempotency;
mod invite_view;
mod invites;
mod keys;
mod openapi;
mod params;
mod path_segment;
mod problem;
mod redemption_view;
mod redemptions;
mod usernames;

use axum::{
    Router,
    extract::State,
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
};
use http::Uri;
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;

pub use self::csv::{CsvWriter, write_csv};
pub use invite_view::InviteView;
pub use redemption_view::RedemptionView;

use crate::{AppState, pages};
pub(crate) use finish::refuse;
pub(crate) use problem::{Problem, ProblemType};

/// The addresses below `/v1`, with their description.
fn described() -> (Router<AppState>, utoipa::openapi::OpenApi) {
    let (routes, mut description) = OpenApiRouter::with_openapi(openapi::Description::openapi())
        .merge(invites::routes())
        .merge(redemptions::routes())
        .merge(usernames::routes())
        .merge(accounts::routes())
        .merge(keys::routes())
        .merge(events::routes())
        .split_for_parts();
    openapi::Common.modify(&mut description);
    (routes, description)
}

/// The description of the API as JSON, the same for every service: what is checked in.
pub fn openapi_json() -> String {
    description::write(&description::at(described().1, "http://127.0.0.1:8280"))
}

/// `/v1`, `/openapi.json` and `/docs`.
pub(crate) fn routes(state: &AppState) -> Router<AppState> {
    let (routes, description) = described();
    let api = routes
        .route("/v1", axum::routing::any(not_found))
        .route("/v1/", axum::routing::any(not_found))
        .route("/v1/{*rest}", axum::routing::any(not_found))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(state.clone(), finish::finish));
    api.merge(description::routes(description, state))
}

async fn not_found(State(state): State<AppState>, uri: Uri) -> Response {
    let redirect = pages::without_slash(&state, &uri);
    redirect.unwrap_or_else(|| {
        let detail = "The API has no such address; /docs lists those it has.";
        Problem::new(&ProblemType::NOT_FOUND, detail).into_response()
    })
}

async fn method_not_allowed() -> Problem {
    Problem::new(&ProblemType::METHOD_NOT_ALLOWED, "The Allow header lists the methods of this address.")
}
