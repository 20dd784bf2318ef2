//! Whether a username will do; and `GET /invite/{token}/username?name=`, which says so while somebody types.

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, Uri, header};
use serde::Serialize;
use vestibule_core::{Authority, Invite, Source, StoreError, Username};

use super::faults::Fault;
use crate::{
    App,
    pages::{
        invited::Invited,
        missing::{nothing_here, unavailable},
        reader::Reader,
    },
};

/// Checks what was typed, a name or a whole address at the host of the invite.
pub(super) fn check(invite: &Invite, typed: &str) -> Result<Username, Fault> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Fault::new("name-empty"));
    }
    let username = Username::parse_at(typed, &invite.host).map_err(|_| Fault::new("name-invalid"))?;
    match &invite.username {
        Some(bound) if *bound != username => Err(Fault::with_username("name-not-yours", bound.as_str())),
        _ => Ok(username),
    }
}

/// Whether the name is kept for the holder of another invite.
pub(super) async fn reserved_for_another(
    app: &App,
    invite: &Invite,
    username: &Username,
) -> Result<bool, StoreError> {
    let by = Authority::Operator { host: invite.host.clone(), source: Source::service() };
    Ok(app.desk.store().reservation(&by, username).await?.is_some_and(|holder| holder != invite.id))
}

#[derive(Serialize)]
struct Verdict {
    /// What is wrong, as HTML; nothing where nothing is, as far as we know: whether there is an account of that name
    /// only the XMPP server knows, and it does not say before somebody registers.
    fault: Option<String>,
}

/// Whether the name will do, for the script of the form.
pub(in crate::pages) async fn handle(
    State(app): State<App>,
    token: Result<Path<String>, PathRejection>,
    reader: Reader,
    uri: Uri,
) -> Response {
    let invited = match Invited::find(&app, token, reader).await {
        Ok(invited) if invited.may_register() => invited,
        Ok(invited) => return nothing_here(&app, &invited.reader),
        Err(answer) => return answer,
    };
    let mut query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let typed = query.find_map(|(name, value)| (name == "name").then_some(value)).unwrap_or_default();
    let fault = match check(&invited.invite, &typed) {
        Err(fault) => Some(fault),
        Ok(username) => match reserved_for_another(&app, &invited.invite, &username).await {
            Ok(reserved) => reserved.then(|| Fault::new("name-taken")),
            Err(error) => return unavailable(&app, &invited.reader, &error),
        },
    };
    let fault = fault.map(|fault| fault.say(&invited.reader.language).to_string());
    let mut response = Json(Verdict { fault }).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
