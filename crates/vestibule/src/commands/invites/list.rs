//! `invites list`: the invites of a host, newest first.

use std::io::{self, BufWriter, Write};

use serde_json::json;
use vestibule_core::{Invite, InviteQuery, InviteService, State, rules};
use vestibule_web::v1::InviteView;

use super::{PAGE, json_list::JsonList};
use crate::{bootstrap, cli_error::CliError, config::Settings, terminal::escape_for_terminal};

/// Prints the invites of a host, newest first.
pub(in crate::commands) async fn list(
    settings: &Settings,
    host: &str,
    state: Option<State>,
) -> Result<(), CliError> {
    let by = bootstrap::operator(host)?;
    let invite_service = bootstrap::open_service(settings).await?;
    let links = bootstrap::remembered_links(settings, &invite_service).await?;
    let mut out = BufWriter::new(io::stdout().lock());
    let mut list = JsonList::new(settings.json);
    let mut before = None;
    loop {
        let page = invite_service
            .store()
            .invites(&by, InviteQuery { state, kind: None, before, limit: PAGE })
            .await?;
        for invite in page.items {
            if settings.json {
                list.item(&mut out, &json!(InviteView::stored(invite, &invite_service, &links)))?;
            } else {
                print_line(&mut out, &invite_service, &invite)?;
            }
        }
        before = page.next;
        if before.is_none() {
            return Ok(list.end(&mut out)?);
        }
    }
}

fn print_line(out: &mut impl Write, invite_service: &InviteService, invite: &Invite) -> io::Result<()> {
    let max_uses = invite.max_uses.map_or_else(|| "∞".to_owned(), |max| max.to_string());
    let whom = match (&invite.username, &invite.inviter) {
        (Some(username), _) => escape_for_terminal(username.as_str()),
        (None, Some(inviter)) => escape_for_terminal(inviter.as_str()),
        (None, None) => "".into(),
    };
    writeln!(
        out,
        "{}\t{}\t{}\t{}/{max_uses}\t{}\t{whom}\t{}",
        invite.id,
        rules::state(invite, invite_service.now()),
        invite.kind,
        invite.uses,
        invite.expires_at,
        escape_for_terminal(invite.note.as_deref().unwrap_or_default()),
    )
}
