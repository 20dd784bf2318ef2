//! Listing invites.

use vestibule_core::{Cursor, InvitePage, InviteQuery, Principal, Scope, rules};

use super::{
    batch::whole,
    grant::grant,
    job::Fault,
    row::{invite_columns, read_invite},
    session::{Session, places_of},
};

/// The most rows that one page looks at, so that a filter that fits few invites holds nobody up.
const SCAN: usize = 5_000;

// The cursor is a place, so invites minted meanwhile, which come after it, neither repeat nor skip
// anything.
const NEWEST_FIRST: &str = concat!(
    "SELECT ",
    invite_columns!(),
    ", place FROM invites WHERE place > ?1 AND place < ?2 AND ",
    whole!(),
    " ORDER BY place DESC"
);

pub(super) fn list(session: &Session<'_>, by: &Principal, query: &InviteQuery) -> Result<InvitePage, Fault> {
    let granted = grant(session, by, Scope::InvitesRead, 1)?;
    let sees_tokens = granted.sees_tokens();
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX).max(1);
    let places = places_of(granted.host_number);
    let before = query.before.map_or(places.end, |cursor| cursor.0.min(places.end));
    let mut statement = session.statement(NEWEST_FIRST)?;
    let mut rows = statement.query((places.start, before))?;
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
        let Some(mut invite) = session.readable(read_invite(session, row))? else { continue };
        let wanted = query.kind.is_none_or(|kind| kind == invite.kind)
            && query.state.is_none_or(|state| state == rules::state(&invite, session.now));
        if wanted {
            if !sees_tokens {
                invite.sealed_token.clear();
            }
            page.items.push(invite);
        }
    }
    Ok(page)
}
