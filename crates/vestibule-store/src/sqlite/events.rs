//! Reading the audit log.

use vestibule_core::{Action, Authority, Event, EventPage, EventQuery, Scope, Source, Timestamp};

use super::{
    grant::grant,
    job::Fault,
    session::{Session, places_of},
};

const AFTER: &str = "SELECT place, at, source, action, subject, detail FROM events \
     WHERE place > ?1 AND place < ?2 ORDER BY place LIMIT ?3";

pub(super) fn events(session: &Session<'_>, by: &Authority, query: EventQuery) -> Result<EventPage, Fault> {
    let granted = grant(session, by, Scope::InvitesManage, 1)?;
    let limit = query.limit.max(1);
    let places = places_of(granted.host_number);
    let after = query.after.clamp(0, places.end - places.start - 1);
    let mut statement = session.statement(AFTER)?;
    let mut rows = statement.query((places.start + after, places.end, i64::from(limit) + 1))?;
    let mut items = Vec::new();
    while let Some(row) = rows.next()? {
        let action: String = row.get(3)?;
        items.push(Event {
            seq: row.get::<_, i64>(0)? - places.start,
            at: Timestamp::from_millis(row.get(1)?),
            host: granted.grant.host.clone(),
            source: Source::from_stored(row.get(2)?),
            action: Action::from_stored(&action)
                .ok_or_else(|| Fault::Corrupt(format!("event with action {action}")))?,
            subject: row.get(4)?,
            detail: row.get(5)?,
        });
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(|event| event.seq);
    Ok(EventPage { items, next })
}
