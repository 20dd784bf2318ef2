//! `POST /v1/invites/batch`.

use std::{io, mem};

use axum::{
    body::Bytes,
    extract::State,
    response::{IntoResponse, Response},
};
use futures_util::stream;
use http::{HeaderMap, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;
use vestibule_core::MintedInvites;

use super::{
    super::{
        body::Body, caller::Caller, csv::CsvWriter, idempotency::idempotency_key, invite_view::InviteView,
        params::NoParams, problem::Problem,
    },
    create_request::CreateBatchRequest,
};
use crate::AppState;

/// The invites of a batch.
//
// Only for the OpenAPI description: `BatchBody` writes the JSON.
#[derive(Serialize, ToSchema)]
pub(crate) struct Batch {
    /// In the order of creation.
    items: Vec<InviteView>,
}

/// Create many invites
#[utoipa::path(
    post, path = "/v1/invites/batch", tag = "invites", operation_id = "create_batch",
    description = "Scope `invites:create`. Creates all invites or none, and responds with JSON, or with CSV on \
        `Accept: text/csv`. Safe to repeat with an `Idempotency-Key`.",
    params(("Idempotency-Key" = Option<String>, Header, nullable = false, min_length = 1, max_length = 255,
        pattern = "^[!-~]+$", description = "Chosen by the client, new for each operation.")),
    request_body(content = CreateBatchRequest),
    responses(
        (status = 201, description = "The invites are saved.",
            content((Batch = "application/json"), (String = "text/csv"))),
        (status = 403, description = "`forbidden`, `inviter-stopped`"),
        (status = 409, description = "`username-reserved`, `limit-reached`"),
        (status = 422, description = "`invalid`, `idempotency-mismatch`"),
    ),
)]
pub(super) async fn handle(
    State(state): State<AppState>,
    caller: Caller,
    _: NoParams,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let idempotency_key = idempotency_key(&headers, || body.fingerprint("invites/batch\n"))?;
    let CreateBatchRequest { count, invite } = CreateBatchRequest::read(body)?;
    let draft = invite.draft()?;
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let minted = state.invite_service.mint_many(&caller.0, draft, count, idempotency_key).await?;
    let (format, kind) = if wants_csv(&headers) {
        (Format::Csv, "text/csv; charset=utf-8")
    } else {
        (Format::Json, "application/json")
    };
    let chunks = BatchBody { state, minted: minted.into_iter(), format, begun: false, ended: false };
    // Serialized while it is sent, because the whole body can be a few hundred megabytes.
    let body = axum::body::Body::from_stream(stream::iter(chunks));
    Ok((StatusCode::CREATED, [(header::CONTENT_TYPE, kind)], body).into_response())
}

/// Approximate size of a chunk in bytes.
const CHUNK_BYTES: usize = 64 << 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Json,
    Csv,
}

/// The response body in chunks.
struct BatchBody {
    state: AppState,
    minted: MintedInvites,
    format: Format,
    begun: bool,
    ended: bool,
}

impl Iterator for BatchBody {
    type Item = io::Result<Bytes>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let written = match self.format {
            Format::Json => self.json(),
            Format::Csv => self.csv(),
        };
        self.ended |= written.is_err();
        Some(written.map(Bytes::from))
    }
}

impl BatchBody {
    fn view(&mut self) -> Option<InviteView> {
        self.minted.next().map(|minted| InviteView::minted(minted, &self.state.links))
    }

    /// The JSON form of [`Batch`].
    fn json(&mut self) -> io::Result<Vec<u8>> {
        let mut text = Vec::with_capacity(CHUNK_BYTES + CHUNK_BYTES / 2);
        if !self.begun {
            text.extend(b"{\"items\":[");
        }
        while text.len() < CHUNK_BYTES {
            let Some(view) = self.view() else {
                text.extend(b"]}");
                self.ended = true;
                break;
            };
            if mem::replace(&mut self.begun, true) {
                text.push(b',');
            }
            serde_json::to_writer(&mut text, &view)?;
        }
        Ok(text)
    }

    fn csv(&mut self) -> io::Result<Vec<u8>> {
        let mut rows = if mem::replace(&mut self.begun, true) {
            CsvWriter::more(Vec::with_capacity(CHUNK_BYTES))
        } else {
            CsvWriter::new(Vec::with_capacity(CHUNK_BYTES))?
        };
        // A row has a few hundred bytes.
        for _ in 0..CHUNK_BYTES / 256 {
            let Some(view) = self.view() else {
                self.ended = true;
                break;
            };
            rows.write(&view)?;
        }
        rows.into_inner()
    }
}

/// Whether the client prefers CSV to JSON (RFC 9110 section 12.5.1).
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
    fn csv_is_used_if_preferred() {
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
