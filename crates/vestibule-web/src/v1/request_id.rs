//! `X-Request-Id` on every response of the API, and the bodies of problems, which contain it.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, header};
use tracing::Instrument;

use super::{authenticate_refusals::authenticate_refusal, problem::Problem};
use crate::{AppState, http::new_request_id};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The beginnings of the `User-Agent` of the bridges for Prosody and ejabberd, followed by their version.
const BRIDGES: [&[u8]; 2] = [b"vestibule-bridge/", b"vestibule-ejabberd/"];

/// The version of the service, in responses to a bridge.
const VERSION: HeaderName = HeaderName::from_static("vestibule-version");

/// Middleware that draws a request id and completes the response with it, after [`authenticate_refusal`]. One
/// middleware does both, because each boxes the future of every request.
pub(super) async fn complete_response(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let id = new_request_id(&state.invite_service);
    let authorization = request.headers().get(header::AUTHORIZATION).cloned();
    let client = request.headers().get(header::USER_AGENT);
    let is_bridge =
        client.is_some_and(|value| BRIDGES.iter().any(|bridge| value.as_bytes().starts_with(bridge)));
    let span = tracing::debug_span!("request", id);
    let response = next.run(request).instrument(span).await;
    let mut response = complete(authenticate_refusal(&state, authorization, response).await, id);
    if is_bridge {
        response.headers_mut().insert(VERSION, HeaderValue::from_static(env!("CARGO_PKG_VERSION")));
    }
    response
}

/// The response to a request that does not reach a handler.
pub(super) fn respond(state: &AppState, problem: Problem) -> Response {
    complete(problem.into_response(), new_request_id(&state.invite_service))
}

fn complete(mut response: Response, id: String) -> Response {
    if let Some(problem) = response.extensions().get::<Problem>().cloned() {
        *response.body_mut() = problem.render(&id);
    }
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::try_from(id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{
        problem_type::ProblemType,
        wire_form::{wire_form, wire_forms},
    };

    fn text(problem: Problem) -> String {
        wire_form(complete(problem.into_response(), "REQUEST-ID".to_owned()))
    }

    #[test]
    fn the_wire_form_of_every_problem_type() {
        let problems = ProblemType::ALL.iter().map(|kind| text(Problem::new(kind, "The detail.")));
        insta::assert_snapshot!(problems.collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn the_wire_form_of_every_error() {
        let respond = |error| complete(Problem::from(error).into_response(), "REQUEST-ID".to_owned());
        insta::assert_snapshot!(wire_forms(respond));
    }

    #[test]
    fn the_wire_form_of_too_many_failures() {
        insta::assert_snapshot!(text(Problem::too_many_failures(Duration::from_secs(7))));
    }
}
