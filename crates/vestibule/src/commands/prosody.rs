//! `prosody install`.

use std::{
    fmt::Write as _,
    io::{self, Write},
    os::unix::ffi::OsStrExt,
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
    let (quoted, directory, count) = (lua_string(&directory), directory.display(), MODULES.len());
    let service = bootstrap::reachable_text(settings.listen.as_deref().unwrap_or(DEFAULT_LISTEN));
    Ok(writeln!(
        io::stdout(),
        "Wrote {count} modules to {directory}. Add to Prosody's configuration, the first line in place of any\n\
         plugin_paths in it (the last one counts), the others below the VirtualHost:\n\n    \
         plugin_paths = {{ {quoted} }}\n    \
         vestibule_url = \"http://{service}\"\n    \
         vestibule_key = \"ID/SECRET\" -- vestibule keys create HOST Prosody --scope bridge\n\n\
         with \"invites\", \"invites_adhoc\" and \"invites_register\" in its modules_enabled. Then restart Prosody,\n\
         and check with: vestibule doctor HOST"
    )?)
}

/// A path as a string of Lua.
fn lua_string(path: &Path) -> String {
    let mut text = String::from("\"");
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'"' | b'\\' => text.extend(['\\', char::from(*byte)]),
            b' '..=b'~' => text.push(char::from(*byte)),
            // Writing to a String cannot fail.
            other => {
                let _ = write!(text, "\\{other:03}");
            }
        }
    }
    text + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_string_of_lua() {
        for (path, text) in [
            ("/usr/share/vestibule", "\"/usr/share/vestibule\""),
            ("/a \"b\"\\c", "\"/a \\\"b\\\"\\\\c\""),
            ("/ü\n", "\"/\\195\\188\\010\""),
        ] {
            assert_eq!(lua_string(Path::new(path)), text);
        }
    }
}
