//! Writing the audit log.

use vestibule_core::Action;

use super::{
    grant::Granted,
    session::{Session, Table},
};

const RECORD: &str = "INSERT INTO events (place, at, source, action, subject, detail) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

/// Writes one event of the granted host.
pub(super) fn record(
    session: &Session<'_>,
    by: &Granted,
    action: Action,
    subject: &str,
    detail: Option<&str>,
) -> rusqlite::Result<()> {
    record_as(session, by.host_number, by.grant.source.as_str(), action, subject, detail)
}

/// Writes one event of a host by its number.
pub(super) fn record_as(
    session: &Session<'_>,
    host_number: i64,
    source: &str,
    action: Action,
    subject: &str,
    detail: Option<&str>,
) -> rusqlite::Result<()> {
    session.tally(host_number, action);
    let place = session.next_place(Table::Events, host_number)?;
    session
        .statement(RECORD)?
        .execute((place, session.now.as_millis(), source, action.as_str(), subject, detail))
        .map(drop)
}
