//! What every answer of the API gets: a name, and where it is a problem, its body.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, header};
use tracing::Instrument;

use super::problem::Problem;
use crate::App;

/// Under which name a request is found in the log.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Names the request, and finishes its answer.
pub(super) async fn finish(State(app): State<App>, request: Request, next: Next) -> Response {
    let name = draw_name(&app);
    let span = tracing::info_span!("request", id = name);
    complete(next.run(request).instrument(span).await, name)
}

/// The answer to a request that does not reach the API.
pub(crate) fn refuse(app: &App, problem: Problem) -> Response {
    complete(problem.into_response(), draw_name(app))
}

/// Where no randomness is to be had, nothing will be made either; the answer may go without a name.
fn draw_name(app: &App) -> String {
    app.desk.name_request().unwrap_or_default()
}

fn complete(mut response: Response, name: String) -> Response {
    if let Some(problem) = response.extensions().get::<Problem>().cloned() {
        *response.body_mut() = problem.render(&name);
    }
    let headers = response.headers_mut();
    if let Ok(name) = HeaderValue::try_from(name) {
        headers.insert(REQUEST_ID, name);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
