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

use vestibule_core::{InviteId, InviteService, Principal, Refusal, Scope, StoreError, Token};

use crate::cli_error::CliError;

/// Number of characters of a token that an error shows.
const SHOWN: usize = 6;

/// Maximum number of characters that an error repeats of an id.
const MAX_SHOWN: usize = 60;

/// Finds an invite by id, token, link or `xmpp:` URI.
async fn find(invite_service: &InviteService, by: &Principal, wanted: &str) -> Result<InviteId, CliError> {
    invite_service.store().authorize(by, Scope::InvitesRead.into()).await?;
    for token in Token::all_in(wanted) {
        if let Some((invite, _)) = invite_service.find(token.expose()).await? {
            return Ok(invite.id);
        }
    }
    InviteId::find_in(wanted).ok_or_else(|| not_found(wanted))
}

/// The error for an invite that was asked for. A token is not repeated in full, because it may be one of another host.
fn not_found(wanted: &str) -> CliError {
    let named = match Token::all_in(wanted).first() {
        Some(token) => format!("with the token {}...", token.expose().chars().take(SHOWN).collect::<String>()),
        None => wanted.trim().chars().take(MAX_SHOWN).collect(),
    };
    CliError::message(format!("invite {named} not found"))
}

/// The refusal of a change of an invite that was asked for.
fn refused(error: StoreError, wanted: &str) -> CliError {
    match error {
        StoreError::Refused(Refusal::NotFound("invite")) => not_found(wanted),
        other => other.into(),
    }
}
