//! Listing invites.

use std::sync::Arc;

use vestibule_core::{Cursor, InvitePage, InviteQuery, Principal, Scope, rules};

use super::{
    caller::{Caller, authorize_and_charge},
    engine_context::EngineContext,
    engine_error::EngineError,
    large_batch::visible,
    row::{invite_columns, read_invite},
    transaction::Transaction,
};

/// The most rows that one page looks at, so that a filter that fits few invites holds nobody up.
const SCAN: usize = 5_000;

/// TableIo that are fetched at once.
const CHUNK: usize = 500;

// The cursor is a place, so invites minted meanwhile, which come after it, neither repeat nor skip anything.
const NEWEST_FIRST: &str = concat!(
    "SELECT ",
    invite_columns!(),
    ", place FROM invites WHERE place > $1 AND place < $2 AND ",
    visible!(),
    " ORDER BY place DESC LIMIT $3"
);

pub(super) async fn list(
    engine: Arc<EngineContext>,
    by: Principal,
    query: InviteQuery,
) -> Result<InvitePage, EngineError> {
    let caller = authorize_and_charge(&engine, &by, Scope::InvitesRead, 1).await?;
    let tx = Transaction::read(&engine).await?;
    let outcome = async {
        caller.revalidate(&tx).await?;
        page(&tx, &caller, &query).await
    };
    let outcome = outcome.await;
    tx.end(outcome).await
}

async fn page(tx: &Transaction, caller: &Caller, query: &InviteQuery) -> Result<InvitePage, EngineError> {
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX).max(1);
    let (start, end) = (caller.host_number << 40, (caller.host_number + 1) << 40);
    let mut before = query.before.map_or(end, |cursor| cursor.0.min(end));
    let mut page = InvitePage { items: Vec::new(), next: None };
    let mut scanned = 0;
    loop {
        // One more than fits tells whether there is another page.
        let wanted = (limit - page.items.len() + 1).min(CHUNK).min(SCAN + 1 - scanned);
        let count = i64::try_from(wanted).unwrap_or(i64::MAX);
        let rows = tx.query(NEWEST_FIRST, &[&start, &before, &count]).await?;
        for row in &rows {
            if page.items.len() == limit || scanned == SCAN {
                page.next = Some(Cursor(before));
                return Ok(page);
            }
            scanned += 1;
            before = row.try_get("place")?;
            let read = read_invite(row, &caller.auth.host);
            let Some(mut invite) = tx.engine.readable(read)? else { continue };
            let fits = query.kind.is_none_or(|kind| kind == invite.kind)
                && query.state.is_none_or(|state| state == rules::state(&invite, tx.now));
            if fits {
                if !caller.sees_tokens() {
                    invite.sealed_token.clear();
                }
                page.items.push(invite);
            }
        }
        if rows.len() < wanted {
            return Ok(page);
        }
    }
}
