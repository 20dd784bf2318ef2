//! `invites count`: the number of invites of a host.

use std::io::{self, Write};

use serde_json::json;
use vestibule_core::{InviteQuery, State};

use super::PAGE;
use crate::{bootstrap, cli_error::CliError, config::Settings, terminal::escape_json_for_terminal};

/// Prints the number of invites of a host.
pub(in crate::commands) async fn count(
    settings: &Settings,
    host: &str,
    state: Option<State>,
) -> Result<(), CliError> {
    let by = bootstrap::operator(host)?;
    let invite_service = bootstrap::open_service(settings).await?;
    let (mut count, mut before) = (0, None);
    loop {
        let page = invite_service
            .store()
            .invites(&by, InviteQuery { state, kind: None, before, limit: PAGE })
            .await?;
        count += page.items.len();
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    if settings.json {
        writeln!(io::stdout(), "{}", escape_json_for_terminal(&json!({ "count": count })))?;
    } else {
        writeln!(io::stdout(), "{count}")?;
    }
    Ok(())
}
