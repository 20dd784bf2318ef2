//! Links of the suite that came before: `/invite?TOKEN`, `/invites_page?TOKEN`, `/register?t=TOKEN&c=APP`. They lead
//! to the pages of today.

use axum::{extract::State, response::Response};
use http::{HeaderValue, StatusCode, Uri, header};
use vestibule_core::Token;

use super::{missing::nothing_here, reader::Reader};
use crate::App;

/// `/invite?TOKEN` and `/invites_page?TOKEN`
pub(super) async fn page(State(app): State<App>, reader: Reader, uri: Uri) -> Response {
    let query = uri.query().unwrap_or_default();
    // Messengers add parameters of their own to links.
    let token = query.split('&').next().unwrap_or_default();
    match Token::parse(token) {
        Ok(token) => redirect(&format!("{}/invite/{}", app.links.path(), token.expose())),
        Err(_) => nothing_here(&app, &reader),
    }
}

/// `/register?t=TOKEN&c=APP`
pub(super) async fn register(State(app): State<App>, reader: Reader, uri: Uri) -> Response {
    let (mut token, mut program) = (None, None);
    for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        match &*name {
            "t" => token = Token::parse(&value).ok(),
            "c" if is_id(&value) => program = Some(value.into_owned()),
            _ => {}
        }
    }
    let Some(token) = token else {
        return nothing_here(&app, &reader);
    };
    let program = program.map(|id| format!("?app={id}")).unwrap_or_default();
    redirect(&format!("{}/invite/{}/register{program}", app.links.path(), token.expose()))
}

fn is_id(text: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=64).contains(&text.len()) && text.bytes().all(legal)
}

/// To another address of ours. Not for good: what an address leads to is the operator's to change.
fn redirect(target: &str) -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::SEE_OTHER;
    let headers = response.headers_mut();
    if let Ok(target) = HeaderValue::try_from(target) {
        headers.insert(header::LOCATION, target);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}
