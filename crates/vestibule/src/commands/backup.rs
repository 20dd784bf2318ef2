//! `backup`.

use std::io::{self, Write};

use serde_json::json;
use vestibule_store::{BackupReport, backup};

use crate::{
    bootstrap,
    cli::BackupArgs,
    cli_error::CliError,
    config::Settings,
    data_dir,
    terminal::{counted, escape_for_terminal, escape_json_for_terminal},
};

/// Writes a backup of the database while the service runs.
pub(super) async fn run(settings: &Settings, args: &BackupArgs) -> Result<(), CliError> {
    // A server is not asked for: it has tools of its own.
    if settings.database.file_path().is_some() {
        bootstrap::require_data(settings).await?;
        data_dir::check(settings, &settings.database)?;
    }
    let BackupReport { bytes, keys, invites } = backup(&settings.database, &args.file, args.overwrite)?;
    let file = args.file.display().to_string();
    let seal_key = settings.seal_key_file.display().to_string();
    if settings.json {
        let view = json!({ "file": file, "bytes": bytes, "keys": keys, "invites": invites, "seal_key_file": seal_key });
        writeln!(io::stdout(), "{}", escape_json_for_terminal(&view))?;
        return Ok(());
    }
    eprintln!(
        "Wrote {} and {} to {} ({bytes} bytes). It does not contain the seal key: back up {} \
         once, in another place.",
        counted(keys, "key"),
        counted(invites, "invite"),
        escape_for_terminal(&file),
        escape_for_terminal(&seal_key),
    );
    Ok(())
}
