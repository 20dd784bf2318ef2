//! The settings of what stands before all routes.

use std::sync::Arc;

use ureq::http::Uri;
use vestibule_core::Rate;
use vestibule_web::{ClientAddressSource, Gate, Guard, Metrics, Networks};

use super::{ConfigError, file::File};
use crate::cli::GateArgs;

/// The settings of what stands before all routes, checked.
#[derive(Clone, Debug)]
pub(crate) struct GateSettings {
    trusted_proxies: Networks,
    client_address: ClientAddressSource,
    /// `None`: nobody is slowed.
    guess_rate: Option<Rate>,
    metrics_from: Networks,
    /// The collector that traces are sent to.
    pub(crate) otlp_endpoint: Option<String>,
}

impl GateSettings {
    /// Takes them from the command line, else from the file.
    pub(super) fn gather(args: &GateArgs, file: &File) -> Result<Self, ConfigError> {
        let trusted_proxies =
            networks("trusted_proxies", args.trusted_proxies.as_deref(), file.trusted_proxies.as_deref())?;
        let metrics_from =
            networks("metrics_from", args.metrics_from.as_deref(), file.metrics_from.as_deref())?;
        let collector = args.otlp_endpoint.clone().or(file.otlp_endpoint.clone());
        let otlp_endpoint = collector.filter(|url| !url.is_empty()).map(collector_url).transpose()?;
        let guess_rate = args.guess_rate.as_deref().or(file.guess_rate.as_deref()).unwrap_or("100/min");
        let client_address = args.client_address.as_deref().or(file.client_address.as_deref());
        let client_address = client_address.map_or(Ok(ClientAddressSource::default()), str::parse);
        Ok(Self {
            trusted_proxies,
            client_address: client_address.map_err(|error| ConfigError::value("client_address", error))?,
            guess_rate: rate("guess_rate", guess_rate)?,
            metrics_from,
            otlp_endpoint,
        })
    }

    /// The gate that they describe, with these numbers.
    pub(crate) fn gate(&self, metrics: Arc<Metrics>) -> Gate {
        Gate {
            trusted_proxies: self.trusted_proxies.clone(),
            client_address: self.client_address,
            guard: Guard::new(self.guess_rate),
            metrics,
            metrics_from: self.metrics_from.clone(),
            traced: self.otlp_endpoint.is_some(),
            ..Gate::default()
        }
    }
}

/// Reads networks, with commas between them on the command line. Nothing between the commas is nothing, so
/// that an empty text can say "nobody".
fn networks(setting: &str, flag: Option<&str>, file: Option<&[String]>) -> Result<Networks, ConfigError> {
    let read = match (flag, file) {
        (Some(flag), _) => Networks::read(flag.split(',').map(str::trim).filter(|text| !text.is_empty())),
        (None, Some(list)) => Networks::read(list.iter().map(String::as_str)),
        (None, None) => Ok(Networks::default()),
    };
    read.map_err(|error| ConfigError::value(setting, error))
}

/// Reads a rate, or `off`.
fn rate(setting: &str, text: &str) -> Result<Option<Rate>, ConfigError> {
    if text == "off" {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|error| ConfigError::value(setting, format!("{error}, or off")))
}

/// Refuses what is no URL of a collector. A password in it would end up in process lists and logs.
fn collector_url(url: String) -> Result<String, ConfigError> {
    let good = url.parse::<Uri>().is_ok_and(|uri| {
        uri.scheme_str() == Some("http")
            && uri.host().is_some_and(|host| !host.is_empty())
            && uri.authority().is_some_and(|authority| !authority.as_str().contains('@'))
            && uri.query().is_none()
    });
    let message = "expected http:// and the address of a collector, for example http://127.0.0.1:4318; for one \
                   that wants TLS, run one beside this service that passes traces on";
    if good { Ok(url) } else { Err(ConfigError::value("otlp_endpoint", message)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gather(flag: (&str, &str), file: &str) -> Result<GateSettings, ConfigError> {
        let given = |name| (flag.0 == name).then(|| flag.1.to_owned());
        let args = GateArgs {
            trusted_proxies: given("proxies"),
            client_address: given("address"),
            guess_rate: given("rate"),
            ..GateArgs::default()
        };
        GateSettings::gather(&args, &File::parse(file).unwrap())
    }

    #[test]
    fn proxies_are_this_machine_unless_somebody_says_otherwise() {
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
        let error = gather(("proxies", "nowhere"), "").unwrap_err().to_string();
        assert!(error.starts_with("trusted_proxies: \"nowhere\" is no address"), "{error}");
    }

    #[test]
    fn the_header_with_the_clients_address_is_one() {
        for (flag, file, expected) in [
            (("", ""), "", ClientAddressSource::XForwardedFor),
            (("", ""), "client_address = \"x-real-ip\"", ClientAddressSource::XRealIp),
            (("address", "none"), "client_address = \"x-real-ip\"", ClientAddressSource::None),
            (("address", "Forwarded"), "", ClientAddressSource::Forwarded),
        ] {
            assert_eq!(gather(flag, file).unwrap().client_address, expected, "{flag:?} {file}");
        }
        let error = gather(("address", "x-client-ip"), "").unwrap_err().to_string();
        assert!(error.starts_with("client_address: expected \"x-forwarded-for\""), "{error}");
    }

    #[test]
    fn a_collector_is_named_by_a_plain_url() {
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
    fn the_rate_may_be_off() {
        for (flag, file, expected) in [
            (("", ""), "", Some("100/min")),
            (("", ""), "guess_rate = \"5/s\"", Some("5/s")),
            (("rate", "off"), "guess_rate = \"5/s\"", None),
        ] {
            let found = gather(flag, file).unwrap().guess_rate.map(|rate| rate.to_string());
            assert_eq!(found.as_deref(), expected, "{flag:?} {file}");
        }
        let error = gather(("rate", "slow"), "").unwrap_err().to_string();
        assert!(error.starts_with("guess_rate: not a rate") && error.ends_with("or off"), "{error}");
    }
}
