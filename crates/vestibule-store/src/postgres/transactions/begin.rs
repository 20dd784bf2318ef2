//! The statement that begins a writing transaction, and the locks that it takes.

use std::fmt::Write;

use tokio_postgres::{SimpleQueryMessage, SimpleQueryRow};
use vestibule_core::Timestamp;

use super::engine::EngineContext;
use crate::postgres::{
    connections::db_clock::{MAX_SKEW, database_clock},
    error::EngineError,
};

/// The first key of the advisory locks: "Vest" in ASCII.
pub(in crate::postgres) const LOCK_SPACE: i32 = 0x5665_7374;

/// The second key is the number of a host, which begin at 1, or one of these.
pub(in crate::postgres) const LOCK_MIGRATE: i32 = 0;
pub(in crate::postgres) const LOCK_PURGE: i32 = -1;
pub(in crate::postgres) const LOCK_COPY: i32 = -2;

/// The condition that the transaction began with its locks. Statements that are sent together with the begin would
/// otherwise run on their own if the begin or a lock fails.
macro_rules! locked {
    () => {
        "current_setting('vestibule.locked', true) = 'yes'"
    };
}
pub(in crate::postgres) use locked;

/// How long one attempt waits for locks.
const LOCK_TIMEOUT: &str = "SET LOCAL lock_timeout = '250ms'; ";

/// The statement that begins a writing transaction with the locks of these hosts. If `now` is given, nothing is changed
/// unless the database's clock agrees.
pub(in crate::postgres) fn begin_statement(
    engine: &EngineContext,
    hosts: &[i64],
    now: Option<Timestamp>,
) -> String {
    let settings = if hosts.is_empty() { "" } else { LOCK_TIMEOUT };
    begin_text(&engine.durability, settings, hosts, now.filter(|_| engine.clock.is_shared()))
}

/// The statement that begins a transaction which locks rates of keys.
pub(super) fn begin_rates(engine: &EngineContext) -> String {
    begin_text(&engine.durability, LOCK_TIMEOUT, &[], None)
}

fn begin_text(durability: &str, settings: &str, hosts: &[i64], now: Option<Timestamp>) -> String {
    let mut hosts = hosts.to_vec();
    // In order, so that transactions do not deadlock.
    hosts.sort_unstable();
    hosts.dedup();
    let mut text = format!(
        "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL synchronous_commit = '{durability}'; {settings}"
    );
    for host in hosts {
        // Writing to a String cannot fail.
        let _ = write!(text, "SELECT pg_advisory_xact_lock({LOCK_SPACE}, {host}); ");
    }
    let locked = match now {
        Some(now) => {
            format!("CASE WHEN abs({} - {}) < {MAX_SKEW} THEN 'yes' END", database_clock!(), now.as_millis())
        }
        None => "'yes'".to_owned(),
    };
    let _ = write!(text, "SELECT set_config('vestibule.locked', {locked}, true), {}", database_clock!());
    text
}

/// The answer to [`begin_statement`].
pub(in crate::postgres) struct BeginOutcome {
    /// Whether the clocks agree.
    pub(in crate::postgres) in_time: bool,
    /// The database's clock.
    pub(in crate::postgres) clock: i64,
}

/// Reads the answer to [`begin_statement`].
pub(in crate::postgres) fn read_begin(answer: &[SimpleQueryMessage]) -> Result<BeginOutcome, EngineError> {
    let rows = answer.iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) if row.len() == 2 => Some(row),
        _ => None,
    });
    let clock = |row: &SimpleQueryRow| row.get(1).and_then(|text| text.parse().ok());
    let last = rows
        .last()
        .and_then(|row| Some(BeginOutcome { in_time: row.get(0) == Some("yes"), clock: clock(row)? }));
    last.ok_or_else(|| EngineError::Corrupt("the begin of a transaction has no answer".to_owned()))
}

/// Every form of the statement.
#[cfg(test)]
pub(in crate::postgres) fn examples() -> [(&'static str, String); 4] {
    let now = Timestamp::from_millis(1_800_000_000_000);
    [
        ("of a batch", begin_text("on", LOCK_TIMEOUT, &[1], Some(now))),
        ("of two hosts", begin_text("remote_apply", LOCK_TIMEOUT, &[2, 1, 2], None)),
        ("of a rate", begin_text("on", LOCK_TIMEOUT, &[], None)),
        ("of the probe", begin_text("on", "", &[], None)),
    ]
}
