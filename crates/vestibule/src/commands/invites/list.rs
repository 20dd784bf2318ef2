//! `invites list`: the invites of a host, newest first.

use std::io::{self, BufWriter};

use serde_json::json;
use vestibule_core::{Invite, InviteService, State, rules};
use vestibule_web::v1::InviteView;

use super::{json_list::JsonList, pages::Pages};
use crate::{
    bootstrap,
    cli::ListArgs,
    cli_error::CliError,
    config::Settings,
    table::{Cell, Style, Table},
};

/// The heading on a terminal.
const HEADING: [&str; 8] = ["ID", "STATE", "KIND", "USES", "EXPIRES", "FOR", "NOTE", "RENEWAL REQUESTED"];

/// Prints the invites of a host, newest first.
pub(in crate::commands) async fn list(settings: &Settings, args: &ListArgs) -> Result<(), CliError> {
    let (invite_service, by) = bootstrap::open_for(settings, args.host.as_deref()).await?;
    let mut pages = Pages::new(&invite_service, &by, &args.filter)?;
    let links = bootstrap::remembered_links(settings, &invite_service).await?;
    let mut out = BufWriter::new(io::stdout().lock());
    if settings.json {
        let mut list = JsonList::new(true);
        while let Some(page) = pages.next().await? {
            for invite in page {
                list.item(&mut out, &json!(InviteView::stored(invite, &invite_service, &links)))?;
            }
        }
        return Ok(list.end(&mut out)?);
    }
    let mut table = Table::new(out, &HEADING);
    while let Some(page) = pages.next().await? {
        for invite in page {
            table.row(row(&invite_service, &invite))?;
        }
    }
    Ok(table.flush()?)
}

fn row(invite_service: &InviteService, invite: &Invite) -> Vec<Cell> {
    let state = rules::state(invite, invite_service.now());
    let style = match state {
        State::Pending => Style::Good,
        State::Used => Style::Dim,
        State::Expired => Style::Warning,
        State::Revoked => Style::Bad,
    };
    let max_uses = invite.max_uses.map_or_else(|| "∞".to_owned(), |max| max.to_string());
    let whom = invite.username.as_ref().or(invite.inviter.as_ref());
    vec![
        Cell::new(invite.id.to_string()),
        Cell::styled(state.as_str(), style),
        Cell::new(invite.kind.as_str()),
        Cell::new(format!("{}/{max_uses}", invite.uses)),
        Cell::new(invite.expires_at.to_string()),
        Cell::new(whom.map_or("", |username| username.as_str())),
        Cell::new(invite.note.as_deref().unwrap_or_default()),
        Cell::new(invite.renewal_requested_at.map(|at| at.to_string()).unwrap_or_default()),
    ]
}
