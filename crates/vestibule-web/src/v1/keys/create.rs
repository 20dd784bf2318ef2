//! `POST /v1/keys`.

use axum::{Json, extract::State};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vestibule_core::{NewKey, Rate, Scope, Scopes};

use super::{
    super::{
        body::OptionalBody, caller::Caller, enum_schemas, fields::FieldReader, params::NoParams,
        problem::Problem,
    },
    view::KeyView,
};
use crate::AppState;

/// A new key. All fields are optional; by default the key can create invites and never expires.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = NewKey)]
pub(crate) struct CreateKeyRequest {
    /// Display name; at most 200 bytes.
    #[schema(max_length = 200)]
    name: Option<String>,
    /// Scopes, at most those of this key. Defaults to `invites:create`.
    #[schema(schema_with = enum_schemas::new_scopes)]
    scopes: Option<Vec<String>>,
    /// Lifetime, such as `90d`. By default the key does not expire.
    #[schema(pattern = "^[0-9]+[smhdw]$", example = "90d")]
    expires_in: Option<String>,
    /// Expiry, instead of `expires_in`.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// Rate limit, such as `60/min`. Defaults to no limit.
    #[schema(pattern = "^[0-9]+/(s|min|h|d)$", example = "60/min")]
    rate: Option<String>,
}

/// A new key and its secret, which is shown only once.
#[derive(Serialize, ToSchema)]
pub(crate) struct KeyWithSecret {
    #[serde(flatten)]
    record: KeyView,
    /// The whole key, `ID/SECRET`, for `Authorization: Bearer`.
    key: String,
}

/// Create a key
#[utoipa::path(
    post, path = "/v1/keys", tag = "keys", operation_id = "create_key",
    description = "Scope `keys:manage`. A key can only create keys with at most its own scopes, lifetime and rate. \
        They share its rate and are deleted with it. A host can have at most 1,000 keys.",
    request_body(content = CreateKeyRequest, description = "Optional."),
    responses((status = 409, description = "`limit-reached`"), (status = 201, description = "The key is saved.", body = KeyWithSecret,
        links(("delete" = (operation_id = "delete_key", parameters(("id" = "$response.body#/id"))))))),
)]
pub(super) async fn handle(
    State(state): State<AppState>,
    caller: Caller,
    _: NoParams,
    OptionalBody(body): OptionalBody,
) -> Result<(StatusCode, Json<KeyWithSecret>), Problem> {
    let request: CreateKeyRequest = body.read()?;
    let mut fields = FieldReader::default();
    let scopes = request.scopes.map_or(Ok(Scopes::default()), |names| read_scopes(&names));
    let key = NewKey {
        name: request.name,
        scopes: fields.value_or_error("scopes", scopes).unwrap_or_default(),
        expiry: fields.expiry(request.expires_in.as_deref(), request.expires_at.as_deref()),
        rate: request.rate.and_then(|rate| fields.value_or_error("rate", rate.parse::<Rate>())),
    };
    fields.finish()?;
    let (record, text) = state.invite_service.create_key(&caller.0, key).await?;
    let answer = KeyWithSecret { record: record.into(), key: text.expose() };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Parses scopes. Abbreviations for several scopes exist only on the command line.
fn read_scopes(names: &[String]) -> Result<Scopes, String> {
    let read = |name: &String| Scope::ALL.into_iter().find(|scope| scope.as_str() == name);
    match names.iter().map(read).collect::<Option<Scopes>>() {
        Some(scopes) if !names.is_empty() => Ok(scopes),
        _ => Err(format!("expected one or more of {}", Scope::ALL.map(Scope::as_str).join(", "))),
    }
}
