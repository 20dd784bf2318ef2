//! Reading the audit log.

use rusqlite::Row;
use vestibule_core::{Action, Event, EventPage, EventQuery, Host, Principal, Scope, Source, Timestamp};

use super::{
    grant::grant,
    job::Fault,
    session::{Session, places_of},
};

const AFTER: &str = "SELECT place, at, source, action, subject, detail FROM events \
     WHERE place > ?1 AND place < ?2 ORDER BY place LIMIT ?3";

pub(super) fn events(session: &Session<'_>, by: &Principal, query: EventQuery) -> Result<EventPage, Fault> {
    let granted = grant(session, by, Scope::InvitesManage, 1)?;
    let limit = query.limit.max(1);
    let places = places_of(granted.host_number);
    let after = query.after.clamp(0, places.end - places.start - 1);
    let mut statement = session.statement(AFTER)?;
    let mut rows = statement.query((places.start + after, places.end, i64::from(limit) + 1))?;
    let (mut items, mut last, mut count) = (Vec::new(), None, 0);
    while let Some(row) = rows.next()? {
        // One more than fits tells whether there is another page.
        if count == limit {
            return Ok(EventPage { items, next: last });
        }
        count += 1;
        let seq = row.get::<_, i64>(0)? - places.start;
        last = Some(seq);
        items.extend(session.readable(read_event(row, seq, &granted.grant.host))?);
    }
    Ok(EventPage { items, next: None })
}

fn read_event(row: &Row<'_>, seq: i64, host: &Host) -> Result<Event, Fault> {
    let action: String = row.get(3)?;
    Ok(Event {
        seq,
        at: Timestamp::from_millis(row.get(1)?),
        host: host.clone(),
        source: Source::from_stored(row.get(2)?),
        action: Action::from_stored(&action)
            .ok_or_else(|| Fault::Corrupt(format!("event {seq} of {host}: action {action}")))?,
        subject: row.get(4)?,
        detail: row.get(5)?,
    })
}
