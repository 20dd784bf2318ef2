//! `/admin/invites/{id}`: one invite, its story, and what can be done with it.

use std::time::Duration;

use axum::{
    body::Body,
    extract::{Path, State},
    response::Response,
};
use http::HeaderMap;
use minijinja::{Value, context};
use vestibule_core::{
    InviteChanges, InviteDetails, InviteId, Refusal, State as InviteState, StoreError, Token, Username, rules,
};

use super::{form::Form, page, session::Operator};
use crate::{AppState, html::Visitor};

/// The time by which an extension goes beyond the expiry, or beyond now if that is over.
const EXTENSION: Duration = Duration::from_hours(7 * 24);

/// Shows the invite.
pub(super) async fn show(
    State(state): State<AppState>,
    operator: Operator,
    visitor: Visitor,
    Path(text): Path<String>,
) -> Response {
    let Ok(id) = text.parse::<InviteId>() else { return page::not_found(&state, &visitor) };
    match state.invite_service.store().invite(&operator.principal(), id).await {
        Ok(Some(details)) => {
            let values = values(&state, &visitor, &details);
            page::render(&state, &operator, visitor, "console_invite.html", "invites", values)
        }
        Ok(None) => page::not_found(&state, &visitor),
        Err(error) => page::unavailable(&state, &visitor, &error),
    }
}

fn values(state: &AppState, visitor: &Visitor, details: &InviteDetails) -> Value {
    let invite = &details.invite;
    let now = state.invite_service.now();
    let date = |at| visitor.language.date(at, now);
    let is_pending = rules::state(invite, now) == InviteState::Pending;
    let token = state.invite_service.unseal_token(invite).ok();
    let joined: Vec<_> = details
        .redemptions
        .items
        .iter()
        .map(|redemption| context! { jid => redemption.jid.as_str(), on => date(redemption.at) })
        .collect();
    context! {
        id => invite.id.to_string(),
        note => invite.note.as_deref(),
        message => invite.message.as_ref().map(ToString::to_string),
        username => invite.username.as_ref().map(Username::as_str),
        inviter => invite.inviter.as_ref().map(Username::as_str),
        groups => visitor.language.list(&invite.groups),
        roles => visitor.language.list(&invite.roles),
        kind => page::kind_message(invite.kind),
        state => page::state_message(rules::state(invite, now)),
        is_pending,
        is_revoked => invite.revoked_at.is_some(),
        asked => invite.renewal_requested_at.is_some(),
        link => token.as_ref().filter(|_| is_pending).map(|token| state.links.link(invite, token)),
        token => token.as_ref().filter(|_| is_pending).map(Token::expose),
        made_on => date(invite.created_at),
        source => invite.source.as_str(),
        until => date(invite.expires_at),
        uses => invite.uses,
        max_uses => invite.max_uses,
        joined,
    }
}

/// Revokes, restores or extends the invite.
pub(super) async fn change(
    State(state): State<AppState>,
    operator: Operator,
    visitor: Visitor,
    Path(text): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let form = match Form::read(&state, &operator, &visitor, &headers, body).await {
        Ok(form) => form,
        Err(page) => return page,
    };
    let Ok(id) = text.parse::<InviteId>() else { return page::not_found(&state, &visitor) };
    let (store, by) = (state.invite_service.store(), operator.principal());
    let changed = async {
        let Some(details) = store.invite(&by, id).await? else {
            return Err(Refusal::NotFound("invite").into());
        };
        let invite = details.invite;
        let changes = match form.text("action") {
            "revoke" => InviteChanges::revoke(),
            "restore" => InviteChanges { revoked: Some(false), ..InviteChanges::default() },
            "extend" => {
                let from = invite.expires_at.max(state.invite_service.now());
                InviteChanges { expires_at: Some(from.plus(EXTENSION)), ..InviteChanges::default() }
            }
            _ => InviteChanges::default(),
        };
        store.edit_invite(&by, id, changes).await
    };
    match changed.await {
        // The page shows what is true now, such as that the username is reserved for another invite.
        Ok(_) | Err(StoreError::Refused(Refusal::Username(_) | Refusal::Invalid(_))) => {
            page::redirect_to(&state, &format!("/admin/invites/{id}{}", visitor.keep()))
        }
        Err(StoreError::Refused(Refusal::NotFound(_))) => page::not_found(&state, &visitor),
        Err(error) => page::unavailable(&state, &visitor, &error),
    }
}
