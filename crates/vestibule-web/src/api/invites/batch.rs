//! `POST /v1/invites/batch`.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    super::{
        InviteView, body::Body, caller::Caller, once::once, params::NoParams, problem::Problem, write_csv,
    },
    wanted::WantedBatch,
};
use crate::App;

/// The invites of a batch.
#[derive(Serialize, ToSchema)]
pub(crate) struct Batch {
    /// In the order they were made.
    items: Vec<InviteView>,
}

/// Mint many invites
#[utoipa::path(
    post, path = "/v1/invites/batch", tag = "invites", operation_id = "create_batch",
    description = "Scope `invites:create`. Makes all of them or none, and answers in JSON, or in CSV with \
        `Accept: text/csv`. Safe to repeat with an `Idempotency-Key`.",
    params(("Idempotency-Key" = Option<String>, Header, nullable = false, min_length = 1, max_length = 255,
        pattern = "^[!-~]+$", description = "Drawn by you, new for each thing to be done.")),
    request_body(content = WantedBatch),
    responses(
        (status = 201, description = "The invites are on disk.",
            content((Batch = "application/json"), (String = "text/csv"))),
        (status = 409, description = "`username-reserved`"),
        (status = 422, description = "`invalid`, `idempotency-mismatch`"),
    ),
)]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    _: NoParams,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let once = once(&headers, || body.fingerprint("invites/batch\n"))?;
    let WantedBatch { count, invite } = WantedBatch::read(body)?;
    let draft = invite.draft()?;
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let minted = app.desk.mint_batch(&caller.0, draft, count, once).await?;
    let items: Vec<_> = minted.into_iter().map(|minted| InviteView::minted(minted, &app.links)).collect();
    if !wants_csv(&headers) {
        return Ok((StatusCode::CREATED, Json(Batch { items })).into_response());
    }
    let mut text = Vec::new();
    write_csv(&mut text, &items).map_err(|error| Problem::internal(error.to_string()))?;
    Ok((StatusCode::CREATED, [(header::CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response())
}

/// Whether CSV is asked for, and preferred to JSON (RFC 9110 section 12.5.1).
fn wants_csv(headers: &HeaderMap) -> bool {
    let weigh = |wanted: &str| {
        let accepts = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
        accepts.flat_map(|value| value.split(',')).find_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(wanted));
            let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |q| q.parse().ok());
            if named { weight } else { None }
        })
    };
    let (csv, json): (Option<f32>, Option<f32>) = (weigh("text/csv"), weigh("application/json"));
    csv.is_some_and(|csv| csv > 0.0 && json.is_none_or(|json| csv > json))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_where_it_is_preferred() {
        let table = [
            ("text/csv", true),
            ("Text/CSV;charset=utf-8", true),
            ("application/json, text/csv;q=0.5", false),
            ("text/csv, application/json;q=0.9", true),
            ("text/csv;q=0", false),
            ("*/*", false),
            ("text/*", false),
        ];
        for (accept, expected) in table {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().unwrap());
            assert_eq!(wants_csv(&headers), expected, "{accept}");
        }
        assert!(!wants_csv(&HeaderMap::new()));
    }
}
