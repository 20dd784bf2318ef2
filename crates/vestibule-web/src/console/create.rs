//! `/admin/invites/new`: one invite.

use std::time::Duration;

use axum::{body::Body, extract::State, response::Response};
use http::HeaderMap;
use minijinja::context;
use vestibule_core::{Draft, Expiry, FieldError, Kind, Message, Refusal, StoreError, Username};

use super::{form::Form, page, session::Operator};
use crate::{AppState, html::Visitor};

const DAY: Duration = Duration::from_hours(24);

/// Shows the form.
pub(super) async fn show(State(state): State<AppState>, operator: Operator, visitor: Visitor) -> Response {
    let values = context! {
        kind => "account", username => "", note => "", message => "", uses => "1", days => "7", wrong => "",
    };
    page::render(&state, &operator, visitor, "console_new.html", "new", values)
}

/// Creates the invite.
pub(super) async fn submit(
    State(state): State<AppState>,
    operator: Operator,
    visitor: Visitor,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let form = match Form::read(&state, &operator, &visitor, &headers, body).await {
        Ok(form) => form,
        Err(page) => return page,
    };
    let created = match draft(&form) {
        Ok(draft) => state.invite_service.mint(&operator.principal(), draft).await,
        Err(error) => Err(StoreError::Refused(error)),
    };
    let refusal = match created {
        Ok(minted) => {
            let path = format!("/admin/invites/{}{}", minted.invite.id, visitor.keep());
            return page::redirect_to(&state, &path);
        }
        Err(StoreError::Refused(Refusal::Unauthorized)) => return page::logged_out(&state, &visitor),
        Err(StoreError::Refused(refusal)) => refusal,
        Err(error) => return page::unavailable(&state, &visitor, &error),
    };
    let values = context! {
        kind => form.text("kind"),
        username => form.text("username"),
        note => form.text("note"),
        message => form.text("message"),
        uses => form.text("uses"),
        days => form.text("days"),
        wrong => refusal.to_string(),
    };
    page::render(&state, &operator, visitor, "console_new.html", "new", values)
}

/// The invite that a form describes.
fn draft(form: &Form) -> Result<Draft, Refusal> {
    let mut errors = Vec::new();
    let mut wrong = |field: &'static str, message: &str| errors.push(FieldError::new(field, message));
    let kind = match form.text("kind") {
        "password-reset" => Kind::PasswordReset,
        _ => Kind::Account,
    };
    let username = match form.text("username") {
        "" => None,
        text => match Username::parse(text) {
            Ok(username) => Some(username),
            Err(error) => {
                wrong("username", &error.to_string());
                None
            }
        },
    };
    let max_uses = match form.text("uses") {
        "" => Some(1),
        text => text.parse().ok().or_else(|| {
            wrong("max_uses", "expected a whole number");
            Some(1)
        }),
    };
    let expiry = match (form.text("days"), form.text("days").parse::<u32>()) {
        ("", _) => Expiry::Policy,
        (_, Ok(days @ 1..=3_650)) => Expiry::In(DAY * days),
        _ => {
            wrong("expires_in", "expected a whole number of days, at most 3650");
            Expiry::Policy
        }
    };
    let message = Message::parse(form.text("message")).unwrap_or_else(|error| {
        wrong("message", &error.to_string());
        None
    });
    if !errors.is_empty() {
        return Err(Refusal::Invalid(errors));
    }
    let note = Some(form.text("note").to_owned()).filter(|note| !note.is_empty());
    Ok(Draft { kind, username, max_uses, expiry, note, message, ..Draft::default() })
}
