//! Whether a username will do; and `GET /invite/{token}/username?name=`, which says so while somebody types.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, Uri, header};
use serde::Serialize;
use vestibule_core::{
    CheckRequest, Invite, Principal, Refusal, Source, StoreError, Username, UsernameRefusal,
};

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

/// What the rules say against a name for this invite, whether there is an account or not: it is kept for the holder
/// of another one, or the host allows nobody to have it.
pub(super) async fn refusal(invited: &Invited<'_>, username: &Username) -> Result<Option<Fault>, StoreError> {
    let Invited { app, invite, token, .. } = invited;
    let by = Principal::Operator { host: invite.host.clone(), source: Source::service() };
    let check = CheckRequest { token: token.lookup(), username: Some(username.clone()), admitted_at: None };
    match app.invite_service.store().check(&by, check).await {
        Err(StoreError::Refused(Refusal::Username(UsernameRefusal::Forbidden(_)))) => {
            Ok(Some(Fault::new("name-refused")))
        }
        Err(StoreError::Refused(Refusal::Username(_))) => Ok(Some(Fault::new("name-taken"))),
        // The state of the invite is the matter of others.
        Ok(_) | Err(StoreError::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The same, and whether an account of that name came by one of our invites. Accounts that came otherwise only the
/// XMPP server knows, and it does not tell before somebody registers.
async fn refusal_or_known(invited: &Invited<'_>, username: &Username) -> Result<Option<Fault>, StoreError> {
    if let Some(fault) = refusal(invited, username).await? {
        return Ok(Some(fault));
    }
    let known = invited.app.invite_service.store().account_known(&invited.invite.host, username).await?;
    Ok(known.then(|| Fault::new("name-taken")))
}

#[derive(Serialize)]
struct Verdict {
    /// What is wrong, as HTML; nothing where nothing is, as far as Vestibule knows.
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
        Ok(username) => match refusal_or_known(&invited, &username).await {
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
