//! Writing the audit log.

use vestibule_core::Action;

use super::{
    caller::Caller,
    transaction::{Table, Transaction},
};

const RECORD: &str = "INSERT INTO events (place, at, source, action, subject, detail) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

/// Writes one event of the granted host.
pub(super) fn append_event(
    tx: &Transaction<'_>,
    by: &Caller,
    action: Action,
    subject: &str,
    detail: Option<&str>,
) -> rusqlite::Result<()> {
    append_event_as(tx, by.host_number, by.auth.source.as_str(), action, subject, detail)
}

/// Writes one event of a host by its number.
pub(super) fn append_event_as(
    tx: &Transaction<'_>,
    host_number: i64,
    source: &str,
    action: Action,
    subject: &str,
    detail: Option<&str>,
) -> rusqlite::Result<()> {
    tx.action_counts(host_number, action);
    let row_key = tx.next_row_key(Table::Events, host_number)?;
    tx.statement(RECORD)?
        .execute((row_key, tx.now.as_millis(), source, action.as_str(), subject, detail))
        .map(drop)
}
