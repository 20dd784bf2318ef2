//! `prosody install`.

use std::{
    io::{self, Write},
    path::Path,
};

use rustix::fs::Mode;

use crate::{
    bootstrap,
    bridge_modules::{self, MODULES},
    cli_error::CliError,
    config::{DEFAULT_LISTEN, Settings},
};

/// Writes the bridge's modules, and prints the configuration for Prosody.
pub(super) fn install(settings: &Settings, directory: &Path) -> Result<(), CliError> {
    // Prosody, another user, reads the modules.
    rustix::process::umask(Mode::from_raw_mode(0o022));
    bridge_modules::install(directory)?;
    let directory = std::path::absolute(directory)?;
    let (directory, count) = (directory.display(), MODULES.len());
    let service = bootstrap::reachable_text(settings.listen.as_deref().unwrap_or(DEFAULT_LISTEN));
    Ok(writeln!(
        io::stdout(),
        "Wrote {count} modules to {directory}. Add to Prosody's configuration, the first line in place of any\n\
         plugin_paths in it (the last one counts), the others below the VirtualHost:\n\n    \
         plugin_paths = {{ \"{directory}\" }}\n    \
         vestibule_url = \"http://{service}\"\n    \
         vestibule_key = \"ID/SECRET\" -- vestibule keys create HOST Prosody --scope bridge\n\n\
         with \"invites\", \"invites_adhoc\" and \"invites_register\" in its modules_enabled. Then restart Prosody,\n\
         and check with: vestibule doctor HOST"
    )?)
}
