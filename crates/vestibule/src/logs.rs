//! Where the log goes and how it looks.

use std::io;

use tracing_subscriber::EnvFilter;

use crate::{cli::LogFormat, failure::Failure};

/// Starts logging to stderr. `filter` is in the syntax of `tracing_subscriber::EnvFilter`: `info`, or
/// `vestibule=debug,warn`.
pub(crate) fn start(filter: &str, format: LogFormat) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(filter).map_err(|error| {
        Failure::words(format!("not a log filter: {error}; try error, warn, info, debug or trace"))
    })?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(false);
    // Somebody else's logging may be there already, as in tests; theirs will do.
    let _ = match format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    Ok(())
}
