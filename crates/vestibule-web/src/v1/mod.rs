//! The JSON API below `/v1`, its OpenAPI description, and the JSON and CSV forms of invites.

mod accounts;
mod authenticate_refusals;
mod body;
mod caller;
mod csv;
mod description;
mod docs;
mod enum_schemas;
mod events;
mod fields;
mod idempotency;
mod invite_view;
mod invites;
mod json_fields;
mod keys;
mod member_view;
mod members;
mod openapi;
mod params;
mod path_segment;
mod problem;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod properties;
mod redemption_view;
mod redemptions;
mod request_id;
mod usernames;

use axum::{
    Router,
    extract::{Request, State},
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::any,
};
use http::Uri;
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;

pub use self::csv::{CsvWriter, write_csv};
pub use invite_view::InviteView;
pub use member_view::{MemberDetailsView, MemberView};
pub use redemption_view::RedemptionView;

use crate::{
    AppState,
    http::{RequestLayer, Surface, without_trailing_slash},
    problem_type::ProblemType,
};
use problem::Problem;

/// The endpoints below `/v1`, with their OpenAPI description.
fn described() -> (Router<AppState>, utoipa::openapi::OpenApi) {
    let (routes, mut description) = OpenApiRouter::with_openapi(openapi::Description::openapi())
        .merge(invites::routes())
        .merge(redemptions::routes())
        .merge(usernames::routes())
        .merge(accounts::routes())
        .merge(keys::routes())
        .merge(members::routes())
        .merge(events::routes())
        .split_for_parts();
    openapi::Common.modify(&mut description);
    (routes, description)
}

/// The OpenAPI description as JSON, the same for every service: the file `docs/openapi.json`.
pub fn openapi_json() -> String {
    description::write(&description::at(described().1, "http://127.0.0.1:8280"))
}

/// `/v1`, `/openapi.json` and `/docs`.
pub(crate) fn routes(state: &AppState) -> Router {
    let (routes, description) = described();
    routes
        .route("/v1", any(not_found))
        .route("/v1/", any(not_found))
        .route("/v1/{*rest}", any(not_found))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(state.clone(), request_id::complete_response))
        .layer(request_layer(state))
        .merge(description::routes(description, state))
        .with_state(state.clone())
}

fn request_layer(state: &AppState) -> RequestLayer {
    let respond = state.clone();
    let too_many_requests =
        Box::new(move |_: &Request, wait| request_id::respond(&respond, Problem::too_many_failures(wait)));
    state.request_layer(Surface { token_path: None, requires_key: true, too_many_requests })
}

async fn not_found(State(state): State<AppState>, uri: Uri) -> Response {
    let redirect = without_trailing_slash(state.links.path(), &uri);
    redirect.unwrap_or_else(|| {
        let detail = "The API has no such path; /docs lists all paths.";
        Problem::new(&ProblemType::NOT_FOUND, detail).into_response()
    })
}

async fn method_not_allowed() -> Problem {
    Problem::new(&ProblemType::METHOD_NOT_ALLOWED, "The Allow header lists the methods of this address.")
}
