//! Listing invites.

use vestibule_core::{Cursor, InvitePage, InviteQuery, Principal, Scope, rules};

use super::{
    caller::authorize_and_charge,
    job::EngineError,
    large_batch::visible,
    row::{invite_columns, read_invite},
    transaction::{Transaction, row_keys_of},
};

/// The most rows that one page looks at, so that a filter that fits few invites holds nobody up.
const SCAN: usize = 5_000;

// The cursor is a place, so invites minted meanwhile, which come after it, neither repeat nor skip
// anything.
const NEWEST_FIRST: &str = concat!(
    "SELECT ",
    invite_columns!(),
    ", place FROM invites WHERE place > ?1 AND place < ?2 AND ",
    visible!(),
    " ORDER BY place DESC"
);

pub(super) fn list(
    tx: &Transaction<'_>,
    by: &Principal,
    query: &InviteQuery,
) -> Result<InvitePage, EngineError> {
    let caller = authorize_and_charge(tx, by, Scope::InvitesRead, 1)?;
    let sees_tokens = caller.sees_tokens();
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX).max(1);
    let row_keys = row_keys_of(caller.host_number);
    let before = query.before.map_or(row_keys.end, |cursor| cursor.0.min(row_keys.end));
    let mut statement = tx.statement(NEWEST_FIRST)?;
    let mut rows = statement.query((row_keys.start, before))?;
    let mut page = InvitePage { items: Vec::new(), next: None };
    let mut last = None;
    let mut scanned = 0;
    while let Some(row) = rows.next()? {
        if page.items.len() == limit || scanned == SCAN {
            page.next = last;
            break;
        }
        scanned += 1;
        last = Some(Cursor(row.get("place")?));
        let Some(mut invite) = tx.readable(read_invite(tx, row))? else { continue };
        let wanted = query.kind.is_none_or(|kind| kind == invite.kind)
            && query.state.is_none_or(|state| state == rules::state(&invite, tx.now));
        if wanted {
            if !sees_tokens {
                invite.sealed_token.clear();
            }
            page.items.push(invite);
        }
    }
    Ok(page)
}
