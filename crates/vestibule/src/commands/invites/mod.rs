//! `invites create|list|count|show|revoke`, one file each.

mod count;
mod create;
mod draft;
mod json_list;
mod list;
mod printer;
mod revoke;
mod show;

pub(super) use count::count;
pub(super) use create::create;
pub(super) use list::list;
pub(super) use revoke::revoke;
pub(super) use show::show;

use vestibule_core::{Authority, Desk, InviteId, Scope};

use crate::failure::Failure;

/// Invites of one page.
const PAGE: u32 = 1_000;

/// The invite with this id or token. A link will do too: its last part is the token.
async fn find(desk: &Desk, by: &Authority, wanted: &str) -> Result<InviteId, Failure> {
    desk.store().authorize(by, Scope::InvitesRead.into()).await?;
    let wanted = wanted.rsplit(['/', '?']).next().unwrap_or(wanted);
    if let Ok(id) = wanted.parse() {
        return Ok(id);
    }
    let (invite, _) = desk.find(wanted).await?.ok_or_else(not_found)?;
    Ok(invite.id)
}

fn not_found() -> Failure {
    Failure::words("invite not found")
}
