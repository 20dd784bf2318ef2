//! Error pages about invites.

use axum::{extract::State, response::Response};
use http::{Method, Uri};
use vestibule_core::{StoreError, TokenRefusal};

use super::{canonical, state::PagesState};
use crate::{
    html::{ErrorPage, Visitor},
    http::{AuthFailed, RefusalReason, without_trailing_slash},
};

/// Answers addresses without a route. Variants of an existing address are redirected to it.
pub(super) async fn fallback(
    State(state): State<PagesState>,
    visitor: Visitor,
    method: Method,
    uri: Uri,
) -> Response {
    let redirect = canonical::redirect(&state, &method, &uri);
    let redirect = redirect.or_else(|| without_trailing_slash(state.links.path(), &uri));
    redirect.unwrap_or_else(|| not_found(&state, &visitor))
}

/// The page for an address without a page.
pub(super) fn not_found(state: &PagesState, visitor: &Visitor) -> Response {
    state.error_page(visitor, &ErrorPage::NOT_FOUND)
}

/// The page for an address with malformed text instead of a token, which does not count as a guess.
pub(super) fn no_token(state: &PagesState, visitor: &Visitor) -> Response {
    let reason = TokenRefusal::Unknown;
    let mut response = state.error_page(visitor, &invite_gone_page(reason, false));
    response.extensions_mut().insert(RefusalReason::from(reason));
    response
}

/// The page for a token without an invite.
pub(super) fn unknown_invite(state: &PagesState, visitor: &Visitor) -> Response {
    let mut response = no_token(state, visitor);
    response.extensions_mut().insert(AuthFailed);
    response
}

/// Why an invite cannot be redeemed, in words. `is_reset` means that it is a password reset.
pub(super) fn invite_gone_page(reason: TokenRefusal, is_reset: bool) -> ErrorPage {
    let (heading, what, advice) = match (reason, is_reset) {
        (TokenRefusal::Unknown, _) => ("unknown-heading", "unknown-what", "new-link-advice"),
        (TokenRefusal::Expired, false) => ("expired-heading", "expired-what", "new-link-advice"),
        (TokenRefusal::Used, false) => ("used-heading", "used-what", "used-advice"),
        (TokenRefusal::Revoked, false) => ("revoked-heading", "revoked-what", "new-link-advice"),
        (TokenRefusal::Expired, true) => {
            ("reset-expired-heading", "reset-expired-what", "reset-new-link-advice")
        }
        (TokenRefusal::Used, true) => ("reset-used-heading", "reset-used-what", "reset-used-advice"),
        (TokenRefusal::Revoked, true) => {
            ("reset-revoked-heading", "reset-revoked-what", "reset-new-link-advice")
        }
        (TokenRefusal::Busy { retry_after } | TokenRefusal::TooManyAttempts { retry_after }, _) => {
            return ErrorPage {
                heading: "wait-heading",
                what: "busy-heading",
                advice: "busy",
                retry_after: Some(retry_after.max(std::time::Duration::from_secs(1))),
                ..ErrorPage::UNAVAILABLE
            };
        }
    };
    ErrorPage { heading, what, advice, ..ErrorPage::NOT_FOUND }
}

/// The page for an unavailable store.
pub(super) fn unavailable(state: &PagesState, visitor: &Visitor, error: &StoreError) -> Response {
    tracing::debug!(%error, "an invite could not be shown");
    let mut response = state.error_page(visitor, &ErrorPage::UNAVAILABLE);
    response.extensions_mut().insert(RefusalReason::from(error));
    response
}

/// An invite that a page needs and does not have.
pub(super) struct InviteNotFound {
    pub(super) state: PagesState,
    pub(super) visitor: Visitor,
    /// Why the store did not answer; `None` if it has no such invite.
    pub(super) error: Option<StoreError>,
}

impl InviteNotFound {
    pub(super) fn page(&self) -> Response {
        match &self.error {
            None => unknown_invite(&self.state, &self.visitor),
            Some(error) => unavailable(&self.state, &self.visitor, error),
        }
    }

    /// The page after a form, which offers to send its fields again.
    pub(super) fn page_after_form(&self, fields: &[(&str, &str)]) -> Response {
        let Some(error) = &self.error else { return self.page() };
        tracing::debug!(%error, "a form could not be handled");
        let page = &ErrorPage { advice: "busy", ..ErrorPage::UNAVAILABLE };
        let site = self.state.default_site();
        let mut response = self.state.renderer.error_page_after_form(&self.visitor, site, page, fields);
        response.extensions_mut().insert(RefusalReason::from(error));
        response
    }
}
