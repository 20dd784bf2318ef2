//! `GET /invite/{token}/qr.svg`: the link to the page, for the camera of a phone.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::header;

use super::{
    invited::{Invited, TokenInPath},
    missing::nothing_here,
    reader::Reader,
};
use crate::{App, qr::Code};

pub(super) async fn handle(
    State(app): State<App>,
    TokenInPath(token): TokenInPath,
    reader: Reader,
) -> Response {
    let invited = match Invited::find(&app, token, reader).await {
        Ok(invited) => invited,
        Err(answer) => return answer,
    };
    let link = app.links.link(&invited.invite, &invited.token);
    let Ok(code) = Code::of(&link) else {
        // A public URL of more than a thousand letters.
        return nothing_here(&app, &invited.reader);
    };
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    (headers, code.svg()).into_response()
}
