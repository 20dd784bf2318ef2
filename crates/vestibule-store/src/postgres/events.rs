//! Reading the audit log.

use std::sync::Arc;

use vestibule_core::{Action, Authority, Event, EventPage, EventQuery, InviteId, Scope, Source, Timestamp};

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
    by: Authority,
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
    let mut items = Vec::with_capacity(rows.len());
    for row in &rows {
        let action: &str = row.try_get(3)?;
        let subject = match row.try_get::<_, Option<String>>(5)? {
            Some(subject) => subject,
            None => InviteId::from_bytes(array(row, 4)?).to_string(),
        };
        items.push(Event {
            seq: row.try_get::<_, i64>(0)? - start,
            at: Timestamp::from_millis(row.try_get(1)?),
            host: asker.grant.host.clone(),
            source: Source::from_stored(row.try_get(2)?),
            action: Action::from_stored(action)
                .ok_or_else(|| Fault::Corrupt(format!("event with action {action}")))?,
            subject,
            detail: row.try_get(6)?,
        });
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(|event| event.seq);
    Ok(EventPage { items, next })
}
