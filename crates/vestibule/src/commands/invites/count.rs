//! `invites count`: the number of invites of a host.

use std::io::{self, Write};

use serde_json::json;

use super::pages::Pages;
use crate::{
    bootstrap, cli::ListArgs, cli_error::CliError, config::Settings, terminal::escape_json_for_terminal,
};

/// Prints the number of invites of a host.
pub(in crate::commands) async fn count(settings: &Settings, args: &ListArgs) -> Result<(), CliError> {
    let (invite_service, by) = bootstrap::open_for(settings, args.host.as_deref()).await?;
    let mut pages = Pages::new(&invite_service, &by, &args.filter)?;
    let mut count = 0;
    while let Some(page) = pages.next().await? {
        count += page.len();
    }
    if settings.json {
        writeln!(io::stdout(), "{}", escape_json_for_terminal(&json!({ "count": count })))?;
    } else {
        writeln!(io::stdout(), "{count}")?;
    }
    Ok(())
}
