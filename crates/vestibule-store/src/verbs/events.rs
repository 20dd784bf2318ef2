//! The audit log.

use vestibule_core::{EventPage, EventQuery, Scope};

use super::rows::EventRows;
use crate::{caller::Caller, row_key::row_keys_of};

/// The scope of this verb.
pub(crate) const SCOPE: Scope = Scope::InvitesManage;

/// Lists events of the caller's host.
pub(crate) async fn list<T: EventRows>(
    tx: &T,
    caller: &Caller,
    query: EventQuery,
) -> Result<EventPage, T::Error> {
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX - 1).max(1);
    let row_keys = row_keys_of(caller.host_number);
    let after = query.after.clamp(0, row_keys.end - row_keys.start - 1);
    // One row more than the page shows whether another page follows.
    let rows = tx.events_after(caller, after, limit + 1).await?;
    let next = super::last_if_more(&rows, limit);
    Ok(EventPage { items: rows.into_iter().take(limit).filter_map(|(_, event)| event).collect(), next })
}
