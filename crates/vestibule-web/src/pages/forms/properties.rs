//! What holds of every form.

use axum::body::{Body, Bytes};
use futures_util::FutureExt;
use http::{HeaderMap, HeaderValue, header};
use secrecy::ExposeSecret;

use super::form_data::FormData;

/// The maximum size of a form in bytes.
const MAX_BYTES: usize = 16 << 10;

/// A form: every body of a legal size is read, an encoded form is read back, and the password is not printed.
pub fn form_body(bytes: &[u8]) {
    let Some(data) = read(bytes) else {
        assert!(bytes.len() > MAX_BYTES);
        return;
    };
    assert!(bytes.len() <= MAX_BYTES);
    let encode = |password: &str| {
        form_urlencoded::Serializer::new(String::new())
            .append_pair("username", &data.username)
            .append_pair("password", password)
            .append_pair("grant", &data.grant)
            .finish()
    };
    let Some(again) = read(encode(data.password.expose_secret()).as_bytes()) else { return };
    assert_eq!((&again.username, &again.grant), (&data.username, &data.grant));
    assert_eq!(again.password.expose_secret(), data.password.expose_secret());
    let Some(other) = read(encode("another").as_bytes()) else { return };
    assert_eq!(format!("{again:?}"), format!("{other:?}"));
}

fn read(bytes: &[u8]) -> Option<FormData> {
    let mut headers = HeaderMap::new();
    let form = HeaderValue::from_static("application/x-www-form-urlencoded");
    headers.insert(header::CONTENT_TYPE, form);
    let body = Body::from(Bytes::copy_from_slice(bytes));
    let Some(data) = FormData::read(&headers, body).now_or_never() else {
        unreachable!("the body is complete");
    };
    data
}
