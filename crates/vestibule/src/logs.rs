//! Logging to stderr.

use std::io;

use clap::ValueEnum;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{FilterExt, LevelFilter, filter_fn},
    fmt::{
        self, FmtContext,
        format::{FormatEvent, FormatFields, Writer},
    },
    layer::SubscriberExt,
    registry,
    registry::LookupSpan,
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

/// Variable with the device and inode of the stream that leads to the journal of systemd.
const JOURNAL_STREAM: &str = "JOURNAL_STREAM";

/// Whether stderr leads to the journal. The variable alone does not say so, because a program that a service starts
/// inherits it, even if its output goes elsewhere.
pub(crate) fn stderr_is_journal() -> bool {
    let Ok(stream) = std::env::var(JOURNAL_STREAM) else { return false };
    let Ok(stderr) = rustix::fs::fstat(io::stderr()) else { return false };
    stream == format!("{}:{}", stderr.st_dev, stderr.st_ino)
}

/// Begins each line with the priority of its level, in the form of `sd-daemon(3)`, which the journal takes off again.
struct WithPriority<F>(F);

impl<S, N, F> FormatEvent<S, N> for WithPriority<F>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    N: for<'writer> FormatFields<'writer> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> std::fmt::Result {
        writer.write_str(priority(*event.metadata().level()))?;
        self.0.format_event(context, writer, event)
    }
}

/// The priority of an error.
pub(crate) const ERROR_PRIORITY: &str = "<3>";

fn priority(level: Level) -> &'static str {
    match level {
        Level::ERROR => ERROR_PRIORITY,
        Level::WARN => "<4>",
        Level::INFO => "<6>",
        _ => "<7>",
    }
}

/// Starts logging to stderr. `filter` is in the syntax of `tracing_subscriber::EnvFilter`: `info`, or
/// `vestibule=debug,warn`. `traces` does not change the log.
pub(crate) fn start(filter: &str, format: LogFormat, traces: Option<&Traces>) -> Result<(), CliError> {
    let filter = self::filter(filter).map_err(CliError::message)?;
    let lines = fmt::layer().with_writer(io::stderr).with_ansi(false);
    let lines = match format {
        LogFormat::Text if stderr_is_journal() => lines.event_format(WithPriority(fmt::format())).boxed(),
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
    fn priorities_are_those_of_syslog() {
        let levels = [Level::ERROR, Level::WARN, Level::INFO, Level::DEBUG, Level::TRACE];
        assert_eq!(levels.map(priority), ["<3>", "<4>", "<6>", "<7>", "<7>"]);
    }

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
