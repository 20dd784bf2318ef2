//! The options of `serve`.
#![expect(clippy::doc_markdown, reason = "these comments are the help text, which is no Markdown")]

use std::{error::Error, ffi::OsString};

use clap::{Args, CommandFactory, FromArgMatches, Parser, builder::Resettable};
use vestibule_core::{Host, pasted_address};
use vestibule_web::{ClientAddressSource, Networks};

use super::variable;
use crate::config::{GuessRate, collector_url, networks};

#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ListenArgs {
    /// Address to listen on [default: 127.0.0.1:8280].
    #[arg(long, value_name = "ADDR:PORT", env = "VESTIBULE_LISTEN", value_parser = listen_address)]
    pub(crate) listen: Option<String>,
}

#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) listen: ListenArgs,
    /// An XMPP domain to create invites for; can be repeated. It is stored in the database. The variable can contain
    /// several, with commas or spaces between them.
    #[arg(long, value_name = "DOMAIN", env = HOST_VARIABLE, value_parser = hosts)]
    pub(crate) host: Vec<Hosts>,
    #[command(flatten)]
    pub(crate) http: HttpArgs,
}

#[derive(Args, Clone, Debug, Default)]
pub(crate) struct HttpArgs {
    /// Trusted reverse proxies (comma-separated networks); empty for none [default: 127.0.0.0/8,::1].
    #[arg(long, value_name = "NET,...", env = "VESTIBULE_TRUSTED_PROXIES", value_parser = networks)]
    pub(crate) trusted_proxies: Option<Networks>,
    /// Header with the client address, set by trusted proxies: x-forwarded-for, forwarded, x-real-ip or none
    /// [default: x-forwarded-for].
    #[arg(long, value_name = "HEADER", env = "VESTIBULE_CLIENT_ADDRESS")]
    pub(crate) client_address: Option<ClientAddressSource>,
    /// Rate of wrong tokens and keys allowed per client address, or off [default: 100/min].
    #[arg(long, value_name = "N/PERIOD", env = "VESTIBULE_GUESS_RATE")]
    pub(crate) guess_rate: Option<GuessRate>,
    /// Networks that may read the metrics (comma-separated); empty for none [default: 127.0.0.0/8,::1].
    #[arg(long, value_name = "NET,...", env = "VESTIBULE_METRICS_FROM", value_parser = networks)]
    pub(crate) metrics_from: Option<Networks>,
    /// Peers whose traces continue here (comma-separated networks); empty for none [default: none].
    #[arg(long, value_name = "NET,...", env = "VESTIBULE_TRACE_CONTEXT_FROM", value_parser = networks)]
    pub(crate) trace_context_from: Option<Networks>,
    /// OTLP collector for traces, e.g. http://127.0.0.1:4318; empty for none [default: none].
    #[arg(long, value_name = "URL", env = "VESTIBULE_OTLP_ENDPOINT", value_parser = collector_url)]
    pub(crate) otlp_endpoint: Option<String>,
}

/// The options of `serve` alone.
#[derive(Debug, Parser)]
#[command(no_binary_name = true)]
struct Options {
    #[command(flatten)]
    serve: ServeArgs,
}

impl ServeArgs {
    /// The options that the environment sets; a variable with a wrong value is left out, and described in one line.
    pub(crate) fn of_environment() -> (Self, Vec<String>) {
        let without_environment = || Options::command().mut_args(|option| option.env(Resettable::Reset));
        let (mut options, mut faults) = (Vec::new(), Vec::new());
        for option in Options::command().get_arguments() {
            let (Some(variable), Some(name)) = (option.get_env(), option.get_long()) else { continue };
            let Some(value) = variable::value(variable) else { continue };
            let mut given = OsString::from(format!("--{name}="));
            given.push(value);
            match without_environment().try_get_matches_from([&given]) {
                Ok(_) => options.push(given),
                Err(error) => {
                    let reason = error.source().map_or_else(|| error.kind().to_string(), ToString::to_string);
                    faults.push(format!("{}: {reason}", variable.display()));
                }
            }
        }
        let matches = without_environment().try_get_matches_from(options);
        let options = matches.and_then(|matches| Options::from_arg_matches(&matches));
        (options.map(|options| options.serve).unwrap_or_default(), faults)
    }
}

/// Rejects text that cannot be a listen address. Names are resolved later.
pub(crate) fn listen_address(text: &str) -> Result<String, String> {
    let parts = text.rsplit_once(':').filter(|(name, port)| {
        let is_bare_v6 = name.contains(':') && !(name.starts_with('[') && name.ends_with(']'));
        !name.is_empty() && !is_bare_v6 && port.parse::<u16>().is_ok()
    });
    parts.map(|_| text.to_owned()).ok_or_else(|| {
        "expected an address and a port, for example 127.0.0.1:8280, [::1]:8280 or localhost:8280".to_owned()
    })
}

/// The hosts in one value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Hosts(pub(crate) Vec<Host>);

/// The variable with the hosts.
const HOST_VARIABLE: &str = "VESTIBULE_HOST";

/// Reads hosts with commas between them. White space separates hosts only in the variable, because `--host` can be
/// repeated.
fn hosts(text: &str) -> Result<Hosts, String> {
    split_hosts(text, std::env::var(HOST_VARIABLE).is_ok_and(|value| value == text))
}

fn split_hosts(text: &str, at_spaces: bool) -> Result<Hosts, String> {
    let is_between = |one: char| one == ',' || (at_spaces && one.is_whitespace());
    let names: Vec<_> = text.split(is_between).map(str::trim).filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return Err("expected an XMPP domain, for example example.com".to_owned());
    }
    // The name is not repeated: it can be a URL with a password.
    let parse = |name: &&str| Host::parse(pasted_address(name)).map_err(|error| error.to_string());
    Ok(Hosts(names.iter().map(parse).collect::<Result<_, _>>()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listen_address_needs_a_port() {
        for text in ["127.0.0.1:8280", "[::1]:0", "localhost:80", "0.0.0.0:65535"] {
            assert_eq!(listen_address(text), Ok(text.to_owned()));
        }
        for text in
            ["", "nowhere", "8280", ":8280", "::1:8280", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "a:b"]
        {
            assert!(listen_address(text).is_err(), "{text}");
        }
    }

    #[test]
    fn several_hosts_can_be_one_value() {
        let names = |text| {
            split_hosts(text, true).map(|hosts| hosts.0.iter().map(Host::to_string).collect::<Vec<_>>())
        };
        for text in ["a.example,b.example", "a.example b.example", " a.example,\n b.example, "] {
            assert_eq!(names(text).unwrap(), ["a.example", "b.example"], "{text:?}");
        }
        for text in ["", " , ", "a.example,a..b"] {
            assert!(names(text).is_err(), "{text:?}");
        }
        assert_eq!(split_hosts("a.example,b.example", false).unwrap().0.len(), 2);
        assert!(split_hosts("not a host", false).is_err());
    }
}
