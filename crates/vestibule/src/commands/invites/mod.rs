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

/// Number of characters that an error shows of text which can be a token, or most of one.
const SHOWN: usize = 6;

/// Maximum length of text that is too short to be most of a token.
const SHORT: usize = 12;

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

/// The error for an invite that was asked for. A token is not repeated, because it can be a good one with a typing error.
fn not_found(wanted: &str) -> CliError {
    let wanted = wanted.trim();
    let begin: String = wanted.chars().take(SHOWN).collect();
    CliError::message(match Token::all_in(wanted).first() {
        Some(token) => {
            format!(
                "invite with the token {}... not found",
                token.expose().chars().take(SHOWN).collect::<String>()
            )
        }
        None if wanted.is_empty() => "invite not found".to_owned(),
        None if wanted.len() <= SHORT || wanted.parse::<InviteId>().is_ok() => {
            format!("invite {wanted} not found")
        }
        None => format!("invite {begin}... not found"),
    })
}

/// The refusal of a change of an invite that was asked for.
fn refused(error: StoreError, wanted: &str) -> CliError {
    match error {
        StoreError::Refused(Refusal::NotFound("invite")) => not_found(wanted),
        other => other.into(),
    }
}
