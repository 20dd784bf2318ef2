//! Reading the audit log.

use std::sync::Arc;

use tokio_postgres::Row;
use vestibule_core::{
    Action, Event, EventPage, EventQuery, Host, InviteId, Principal, Scope, Source, Timestamp,
};

use super::{
    caller::{Caller, authorize_and_charge},
    engine_context::EngineContext,
    engine_error::EngineError,
    row::array,
    transaction::Transaction,
};

const AFTER: &str = "SELECT place, at, source, action, invite, subject, detail FROM events \
     WHERE place > $1 AND place < $2 ORDER BY place LIMIT $3";

pub(super) async fn events(
    engine: Arc<EngineContext>,
    by: Principal,
    query: EventQuery,
) -> Result<EventPage, EngineError> {
    let caller = authorize_and_charge(&engine, &by, Scope::InvitesManage, 1).await?;
    let tx = Transaction::read(&engine).await?;
    let outcome = async {
        caller.revalidate(&tx).await?;
        page(&tx, &caller, query).await
    };
    let outcome = outcome.await;
    tx.end(outcome).await
}

async fn page(tx: &Transaction, caller: &Caller, query: EventQuery) -> Result<EventPage, EngineError> {
    let limit = query.limit.max(1);
    let (start, end) = (caller.host_number << 40, (caller.host_number + 1) << 40);
    let after = start + query.after.clamp(0, end - start - 1);
    let rows = tx.query(AFTER, &[&after, &end, &(i64::from(limit) + 1)]).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let (mut items, mut last) = (Vec::with_capacity(rows.len()), None);
    for row in rows.iter().take(limit) {
        let seq = row.try_get::<_, i64>(0)? - start;
        last = Some(seq);
        items.extend(tx.engine.readable(read_event(row, seq, &caller.auth.host))?);
    }
    // One more than fits tells whether there is another page.
    Ok(EventPage { items, next: last.filter(|_| rows.len() > limit) })
}

fn read_event(row: &Row, seq: i64, host: &Host) -> Result<Event, EngineError> {
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
            .ok_or_else(|| EngineError::Corrupt(format!("event {seq} of {host}: action {action}")))?,
        subject,
        detail: row.try_get(6)?,
    })
}
