//! What somebody sent with a form.

use axum::body::{Body, to_bytes};
use http::{HeaderMap, header};
use secrecy::SecretString;

/// More than any honest form holds, in bytes: a password of a thousand characters, each in up to four bytes that are
/// each written as three.
const MOST: usize = 16 << 10;

/// What somebody sent with a form. The password does not print.
#[derive(Debug, Default)]
pub(super) struct FormData {
    pub(super) username: String,
    pub(super) password: SecretString,
    /// The grant that the form was made with.
    pub(super) grant: String,
}

impl FormData {
    /// Reads `registration/x-www-form-urlencoded`; `None` for anything else, and for what is too large.
    pub(super) async fn read(headers: &HeaderMap, body: Body) -> Option<Self> {
        let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        let essence = kind.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return None;
        }
        let bytes = to_bytes(body, MOST).await.ok()?;
        let mut form_data = Self::default();
        for (name, value) in form_urlencoded::parse(&bytes) {
            match &*name {
                "username" => form_data.username = value.into_owned(),
                "grant" => form_data.grant = value.into_owned(),
                "password" => form_data.password = value.into_owned().into(),
                _ => {}
            }
        }
        Some(form_data)
    }
}
