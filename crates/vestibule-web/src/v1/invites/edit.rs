//! `PATCH /v1/invites/{id}`.

use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::ToSchema;
use vestibule_core::{InviteChanges, InviterName, LanguageTag, Message, Scope};

use super::super::{
    body::Body,
    caller::Caller,
    fields::{FieldReader, given, nullable},
    invite_view::InviteView,
    params::NoParams,
    path_segment::PathSegment,
    problem::Problem,
};
use crate::AppState;

/// Changes to an invite. Missing fields stay unchanged.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = InviteEdit)]
#[expect(clippy::option_option, reason = "there are three cases: missing, `null`, a value")]
pub(crate) struct EditInviteRequest {
    /// New expiry.
    #[serde(deserialize_with = "given")]
    #[schema(format = DateTime, nullable = false)]
    expires_at: Option<String>,
    /// New maximum number of uses; `null` means no limit.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<u32>, minimum = 1)]
    max_uses: Option<Option<u32>>,
    /// New note; `null` removes it.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 2000)]
    note: Option<Option<String>>,
    /// New message to the invited person; `null` removes it.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 140)]
    message: Option<Option<String>>,
    /// New display name of the inviter; `null` removes it.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 64)]
    inviter_name: Option<Option<String>>,
    /// New language of the pages for a visitor without a preference; `null` removes it.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 35)]
    language: Option<Option<String>>,
    /// `true` revokes the invite, `false` restores it.
    #[serde(deserialize_with = "given")]
    #[schema(nullable = false)]
    revoked: Option<bool>,
}

/// Change an invite
#[utoipa::path(
    patch, path = "/v1/invites/{id}", tag = "invites", operation_id = "edit_invite",
    description = "Scope `invites:manage`. Changes the given fields; safe to repeat. An expired or used invite becomes \
        redeemable again if its new properties allow it, and its `renewal_requested_at` becomes `null`.",
    params(("id" = String, Path, description = "The invite's `id`.")),
    request_body(content = EditInviteRequest),
    responses(
        (status = 200, description = "The changed invite.", body = InviteView),
        (status = 404, description = "`not-found`"),
        (status = 409, description = "`username-reserved`: another invite reserves its username"),
    ),
)]
pub(super) async fn handle(
    State(state): State<AppState>,
    caller: Caller,
    _: NoParams,
    PathSegment(text): PathSegment,
    body: Body,
) -> Result<Json<InviteView>, Problem> {
    let id = caller.invite_id(&state, &text, Scope::InvitesManage).await?;
    let changes: EditInviteRequest = body.read()?;
    let mut fields = FieldReader::default();
    let edit = InviteChanges {
        expires_at: fields.timestamp("expires_at", changes.expires_at.as_deref()),
        max_uses: changes.max_uses,
        note: changes.note,
        message: fields.change("message", changes.message, Message::parse),
        inviter_name: fields.change("inviter_name", changes.inviter_name, InviterName::parse),
        language: fields.change("language", changes.language, LanguageTag::parse),
        revoked: changes.revoked,
    };
    fields.also(edit.validate(state.invite_service.now()));
    fields.finish()?;
    let invite = state.invite_service.store().edit_invite(&caller.0, id, edit).await?;
    Ok(Json(InviteView::stored(invite, &state.invite_service, &state.links)))
}
