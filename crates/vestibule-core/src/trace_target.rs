//! The target of spans for traces.

/// The `tracing` target of the spans that are exported as traces, and of no log event. Spans of this target contain no
/// secrets and no names of accounts.
pub const TRACE_TARGET: &str = "vestibule::trace";
