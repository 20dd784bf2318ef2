//! `members list|show|stop|allow|revoke`.

use std::io::{self, BufWriter, Write};

use serde_json::json;
use vestibule_core::{
    InviteService, Member, MemberQuery, Principal, RevokedInvites, Username, pasted_address,
};
use vestibule_web::v1::{MemberDetailsView, MemberView};

use crate::{
    bootstrap,
    cli_error::CliError,
    config::Settings,
    fields::{Lists, print_fields},
    table::{Cell, Style, Table},
    terminal::escape_json_for_terminal,
};

/// Page size.
const PAGE: u32 = 1_000;

/// The heading on a terminal.
const HEADING: [&str; 6] = ["USERNAME", "JOINED", "VIA", "INVITE", "INVITED BY", "DELETED"];

/// Prints the members, newest first.
pub(super) async fn list(settings: &Settings, host: Option<&str>) -> Result<(), CliError> {
    let (invite_service, by) = bootstrap::open_for(settings, host).await?;
    let mut out = BufWriter::new(io::stdout().lock());
    let mut views = Vec::new();
    let mut before = None;
    let mut table = (!settings.json).then(|| Table::new(&mut out, &HEADING));
    loop {
        let page = invite_service.store().members(&by, MemberQuery { before, limit: PAGE }).await?;
        for member in page.items {
            match &mut table {
                Some(table) => table.row(row(&member))?,
                None => views.push(MemberView::from(member)),
            }
        }
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    if let Some(mut table) = table {
        return Ok(table.flush()?);
    }
    writeln!(out, "{}", escape_json_for_terminal(&json!(views)))?;
    Ok(out.flush()?)
}

fn row(member: &Member) -> Vec<Cell> {
    let style = if member.deleted_at.is_some() { Style::Dim } else { Style::Plain };
    vec![
        Cell::styled(member.username.as_str(), style),
        Cell::new(member.joined_at.to_string()),
        Cell::new(member.via.as_str()),
        Cell::new(member.invite.to_string()),
        Cell::new(member.invited_by.as_ref().map_or("", Username::as_str)),
        Cell::styled(member.deleted_at.map(|at| at.to_string()).unwrap_or_default(), style),
    ]
}

/// Prints a member and those it invited.
pub(super) async fn show(settings: &Settings, host: Option<&str>, user: &str) -> Result<(), CliError> {
    let (invite_service, by, username) = open(settings, host, user).await?;
    let found = invite_service.store().member(&by, &username).await?;
    let found = found.ok_or_else(|| {
        CliError::message("member not found: no invite created this account, or it was deleted")
    })?;
    Ok(print_fields(&json!(MemberDetailsView::from(found)), Lists::Words, settings.json)?)
}

/// Stops an account from inviting, or allows it again.
pub(super) async fn set_may_invite(
    settings: &Settings,
    host: Option<&str>,
    user: &str,
    may_invite: bool,
) -> Result<(), CliError> {
    let (invite_service, by, username) = open(settings, host, user).await?;
    invite_service.store().set_may_invite(&by, &username, may_invite).await?;
    let view = json!({ "username": username.as_str(), "may_invite": may_invite });
    Ok(print_fields(&view, Lists::Words, settings.json)?)
}

/// Revokes the pending invites of an account, or of its branch.
pub(super) async fn revoke(
    settings: &Settings,
    host: Option<&str>,
    user: &str,
    branch: bool,
) -> Result<(), CliError> {
    let (invite_service, by, username) = open(settings, host, user).await?;
    let which = if branch { RevokedInvites::OfBranch } else { RevokedInvites::OfMember };
    let revoked = invite_service.store().revoke_invites_of(&by, &username, which).await?;
    let view = json!({ "username": username.as_str(), "revoked": revoked });
    Ok(print_fields(&view, Lists::Words, settings.json)?)
}

/// Opens the host of an account, which is given as a username or as an address.
async fn open(
    settings: &Settings,
    host: Option<&str>,
    user: &str,
) -> Result<(InviteService, Principal, Username), CliError> {
    let user = pasted_address(user);
    // An address names the host too.
    let host = host.or_else(|| user.rsplit_once('@').map(|(_, host)| host));
    let (invite_service, by) = bootstrap::open_about(settings, host, user).await?;
    let Principal::Operator { host, .. } = &by else {
        return Err(CliError::message("a command runs as the operator of a host"));
    };
    let username =
        Username::parse_at(user, host).map_err(|error| CliError::usage(format!("USER: {error}")))?;
    Ok((invite_service, by, username))
}
