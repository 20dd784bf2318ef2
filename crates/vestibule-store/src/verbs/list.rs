//! Lists of invites.

use vestibule_core::{Cursor, InviteFilter, InvitePage, InviteQuery, Scope};

use super::rows::{InviteRows, Of};
use crate::{caller::Caller, row_key::row_keys_of};

/// The scope of this verb.
pub(crate) const SCOPE: Scope = Scope::InvitesRead;

/// Maximum number of rows that one page scans, which bounds the cost of a filter with few matches.
const MAX_SCAN: usize = 5_000;

/// Number of rows that are read at once.
const CHUNK: usize = 500;

/// Lists invites of the caller's host, newest first. The cursor is a row key, so invites created meanwhile, which have
/// higher ones, neither repeat nor skip a row.
pub(crate) async fn list<T: InviteRows>(
    tx: &T,
    caller: &Caller,
    query: &InviteQuery,
) -> Result<InvitePage, T::Error> {
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX).max(1);
    let end = row_keys_of(caller.host_number).end;
    let mut before = query.before.map_or(end, |cursor| cursor.0.min(end));
    let mut page = InvitePage { items: Vec::new(), next: None };
    let mut scanned = 0;
    loop {
        // One row more than the page shows whether another page follows.
        let count = (limit - page.items.len()).saturating_add(1).min(CHUNK).min(MAX_SCAN + 1 - scanned);
        let rows = tx.invites_before(caller, of(&query.filter), before, count).await?;
        let is_last = rows.len() < count;
        for (row_key, invite) in rows {
            if page.items.len() == limit || scanned == MAX_SCAN {
                page.next = Some(Cursor(before));
                return Ok(page);
            }
            scanned += 1;
            before = row_key;
            let Some(mut invite) = invite else { continue };
            if query.filter.matches(&invite, tx.now()) {
                if !caller.sees_tokens() {
                    invite.sealed_token.clear();
                }
                page.items.push(invite);
            }
        }
        if is_last {
            return Ok(page);
        }
    }
}

/// The condition with an index, which the engine scans instead of all invites.
fn of(filter: &InviteFilter) -> Of<'_> {
    match (&filter.username, &filter.inviter) {
        _ if filter.renewal_requested == Some(true) => Of::RenewalRequested,
        (Some(username), _) => Of::Username(username),
        (None, Some(inviter)) => Of::Inviter(inviter),
        (None, None) => Of::All,
    }
}
