//! `POST /v1/redemptions/{claim}/complete`.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vestibule_core::{BareJid, Via};

use super::super::{
    body::Body, caller::Caller, fields::FieldReader, params::NoParams, path_segment::PathSegment,
    problem::Problem,
};
use crate::AppState;

/// The account that redeemed the invite.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCompletion)]
pub(crate) struct CompleteRequest {
    /// The bare JID of the account or, for contact invites, of the contact.
    #[schema(min_length = 1, max_length = 3071, example = "ann@example.com")]
    jid: String,
    /// The channel: `ibr`, `web` and so on. Defaults to `api`.
    #[serde(default)]
    #[schema(pattern = "^[a-z0-9/-]{1,32}$")]
    via: Option<String>,
}

/// A completed redemption.
#[derive(Serialize, ToSchema)]
#[schema(as = Completion)]
pub(crate) struct Completed {
    /// The id of the claim.
    claim: String,
    /// The `id` of the invite.
    invite: String,
    /// Whether the redemption exceeds `max_uses`: the lease had expired, and another claim took the use. The audit log
    /// records this.
    over_use: bool,
}

/// Complete a claim
#[utoipa::path(
    post, path = "/v1/redemptions/{claim}/complete", tag = "redemptions", operation_id = "complete",
    description = "Scope `redeem`. Records that the account exists and spends the use. Safe to repeat with the same \
        `jid`. A late request is accepted, because the account exists; if another claim took the use meanwhile, \
        `over_use` is set.",
    params(("claim" = String, Path, description = "The claim's id.")),
    request_body(content = CompleteRequest),
    responses(
        (status = 200, description = "The redemption is complete.", body = Completed),
        (status = 404, description = "`not-found`"),
        (status = 409, description = "`claim-completed`: already completed with another `jid`"),
    ),
)]
pub(super) async fn handle(
    State(state): State<AppState>,
    caller: Caller,
    _: NoParams,
    PathSegment(text): PathSegment,
    body: Body,
) -> Result<Json<Completed>, Problem> {
    let claim = caller.claim_id(&state, &text).await?;
    let request: CompleteRequest = body.read()?;
    let mut fields = FieldReader::default();
    let jid = request.jid.parse::<BareJid>().map_err(|error| format!("not a bare JID: {error}"));
    let jid = fields.value_or_error("jid", jid);
    let via = Via::parse(request.via.as_deref().unwrap_or("api"));
    let via =
        fields.value_or_error("via", via.ok_or("expected 1 to 32 of a-z, 0-9, - and /, as in ibr or web"));
    fields.finish()?;
    let (Some(jid), Some(via)) = (jid, via) else {
        return Err(Problem::internal("a field was lost"));
    };
    let done = state.invite_service.store().complete(&caller.0, claim, jid, via).await?;
    let (claim, invite) = (claim.to_string(), done.invite.to_string());
    Ok(Json(Completed { claim, invite, over_use: done.over_use }))
}
