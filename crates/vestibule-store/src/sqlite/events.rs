//! Reading the audit log.

use rusqlite::Row;
use vestibule_core::{Action, Event, EventPage, EventQuery, Host, Principal, Scope, Source, Timestamp};

use super::{
    caller::authorize_and_charge,
    job::EngineError,
    transaction::{Transaction, row_keys_of},
};

const AFTER: &str = "SELECT place, at, source, action, subject, detail FROM events \
     WHERE place > ?1 AND place < ?2 ORDER BY place LIMIT ?3";

pub(super) fn events(
    tx: &Transaction<'_>,
    by: &Principal,
    query: EventQuery,
) -> Result<EventPage, EngineError> {
    let caller = authorize_and_charge(tx, by, Scope::InvitesManage, 1)?;
    let limit = query.limit.max(1);
    let row_keys = row_keys_of(caller.host_number);
    let after = query.after.clamp(0, row_keys.end - row_keys.start - 1);
    let mut statement = tx.statement(AFTER)?;
    let mut rows = statement.query((row_keys.start + after, row_keys.end, i64::from(limit) + 1))?;
    let (mut items, mut last, mut count) = (Vec::new(), None, 0);
    while let Some(row) = rows.next()? {
        // One more than fits tells whether there is another page.
        if count == limit {
            return Ok(EventPage { items, next: last });
        }
        count += 1;
        let seq = row.get::<_, i64>(0)? - row_keys.start;
        last = Some(seq);
        items.extend(tx.readable(read_event(row, seq, &caller.auth.host))?);
    }
    Ok(EventPage { items, next: None })
}

fn read_event(row: &Row<'_>, seq: i64, host: &Host) -> Result<Event, EngineError> {
    let action: String = row.get(3)?;
    Ok(Event {
        seq,
        at: Timestamp::from_millis(row.get(1)?),
        host: host.clone(),
        source: Source::from_stored(row.get(2)?),
        action: Action::from_stored(&action)
            .ok_or_else(|| EngineError::Corrupt(format!("event {seq} of {host}: action {action}")))?,
        subject: row.get(4)?,
        detail: row.get(5)?,
    })
}
