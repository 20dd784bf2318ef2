//! `GET /invite/{token}`: the first page.

use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::Response,
};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use vestibule_core::{Kind, Refusal, TokenRefusal, rules, xmpp_uri};

use super::missing::{dead_invite, unavailable};
use crate::App;

#[derive(Serialize)]
struct Landing<'a> {
    kind: &'static str,
    site: &'a str,
    host: &'a str,
    inviter: Option<&'a str>,
    username: Option<&'a str>,
    uri: &'a str,
    makes_account: bool,
    expires_at: String,
    expires_on: String,
}

/// Shows what the invite offers. Looking never uses it up.
pub(super) async fn handle(State(app): State<App>, token: Result<Path<String>, PathRejection>) -> Response {
    let Ok(Path(token)) = token else {
        return dead_invite(&app, TokenRefusal::Unknown);
    };
    let (invite, token) = match app.desk.find(&token).await {
        Ok(Some(found)) => found,
        Ok(None) => return dead_invite(&app, TokenRefusal::Unknown),
        Err(error) => return unavailable(&app, &error),
    };
    match rules::check(&invite, None, None, app.desk.now()) {
        Ok(()) => {}
        Err(Refusal::Token(why)) => return dead_invite(&app, why),
        Err(_) => return dead_invite(&app, TokenRefusal::Unknown),
    }
    let uri = xmpp_uri(&invite, &token);
    let expires_at = invite.expires_at.to_string();
    let page = Landing {
        kind: invite.kind.as_str(),
        site: app.site_name(&invite.host),
        host: invite.host.as_str(),
        inviter: invite.inviter.as_ref().map(vestibule_core::Username::as_str),
        username: invite.username.as_ref().map(vestibule_core::Username::as_str),
        uri: &uri,
        makes_account: invite.kind.makes_account() || invite.kind == Kind::PasswordReset,
        expires_on: expires_at.replace('T', " ").replace('Z', " UTC"),
        expires_at,
    };
    let mut response = app.pages.render(StatusCode::OK, "landing.html", &page);
    let headers = response.headers_mut();
    // Apps read the URI from here, with exactly this spacing, also across origins.
    if let Ok(link) = HeaderValue::try_from(format!("<{uri}>; rel=\"alternate\"")) {
        headers.insert(header::LINK, link);
    }
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("Link"));
    response
}
