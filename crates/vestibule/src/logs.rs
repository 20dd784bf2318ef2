//! Logging to stderr.

use std::io;

use clap::ValueEnum;
use tracing::Level;
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{FilterExt, LevelFilter, filter_fn},
    fmt,
    layer::SubscriberExt,
    registry,
    util::SubscriberInitExt,
};
use vestibule_core::TRACE_TARGET;

use crate::{cli_error::CliError, traces::Traces};

/// Log target of PostgreSQL's notices, one per connection; the store reports their outcome itself.
const NOTICES: &str = "tokio_postgres";

/// Log target with the bytes of HTTP requests.
const HTTP_BYTES: &str = "ureq_proto";

/// Parses a filter.
pub(crate) fn filter(text: &str) -> Result<EnvFilter, String> {
    let wrong = |reason: &str| format!("not a log filter: {reason}; try error, warn, info, debug or trace");
    // A filter takes every other word for a target, and logs all of it.
    let is_level = |word: &str| !word.is_empty() && word.parse::<LevelFilter>().is_ok();
    // Filters by span and field have commas in them.
    let directives = text.split(',').map(str::trim).filter(|_| !text.contains('['));
    for directive in directives {
        let level = directive.rsplit_once('=').map_or(directive, |(_, level)| level);
        if !is_level(level) {
            return Err(wrong(&format!("{directive:?} ends in no level")));
        }
    }
    EnvFilter::try_new(text).map_err(|error| wrong(&error.to_string()))
}

/// Log format.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum LogFormat {
    /// Human-readable lines.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
}

/// Starts logging to stderr. `filter` is in the syntax of `tracing_subscriber::EnvFilter`: `info`, or
/// `vestibule=debug,warn`. `traces` does not change the log.
pub(crate) fn start(filter: &str, format: LogFormat, traces: Option<&Traces>) -> Result<(), CliError> {
    let filter = self::filter(filter).map_err(CliError::message)?;
    let lines = fmt::layer().with_writer(io::stderr).with_ansi(false);
    let lines = match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    // At trace level the HTTP client logs every byte that it sends, including keys.
    let is_traced = traces.is_some();
    let registry = registry().with(filter_fn(move |about| {
        let is_notice = about.target().starts_with(NOTICES) && *about.level() >= Level::INFO;
        let is_unused_span = about.target() == TRACE_TARGET && !is_traced;
        !is_notice && !is_unused_span && !about.target().starts_with(HTTP_BYTES)
    }));
    // Fails if a subscriber is already installed, as in tests; that one is kept.
    let _ = match traces {
        None => registry.with(lines).with(filter).try_init(),
        Some(traces) => {
            let filter = filter.and(filter_fn(|about| about.target() != TRACE_TARGET));
            registry.with(lines.with_filter(filter)).with(traces.layer()).try_init()
        }
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_names_levels() {
        for text in
            ["info", "OFF", "vestibule_store=debug,warn", "a::b=trace, info", "vestibule[request]=debug"]
        {
            assert!(filter(text).is_ok(), "{text}");
        }
        for text in ["nonsense=", "inof", "info,", "", "vestibule_store=loud", "warn,="] {
            let error = filter(text).unwrap_err();
            assert!(error.starts_with("not a log filter: ") && error.contains("try error"), "{error}");
        }
    }
}
