//! `invites edit`.

use std::io::{self, Write};

use serde_json::json;
use vestibule_core::InviteChanges;
use vestibule_web::v1::InviteView;

use super::{find, refused};
use crate::{
    bootstrap, cli::EditArgs, cli_error::CliError, config::Settings, terminal::escape_json_for_terminal,
};

/// Changes an invite. Repeating it changes nothing more, except that `--expires` counts from now.
pub(in crate::commands) async fn edit(settings: &Settings, args: &EditArgs) -> Result<(), CliError> {
    let (host, wanted) = args.invite.split();
    let (invite_service, by) = bootstrap::open_about(settings, host, wanted).await?;
    let id = find(&invite_service, &by, wanted).await?;
    let changes = InviteChanges {
        expires_at: args.expires.map(|span| invite_service.now().plus(span)),
        max_uses: args.uses.map(|uses| uses.0),
        note: args.note.clone().map(|note| Some(note).filter(|note| !note.is_empty())),
        message: args.message.clone().map(|message| message.0),
        inviter_name: args.inviter_name.clone().map(|name| name.0),
        language: args.language.clone().map(|language| language.0),
        revoked: args.restore.then_some(false),
    };
    let invite = invite_service.store().edit_invite(&by, id, changes).await;
    let invite = invite.map_err(|error| refused(error, wanted))?;
    if settings.json {
        let links = bootstrap::remembered_links(settings, &invite_service).await?;
        let view = json!(InviteView::stored(invite, &invite_service, &links));
        writeln!(io::stdout(), "{}", escape_json_for_terminal(&view))?;
    }
    Ok(())
}
