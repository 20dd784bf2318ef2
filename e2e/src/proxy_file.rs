//! The files of `docs/proxies`, with the addresses of a test.

use std::net::SocketAddr;
use std::path::Path;

use crate::reverse_proxy::ACCESS_LOG;
use crate::{HarnessError, ProxyKind};

/// The address of Vestibule in the files.
const UPSTREAM: &str = "127.0.0.1:8280";

/// A configuration file of the handbook.
pub(crate) struct ProxyFile {
    kind: ProxyKind,
    text: &'static str,
}

/// The addresses of a proxy in a test.
#[derive(Debug)]
pub(crate) struct Addresses {
    /// Vestibule.
    pub(crate) upstream: SocketAddr,
    /// In place of port 443.
    pub(crate) main: SocketAddr,
    /// In place of port 80.
    pub(crate) redirect: SocketAddr,
    /// In place of the web site. Nothing listens there.
    pub(crate) unused: SocketAddr,
    /// Whether `main` speaks TLS.
    pub(crate) tls: bool,
}

impl ProxyFile {
    pub(crate) fn of(kind: ProxyKind) -> Self {
        let text = match kind {
            ProxyKind::Nginx => include_str!("../../docs/proxies/nginx.conf"),
            ProxyKind::Caddy => include_str!("../../docs/proxies/Caddyfile"),
            ProxyKind::Haproxy => include_str!("../../docs/proxies/haproxy.cfg"),
            ProxyKind::Apache => include_str!("../../docs/proxies/apache.conf"),
        };
        Self { kind, text }
    }

    /// Replaces addresses, the paths of certificates and logs, and the user.
    ///
    /// # Errors
    /// If the file has none of them: it would not be the file that is tested.
    pub(crate) fn with(&self, addresses: &Addresses, directory: &Path) -> Result<String, HarnessError> {
        let (main, redirect) = (addresses.main, addresses.redirect);
        let [certificate, key, both] =
            ["certificate.pem", "key.pem", "both.pem"].map(|name| directory.join(name).display().to_string());
        let tls = |on: String, off: String| if addresses.tls { on } else { off };
        let mut changes = vec![(UPSTREAM, addresses.upstream.to_string())];
        changes.extend(match self.kind {
            ProxyKind::Nginx => vec![
                ("listen 80;", format!("listen {redirect};")),
                ("listen 443 ssl;", tls(format!("listen {main} ssl;"), format!("listen {main};"))),
                // Not every machine has IPv6.
                ("listen [::]:80;", String::new()),
                ("listen [::]:443 ssl;", String::new()),
                ("/var/log/nginx/access.log", directory.join(ACCESS_LOG).display().to_string()),
                ("/etc/letsencrypt/live/example.com/fullchain.pem", certificate),
                ("/etc/letsencrypt/live/example.com/privkey.pem", key),
            ],
            ProxyKind::Caddy => vec![
                ("\n{\n", "\n{\n\tadmin off\n\tauto_https off\n".to_owned()),
                (
                    "\nexample.com {\n",
                    tls(
                        format!(
                            "\nhttps://example.com:{} {{\n\tbind {}\n\ttls {certificate} {key}\n",
                            main.port(),
                            main.ip()
                        ),
                        format!("\nhttp://{main} {{\n"),
                    ),
                ),
            ],
            ProxyKind::Haproxy => vec![
                ("bind :80\n", format!("bind {redirect}\n")),
                (
                    "bind :443 ssl crt /etc/haproxy/certs/example.com.pem",
                    tls(format!("bind {main} ssl crt {both}"), format!("bind {main}")),
                ),
                ("log /dev/log local0", "log stderr format raw local0".to_owned()),
                ("    user haproxy\n    group haproxy\n", String::new()),
                ("127.0.0.1:8080", addresses.unused.to_string()),
            ],
            ProxyKind::Apache => vec![
                ("<VirtualHost *:80>", format!("<VirtualHost {redirect}>")),
                ("<VirtualHost *:443>", format!("<VirtualHost {main}>")),
                ("SSLEngine on", tls("SSLEngine on".to_owned(), "SSLEngine off".to_owned())),
                ("/etc/letsencrypt/live/example.com/fullchain.pem", certificate),
                ("/etc/letsencrypt/live/example.com/privkey.pem", key),
            ],
        });
        changes.into_iter().try_fold(self.text.to_owned(), |text, (from, to)| {
            if text.contains(from) { Ok(text.replace(from, &to)) } else { Err(self.lacks(from)) }
        })
    }

    fn lacks(&self, what: &str) -> HarnessError {
        HarnessError::NotReady {
            program: format!("{:?}", self.kind),
            why: format!("the file in docs/proxies does not contain {what:?}"),
            output: String::new(),
        }
    }
}
