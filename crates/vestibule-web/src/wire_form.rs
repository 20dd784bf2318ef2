//! What an API makes of each error, as text for snapshots.

use std::{fmt::Write, time::Duration};

use axum::response::Response;
use futures_util::FutureExt;
use http_body_util::BodyExt;
use vestibule_core::{
    FieldError, ForbiddenUsername, InviterLimit, InviterLimitReached, Refusal, Scope, StoreError, Timestamp,
    TokenRefusal, Username, UsernameRefusal,
};

/// A response: status, headers in order of their names, and body.
pub(crate) fn wire_form(response: Response) -> String {
    let (parts, body) = response.into_parts();
    let mut headers: Vec<_> =
        parts.headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
    headers.sort_unstable();
    let body = body.collect().now_or_never().unwrap().unwrap().to_bytes();
    let body = match serde_json::from_slice::<serde_json::Value>(&body) {
        Ok(json) => serde_json::to_string_pretty(&json).unwrap(),
        Err(_) => String::from_utf8(body.to_vec()).unwrap(),
    };
    format!("{}\n{}\n\n{}\n", parts.status, headers.join("\n"), body.trim_end())
}

/// The responses to every error, each below the name of its error.
pub(crate) fn wire_forms(respond: impl Fn(StoreError) -> Response) -> String {
    let mut text = String::new();
    for error in every_error() {
        let name = name(&error);
        let _ = writeln!(text, "### {name}\n\n{}", wire_form(respond(error)));
    }
    text
}

/// An error of each kind.
fn every_error() -> Vec<StoreError> {
    let retry_after = Duration::from_secs(7);
    let inviter = Username::parse("ann").unwrap();
    let limit = InviterLimitReached {
        inviter: inviter.clone(),
        limit: InviterLimit::Live,
        maximum: 5,
        used: 5,
        available_at: Some(Timestamp::from_millis(1_800_000_000_000)),
    };
    let refusals = [
        Refusal::Unauthorized,
        Refusal::Forbidden(Scope::InvitesManage),
        Refusal::RateLimited { retry_after },
        Refusal::UnknownHost,
        Refusal::NotFound("invite"),
        TokenRefusal::Unknown.into(),
        TokenRefusal::Expired.into(),
        TokenRefusal::Used.into(),
        TokenRefusal::Revoked.into(),
        TokenRefusal::Busy { retry_after }.into(),
        TokenRefusal::TooManyAttempts { retry_after }.into(),
        UsernameRefusal::Reserved.into(),
        UsernameRefusal::NotAllowed.into(),
        ForbiddenUsername::Reserved.into(),
        ForbiddenUsername::MixedScripts.into(),
        Refusal::ClaimCompleted,
        Refusal::LimitReached { what: "keys", limit: 1_000 },
        Refusal::InviterLimit(Box::new(limit)),
        Refusal::InviterStopped(inviter),
        Refusal::IdempotencyMismatch,
        Refusal::Invalid(vec![FieldError::new("note", "too long"), FieldError::new("kind", "unknown")]),
    ];
    let mut errors: Vec<_> = refusals.map(StoreError::from).into();
    errors.extend([
        StoreError::Busy("a lock is held".to_owned()),
        StoreError::Unavailable("the disk is full".to_owned()),
        StoreError::Unknown("the connection was lost".to_owned()),
        StoreError::Corrupt("a column is missing".to_owned()),
    ]);
    errors
}

/// The name of an error. A new kind is added here and to [`every_error`].
fn name(error: &StoreError) -> &'static str {
    match error {
        StoreError::Busy(_) => "Busy",
        StoreError::Unavailable(_) => "Unavailable",
        StoreError::Unknown(_) => "Unknown",
        StoreError::Corrupt(_) => "Corrupt",
        StoreError::Refused(refusal) => match refusal {
            Refusal::Unauthorized => "Unauthorized",
            Refusal::Forbidden(_) => "Forbidden",
            Refusal::RateLimited { .. } => "RateLimited",
            Refusal::UnknownHost => "UnknownHost",
            Refusal::NotFound(_) => "NotFound",
            Refusal::Token(TokenRefusal::Unknown) => "Token(Unknown)",
            Refusal::Token(TokenRefusal::Expired) => "Token(Expired)",
            Refusal::Token(TokenRefusal::Used) => "Token(Used)",
            Refusal::Token(TokenRefusal::Revoked) => "Token(Revoked)",
            Refusal::Token(TokenRefusal::Busy { .. }) => "Token(Busy)",
            Refusal::Token(TokenRefusal::TooManyAttempts { .. }) => "Token(TooManyAttempts)",
            Refusal::Username(UsernameRefusal::Reserved) => "Username(Reserved)",
            Refusal::Username(UsernameRefusal::NotAllowed) => "Username(NotAllowed)",
            Refusal::Username(UsernameRefusal::Forbidden(ForbiddenUsername::Reserved)) => {
                "Username(Forbidden(Reserved))"
            }
            Refusal::Username(UsernameRefusal::Forbidden(ForbiddenUsername::MixedScripts)) => {
                "Username(Forbidden(MixedScripts))"
            }
            Refusal::ClaimCompleted => "ClaimCompleted",
            Refusal::LimitReached { .. } => "LimitReached",
            Refusal::InviterLimit(_) => "InviterLimit",
            Refusal::InviterStopped(_) => "InviterStopped",
            Refusal::IdempotencyMismatch => "IdempotencyMismatch",
            Refusal::Invalid(_) => "Invalid",
        },
    }
}
