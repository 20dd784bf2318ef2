//! `DELETE /v1/redemptions/{claim}`.

use axum::extract::State;
use http::StatusCode;

use super::super::{caller::Caller, params::NoParams, path_segment::PathSegment, problem::Problem};
use crate::AppState;

/// Release a claim
#[utoipa::path(
    delete, path = "/v1/redemptions/{claim}", tag = "redemptions", operation_id = "release",
    description = "Scope `redeem`. Returns the use of a failed registration. Safe to repeat.",
    params(("claim" = String, Path, description = "The claim's id.")),
    responses(
        (status = 204, description = "The use is available again."),
        (status = 404, description = "`not-found`"),
        (status = 409, description = "`claim-completed`: the account exists"),
    ),
)]
pub(super) async fn handle(
    State(state): State<AppState>,
    caller: Caller,
    _: NoParams,
    PathSegment(text): PathSegment,
) -> Result<StatusCode, Problem> {
    let claim = caller.claim_id(&state, &text).await?;
    state.invite_service.store().release(&caller.0, claim).await?;
    Ok(StatusCode::NO_CONTENT)
}
