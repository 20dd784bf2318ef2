//! Settings that apply to every HTTP request.

use std::{fmt::Display, str::FromStr, sync::Arc};

use vestibule_core::Rate;
use vestibule_web::{
    BruteForceLimiter, ClientAddressSource, HttpState, Metrics, Networks, NetworksError, RequestTraces,
};

use super::{ConfigError, faults::Faults, file::File};
use crate::{cli::HttpArgs, plain_url::is_plain_http, traces::continue_trace};

/// Settings that apply to every HTTP request, validated.
#[derive(Clone, Debug)]
pub(crate) struct HttpSettings {
    pub(super) trusted_proxies: Networks,
    pub(super) client_address: ClientAddressSource,
    /// `None` means no limit.
    pub(super) guess_rate: Option<Rate>,
    pub(super) metrics_from: Networks,
    /// Peers whose trace context is continued.
    pub(super) trace_context_from: Networks,
    /// The collector of traces.
    pub(crate) otlp_endpoint: Option<String>,
}

impl HttpSettings {
    /// Gathers the settings from the command line, else from the file.
    pub(super) fn gather(args: &HttpArgs, file: &File, faults: &mut Faults) -> Self {
        let mut listed =
            |setting: &str, given: Option<&Networks>, list: Option<&Vec<String>>, default: Networks| {
                let read = |list: &Vec<String>| {
                    Networks::read(list.iter().map(String::as_str))
                        .map_err(|error| ConfigError::value(setting, error))
                };
                match (given, list) {
                    (Some(given), _) => given.clone(),
                    (None, Some(list)) => faults.keep_or(read(list), default),
                    (None, None) => default,
                }
            };
        let proxies = file.trusted_proxies.as_ref();
        let trusted_proxies =
            listed("trusted_proxies", args.trusted_proxies.as_ref(), proxies, Networks::default());
        let readers = file.metrics_from.as_ref();
        let metrics_from = listed("metrics_from", args.metrics_from.as_ref(), readers, Networks::default());
        let peers = file.trace_context_from.as_ref();
        let trace_context_from =
            listed("trace_context_from", args.trace_context_from.as_ref(), peers, Networks::none());
        let otlp_endpoint = args.otlp_endpoint.clone().unwrap_or_else(|| {
            let text = file.otlp_endpoint.as_deref().unwrap_or_default();
            faults.keep(value("otlp_endpoint", text, collector_url)).unwrap_or_default()
        });
        let guess_rate = args.guess_rate.unwrap_or_else(|| {
            let text = file.guess_rate.as_deref().unwrap_or("100/min");
            faults.keep_or(value("guess_rate", text, str::parse), GuessRate(None))
        });
        let client_address = args.client_address.unwrap_or_else(|| {
            let text = file.client_address.as_deref();
            let read = text.and_then(|text| faults.keep(value("client_address", text, str::parse)));
            read.unwrap_or_default()
        });
        Self {
            trusted_proxies,
            client_address,
            guess_rate: guess_rate.0,
            metrics_from,
            trace_context_from,
            otlp_endpoint: Some(otlp_endpoint).filter(|url| !url.is_empty()),
        }
    }

    /// The state of the HTTP layer with these settings.
    pub(crate) fn state(&self, metrics: Arc<Metrics>) -> HttpState {
        HttpState {
            trusted_proxies: self.trusted_proxies.clone(),
            client_address: self.client_address,
            limiter: BruteForceLimiter::new(self.guess_rate),
            metrics,
            metrics_from: self.metrics_from.clone(),
            traces: self
                .otlp_endpoint
                .as_ref()
                .map(|_| RequestTraces { context_from: self.trace_context_from.clone(), continue_trace }),
            ..HttpState::default()
        }
    }
}

/// The rate of wrong tokens and keys of one client address. `None` means no limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GuessRate(Option<Rate>);

/// The text is not a rate.
#[derive(Debug, thiserror::Error)]
#[error("{0}, or off")]
pub(crate) struct GuessRateError(<Rate as FromStr>::Err);

impl FromStr for GuessRate {
    type Err = GuessRateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "off" {
            return Ok(Self(None));
        }
        text.parse().map(|rate| Self(Some(rate))).map_err(GuessRateError)
    }
}

/// Parses a setting of the file.
fn value<T, E: Display>(
    setting: &str,
    text: &str,
    read: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, ConfigError> {
    read(text).map_err(|error| ConfigError::value(setting, error))
}

/// Parses comma-separated networks. Empty items are skipped, so that an empty text means no network.
pub(crate) fn networks(text: &str) -> Result<Networks, NetworksError> {
    Networks::read(text.split(',').map(str::trim).filter(|text| !text.is_empty()))
}

/// Rejects text that is not the URL of a collector; an empty text means none.
pub(crate) fn collector_url(text: &str) -> Result<String, &'static str> {
    if text.is_empty() || is_plain_http(text) {
        return Ok(text.to_owned());
    }
    Err(
        "expected http:// and the address of a collector, for example http://127.0.0.1:4318; for a collector that \
         requires TLS, run a local one that forwards traces",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli_error::CliError;

    fn gather(flag: (&str, &str), file: &str) -> Result<HttpSettings, CliError> {
        let given = |name| (flag.0 == name).then_some(flag.1);
        let args = HttpArgs {
            trusted_proxies: given("proxies").map(|text| networks(text).unwrap()),
            client_address: given("address").map(|text| text.parse().unwrap()),
            guess_rate: given("rate").map(|text| text.parse().unwrap()),
            ..HttpArgs::default()
        };
        let mut faults = Faults::default();
        let settings = HttpSettings::gather(&args, &File::parse(file).unwrap().0, &mut faults);
        faults.end(settings).map_err(|mut faults| faults.remove(0))
    }

    #[test]
    fn loopback_proxies_are_trusted_by_default() {
        for (flag, file, expected) in [
            (("", ""), "", "127.0.0.0/8,::1/128"),
            (("", ""), "trusted_proxies = []", ""),
            (("", ""), "trusted_proxies = [\"10.0.0.1\"]", "10.0.0.1/32"),
            (("proxies", ""), "trusted_proxies = [\"10.0.0.1\"]", ""),
            (("proxies", "10.0.0.2, 10.1.0.0/16"), "trusted_proxies = []", "10.0.0.2/32,10.1.0.0/16"),
        ] {
            let found = gather(flag, file).unwrap().trusted_proxies.to_string();
            assert_eq!(found, expected, "{flag:?} {file}");
        }
        let error = gather(("", ""), "trusted_proxies = [\"nowhere\"]").unwrap_err().to_string();
        assert!(error.starts_with("trusted_proxies: \"nowhere\" is neither an address"), "{error}");
    }

    #[test]
    fn the_client_address_header_is_parsed() {
        for (flag, file, expected) in [
            (("", ""), "", ClientAddressSource::XForwardedFor),
            (("", ""), "client_address = \"x-real-ip\"", ClientAddressSource::XRealIp),
            (("address", "none"), "client_address = \"x-real-ip\"", ClientAddressSource::None),
            (("address", "Forwarded"), "", ClientAddressSource::Forwarded),
        ] {
            assert_eq!(gather(flag, file).unwrap().client_address, expected, "{flag:?} {file}");
        }
        let error = gather(("", ""), "client_address = \"x-client-ip\"").unwrap_err().to_string();
        assert!(error.starts_with("client_address: expected \"x-forwarded-for\""), "{error}");
    }

    #[test]
    fn the_collector_is_a_plain_http_url() {
        let with = |url: &str| gather(("", ""), &format!("otlp_endpoint = \"{url}\""));
        for url in ["http://127.0.0.1:4318", "http://collector.example/otlp/", "http://[::1]:4318"] {
            assert_eq!(with(url).unwrap().otlp_endpoint.as_deref(), Some(url));
        }
        assert_eq!(with("").unwrap().otlp_endpoint, None);
        for url in
            ["127.0.0.1:4318", "https://a.example", "http://", "http://u:p@a.example", "http://a/?x", "x"]
        {
            let error = with(url).unwrap_err().to_string();
            assert!(error.starts_with("otlp_endpoint: expected http://"), "{url}: {error}");
        }
    }

    #[test]
    fn only_listed_peers_continue_their_traces() {
        for (file, expected) in [
            ("", ""),
            ("trace_context_from = []", ""),
            ("trace_context_from = [\"10.0.0.1\"]\ntrusted_proxies = [\"10.0.0.2\"]", "10.0.0.1/32"),
        ] {
            let found = gather(("", ""), file).unwrap().trace_context_from.to_string();
            assert_eq!(found, expected, "{file}");
        }
    }

    #[test]
    fn the_rate_can_be_off() {
        for (flag, file, expected) in [
            (("", ""), "", Some("100/min")),
            (("", ""), "guess_rate = \"5/s\"", Some("5/s")),
            (("rate", "off"), "guess_rate = \"5/s\"", None),
        ] {
            let found = gather(flag, file).unwrap().guess_rate.map(|rate| rate.to_string());
            assert_eq!(found.as_deref(), expected, "{flag:?} {file}");
        }
        let error = gather(("", ""), "guess_rate = \"slow\"").unwrap_err().to_string();
        assert!(error.starts_with("guess_rate: not a rate") && error.ends_with("or off"), "{error}");
    }
}
