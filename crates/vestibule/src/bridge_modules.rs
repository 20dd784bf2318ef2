//! The bridge: the modules that connect Prosody to Vestibule, embedded in this program.

use std::{
    fs::{self, Permissions},
    io::{self, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

/// Name and text of each module.
pub(crate) const MODULES: [(&str, &str); 22] = [
    ("mod_invites.lua", include_str!("../../../prosody/mod_invites.lua")),
    ("mod_invites_adhoc.lua", include_str!("../../../prosody/mod_invites_adhoc.lua")),
    ("mod_invites_api.lua", include_str!("../../../prosody/mod_invites_api.lua")),
    ("mod_invites_register.lua", include_str!("../../../prosody/mod_invites_register.lua")),
    ("mod_vestibule.lua", include_str!("../../../prosody/mod_vestibule.lua")),
    ("mod_vestibule_links.lua", include_str!("../../../prosody/mod_vestibule_links.lua")),
    ("vestibule.lib.lua", include_str!("../../../prosody/vestibule.lib.lua")),
    ("vestibule_accounts.lib.lua", include_str!("../../../prosody/vestibule_accounts.lib.lua")),
    ("vestibule_attempt.lib.lua", include_str!("../../../prosody/vestibule_attempt.lib.lua")),
    ("vestibule_create.lib.lua", include_str!("../../../prosody/vestibule_create.lib.lua")),
    ("vestibule_form.lib.lua", include_str!("../../../prosody/vestibule_form.lib.lua")),
    ("vestibule_generate.lib.lua", include_str!("../../../prosody/vestibule_generate.lib.lua")),
    ("vestibule_http.lib.lua", include_str!("../../../prosody/vestibule_http.lib.lua")),
    ("vestibule_invite.lib.lua", include_str!("../../../prosody/vestibule_invite.lib.lua")),
    ("vestibule_outage.lib.lua", include_str!("../../../prosody/vestibule_outage.lib.lua")),
    ("vestibule_outbox.lib.lua", include_str!("../../../prosody/vestibule_outbox.lib.lua")),
    ("vestibule_pool.lib.lua", include_str!("../../../prosody/vestibule_pool.lib.lua")),
    ("vestibule_redemption.lib.lua", include_str!("../../../prosody/vestibule_redemption.lib.lua")),
    ("vestibule_registration.lib.lua", include_str!("../../../prosody/vestibule_registration.lib.lua")),
    ("vestibule_shell.lib.lua", include_str!("../../../prosody/vestibule_shell.lib.lua")),
    ("vestibule_stock.lib.lua", include_str!("../../../prosody/vestibule_stock.lib.lua")),
    ("vestibule_visible.lib.lua", include_str!("../../../prosody/vestibule_visible.lib.lua")),
];

/// A word in the name or the text of each module of the bridge, and of no module of Prosody, in letters of either case.
const MARKER: &str = "vestibule";

/// Whether a file is a module of the bridge.
fn is_ours(name: &str, text: &str) -> bool {
    name.contains(MARKER) || text.to_lowercase().contains(MARKER)
}

/// The modules cannot be installed. The message says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InstallError {
    /// The directory contains modules of another program.
    #[error(
        "{path} is not a module of Vestibule, and is kept; choose a directory that contains nothing else, such as \
         /usr/local/share/vestibule/prosody", path = .0.display()
    )]
    Foreign(PathBuf),
    /// The directory or a file cannot be read or written.
    #[error(
        "cannot write {path}: {error}; run this as a user who can, or choose another directory",
        path = path.display()
    )]
    Io {
        /// Path of the directory or file.
        path: PathBuf,
        /// Reason.
        error: io::Error,
    },
}

/// Writes the modules into a directory, and creates it if it is missing. Each file is replaced at once, so that a
/// running Prosody reads either the old or the new one. A directory with modules of other programs is refused: it would
/// have to be the first one of Prosody's `plugin_paths`, and its modules would replace Prosody's.
pub(crate) fn install(directory: &Path) -> Result<(), InstallError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| InstallError::Io { path, error }
    };
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries.collect::<Result<Vec<_>, _>>().map_err(failed(directory))?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(failed(directory)(error)),
    };
    let mut paths: Vec<_> = entries.into_iter().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_module = if path.is_dir() { name.starts_with("mod_") } else { name.ends_with(".lua") };
        if !is_module {
            continue;
        }
        // Community modules have a directory each.
        let is_ours = !path.is_dir() && {
            let text = fs::read(&path).map_err(failed(&path))?;
            is_ours(&name, &String::from_utf8_lossy(&text))
        };
        if !is_ours {
            return Err(InstallError::Foreign(path));
        }
    }
    fs::create_dir_all(directory).map_err(failed(directory))?;
    for (name, text) in MODULES {
        let path = directory.join(name);
        write(&path, text).map_err(failed(&path))?;
    }
    Ok(())
}

/// Writes a file that everyone can read, in one step.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let mut draft = tempfile::Builder::new().prefix(".vestibule").tempfile_in(directory)?;
    draft.write_all(text.as_bytes())?;
    draft.as_file().set_permissions(Permissions::from_mode(0o644))?;
    draft.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_modules_of_the_bridge_are_embedded() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../prosody");
        let names =
            fs::read_dir(directory).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> =
            names.filter(|name| Path::new(name).extension().is_some_and(|e| e == "lua")).collect();
        names.sort();
        assert_eq!(names, MODULES.map(|(name, _)| name));
    }

    #[test]
    fn the_bridge_has_the_version_of_this_program() {
        let (_, text) = MODULES.into_iter().find(|(name, _)| *name == "vestibule.lib.lua").unwrap();
        assert!(text.contains(concat!("local VERSION = \"", env!("CARGO_PKG_VERSION"), "\";")));
    }

    #[test]
    fn each_module_has_the_marker() {
        for (name, text) in MODULES {
            assert!(is_ours(name, text), "{name}");
        }
    }

    #[test]
    fn modules_are_replaced_and_those_of_others_are_kept() {
        let directory = tempfile::tempdir().unwrap();
        let target = directory.path().join("share/prosody");
        for _ in 0..2 {
            install(&target).unwrap();
            fs::write(target.join("vestibule.lib.lua"), "-- an older vestibule").unwrap();
        }
        install(&target).unwrap();
        for (name, text) in MODULES {
            let path = target.join(name);
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o644, "{name}");
        }
        let stock = "-- Prosody's own mod_invites";
        fs::write(target.join("mod_invites.lua"), stock).unwrap();
        fs::remove_file(target.join("vestibule.lib.lua")).unwrap();
        assert!(matches!(install(&target), Err(InstallError::Foreign(_))));
        assert_eq!(fs::read_to_string(target.join("mod_invites.lua")).unwrap(), stock);
        assert!(!target.join("vestibule.lib.lua").exists(), "nothing is written");
        fs::remove_file(target.join("mod_invites.lua")).unwrap();
        fs::write(target.join("README.md"), "no module").unwrap();
        install(&target).unwrap();
        for other in ["mod_other.lua", "util.lib.lua", "mod_community/mod_community.lua"] {
            let path = target.join(other);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, stock).unwrap();
            assert!(matches!(install(&target), Err(InstallError::Foreign(_))), "{other}");
            fs::remove_file(path).unwrap();
            let _ = fs::remove_dir(target.join("mod_community"));
        }
    }
}
