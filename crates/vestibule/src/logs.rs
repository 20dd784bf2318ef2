//! Where the log goes and how it looks.

use std::io;

use tracing::Level;
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{FilterExt, filter_fn},
    fmt,
    layer::SubscriberExt,
    registry,
    util::SubscriberInitExt,
};
use vestibule_web::REQUEST_SPANS;

use crate::{cli::LogFormat, cli_error::CliError, traces::Traces};

/// Where PostgreSQL's notices are logged, one for each connection; the store says what they come to.
const NOTICES: &str = "tokio_postgres";

/// Where the bytes of HTTP requests are logged.
const HTTP_BYTES: &str = "ureq_proto";

/// Reads a filter; the error says what one may be.
pub(crate) fn filter(text: &str) -> Result<EnvFilter, String> {
    EnvFilter::try_new(text)
        .map_err(|error| format!("not a log filter: {error}; try error, warn, info, debug or trace"))
}

/// Starts logging to stderr. `filter` is in the syntax of `tracing_subscriber::EnvFilter`: `info`, or
/// `vestibule=debug,warn`. The log is the same with and without `traces`.
pub(crate) fn start(filter: &str, format: LogFormat, traces: Option<&Traces>) -> Result<(), CliError> {
    let filter = self::filter(filter).map_err(CliError::message)?;
    let lines = fmt::layer().with_writer(io::stderr).with_ansi(false);
    let lines = match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    // At trace, the HTTP client shows every byte that it sends, keys too.
    let discreet = registry().with(filter_fn(|about| {
        let is_notice = about.target().starts_with(NOTICES) && *about.level() >= Level::INFO;
        !is_notice && !about.target().starts_with(HTTP_BYTES)
    }));
    // Somebody else's logging may be there already, as in tests; theirs will do.
    let _ = match traces {
        None => discreet.with(lines).with(filter).try_init(),
        Some(traces) => {
            let filter = filter.and(filter_fn(|about| about.target() != REQUEST_SPANS));
            discreet.with(lines.with_filter(filter)).with(traces.layer()).try_init()
        }
    };
    Ok(())
}
