//! `GET /healthz`: the process is alive.

use http::header;

/// Always `ok`: a restart would not help against a full disk.
pub(super) async fn handle() -> ([(header::HeaderName, &'static str); 1], &'static str) {
    ([(header::CACHE_CONTROL, "no-store")], "ok\n")
}
