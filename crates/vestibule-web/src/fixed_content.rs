//! Content that does not change while the service runs: style sheets, scripts, the documentation.

use axum::{
    body::{Body, Bytes},
    response::Response,
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use sha2::{Digest, Sha256};
use vestibule_core::hex;

use crate::{gzip, http::Negotiation};

/// Content with its compressed form, made once, and its entity tag.
#[derive(Clone)]
pub(crate) struct FixedContent {
    plain: Bytes,
    /// Set if it is smaller.
    gzip: Option<Bytes>,
    /// A hash of the content, in hexadecimal digits.
    pub(crate) hash: String,
}

impl FixedContent {
    /// Compresses text.
    pub(crate) fn text(text: impl Into<Bytes>) -> Self {
        let plain = text.into();
        let gzip = gzip::compressed(&plain).map(Bytes::from);
        Self { gzip, ..Self::binary(plain) }
    }

    /// Content that is compressed already, such as a photo.
    pub(crate) fn binary(bytes: impl Into<Bytes>) -> Self {
        let plain = bytes.into();
        let hash = hex::encode(&Sha256::digest(&plain)[..8]);
        Self { plain, gzip: None, hash }
    }

    pub(crate) fn bytes(&self) -> &Bytes {
        &self.plain
    }

    /// The response to a request: the content as the client wants it, or that it has it already. `headers` are those
    /// of the content.
    pub(crate) fn respond(&self, negotiation: &Negotiation, headers: HeaderMap) -> Response {
        let gzip = self.gzip.as_ref().filter(|_| negotiation.accepts_gzip);
        let etag = entity_tag(&self.hash, gzip.is_some());
        let mut response = Response::new(Body::empty());
        *response.headers_mut() = headers;
        if self.gzip.is_some() {
            response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        represent(&mut response, &etag, gzip.is_some(), negotiation, || {
            gzip.unwrap_or(&self.plain).clone().into()
        });
        response
    }
}

/// The entity tag of a representation. That of compressed content is another one (RFC 9110, section 8.8.3.3).
pub(crate) fn entity_tag(hash: &str, is_compressed: bool) -> String {
    if is_compressed { format!("\"{hash}-gzip\"") } else { format!("\"{hash}\"") }
}

/// Completes a response: with the content, or with status 304 if the client has it already.
pub(crate) fn represent(
    response: &mut Response,
    etag: &str,
    is_compressed: bool,
    negotiation: &Negotiation,
    content: impl FnOnce() -> Body,
) {
    if let Ok(etag) = HeaderValue::try_from(etag) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    if negotiation.has(etag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.headers_mut().remove(header::CONTENT_TYPE);
        // A body of unknown length, because the length of an empty one would be sent as that of the content (RFC 9110,
        // section 8.6).
        *response.body_mut() =
            Body::from_stream(futures_util::stream::empty::<Result<Bytes, std::io::Error>>());
        return;
    }
    if is_compressed {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    *response.body_mut() = content();
}
