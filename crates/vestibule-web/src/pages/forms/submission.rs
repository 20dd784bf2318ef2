//! A submitted form.

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    response::Response,
};
use vestibule_core::TokenRefusal;

use super::{form_data::FormData, same_site::is_same_site};
use crate::{
    html::Visitor,
    http::ClientGroup,
    pages::{invite_context::InviteContext, state::PagesState, token_in_path::TokenInPath},
};

/// A submitted form and its invite, which may have been redeemed by this form already.
pub(in crate::pages) struct FormSubmission {
    pub(super) ctx: InviteContext,
    /// Why the invite cannot be redeemed.
    pub(super) refusal: Option<TokenRefusal>,
    /// `None` if the body is not a form, or too large.
    pub(super) data: Option<FormData>,
    /// The client, for the limits on forms in flight.
    pub(super) client: ClientGroup,
    /// Whether the form comes from a page of this service.
    pub(super) is_same_site: bool,
}

impl FromRequest<PagesState> for FormSubmission {
    type Rejection = Response;

    async fn from_request(request: Request, state: &PagesState) -> Result<Self, Response> {
        let client = state.http.client(&request).group();
        let (mut parts, body) = request.into_parts();
        let TokenInPath(token) = TokenInPath::from_request_parts(&mut parts, state).await?;
        let visitor = Visitor::of(&state.renderer.languages, &parts.uri, &parts.headers);
        let data = FormData::read(&parts.headers, body).await;
        let found = InviteContext::find(state.clone(), token, visitor).await;
        let (ctx, refusal) = found.map_err(|not_found| match &data {
            Some(data) => not_found.page_after_form(&[("username", &data.username), ("grant", &data.grant)]),
            None => not_found.page(),
        })?;
        let is_same_site = is_same_site(&parts.headers, state.links.base_of(&ctx.invite.host));
        Ok(Self { ctx, refusal, data, client, is_same_site })
    }
}
