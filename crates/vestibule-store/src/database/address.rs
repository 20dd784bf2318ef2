//! Addresses of PostgreSQL databases: `postgres://USER@HOST/DATABASE`.

use std::{fmt, net::IpAddr, path::PathBuf, str::FromStr, time::Duration};

use percent_encoding::percent_decode_str;
use tokio_postgres::{
    Config,
    config::{Host, SslMode, TargetSessionAttrs},
};

/// The directory of the server's socket on Debian.
const SOCKET_DIRECTORY: &str = "/var/run/postgresql";

/// Timeout of one attempt to connect.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Time after which unacknowledged data closes a connection (`TCP_USER_TIMEOUT`).
const SEND_TIMEOUT: Duration = Duration::from_secs(5);

/// Idle time before TCP keepalive probes.
const KEEPALIVE: Duration = Duration::from_secs(15);

/// The address of a database and the parameters of its connections.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Address {
    config: Config,
    tls: Tls,
    local: bool,
}

/// Encryption of the connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tls {
    /// No encryption.
    Off,
    /// TLS with a valid certificate for the server's name (`verify-full`), issued by an authority of the system or, if
    /// given, by one in the file.
    Verified(Option<PathBuf>),
}

impl Address {
    /// The same address with a password.
    pub(crate) fn with_password(mut self, password: &str) -> Self {
        self.config.password(password);
        self
    }

    pub(crate) const fn config(&self) -> &Config {
        &self.config
    }

    pub(crate) const fn tls(&self) -> &Tls {
        &self.tls
    }

    /// Whether data crosses a network without encryption.
    pub(crate) fn is_exposed(&self) -> bool {
        self.tls == Tls::Off && !self.local
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if !is_unambiguous(text) {
            return Err(AMBIGUOUS.to_owned());
        }
        let (base, query) = text.split_once('?').unwrap_or((text, ""));
        // Text after a password in the query can be part of the password.
        let redacted = |error: String| if query.contains("password") { AMBIGUOUS.to_owned() } else { error };
        let (mut mode, mut roots, mut rest) = (None, None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = percent_decode_str(value)
                .decode_utf8()
                .map_err(|_| redacted(format!("{name} is not UTF-8")))?;
            match name {
                "sslmode" => mode = Some(value.into_owned()),
                "sslrootcert" => roots = Some(value.into_owned()),
                _ => rest.push(pair),
            }
        }
        let mut config: Config = format!("{base}?{}", rest.join("&"))
            .parse()
            .map_err(|error: tokio_postgres::Error| redacted(crate::postgres::error::describe(&error)))?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            config.host_path(SOCKET_DIRECTORY);
        }
        if config.get_dbname().is_none_or(str::is_empty) {
            return Err("the database name is missing; expected postgres://USER@HOST/DATABASE".to_owned());
        }
        let local = is_local(&config);
        let tls = match mode.as_deref() {
            None if local && roots.is_none() => Tls::Off,
            Some("disable") => Tls::Off,
            None | Some("verify-full") => {
                Tls::Verified(roots.filter(|path| path != "system").map(PathBuf::from))
            }
            Some(other) => {
                return Err(format!(
                    "sslmode={other} does not authenticate the server and is not supported; expected verify-full \
                     (with sslrootcert=FILE for your own certificate authority) or disable"
                ));
            }
        };
        set_defaults(&mut config, &tls);
        Ok(Self { config, tls, local })
    }
}

/// The error for ambiguous text. It repeats nothing, because any part of the text can belong to a password.
const AMBIGUOUS: &str = "not the address of a database: expected postgres://USER:PASSWORD@HOST:PORT/DATABASE; in the \
                       password and elsewhere, write @ as %40, / as %2F, ? as %3F, : as %3A, & as %26 and % as %25, or \
                       keep the password in a file (--database-password-file)";

/// Whether the parts of the URL are unambiguous. An unescaped `@`, `/` or `?` in a password would end it early, and the
/// rest would be taken for a host or a database.
fn is_unambiguous(text: &str) -> bool {
    let Some((_, rest)) = text.split_once("://") else { return false };
    let (authority, after) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let (user, hosts) = authority.rsplit_once('@').unwrap_or(("", authority));
    !user.contains('@') && !after.contains('@') && hosts.split(',').all(is_host)
}

/// Whether the text is `HOST`, `HOST:PORT`, `[IPv6]:PORT` or nothing.
fn is_host(text: &str) -> bool {
    let (name, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, port)) if address.parse::<std::net::Ipv6Addr>().is_ok() => ("", port),
        Some(_) => return false,
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    let letters = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '.' | '_' | '%');
    let digits = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    name.chars().all(letters) && (port.is_empty() || port.strip_prefix(':').is_some_and(digits))
}

/// Sets the default parameters.
fn set_defaults(config: &mut Config, tls: &Tls) {
    config.ssl_mode(if *tls == Tls::Off { SslMode::Disable } else { SslMode::Require });
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT_TIMEOUT);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(SEND_TIMEOUT);
    }
    config.keepalives_idle(config.get_keepalives_idle().min(KEEPALIVE));
    if config.get_application_name().is_none() {
        config.application_name("vestibule");
    }
    // With several servers, only the primary accepts writes.
    if config.get_hosts().len().max(config.get_hostaddrs().len()) > 1
        && config.get_target_session_attrs() == TargetSessionAttrs::Any
    {
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
    }
}

/// Whether every server is on this machine.
fn is_local(config: &Config) -> bool {
    if !config.get_hostaddrs().is_empty() {
        return config.get_hostaddrs().iter().all(IpAddr::is_loopback);
    }
    config.get_hosts().iter().all(|host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
    })
}

/// Without the password.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        if let Some(user) = self.config.get_user() {
            write!(f, "{user}@")?;
        }
        let ports = self.config.get_ports();
        for (index, host) in self.config.get_hosts().iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            match host {
                Host::Tcp(name) if name.contains(':') => write!(f, "[{name}]")?,
                Host::Tcp(name) => f.write_str(name)?,
                Host::Unix(directory) => write!(f, "{}", directory.display())?,
            }
            if let Some(port) = ports.get(index).or(ports.first().filter(|_| ports.len() == 1)) {
                write!(f, ":{port}")?;
            }
        }
        write!(f, "/{}", self.config.get_dbname().unwrap_or_default())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Address, String> {
        text.parse()
    }

    #[test]
    fn a_password_is_never_displayed() {
        for text in [
            "postgres://ann:s3cret@db.example:5433/invites",
            "postgres://db.example:5433/invites?user=ann&password=s3cret",
            "postgresql://ann:s3cret@db.example:5433/invites?application_name=x",
        ] {
            let address = read(text).unwrap();
            assert_eq!(address.to_string(), "postgres://ann@db.example:5433/invites");
            assert!(!format!("{address:?}").contains("s3cret"));
        }
        let other = read("postgres://ann@db.example/invites").unwrap().with_password("s3cret");
        assert_eq!(other.to_string(), "postgres://ann@db.example:5432/invites");
        for wrong in [
            "postgres://ann:s3cret@db.example",
            "postgres://ann:s3cret@db.example:port/x",
            "postgres://u:S@s3cret/x@y@127.0.0.1:bad/x",
            "postgres://u:S@s3cret@db.example/x",
            "postgres://u:S/s3cret@db.example/x",
            "postgres://u:1/s3cret@db.example/x",
            "postgres://u:S?s3cret@db.example/x",
            "postgres://u:S?s3cret=1@db.example/x",
            "postgres://u:1?s3cret@db.example/x",
            "postgres://u:s3cret/x",
            "postgres://u:s3cret",
            "postgres://host=db password=s3cret dbname=x/x",
            "postgres://host=db password=s3cret",
            "postgres://db.example/x?user=u&password=S&s3cret",
            "postgres://db.example/x?user=u&password=S&s3cret=%ff",
            "postgres://u:a b s3cret:c/x",
            "postgres://[s3cret]/x",
        ] {
            let error = read(wrong).unwrap_err();
            assert!(!error.contains("s3cret"), "{wrong}: {error}");
        }
        for right in [
            "postgres://ann:p%40s%2Fs3cret@db.example/x",
            "postgres://ann:s3cret#:$!@db.example/x",
            "postgres://ann@[::1]:5432,db.example/x?password=s3cret",
            "postgres://ann:s3cret@%2Fvar%2Frun/x",
        ] {
            assert!(!read(right).unwrap().to_string().contains("s3cret"), "{right}");
        }
    }

    #[test]
    fn a_remote_server_must_be_authenticated() {
        let system = Tls::Verified(None);
        for (text, expected) in [
            ("postgres://a@db.example/x", system.clone()),
            ("postgres://a@db.example/x?sslmode=verify-full&sslrootcert=system", system.clone()),
            ("postgres://a@db.example/x?sslrootcert=%2Fca.pem", Tls::Verified(Some("/ca.pem".into()))),
            ("postgres://a@db.example/x?sslmode=disable", Tls::Off),
            ("postgres://a@127.0.0.1/x", Tls::Off),
            ("postgres://a@localhost,[::1]/x", Tls::Off),
            ("postgres://a@localhost,db.example/x", system.clone()),
            ("postgres://a@localhost/x?sslmode=verify-full", system),
            ("postgres:///x?host=/run/pg", Tls::Off),
            ("postgres:///x", Tls::Off),
        ] {
            let address = read(text).unwrap();
            assert_eq!(*address.tls(), expected, "{text}");
            let off = expected == Tls::Off;
            assert_eq!(address.config().get_ssl_mode() == SslMode::Disable, off, "{text}");
        }
        assert!(read("postgres://a@db.example/x?sslmode=disable").unwrap().is_exposed());
        assert!(!read("postgres://a@127.0.0.1/x").unwrap().is_exposed());
    }

    #[test]
    fn invalid_addresses_are_rejected_with_a_reason() {
        for (text, reason) in [
            ("postgres://a@db.example", "the database name is missing"),
            ("postgres://a@db.example/x?sslmode=prefer", "verify-full"),
            ("postgres://a@db.example/x?sslmode=require", "verify-full"),
            ("postgres://a@db.example/x?colour=red", "colour"),
            ("postgres://a@db.example:70000/x", "port"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
