//! Whether a username will do; and `GET /invite/{token}/username?name=`, which says so while somebody types.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, Uri, header};
use serde::Serialize;
use vestibule_core::{Authority, Invite, Source, StoreError, Username};

use super::faults::Fault;
use crate::{
    App,
    pages::{
        invited::{Invited, TokenInPath},
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
        Some(bound) if *bound != username => Err(Fault::new("name-not-yours").with_username(bound.as_str())),
        _ => Ok(username),
    }
}

/// What is wrong with a name that nobody may register with this invite, whether there is an account or not.
pub(super) async fn reserved(
    app: &App,
    invite: &Invite,
    username: &Username,
) -> Result<Option<Fault>, StoreError> {
    let by = Authority::Operator { host: invite.host.clone(), source: Source::service() };
    let holder = app.desk.store().reservation(&by, username).await?;
    Ok(holder.filter(|holder| *holder != invite.id).map(|_| Fault::new("name-taken")))
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
    TokenInPath(token): TokenInPath,
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
        Ok(username) => match reserved(&app, &invited.invite, &username).await {
            Ok(fault) => fault,
            Err(error) => return unavailable(&app, &invited.reader, &error),
        },
    };
    let fault = fault.map(|fault| fault.html(&invited.reader.language));
    let mut response = Json(Verdict { fault }).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
