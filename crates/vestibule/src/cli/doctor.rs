//! The options of `doctor`.
#![expect(clippy::doc_markdown, reason = "these comments are the help text, which is no Markdown")]

use std::path::PathBuf;

use clap::Args;

use crate::plain_url::is_plain_http;

#[derive(Args, Debug)]
pub(crate) struct DoctorArgs {
    /// The host.
    pub(crate) host: String,
    /// URL at which the XMPP server reaches the service [default: the address it listens on, or listened on last].
    #[arg(long, value_name = "URL", value_parser = service_url)]
    pub(crate) url: Option<String>,
    /// File with the key that the XMPP server uses [default: the value of VESTIBULE_KEY].
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// Address of the XMPP server's client port, checked instead of the one that registrations use (c2s, else DNS).
    #[arg(long, value_name = "ADDR:PORT")]
    pub(crate) c2s: Option<String>,
    /// Count warnings as failures: exit with status 1 if there are any.
    #[arg(long)]
    pub(crate) strict: bool,
    /// The address that `serve` listens on, from an environment that both share.
    #[arg(long, hide = true, env = "VESTIBULE_LISTEN")]
    pub(crate) listen: Option<String>,
}

/// Rejects text that is not the URL of a service.
fn service_url(text: &str) -> Result<String, &'static str> {
    let base = text.trim_end_matches('/');
    if is_plain_http(base) {
        return Ok(base.to_owned());
    }
    Err(
        "expected http:// and the address where the service itself listens, for example http://127.0.0.1:8280; \
         not that of a web server in front of it that speaks https",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_http_url_is_accepted() {
        for (text, base) in [
            ("http://127.0.0.1:8280", "http://127.0.0.1:8280"),
            ("http://[::1]:8280/", "http://[::1]:8280"),
            ("http://vestibule.lan/join/", "http://vestibule.lan/join"),
        ] {
            assert_eq!(service_url(text), Ok(base.to_owned()));
        }
        for text in
            ["", "127.0.0.1:8280", "https://a.example", "http://", "http://u:p@a.example", "http://a/?k=1"]
        {
            assert!(service_url(text).is_err(), "{text}");
        }
    }
}
