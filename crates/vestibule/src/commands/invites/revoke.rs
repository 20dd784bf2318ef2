//! `invites revoke`.

use std::io::{self, Write};

use serde_json::json;
use vestibule_core::InviteChanges;
use vestibule_web::v1::InviteView;

use super::find;
use crate::{bootstrap, cli_error::CliError, config::Settings, terminal::escape_json_for_terminal};

/// Revokes an invite. Idempotent.
pub(in crate::commands) async fn revoke(
    settings: &Settings,
    host: &str,
    wanted: &str,
) -> Result<(), CliError> {
    let by = bootstrap::operator(host)?;
    let invite_service = bootstrap::open_service(settings).await?;
    let id = find(&invite_service, &by, wanted).await?;
    let invite = invite_service.store().edit_invite(&by, id, InviteChanges::revoke()).await?;
    if settings.json {
        let links = bootstrap::remembered_links(settings, &invite_service).await?;
        let view = json!(InviteView::stored(invite, &invite_service, &links));
        writeln!(io::stdout(), "{}", escape_json_for_terminal(&view))?;
    }
    Ok(())
}
