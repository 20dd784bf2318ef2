//! Reading the audit log.

use std::sync::Arc;

use tokio_postgres::Row;
use vestibule_core::{
    Action, Event, EventPage, EventQuery, Host, InviteId, Principal, Scope, Source, Timestamp,
};

use super::{
    asker::{Asker, ask},
    fault::Fault,
    row::array,
    session::Session,
    shared::Shared,
};

const AFTER: &str = "SELECT place, at, source, action, invite, subject, detail FROM events \
     WHERE place > $1 AND place < $2 ORDER BY place LIMIT $3";

pub(super) async fn events(
    shared: Arc<Shared>,
    by: Principal,
    query: EventQuery,
) -> Result<EventPage, Fault> {
    let asker = ask(&shared, &by, Scope::InvitesManage, 1).await?;
    let session = Session::read(&shared).await?;
    let outcome = async {
        asker.prove(&session).await?;
        page(&session, &asker, query).await
    };
    let outcome = outcome.await;
    session.end(outcome).await
}

async fn page(session: &Session, asker: &Asker, query: EventQuery) -> Result<EventPage, Fault> {
    let limit = query.limit.max(1);
    let (start, end) = (asker.host_number << 40, (asker.host_number + 1) << 40);
    let after = start + query.after.clamp(0, end - start - 1);
    let rows = session.query(AFTER, &[&after, &end, &(i64::from(limit) + 1)]).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let (mut items, mut last) = (Vec::with_capacity(rows.len()), None);
    for row in rows.iter().take(limit) {
        let seq = row.try_get::<_, i64>(0)? - start;
        last = Some(seq);
        items.extend(session.shared.readable(read_event(row, seq, &asker.grant.host))?);
    }
    // One more than fits tells whether there is another page.
    Ok(EventPage { items, next: last.filter(|_| rows.len() > limit) })
}

fn read_event(row: &Row, seq: i64, host: &Host) -> Result<Event, Fault> {
    let action: &str = row.try_get(3)?;
    let subject = match row.try_get::<_, Option<String>>(5)? {
        Some(subject) => subject,
        None => InviteId::from_bytes(array(row, 4)?).to_string(),
    };
    Ok(Event {
        seq,
        at: Timestamp::from_millis(row.try_get(1)?),
        host: host.clone(),
        source: Source::from_stored(row.try_get(2)?),
        action: Action::from_stored(action)
            .ok_or_else(|| Fault::Corrupt(format!("event {seq} of {host}: action {action}")))?,
        subject,
        detail: row.try_get(6)?,
    })
}
