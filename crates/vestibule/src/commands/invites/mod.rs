//! `invites create|list|count|show|edit|revoke`, one file each.

mod count;
mod create;
mod draft;
mod edit;
mod json_list;
mod list;
mod pages;
mod printer;
mod revoke;
mod show;

pub(super) use count::count;
pub(super) use create::create;
pub(super) use edit::edit;
pub(super) use list::list;
pub(super) use revoke::revoke;
pub(super) use show::show;

use vestibule_core::{InviteId, InviteService, Principal, Scope, Token};

use crate::cli_error::CliError;

/// Finds an invite by id, token, link or `xmpp:` URI.
async fn find(invite_service: &InviteService, by: &Principal, wanted: &str) -> Result<InviteId, CliError> {
    invite_service.store().authorize(by, Scope::InvitesRead.into()).await?;
    for token in Token::all_in(wanted) {
        if let Some((invite, _)) = invite_service.find(token.expose()).await? {
            return Ok(invite.id);
        }
    }
    InviteId::find_in(wanted).ok_or_else(not_found)
}

fn not_found() -> CliError {
    CliError::message("invite not found")
}
