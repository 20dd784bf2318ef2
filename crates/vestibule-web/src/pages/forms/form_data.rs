//! The body of a submitted form.

use axum::body::{Body, to_bytes};
use http::{HeaderMap, header};
use secrecy::SecretString;

/// The maximum size in bytes: enough for a password of a thousand characters, each of four percent-encoded bytes.
const MAX_BYTES: usize = 16 << 10;

/// The body of a submitted form. The password is not printed.
#[derive(Debug, Default)]
pub(super) struct FormData {
    pub(super) username: String,
    pub(super) password: SecretString,
    /// The grant of the form.
    pub(super) grant: String,
}

impl FormData {
    /// Reads `application/x-www-form-urlencoded`; `None` for another type, or a body that is too large.
    pub(super) async fn read(headers: &HeaderMap, body: Body) -> Option<Self> {
        let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        let essence = kind.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return None;
        }
        let bytes = to_bytes(body, MAX_BYTES).await.ok()?;
        let mut data = Self::default();
        for (name, value) in form_urlencoded::parse(&bytes) {
            match &*name {
                "username" => data.username = value.into_owned(),
                "grant" => data.grant = value.into_owned(),
                "password" => data.password = value.into_owned().into(),
                _ => {}
            }
        }
        Some(data)
    }
}
