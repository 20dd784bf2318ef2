//! Listing invites.

use std::sync::Arc;

use vestibule_core::{Cursor, InvitePage, InviteQuery, Principal, Scope, rules};

use super::{
    asker::{Asker, ask},
    fault::Fault,
    many::whole,
    row::{invite_columns, read_invite},
    session::Session,
    shared::Shared,
};

/// The most rows that one page looks at, so that a filter that fits few invites holds nobody up.
const SCAN: usize = 5_000;

/// Rows that are fetched at once.
const CHUNK: usize = 500;

// The cursor is a place, so invites minted meanwhile, which come after it, neither repeat nor skip anything.
const NEWEST_FIRST: &str = concat!(
    "SELECT ",
    invite_columns!(),
    ", place FROM invites WHERE place > $1 AND place < $2 AND ",
    whole!(),
    " ORDER BY place DESC LIMIT $3"
);

pub(super) async fn list(
    shared: Arc<Shared>,
    by: Principal,
    query: InviteQuery,
) -> Result<InvitePage, Fault> {
    let asker = ask(&shared, &by, Scope::InvitesRead, 1).await?;
    let session = Session::read(&shared).await?;
    let outcome = async {
        asker.prove(&session).await?;
        page(&session, &asker, &query).await
    };
    let outcome = outcome.await;
    session.end(outcome).await
}

async fn page(session: &Session, asker: &Asker, query: &InviteQuery) -> Result<InvitePage, Fault> {
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX).max(1);
    let (start, end) = (asker.host_number << 40, (asker.host_number + 1) << 40);
    let mut before = query.before.map_or(end, |cursor| cursor.0.min(end));
    let mut page = InvitePage { items: Vec::new(), next: None };
    let mut scanned = 0;
    loop {
        // One more than fits tells whether there is another page.
        let wanted = (limit - page.items.len() + 1).min(CHUNK).min(SCAN + 1 - scanned);
        let count = i64::try_from(wanted).unwrap_or(i64::MAX);
        let rows = session.query(NEWEST_FIRST, &[&start, &before, &count]).await?;
        for row in &rows {
            if page.items.len() == limit || scanned == SCAN {
                page.next = Some(Cursor(before));
                return Ok(page);
            }
            scanned += 1;
            before = row.try_get("place")?;
            let read = read_invite(row, &asker.grant.host);
            let Some(mut invite) = session.shared.readable(read)? else { continue };
            let fits = query.kind.is_none_or(|kind| kind == invite.kind)
                && query.state.is_none_or(|state| state == rules::state(&invite, session.now));
            if fits {
                if !asker.sees_tokens() {
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
